"""How working time runs: pure arithmetic of working days, holidays and pauses, without a database.

- Working time runs on working days only, 24 hours each, by the city's wall clock; weekends and holidays are none.
- It runs from the midnight after the day on which a thing began: the first day is not counted.
- Paused time is not counted.
- N days are spent when N times 24 hours have run. The deadline is the first end of a working day from then on at which
  the clock runs: 24.00, which people are shown as 23.59. So without pauses it is the end of the N-th working day after
  the day of the start, and somebody who is stopped on the last day has the rest of a day when things go on.
- Amber is the very moment at which 75 % of N times 24 hours have run.

Moments are naive UTC as everywhere. They are counted as the wall clock shows them, where every day has 24 hours.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from webapp import clock

DAY = timedelta(days=1)
AMBER_OF_A_DAY = timedelta(hours=18)  # 75 %
MIDNIGHT = time()

Pauses = Sequence[tuple[datetime, datetime | None]]  # when each began and ended; None: it still goes on
WorkingDay = Callable[[date], bool]
Stretch = tuple[datetime, datetime]


class Moments(NamedTuple):
    """When 75 % have run, and when the time is over. None: it stands still before."""

    amber_at: datetime | None
    due_at: datetime | None


def due_moments(began_at: datetime, days: int, pauses: Pauses, is_working_day: WorkingDay) -> Moments:
    """When a deadline of so many working days turns amber and when it is over, if its last pause stays its last."""
    amber, whole = days * AMBER_OF_A_DAY, days * DAY
    amber_at, spent = None, timedelta()
    for begins, ends in _counted(began_at, pauses, is_working_day):
        if amber_at is None and spent + (ends - begins) >= amber:
            amber_at = _moment(begins + (amber - spent))
        spent += ends - begins
        if spent >= whole and ends.time() == MIDNIGHT:
            return Moments(amber_at, _moment(ends))
    return Moments(amber_at, None)


def used_days(began_at: datetime, pauses: Pauses, now: datetime, is_working_day: WorkingDay) -> float:
    """How many working days have run until now, with their fraction."""
    stretches = _counted(began_at, [*pauses, (now, None)], is_working_day)
    return sum((ends - begins for begins, ends in stretches), timedelta()) / DAY


def days_left(now: datetime, due_at: datetime, is_working_day: WorkingDay) -> int:
    """How many working days come after today until the last one: 0 on the last, then less than 0 with each further."""
    today, last = clock.local(now).date(), last_day(due_at)
    first, final = sorted((today, last))
    between = sum(is_working_day(first + n * DAY) for n in range(1, (final - first).days + 1))
    return between if today <= last else -between


def last_day(due_at: datetime) -> date:
    """The working day at whose end a deadline is over."""
    return (_wall(due_at) - DAY).date()


def _counted(began_at: datetime, pauses: Pauses, is_working_day: WorkingDay) -> Iterator[Stretch]:
    """The stretches that count, in order, each within one working day; without end where nothing stands still."""
    for begins, ends in _running(began_at, pauses):
        day = begins.date()
        while ends is None or _midnight(day) < ends:
            if is_working_day(day):
                close = _midnight(day + DAY)
                yield max(begins, _midnight(day)), close if ends is None else min(close, ends)
            day += DAY


def _running(began_at: datetime, pauses: Pauses) -> Iterator[tuple[datetime, datetime | None]]:
    """From the first midnight on, everything between the pauses; the last has no end unless a pause goes on."""
    runs_from = _midnight(_wall(began_at).date() + DAY)
    for began, ended in sorted(pauses, key=lambda pause: pause[0]):
        if _wall(began) > runs_from:
            yield runs_from, _wall(began)
        if ended is None:
            return
        runs_from = max(runs_from, _wall(ended))
    yield runs_from, None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, MIDNIGHT)


def _wall(moment: datetime) -> datetime:
    return clock.local(moment).replace(tzinfo=None)


def _moment(wall: datetime) -> datetime:
    return clock.at(wall.date(), wall.time())
