"""Deadlines in working days: they stop while somebody else must act, turn amber, and report themselves when they pass.

How the time runs is told in working_time.py. The service that owns the thing asks who may start, stop or pause; the
functions here join its use case. When a deadline passes, the event it was started with is recorded about the thing, and
again on each further working day (T78); listeners of the service put it into the inboxes of applicant and Inspektorat.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    UniqueConstraint,
    and_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import calendar, clock, events, working_time
from webapp.access import THE_CITY, Actor
from webapp.db import Base, db, transactional
from webapp.jobs import Sweep
from webapp.standing import Standing, standing_of
from webapp.working_time import WorkingDay

log = logging.getLogger(__name__)
ANY_ID = BigInteger().with_variant(Integer, "sqlite")
OPEN = text("ended_at IS NULL")
Subject = Any  # a row with an integer id


@dataclass(frozen=True)
class Ref:
    """The thing a deadline is about, known by its table and its number only."""

    __tablename__: str
    id: int


class Deadline(Base):
    """How long an office may take with one thing. Its moments are worked out anew whenever it stops or goes on."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "event"),
        CheckConstraint("days > 0", name="some_days"),
        Index("deadline_due", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[str] = mapped_column(String(48))  # the table of the thing it is about
    subject_id: Mapped[int] = mapped_column(ANY_ID)
    event: Mapped[str] = mapped_column(String(64))  # what is recorded about the thing when it passes
    days: Mapped[int]  # working days
    began_at: Mapped[datetime]
    amber_at: Mapped[datetime | None]  # None while it stands still before this moment
    due_at: Mapped[datetime | None]  # None while it stands still before this moment
    ended_at: Mapped[datetime | None]  # decided, or given up
    reports: Mapped[int] = mapped_column(default=0)  # how often it has reported itself
    reported_on: Mapped[date | None]  # the day of its last report

    pauses: Mapped[list["Pause"]] = relationship(order_by="Pause.id", lazy="selectin")

    @property
    def open_pause(self) -> "Pause | None":
        """Why it stands still now, or None."""
        return next((pause for pause in self.pauses if pause.ended_at is None), None)

    def passed(self, now: datetime) -> bool:
        """Whether its time is over; a pause that began later does not undo that."""
        return self.due_at is not None and self.due_at <= now

    @property
    def stops(self) -> list[tuple[datetime, datetime | None]]:
        """Its pauses as moments."""
        return [(pause.began_at, pause.ended_at) for pause in self.pauses]

    def standing(self, now: datetime, is_working_day: WorkingDay | None = None) -> Standing:
        """Its word, bar and time left. Whoever shows many hands in `calendar.working_day_table()` for all of them."""
        return standing_of(self, now, is_working_day or calendar.working_day_table())

    def work_out(self, is_working_day: WorkingDay) -> None:
        """Set its moments from start, days and pauses."""
        self.amber_at, self.due_at = working_time.due_moments(self.began_at, self.days, self.stops, is_working_day)


class Pause(Base):
    """A time during which a deadline stands still, with a reason that the applicant sees."""

    __tablename__ = "deadline_pause"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reasoned"),
        Index("one_open_pause", "deadline_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"), index=True)
    reason: Mapped[str] = mapped_column(String(32))  # a word of the service's own list
    note: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def of(subject: Subject, event: str) -> Deadline | None:
    """The deadline of this thing for this event, running or ended."""
    return db.session.scalar(select(Deadline).where(*_named(subject, event)))


def of_each(kind: type[Base], ids: Collection[int], event: str) -> dict[int, Deadline]:
    """The deadlines of many things of one kind for this event, by the number of the thing; found in one look."""
    rows = select(Deadline).where(
        Deadline.subject_type == kind.__tablename__, Deadline.subject_id.in_(ids), Deadline.event == event
    )
    return {deadline.subject_id: deadline for deadline in db.session.scalars(rows)}


@transactional
def start(subject: Subject, event: str, days: int, at: datetime | None = None) -> Deadline:
    """Let the time run from the midnight after this moment (default: now). One that is there already stays as it is."""
    db.session.flush()  # a new subject has its id from here on
    if found := of(subject, event):
        return found
    deadline = Deadline(
        subject_type=subject.__tablename__, subject_id=subject.id, event=event, days=days, began_at=at or clock.now()
    )
    deadline.work_out(calendar.working_day_table())
    db.session.add(deadline)
    db.session.flush()
    return deadline


