"""The inbox: what the city tells a person, written in the transaction that made it true."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp import clock
from webapp.db import Base, db, transactional
from webapp.events import Event
from webapp.i18n import gettext


class Notice(Base):
    """One line in a person's inbox. Kept as a message id with facts, worded in the reader's language when read."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id", "message"),
        UniqueConstraint("person_id", "fact"),
        Index("notice_of_person", "person_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    message: Mapped[str] = mapped_column(String(200))
    fact: Mapped[str | None] = mapped_column(String(64))  # where several events can make the same thing true
    facts: Mapped[dict[str, Any]]
    href: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @property
    def text(self) -> str:
        return gettext(self.message, **self.facts)

    @property
    def unread(self) -> bool:
        return self.read_at is None


@dataclass(frozen=True)
class Alert:
    """How a notice sounds on a locked phone, where anybody can read it: no name, place, kind or number of a thing
    (T104). `words` is a message id; `lasts` is how long it is worth saying.

    Of one thing the newest word takes the place of the older ones that have its `topic`, also with the push service of
    a phone that is off, and on the screen. What must not push a weightier word aside has a topic of its own.
    """

    words: str
    lasts: timedelta
    urgency: str = "normal"  # or "high", "low"; "call" goes before all else: somebody is to come in now
    topic: str = ""


@dataclass(frozen=True)
class News:
    """What somebody is told: `message` is a message id marked with `i18n.noop`.

    `fact` names what has become true where several events can bring it about: each person is told of it once.
    """

    message: str
    alert: Alert | None = None
    fact: str | None = None


@dataclass(frozen=True)
class Carrier:
    """Whoever carries alerts out of the house hears of each, and of what is not true any more, in its transaction."""

    put: Callable[[Notice, Alert], None]
    withdraw: Callable[[int, str, str | None], None]


_carriers: list[Carrier] = []


def carried_by(carrier: Carrier) -> None:
    if carrier not in _carriers:
        _carriers.append(carrier)


def tell(person_id: int, news: News, about: Event, href: str, facts: Mapping[str, Any] | None = None) -> None:
    """Put a notice into the person's inbox, and have it carried further where it is worth an alert.

    Who tells of a fact looks first whether it was `told`; of two who do so at once, the database lets one.
    """
    row = Notice(
        person_id=person_id, event_id=about.id, message=news.message, fact=news.fact, facts=dict(facts or {}),
        href=href, at=about.at,
    )  # fmt: skip
    db.session.add(row)
    if news.alert:
        for carry in _carriers:
            carry.put(row, news.alert)


def withdraw(person_id: int, href: str, news: News | None = None) -> None:
    """What this person was told of this thing (all of it, or this news) is not true any more: what still waits to be
    carried is not carried. In the inbox it stays, as what happened."""
    for carry in _carriers:
        carry.withdraw(person_id, href, news.message if news else None)


def told(facts: Iterable[str]) -> set[str]:
    """Which of these somebody has been told already."""
    found = db.session.scalars(select(Notice.fact).where(Notice.fact.in_(facts)))
    return {fact for fact in found if fact}


def inbox(person_id: int, limit: int = 50) -> list[Notice]:
    """The newest notices of a person, newest first."""
    rows = select(Notice).where(Notice.person_id == person_id).order_by(Notice.at.desc(), Notice.id.desc()).limit(limit)
    return list(db.session.scalars(rows))


@dataclass(frozen=True)
class Unread:
    """What a person has not read: the newest notice of the thing that they are opening, and how many of all others."""

    here: int | None
    elsewhere: int


def unread(person_id: int, here: str = "") -> Unread:
    of_this = Notice.href == here
    rows = select(func.max(Notice.id).filter(of_this), func.count().filter(~of_this)).where(*_unread_by(person_id))
    return Unread(*db.session.execute(rows).one())


@transactional
def mark_read(person_id: int, up_to: int) -> None:
    """The person has seen the inbox with this notice as its newest. What is older than all that it shows is read, too:
    nobody can reach it any more."""
    _note_as_read(*_unread_by(person_id), Notice.id <= up_to)


@transactional
def mark_opened(person_id: int, href: str, up_to: int) -> None:
    """The person has opened this thing, and so read what they had been told of it when its page was drawn: a call that
    comes while a slow network carries this must still reach them."""
    _note_as_read(*_unread_by(person_id), Notice.href == href, Notice.id <= up_to)


def _unread_by(person_id: int) -> tuple[ColumnElement[bool], ...]:
    return Notice.person_id == person_id, Notice.read_at.is_(None)


def _note_as_read(*which: ColumnElement[bool]) -> None:
    db.session.execute(update(Notice).where(*which).values(read_at=clock.now()))
