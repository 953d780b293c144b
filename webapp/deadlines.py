"""Deadlines in working days: they stop while somebody else must act, turn amber, and report themselves when they pass."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base

ANY_ID = BigInteger().with_variant(Integer, "sqlite")


class Deadline(Base):
    """How long an office may take with one thing. Its moments are worked out anew whenever it stops or goes on."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "event"),
        Index("deadline_due", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[str] = mapped_column(String(48))  # the table of the thing it is about
    subject_id: Mapped[int] = mapped_column(ANY_ID)
    event: Mapped[str] = mapped_column(String(64))  # what is recorded about the thing when it passes
    days: Mapped[int]  # working days
    began_at: Mapped[datetime]
    amber_at: Mapped[datetime | None]  # None while it stands still
    due_at: Mapped[datetime | None]  # None while it stands still
    ended_at: Mapped[datetime | None]  # decided, or given up
    reports: Mapped[int] = mapped_column(default=0)  # how often it has reported itself
    reported_on: Mapped[date | None]  # the working day of its last report

    pauses: Mapped[list["Pause"]] = relationship(order_by="Pause.id")


class Pause(Base):
    """A time during which a deadline stands still, with a reason that the applicant sees."""

    __tablename__ = "deadline_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"), index=True)
    reason: Mapped[str] = mapped_column(String(32))  # a word of the service's own list
    note: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


Subject = Any  # a row with an integer id
