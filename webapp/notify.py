"""The inbox: what the city tells a person, written in the transaction that made it true."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, func, select, update
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
    (T104). `words` is a message id; `lasts` is how long it is worth saying."""

    words: str
    lasts: timedelta
    urgency: str = "normal"  # or "high", "low"


@dataclass(frozen=True)
class News:
    """What somebody is told: `message` is a message id marked with `i18n.noop`.

    `fact` names what has become true where several events can bring it about: each person is told of it once.
    """

    message: str
    alert: Alert | None = None
    fact: str | None = None


Carrier = Callable[[Notice, Alert], None]
_carriers: list[Carrier] = []


def carried_by(carrier: Carrier) -> None:
    """Whoever carries alerts out of the house hears of each, in the transaction of its notice."""
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
            carry(row, news.alert)


def told(facts: Iterable[str]) -> set[str]:
    """Which of these somebody has been told already."""
    found = db.session.scalars(select(Notice.fact).where(Notice.fact.in_(facts)))
    return {fact for fact in found if fact}


def inbox(person_id: int, limit: int = 50) -> list[Notice]:
    """The newest notices of a person, newest first."""
    rows = select(Notice).where(Notice.person_id == person_id).order_by(Notice.at.desc(), Notice.id.desc()).limit(limit)
    return list(db.session.scalars(rows))


def unread(person_id: int) -> int:
    rows = select(func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return db.session.scalar(rows) or 0


@transactional
def mark_read(person_id: int) -> None:
    """The person has seen the inbox as it is now."""
    rows = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None)).values(read_at=clock.now())
    db.session.execute(rows)
