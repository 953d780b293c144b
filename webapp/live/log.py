"""Reads the event log on: every event once, whatever the order in which ids become visible."""

from datetime import timedelta

from sqlalchemy import bindparam, func, select

from webapp import clock
from webapp.db import db
from webapp.events import Event

LOOK_BACK = timedelta(seconds=30)
VISIBLE = select(Event.id, Event.at).where(Event.id > bindparam("floor"))


class Log:
    """What one feed has read. It begins 30 s back, for what is committed late is news, whenever it is said to be from.

    `last` is the newest event read: the id of the messages.
    """

    def __init__(self) -> None:
        self.last = 0
        self._seen: set[int] = set()
        self._floor: int | None = None  # everything up to here is settled

    def fresh(self) -> list[Event]:
        """Events not read before. On PostgreSQL a lower id may be committed last, so it looks back each time."""
        if self._floor is None:
            self._floor = self._settled()
        with db.engine.connect() as connection:  # four times a second, so not by way of a session
            visible = connection.execute(VISIBLE, {"floor": self._floor}).all()
        unread = {row.id for row in visible} - self._seen
        fresh = db.session.scalars(select(Event).where(Event.id.in_(unread)).order_by(Event.id)).all() if unread else []
        self._seen.update(event.id for event in fresh)
        self.last = max(self.last, self._floor, *self._seen)
        before = clock.now() - LOOK_BACK
        if settled := [row.id for row in visible if row.at < before]:
            self._floor = max(settled)
            self._seen = {seen for seen in self._seen if seen > self._floor}
        return list(fresh)

    def rest(self) -> None:
        """Nobody listens: begin anew when somebody does."""
        self._floor, self._seen = None, set()

    @staticmethod
    def _settled() -> int:
        return db.session.scalar(select(func.max(Event.id)).where(Event.at < clock.now() - LOOK_BACK)) or 0
