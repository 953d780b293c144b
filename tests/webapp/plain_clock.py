"""The clock of working days once more, as one would count it with a pencil: step by step, slowly, on its own.

It shares nothing with the product: its own offset from Greenwich, its own weekends. Every moment of a history lies on
a step, so that counting whole steps is exact.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WIB = timedelta(hours=7)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class History:
    """What befell one deadline. Moments are naive UTC."""

    began_at: datetime
    days: int
    pauses: list[tuple[datetime, datetime | None]]
    holidays: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        return day.isoweekday() not in (6, 7) and day not in self.holidays

    def stands_still(self, moment: datetime) -> bool:
        return any(began <= moment and (ended is None or moment < ended) for began, ended in self.pauses)


def counts(history: History, moment: datetime) -> bool:
    """Whether the step that begins at this moment is working time."""
    here = moment + WIB
    return (
        here.date() > (history.began_at + WIB).date()
        and history.is_working_day(here.date())
        and not history.stands_still(moment)
    )


def steps(history: History, until: datetime, step: timedelta) -> Iterator[tuple[datetime, bool]]:
    """Every step from the start until a moment: when it begins, and whether it counts."""
    moment = history.began_at
    while moment < until:
        yield moment, counts(history, moment)
        moment += step


def used(history: History, until: datetime, step: timedelta = HOUR) -> timedelta:
    return sum((step for _moment, counted in steps(history, until, step) if counted), timedelta())


def moments(history: History, until: datetime, step: timedelta = HOUR) -> tuple[datetime | None, datetime | None]:
    """When it turns amber and when it is over, if that comes before `until`."""
    amber_at, spent = None, timedelta()
    for moment, counted in steps(history, until, step):
        if not counted:
            continue
        spent += step
        if amber_at is None and spent * 4 >= history.days * DAY * 3:
            amber_at = moment + step
        end_of_day = (moment + step + WIB).hour == 0 and (moment + step + WIB).minute == 0
        if end_of_day and spent >= history.days * DAY:
            return amber_at, moment + step
    return amber_at, None


def chance_of(seed: int) -> random.Random:
    """The same chances each time."""
    return random.Random(seed)  # noqa: S311 - not for secrets


def a_history(chance: random.Random, step: timedelta = HOUR, longest: int = 6) -> History:
    """A start on any day at any hour of 2026, with pauses and holidays strewn over the weeks after it."""
    days_in_steps = DAY // step
    new_year = datetime(2026, 1, 1) - WIB  # noqa: DTZ001 - naive UTC is the house's form
    began_at = new_year + chance.randrange(300 * days_in_steps) * step
    return History(
        began_at=began_at,
        days=chance.randint(1, longest),
        pauses=list(_pauses(chance, began_at, step)),
        holidays=frozenset((began_at + chance.randrange(30) * DAY).date() for _n in range(chance.choice((0, 1, 4)))),
    )


def _pauses(chance: random.Random, began_at: datetime, step: timedelta) -> Iterator[tuple[datetime, datetime | None]]:
    """Some short and some long, one after the other, now and then without a break or without an end."""
    at = began_at
    for _n in range(chance.choice((0, 0, 1, 2, 3, 5))):
        at += chance.choice((0, chance.randrange(1, 4 * (DAY // step)))) * step
        if chance.random() < 0.1:
            yield at, None
            return
        ended = at + chance.choice((chance.randrange(DAY // step), chance.randrange(6 * (DAY // step)))) * step
        yield at, ended
        at = ended
