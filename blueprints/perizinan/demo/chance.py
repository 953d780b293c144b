"""The demo's dice, and moments at which people in a city do things."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from webapp import clock

dice = random.Random()
OPENS, CLOSES = time(8), time(16, 30)  # of the offices
EARLY, LATE = time(7), time(21)  # when citizens are awake
A_DAY = timedelta(days=1)
WorkingDay = Callable[[date], bool]


def between(day: date, first: time, last: time) -> datetime:
    """Some moment of this day."""
    begin, end = clock.at(day, first), clock.at(day, last)
    return begin + timedelta(seconds=dice.randint(0, int((end - begin).total_seconds())))


def minutes(least: int, most: int) -> timedelta:
    return timedelta(seconds=dice.randint(least * 60, most * 60))


def working_day(day: date, further: int, is_working_day: WorkingDay) -> date:
    """So many working days after this day; with 0 this day, or the next one that is a working day."""
    while further or not is_working_day(day):
        day += A_DAY
        further -= is_working_day(day) and further > 0
    return day


def working_day_before(day: date, back: int, is_working_day: WorkingDay) -> date:
    """So many working days before this day."""
    while back:
        day -= A_DAY
        back -= is_working_day(day)
    return day


def in_office_hours(day: date, is_working_day: WorkingDay) -> datetime:
    """Some moment to come at which the offices work: on this day, or today a little later, or tomorrow."""
    today, soon = clock.today(), clock.now() + minutes(15, 50)
    if day > today:
        return between(day, OPENS, time(15))
    if is_working_day(today) and soon <= clock.at(today, CLOSES):
        return max(soon, clock.at(today, OPENS) + minutes(5, 60))
    return between(working_day(today, 1, is_working_day), OPENS, time(9, 30))


def at_home(least: int, most: int) -> datetime:
    """Some moment, so many days from now, at which a citizen sits down with a telephone."""
    moment = between(clock.today() + timedelta(days=dice.randint(least, most)), EARLY, LATE)
    soon = clock.now() + minutes(30, 90)
    return max(moment, soon) if soon <= clock.at(clock.today(), LATE) else between(clock.today() + A_DAY, EARLY, OPENS)
