"""The part of the worker process that sends: looks every second, so that a call is on the phone while it counts."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from webapp.db import db
from webapp.push import queries, queue, sending
from webapp.push.lines import Lines

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds
PATIENCE = 20.0  # seconds


class Sender:
    """Takes what is due, has it sent, and writes down how it went."""

    def __init__(self, app: Flask) -> None:
        self.app, self.lines = app, Lines(app)
        self.title: str = app.jinja_env.globals["city"].short  # type: ignore[attr-defined]

    def run(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                idle = not self.step()
            except Exception:
                log.exception("push stumbled; it tries again")
                idle = True
            if idle:
                stopped.wait(PAUSE)
        self.end()

    def end(self) -> None:
        """Wait for what is under way, and write down how it went."""
        with self.app.app_context():
            while self.lines.under_way:
                self._settle()
            db.session.remove()

    def step(self) -> bool:
        """Settle what has come back, take what there is room for. Returns whether there may be more to do at once."""
        with self.app.app_context():
            settled = self._settle()
            self._start(only_calls=True)
            self._start(only_calls=False)
            db.session.remove()
        return bool(settled or self.lines.under_way)

    def _settle(self) -> int:
        outcomes = self.lines.come_back(PAUSE / 4)
        for outcome in outcomes:
            queue.settle(outcome)
        return len(outcomes)

    def _start(self, *, only_calls: bool) -> None:
        room = self.lines.room(only_calls=only_calls)
        if queries.anything_due(room):
            for message in [sending.message_of(row, self.title) for row in queue.take(room)]:
                self.lines.send(message)


@contextmanager
def sending_beside(app: Flask) -> Iterator[None]:
    """While this lasts, a thread sends what is due; without a key of the city there is nothing to send."""
    if not app.extensions["settings"].vapid_private_key:
        yield
        return
    stopped = threading.Event()
    thread = threading.Thread(target=Sender(app).run, args=(stopped,), name="push", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(PAUSE * 2)


def send_what_is_due(app: Flask, patience: float = PATIENCE) -> None:
    """What is due now, but not for longer than so many seconds: other sweeps wait behind this one."""
    sender, late = Sender(app), time.monotonic() + patience
    try:
        while sender.step() and time.monotonic() < late:
            pass
    finally:
        sender.end()
