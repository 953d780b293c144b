"""kill -9 of a worker while fifty people send their applications."""

import os
import re
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from tests import people
from tests.bad_days.test_killed_worker import busiest_worker
from tests.bad_days.visitors import Answer, Visitor, ask, visitors_of
from tests.conftest import empty_database
from tests.factories import permits as make
from tests.servers import Server, eventually, serving
from webapp import clock
from webapp.accounts.models import Person
from webapp.db import db
from webapp.deadlines import Deadline

CROWD, CONFIRMED_BEFORE = 50, 12


@pytest.fixture
def drafts(migrated: Flask) -> Iterator[dict[int, str]]:
    """Everybody has filled in everything and only has to press; by person, the code of the draft."""
    with migrated.app_context():
        empty_database()
        make.Office()
        people.officer("Gita Contoh", "DPMPTSP", "front_office")
        make.a_type()
        yield {person.id: make.a_draft(person).spoken_code for person in people.a_crowd(CROWD)}
        db.session.remove()


@pytest.fixture
def crowd(migrated: Flask, drafts: dict[int, str]) -> list[Visitor]:
    return visitors_of(migrated, list(db.session.scalars(select(Person).where(Person.id.in_(drafts)))))


@pytest.fixture
def server(drafts: dict[int, str], environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    with serving(environment, tmp_path / "server.log") as running:
        yield running


def send(server: Server, visitor: Visitor, code: str) -> Answer:
    form = {"declared": "y", "csrf_token": visitor.csrf_token}
    return ask(server, "POST", f"/perizinan/applications/{code}/submit", visitor.cookie, urlencode(form))


def is_receipt(answer: Answer, code: str) -> bool:
    return answer.status == 303 and answer.headers.get("location") == f"/perizinan/applications/{code}/receipt"


def cases() -> dict[str, Application]:
    db.session.rollback()
    db.session.expire_all()
    return {case.spoken_code: case for case in db.session.scalars(select(Application))}


def assert_in_order(confirmed: set[str]) -> None:
    """Who was told of success has a number; numbers have no gaps; nothing is half sent."""
    found = cases()
    assert all(found[code].number for code in confirmed), "no application answered with success is lost"
    sent = [case for case in found.values() if case.number]
    numbers = sorted(case.number for case in sent)
    assert numbers == [f"IZN/{clock.today().year}/{n:06d}" for n in range(1, len(sent) + 1)]
    for case in found.values():
        events = [event.name.rpartition(".")[2] for event in queries.history_of(case)]
        whole = (case.number is not None, case.state, case.submitted_at is not None, case.officer_id is not None)
        assert whole in ((True, "checking", True, True), (False, "draft", False, False))
        assert events.count("submit") == events.count("assign") == int(case.number is not None)
    assert db.session.scalar(select(func.count()).select_from(Deadline)) == len(sent)


def test_no_confirmed_application_is_lost_when_a_worker_is_killed(
    server: Server, drafts: dict[int, str], crowd: list[Visitor]
):
    confirmed: set[str] = set()
    killed: list[int] = []
    lock, all_are_here = threading.Lock(), threading.Barrier(CROWD)

    def press(visitor: Visitor) -> None:
        code = drafts[visitor.person_id]
        try:
            answer = send(server, visitor, code)
        except OSError:
            return  # the line broke: this person knows nothing and will try again
        assert is_receipt(answer, code), f"{answer.status}: neither a receipt nor a broken line"
        with lock:
            confirmed.add(code)
            if len(confirmed) == CONFIRMED_BEFORE and not killed:
                killed.append(busiest_worker(server))
                os.kill(killed[0], signal.SIGKILL)

    def rush(visitor: Visitor) -> None:
        all_are_here.wait(60)
        press(visitor)

    with ThreadPoolExecutor(CROWD) as town:
        list(town.map(rush, crowd))
    assert killed and eventually(lambda: killed[0] not in server.workers()), "the worker is dead"
    assert CONFIRMED_BEFORE <= len(confirmed) < CROWD, "it died in the middle of the rush"
    assert_in_order(confirmed)

    with ThreadPoolExecutor(10) as town:  # everybody once more, with the form they still have open
        list(town.map(press, crowd))
    assert confirmed == {*drafts.values()}
    assert_in_order(confirmed)
    assert len([case for case in cases().values() if case.number]) == CROWD
    assert not re.search("Traceback", server.log.read_text())
