"""Follows the event log: each touched channel is drawn once, and the same bytes go to every stream."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock, i18n
from webapp.db import db
from webapp.events import Event
from webapp.live.bell import Bell
from webapp.live.drawings import Drawings, Key
from webapp.live.hub import Hub
from webapp.live.log import LOOK_BACK, Log, Replaced
from webapp.live.streams import Stream

log = logging.getLogger(__name__)

POLL = 0.25  # seconds between two looks at the log: other machines have news, too
BREATH = 0.03  # after a call: what comes together is looked at together
BEAT = 15.0
SLACK = timedelta(seconds=2)  # between the writing of an event and its being visible


class TooMany(Exception):
    """This process holds as many streams as it can; come back later."""

    retry_after = 30


class Left(NamedTuple):
    """When somebody left, and when this feed heard of it, by its own clock: a commit may come late."""

    at: datetime
    noted: float


class Feed:
    """One thread per process, whatever the number of screens. It also greets whoever comes: nothing is read for one."""

    def __init__(self, app: Flask, most: int, bell: Bell) -> None:
        self.app, self.most, self.bell = app, most, bell
        self.alive: Callable[[], bool] = lambda: True  # the server puts in what it knows
        self.hub = Hub(self.leave, self.serving)
        self.drawings, self.log = Drawings(), Log()
        self._open: set[Stream] = set()
        self._coming: set[Stream] = set()
        self._watching: dict[Key, set[Stream]] = {}
        self._left: dict[int, Left] = {}  # who signed out or lost a role a moment ago
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._beat_at = 0.0

    def serving(self) -> bool:
        """Whether this process goes on."""
        return self.alive()

    def open(self, stream: Stream) -> None:
        """Count it in; it gets the present state at the next look. Raises TooMany above the cap."""
        most = self.most if stream.most is None else min(self.most, stream.most)
        self._start()  # counts nobody whom it then cannot serve
        with self._lock:
            if len(self._open) >= most:
                raise TooMany
            self._open.add(stream)
            self._coming.add(stream)
        self.bell.ring_here()  # also while others are being greeted: they were counted before this one came

    def leave(self, stream: Stream) -> None:
        with self._lock:
            self._open.discard(stream)
            self._coming.discard(stream)
            for key in stream.keys:
                watching = self._watching.get(key, set())
                watching.discard(stream)
                if not watching:
                    self._watching.pop(key, None)

    def wake(self) -> None:
        """Something has been committed here: all processes of this server look at once."""
        self.bell.ring()

    def poll(self) -> None:
        """Look once: who has come, what has happened since the last look, what is to be drawn anew.

        Who comes is noted first, so that no event before their opening is missed; and they are told what was drawn
        last for all, so that nobody is shown an older state than somebody else.
        """
        with self._lock:
            coming = list(self._coming)
        events = self._fresh()
        self._let_go(events)
        self.drawings.touch(events)
        for key in self.drawings.due(self._watching):
            self._tell(key, self._watching_now(key), self.drawings.anew)
        self._greet(coming)
        db.session.rollback()
        if time.monotonic() - self._beat_at >= BEAT:
            self._beat_at = time.monotonic()
            with self._lock:
                everybody = list(self._open)
            self.hub.tell(everybody, "beat", beat())

    def _fresh(self) -> list[Event]:
        """What has happened; after a restore everything has, and all that was drawn may be wrong."""
        try:
            return self.log.fresh()
        except Replaced:
            log.warning("the event log is not the one that was read before (a restore?): everything is drawn anew")
            self.log = Log()
            self.drawings.touch_all()
            return self.log.fresh()

    def _greet(self, coming: list[Stream]) -> None:
        """The server's time, then the present state of each channel; from then on every change."""
        waiting: dict[Key, list[Stream]] = {}
        for stream in coming:
            for key in stream.keys:
                waiting.setdefault(key, []).append(stream)
        self.hub.tell(coming, "beat", beat())
        for key, streams in waiting.items():
            self._tell(key, streams, self.drawings.of)
        with self._lock:
            here = self._coming.intersection(coming)  # nobody who has gone again
            self._coming -= here
            for stream in here:
                for key in stream.keys:
                    self._watching.setdefault(key, set()).add(stream)

    def _tell(self, key: Key, streams: list[Stream], draw: Callable[[Key, int], bytes]) -> None:
        """One channel that cannot be drawn must not silence the others: those who watch it are sent away to ask anew.
        Where the database is gone, nobody is told anything."""
        try:
            message = draw(key, self.log.last)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("%s could not be drawn", key[0].name)
            self.drawings.forget(key)
            self.hub.end(streams)
        else:
            self.hub.tell(streams, key[0].name, message)

    def _watching_now(self, key: Key) -> list[Stream]:
        with self._lock:
            return list(self._watching.get(key, ()))

    def _let_go(self, events: Iterable[Event]) -> None:
        """Whoever signed out or lost a role must ask anew (T07), also when their request was under way meanwhile."""
        for event in events:
            if event.name in LEAVING:
                self._left[LEAVING[event.name](event)] = Left(event.at, time.monotonic())
        recently = time.monotonic() - 2 * LOOK_BACK
        self._left = {person: left for person, left in self._left.items() if left.noted > recently}
        if self._left:
            with self._lock:
                gone = [stream for stream in self._open if self._has_left(stream)]
            self.hub.end(gone)

    def _has_left(self, stream: Stream) -> bool:
        left = self._left.get(stream.person_id) if stream.person_id else None
        return left is not None and stream.asked_at < left.at + SLACK

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._follow, name="feed", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        while self.serving():
            rang = self.bell.wait(POLL)
            if self._open:
                self._look()
                time.sleep(BREATH if rang else 0)
            else:
                self.log.rest()
                self.drawings.clear()

    def _look(self) -> None:
        try:
            with self.app.app_context():
                self.poll()
        except Exception:  # no beat either: screens see that their data grows old
            log.exception("the feed could not read the event log")
            time.sleep(1)


LEAVING = {
    "accounts.membership.end": lambda event: event.facts.get("person_id"),
    "accounts.person.sign_out": lambda event: event.subject_id,
}


def beat() -> bytes:
    return f"event: beat\ndata: {i18n.iso(clock.now())}\n\n".encode()


def current_feed() -> Feed:
    found: Feed = current_app.extensions["feed"]
    return found
