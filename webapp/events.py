"""The event log: who did what to which thing, when; written in the transaction of the change itself."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp import clock
from webapp.access import Actor
from webapp.db import Base, db

Listener = Callable[["Event"], None]
_listeners: dict[str, list[Listener]] = {}


class Event(Base):
    """One fact that happened. Facts hold ids and numbers, never free personal text; rows are only ever added."""

    __tablename__ = "event"
    __table_args__ = (Index("event_subject", "subject_type", "subject_id"), Index("event_at", "at"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    subject_type: Mapped[str] = mapped_column(String(48))
    subject_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]


def record(name: str, subject: Any, by: Actor | None, **facts: Any) -> Event:
    """Write the event of a change in the change's own transaction and let the listeners add their rows.

    `name` is service.noun.step; `by` is None where nobody was signed in (a registration).
    """
    db.session.flush()  # a new subject has its id from here on
    event = Event(
        name=name, subject_type=subject.__tablename__, subject_id=subject.id,
        actor_id=by.id if by else None, at=clock.now(), facts=facts,
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    for listener in _listeners.get(name, ()):
        listener(event)
    return event


def on(name: str) -> Callable[[Listener], Listener]:
    """Listen to an event by its full name. A listener only writes rows; it never talks to the network."""

    def listen(listener: Listener) -> Listener:
        heard = _listeners.setdefault(name, [])
        if listener not in heard:
            heard.append(listener)
        return listener

    return listen
