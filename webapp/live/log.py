"""Reads the event log on: every event once, whatever the order in which ids become visible."""

import time
from collections import deque
from datetime import timedelta

from sqlalchemy import bindparam, func, select

from webapp import clock
from webapp.db import db
from webapp.events import Event

LOOK_BACK = 30.0  # seconds
MANY = 50_000  # no city does so much between two looks, but a restore does
VISIBLE = select(Event.id).where(Event.id >= bindparam("floor"))


class Replaced(Exception):
    """Events that were read are not there any more: this is another log, as after a restore."""


class Log:
    """What one feed has read. It begins 30 s back, for what is committed late is news, whenever it is said to be from.

    `last` is the newest event read: the id of the messages.
    """

    def __init__(self) -> None:
        self.last = 0
        self.rest()

    def rest(self) -> None:
        """Nobody listens: begin anew when somebody does."""
        self._floor: int | None = None  # everything up to here is settled
        self._seen: set[int] = set()  # the floor, and what was read above it
        self._looks: deque[tuple[float, int]] = deque()  # when something was found, and the highest of it

    def fresh(self) -> list[Event]:
        """Events not read before. On PostgreSQL a lower id may be committed last, so it looks back each time."""
        if self._floor is None:
            self._floor = self._begin()
        with db.engine.connect() as connection:  # four times a second, so not by way of a session
            visible = set(connection.scalars(VISIBLE, {"floor": self._floor}))
        unread = visible - self._seen
        if not self._seen <= visible or len(unread) > MANY:  # rows are only ever added
            raise Replaced
        fresh = self._read(unread) if unread else []
        if fresh:
            self._seen.update(event.id for event in fresh)
            self._looks.append((time.monotonic(), fresh[-1].id))
            self.last = max(self.last, fresh[-1].id)
        self._floor = self._settled(self._floor)
        return fresh

    def _begin(self) -> int:
        before = clock.now() - timedelta(seconds=LOOK_BACK)
        floor = db.session.scalar(select(func.max(Event.id)).where(Event.at < before)) or 0
        self._seen = {floor} if floor else set()
        self.last = max(self.last, floor)
        return floor

    @staticmethod
    def _read(unread: set[int]) -> list[Event]:
        above = db.session.scalars(select(Event).where(Event.id >= min(unread)).order_by(Event.id))
        return [event for event in above if event.id in unread]

    def _settled(self, floor: int) -> int:
        """What was found so long ago stands. By our own clock: the hour of an event is another machine's, and says
        nothing of when it became visible."""
        before, old = time.monotonic() - LOOK_BACK, floor
        while self._looks and self._looks[0][0] <= before:
            floor = max(floor, self._looks.popleft()[1])
        if floor > old:
            self._seen = {seen for seen in self._seen if seen >= floor}
        return floor
