"""Many people at the same moment: real threads, each press in an application context of its own, on both databases."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

import webapp.db
from webapp.db import db

PATIENCE = 60.0

Act = Callable[[], object]


def together(app: Flask, acts: Sequence[Act]) -> list[object]:
    """Let everybody go at once. Returns what each got: a value or an exception."""
    return rounds(app, [[act] for act in acts])[0]


def rounds(app: Flask, acts: Sequence[Sequence[Act]]) -> list[list[object]]:
    """One thread for each list of acts; all of them begin their n-th act together. Returns what each got, by round."""
    gate = threading.Barrier(len(acts))
    got: list[list[object]] = [[] for _one in acts]
    crowd = [threading.Thread(target=press, args=(app, gate, *pair)) for pair in zip(acts, got, strict=True)]
    for one in crowd:
        one.start()
    for one, answers in zip(crowd, got, strict=True):
        _wait_for(one, answers)
    return [list(answers) for answers in zip(*got, strict=True)]


def _wait_for(one: threading.Thread, answers: Sequence[object]) -> None:
    """Patience is for each answer: how long a thousand of them take is a matter of the machine."""
    while one.is_alive():
        had = len(answers)
        one.join(PATIENCE)
        assert not one.is_alive() or len(answers) > had, "somebody still waits for an answer"


def press(app: Flask, gate: threading.Barrier, acts: Sequence[Act], got: list[object]) -> None:
    for act in acts:
        with app.app_context():
            gate.wait(PATIENCE)
            try:
                got.append(act())
            except Exception as trouble:
                got.append(trouble)


def troubles(answers: Sequence[object], *plain: type[Exception]) -> Counter[str]:
    """What went wrong without being a plain answer to the person."""
    return Counter(repr(a)[:120] for a in answers if isinstance(a, Exception) and not isinstance(a, plain))


def meeting(of: int = 2) -> Callable[[], None]:
    """A point that nobody leaves before that many have reached it (unless a lock keeps them apart)."""
    gate = threading.Barrier(of)

    def meet() -> None:
        with suppress(threading.BrokenBarrierError):
            gate.wait(1)

    return meet


@pytest.fixture
def threads_change_places_often() -> Iterator[None]:
    """Ten times as often as usual: more races, in less time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 10)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def deadlocks(app: Flask) -> Iterator[list[str]]:
    """Those that the database had to break: each costs the people in it a second (PostgreSQL)."""
    found: list[str] = []

    def failed(context: Any) -> None:
        if getattr(context.original_exception, "sqlstate", None) == "40P01":
            found.append(str(context.statement))

    event.listen(db.engine, "handle_error", failed)
    yield found
    event.remove(db.engine, "handle_error", failed)


# --- defences, and how a control turns them off


@pytest.fixture
def no_write_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite begins its use cases as it begins reads, without waiting for a turn; PostgreSQL does so anyhow."""
    monkeypatch.setattr(db.session, "connection", lambda **_options: None)
    monkeypatch.setattr(webapp.db, "_taking_turns", nullcontext)


@pytest.fixture
def no_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webapp.db, "TRIES", 1)
