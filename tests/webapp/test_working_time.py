"""How working time runs. November 2026: the 23rd is a Monday; the 25th is a holiday where a story says so."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from tests.webapp import plain_clock
from webapp import clock
from webapp.working_time import Moments, days_left, due_moments, last_day, used_days

FRIDAY, SATURDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 24)
WEDNESDAY, THURSDAY, NEXT_FRIDAY, NEXT_MONDAY = (date(2026, 11, day) for day in (25, 26, 27, 30))
HISTORIES, HISTORIES_BY_THE_MINUTE = 400, 12
PLENTY = timedelta(days=60)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at(day, time(hour, minute))


def end_of(day: date) -> datetime:
    return clock.at(day + timedelta(days=1), time())


def no_holidays(day: date) -> bool:
    return day.weekday() < 5


def holidays(*days: date) -> Callable[[date], bool]:
    return lambda day: no_holidays(day) and day not in days


# --- without pauses: the end of the N-th working day after the start


def test_one_day_from_a_monday_morning_ends_with_tuesday():
    assert due_moments(at(MONDAY, 9), 1, [], no_holidays) == Moments(at(TUESDAY, 18), end_of(TUESDAY))


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_the_hour_of_the_start_does_not_matter(hour: int):
    assert due_moments(at(MONDAY, hour, 59), 3, [], no_holidays).due_at == end_of(THURSDAY)


def test_a_day_ends_when_the_citys_clock_shows_24_00_and_its_last_minute_is_23_59():
    due_at = due_moments(at(MONDAY, 9), 1, [], no_holidays).due_at
    assert due_at and f"{clock.local(due_at - timedelta(minutes=1)):%A %H.%M %Z}" == "Tuesday 23.59 WIB"
    assert last_day(due_at) == TUESDAY


@pytest.mark.parametrize("start", [FRIDAY, SATURDAY, date(2026, 11, 22)])
def test_a_weekend_is_none_whether_it_begins_before_or_within(start: date):
    assert due_moments(at(start, 9), 2, [], no_holidays).due_at == end_of(TUESDAY)


def test_a_holiday_is_none_within_the_time_and_at_its_start():
    assert due_moments(at(MONDAY, 9), 2, [], holidays(WEDNESDAY)).due_at == end_of(THURSDAY)
    assert due_moments(at(WEDNESDAY, 9), 1, [], holidays(WEDNESDAY)).due_at == end_of(THURSDAY)
    assert due_moments(at(TUESDAY, 9), 1, [], holidays(WEDNESDAY)).due_at == end_of(THURSDAY)


def test_amber_is_the_very_moment_of_three_quarters():
    assert due_moments(at(MONDAY, 9), 3, [], no_holidays).amber_at == at(THURSDAY, 6)
    assert due_moments(at(WEDNESDAY, 9), 3, [], no_holidays).amber_at == at(NEXT_MONDAY, 6)
    assert due_moments(at(MONDAY, 9), 4, [], no_holidays).amber_at == end_of(THURSDAY)


# --- pauses


def test_a_pause_within_one_day_costs_the_next_one():
    """10 to 14 on Tuesday: four of the 24 hours run on Wednesday, and Wednesday may be used to its end."""
    pause = (at(TUESDAY, 10), at(TUESDAY, 14))
    assert due_moments(at(MONDAY, 9), 1, [pause], no_holidays) == Moments(at(TUESDAY, 22), end_of(WEDNESDAY))


def test_a_pause_over_a_weekend_costs_only_its_working_hours():
    """From Friday 24.00 until Monday 0.00 nothing runs anyhow."""
    over_the_weekend = (end_of(FRIDAY), at(MONDAY, 0))
    assert due_moments(at(THURSDAY - timedelta(days=7), 9), 2, [over_the_weekend], no_holidays).due_at == end_of(MONDAY)
    an_hour_longer = (end_of(FRIDAY), at(MONDAY, 1))
    assert due_moments(at(THURSDAY - timedelta(days=7), 9), 2, [an_hour_longer], no_holidays).due_at == end_of(TUESDAY)


def test_a_pause_on_the_first_day_costs_nothing_because_that_day_is_not_counted():
    assert due_moments(at(MONDAY, 9), 1, [(at(MONDAY, 10), at(MONDAY, 20))], no_holidays).due_at == end_of(TUESDAY)


def test_while_it_stands_still_nobody_knows_when_it_is_over():
    assert due_moments(at(MONDAY, 9), 2, [(at(TUESDAY, 10), None)], no_holidays) == Moments(None, None)
    assert due_moments(at(MONDAY, 9), 2, [(at(WEDNESDAY, 13), None)], no_holidays) == Moments(at(WEDNESDAY, 12), None)


def test_what_had_passed_before_the_pause_stays_passed():
    assert due_moments(at(MONDAY, 9), 1, [(end_of(TUESDAY), None)], no_holidays).due_at == end_of(TUESDAY)
    assert due_moments(at(MONDAY, 9), 1, [(at(TUESDAY, 23, 59), None)], no_holidays).due_at is None


def test_who_is_stopped_in_the_last_hour_has_the_rest_of_the_day_on_which_it_goes_on():
    """24 hours had run by Wednesday 4.00; stopped on Wednesday over its end, it is not over at once on Friday."""
    pauses = [(at(TUESDAY, 10), at(TUESDAY, 14)), (at(WEDNESDAY, 10), at(NEXT_FRIDAY, 9))]
    assert due_moments(at(MONDAY, 9), 1, pauses, no_holidays).due_at == end_of(NEXT_FRIDAY)


def test_a_long_pause_across_the_due_time_moves_it_by_as_much():
    months = (at(TUESDAY, 12), at(date(2027, 2, 1), 12))  # Monday, 1 February
    moments = due_moments(at(MONDAY, 9), 2, [months], no_holidays)
    assert moments == Moments(at(date(2027, 2, 2), 12), end_of(date(2027, 2, 2)))


def test_pauses_that_touch_or_overlap_are_counted_once():
    apart = [(at(TUESDAY, 10), at(TUESDAY, 16))]
    pieces = [
        (at(TUESDAY, 12), at(TUESDAY, 16)),
        (at(TUESDAY, 10), at(TUESDAY, 12)),
        (at(TUESDAY, 11), at(TUESDAY, 13)),
    ]
    assert used_days(at(MONDAY, 9), pieces, end_of(TUESDAY), no_holidays) == 0.75
    assert due_moments(at(MONDAY, 9), 3, pieces, no_holidays) == due_moments(at(MONDAY, 9), 3, apart, no_holidays)


# --- how much is used, how much is left


def test_used_days_for_a_bar():
    def used(now: datetime) -> float:
        return used_days(at(FRIDAY, 9), [(at(MONDAY, 12), at(MONDAY, 18))], now, no_holidays)

    assert [used(at(FRIDAY, 8)), used(at(FRIDAY, 20)), used(at(SATURDAY, 20))] == [0, 0, 0]
    assert [used(at(MONDAY, 12)), used(at(MONDAY, 17)), used(at(TUESDAY, 12))] == [0.5, 0.5, 1.25]


def test_days_left_are_the_working_days_after_today():
    due_at = end_of(NEXT_MONDAY)
    is_working_day = holidays(WEDNESDAY)
    days = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, NEXT_FRIDAY, date(2026, 11, 28), NEXT_MONDAY, date(2026, 12, 1)]
    assert [days_left(at(day, 12), due_at, is_working_day) for day in days] == [4, 3, 3, 2, 1, 1, 0, -1]


def test_a_weekend_after_the_last_day_is_no_further_working_day():
    due_at = end_of(FRIDAY)
    assert [days_left(at(day, 0), due_at, no_holidays) for day in (SATURDAY, MONDAY, TUESDAY)] == [0, -1, -2]


# --- another zone, and speed


@pytest.fixture
def a_zone_with_summer_time() -> Iterator[None]:
    before = clock._Clock.zone
    clock.configure(ZoneInfo("Europe/Amsterdam"))
    yield
    clock.configure(before)


@pytest.mark.usefixtures("a_zone_with_summer_time")
def test_a_day_counts_as_one_even_where_clocks_are_put_forward():
    sunday = date(2026, 3, 29)  # 23 hours long; here every day is a working day
    moments = due_moments(at(sunday - timedelta(days=1), 9), 4, [], lambda _day: True)
    assert moments == Moments(end_of(sunday + timedelta(days=2)), end_of(sunday + timedelta(days=3)))


def test_sixty_days_with_pauses_take_less_than_a_millisecond():
    pauses = [(at(MONDAY + timedelta(days=n), 9), at(MONDAY + timedelta(days=n), 11)) for n in range(0, 80, 9)]

    def seconds() -> float:
        begun = perf_counter()
        due_moments(at(MONDAY, 9), 60, pauses, no_holidays)
        return perf_counter() - begun

    assert min(seconds() for _try in range(20)) < 0.001


# --- against the plain second computation


@pytest.mark.parametrize(
    ("seeds", "step"),
    [(range(HISTORIES), plain_clock.HOUR), (range(HISTORIES_BY_THE_MINUTE), plain_clock.MINUTE)],
    ids=["by the hour", "by the minute"],
)
def test_random_histories_come_out_as_with_a_pencil(seeds: range, step: timedelta):
    for seed in seeds:
        chance = plain_clock.chance_of(seed)
        history = plain_clock.a_history(chance, step, longest=6 if step == plain_clock.HOUR else 2)
        told = due_moments(history.began_at, history.days, history.pauses, history.is_working_day)
        until = (told.due_at or history.began_at + PLENTY) + timedelta(days=4)
        assert told == plain_clock.moments(history, until, step), f"seed {seed}"
        now = history.began_at + chance.randrange((until - history.began_at) // step) * step
        used = used_days(history.began_at, history.pauses, now, history.is_working_day)
        assert used == plain_clock.used(history, now, step) / plain_clock.DAY, f"seed {seed}"


def test_the_histories_hold_what_they_should_prove():
    """The control: pauses, holidays, weekends, open ends and every length occur, and without them it ends elsewhere."""
    histories = [plain_clock.a_history(plain_clock.chance_of(seed)) for seed in range(HISTORIES)]
    assert {history.days for history in histories} == {1, 2, 3, 4, 5, 6}
    assert sum(bool(history.pauses and history.pauses[-1][1] is None) for history in histories) > HISTORIES // 20
    assert sum(not history.is_working_day(history.began_at.date()) for history in histories) > HISTORIES // 10
    plain = [due_moments(one.began_at, one.days, [], no_holidays).due_at for one in histories]
    with_holidays = [due_moments(one.began_at, one.days, [], one.is_working_day).due_at for one in histories]
    with_all = [due_moments(one.began_at, one.days, one.pauses, one.is_working_day).due_at for one in histories]
    assert sum(a != b for a, b in zip(plain, with_holidays, strict=True)) > HISTORIES // 10
    assert sum(a != b for a, b in zip(with_holidays, with_all, strict=True)) > HISTORIES // 4
