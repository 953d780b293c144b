"""Working days of the city: weekends and the holiday table."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, db
from webapp.loading import Loaded

SATURDAY = 5


class Holiday(Loaded, Base):
    """A day on which the city's offices are closed, by the joint decree of the ministers (SKB 3 Menteri)."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    joint_leave: Mapped[bool]
    certain: Mapped[bool]


def holiday_name(day: date) -> str | None:
    """What is celebrated on this day, or None. Days that the table does not reach have no holidays."""
    return db.session.scalar(select(Holiday.name).where(Holiday.day == day))


def holidays_between(first: date, last: date) -> dict[date, str]:
    """The holidays from the first to the last day, both included."""
    rows = db.session.execute(select(Holiday.day, Holiday.name).where(Holiday.day.between(first, last)))
    return {day: name for day, name in rows}


def reaches_until() -> date | None:
    """The last day of the last year that the holiday table covers; after it only weekends count."""
    last = db.session.scalar(select(func.max(Holiday.day)))
    return last and date(last.year, 12, 31)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and holiday_name(day) is None


def working_day_table() -> Callable[[date], bool]:
    """Which days are working days, from one look at the holiday table: for whoever asks about many days."""
    holidays = frozenset(db.session.scalars(select(Holiday.day)))
    return lambda day: day.weekday() < SATURDAY and day not in holidays


def working_days_from(day: date) -> Iterator[date]:
    """This day if it is a working day, then each working day after it."""
    is_working = working_day_table()
    while True:
        if is_working(day):
            yield day
        day += timedelta(days=1)