@transactional
def pause(subject: Subject, event: str, reason: str, note: str = "", by: Actor | None = None) -> Deadline:
    """Stop the time, for a reason that the applicant sees. Nothing where it has ended or stands still for this reason.

    Another reason than before ends the first pause and begins one of its own, so that each reason has its time.
    """
    deadline, now = _locked(subject, event), clock.now()
    before = deadline.open_pause
    if deadline.ended_at or (before and before.reason == reason):
        return deadline
    if before:
        before.ended_at = now
    deadline.pauses.append(Pause(reason=reason, note=note, by_id=by.id if by else None, began_at=now))
    deadline.work_out(calendar.working_day_table())
    return deadline


@transactional
def resume(subject: Subject, event: str) -> Deadline:
    """Let the time go on. Nothing where it runs or has ended."""
    deadline = _locked(subject, event)
    _go_on(deadline)
    return deadline


@transactional
def stop(subject: Subject, event: str) -> Deadline:
    """The thing is decided or given up: the time has ended. Nothing where it has ended before.

    Whoever decides too late, but before the next sweep, cannot outrun the report.
    """
    deadline, now = _locked(subject, event), clock.now()
    if deadline.ended_at:
        return deadline
    if deadline.passed(now) and not deadline.reports:
        _report(deadline)
    _go_on(deadline)
    deadline.ended_at = now
    return deadline


@transactional
def begin_again(subject: Subject, event: str) -> Deadline:
    """The thing is taken up anew after its end: the whole time runs again, from the next midnight on.

    Nothing where it has not ended: nobody gets rid of a report so.
    """
    deadline = _locked(subject, event)
    if deadline.ended_at is None:
        return deadline
    deadline.began_at, deadline.ended_at, deadline.reports, deadline.reported_on = clock.now(), None, 0, None
    deadline.work_out(calendar.working_day_table())
    return deadline


@transactional
def recompute_all() -> None:
    """Work out all open deadlines anew: the holiday table has changed."""
    is_working_day = calendar.working_day_table()
    for deadline in db.session.scalars(_fresh(Deadline.ended_at.is_(None)).order_by(Deadline.id)):
        deadline.work_out(is_working_day)


def report_late() -> None:
    """Each deadline that has passed reports itself: at once, then once on each further working day while it runs.

    Each in a transaction of its own: where a listener fails, the others report all the same.
    """
    for deadline_id in db.session.scalars(select(Deadline.id).where(*_owing()).order_by(Deadline.due_at)).all():
        try:
            _report_again(deadline_id)
        except Exception:
            log.exception("deadline %s could not report itself; the next tick tries again", deadline_id)


@transactional
def _report_again(deadline_id: int) -> None:
    if deadline := db.session.scalar(select(Deadline).where(Deadline.id == deadline_id, *_owing())):
        _report(deadline)


def _owing() -> tuple[ColumnElement[bool], ...]:
    """What makes a deadline report itself now."""
    first = Deadline.reported_on.is_(None)
    again = and_(Deadline.reported_on < clock.today(), ~Deadline.pauses.any(Pause.ended_at.is_(None)))
    turn = first | again if calendar.is_working_day(clock.today()) else first
    return Deadline.ended_at.is_(None), Deadline.due_at <= clock.now(), turn


def _report(deadline: Deadline) -> None:
    if report := _claim(deadline):
        subject = Ref(deadline.subject_type, deadline.subject_id)
        events.record(deadline.event, subject, THE_CITY, deadline_id=deadline.id, report=report)


def _claim(deadline: Deadline) -> int | None:
    """The number of this report, or None where another worker has been first."""
    seen = deadline.reports
    claimed = (
        update(Deadline)
        .where(Deadline.id == deadline.id, Deadline.reports == seen)
        .values(reports=seen + 1, reported_on=clock.today())
        .returning(Deadline.reports)
    )
    return db.session.scalar(claimed)


def _go_on(deadline: Deadline) -> None:
    if running := deadline.open_pause:
        running.ended_at = clock.now()
        deadline.work_out(calendar.working_day_table())


def _locked(subject: Subject, event: str) -> Deadline:
    db.session.flush()
    return db.session.scalars(_fresh(*_named(subject, event))).one()


def _fresh(*conditions: ColumnElement[bool]) -> Select[Deadline]:
    """As the database has them now, and nobody else changes them until this use case has ended."""
    return select(Deadline).where(*conditions).with_for_update().execution_options(populate_existing=True)


def _named(subject: Subject, event: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Deadline.subject_type == subject.__tablename__,
        Deadline.subject_id == subject.id,
        Deadline.event == event,
    )


SWEEPS = (Sweep(report_late, every=1),)
