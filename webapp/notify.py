"""The inbox: what the city tells a person, written in the transaction that made it true."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp import clock
from webapp.db import Base, db, transactional
from webapp.events import Event
from webapp.i18n import gettext


class Notice(Base):
    """One line in a person's inbox. Kept as a message id with facts, worded in the reader's language when read."""

    __tablename__ = "notice"
    __table_args__ = (Index("notice_of_person", "person_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    message: Mapped[str] = mapped_column(String(200))
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


def tell(person_id: int, message: str, about: Event, href: str, facts: Mapping[str, Any] | None = None) -> None:
    """Put a notice into the person's inbox; `message` is a message id marked with `i18n.noop`."""
    row = Notice(
        person_id=person_id, event_id=about.id, message=message, facts=dict(facts or {}), href=href, at=about.at
    )
    db.session.add(row)


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
