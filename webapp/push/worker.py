"""The part of the worker process that sends: looks every second, so that a call is on the phone while it counts."""

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from flask import Flask

from webapp.db import db
from webapp.push import queries, queue, sending
from webapp.push.queue import Outcome
from webapp.settings import Settings

log = logging.getLogger(__name__)
LINES = 8  # messages under way at once
SPARE = 2  # of them only for what is urgent: a crowd of slow answers must not hold up a call
PAUSE = 1.0  # seconds
PATIENCE = 20.0  # seconds


class Sender:
    """Takes what is due, has it sent by a few threads that never see the database, and writes down how it went."""

    def __init__(self, app: Flask, lines: int = LINES) -> None:
        self.app, self.lines = app, lines
        self.settings: Settings = app.extensions["settings"]
        self.title: str = app.jinja_env.globals["city"].short  # type: ignore[attr-defined]
        self.pool = ThreadPoolExecutor(lines, thread_name_prefix="push")
        self.under_way: set[Future[Outcome]] = set()

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
        self.pool.shutdown()
        with self.app.app_context():
            for future in self.under_way:
                queue.settle(future.result())
            db.session.remove()

    def step(self) -> bool:
        """Settle what has come back, take what there is room for. Returns whether there may be more to do at once."""
        with self.app.app_context():
            done = self._come_back()
            for outcome in done:
                queue.settle(outcome)
            started = self._start(self.lines - len(self.under_way))
            db.session.remove()
        return bool(done or started or self.under_way)

    def _come_back(self) -> list[Outcome]:
        if not self.under_way:
            return []
        done, self.under_way = wait(self.under_way, timeout=PAUSE / 4, return_when=FIRST_COMPLETED)
        return [future.result() for future in done]

    def _start(self, room: int) -> int:
        if room <= 0 or not queries.anything_due():
            return 0
        messages = [sending.message_of(row, self.title) for row in queue.take(room, spare=SPARE)]
        for message in messages:
            self.under_way.add(self.pool.submit(sending.send, message, self.settings))
        return len(messages)


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
