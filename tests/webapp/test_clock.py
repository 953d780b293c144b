"""Days and hours of the city."""

from datetime import date, datetime, time

from webapp import clock


def test_eight_in_the_morning_here_is_one_in_the_morning_in_greenwich():
    assert clock.at(date(2026, 11, 24), time(8)) == datetime(2026, 11, 24, 1)  # noqa: DTZ001 - naive UTC is the house's form


def test_the_day_begins_at_midnight_in_the_city_not_in_greenwich():
    with clock.frozen(clock.at(date(2026, 11, 24), time(0, 30))):
        assert clock.today() == date(2026, 11, 24)


def test_the_demo_offset_is_shared_through_a_file(instance):
    begins = clock.at(date(2030, 1, 2), time(7, 30))
    offset = clock.store_offset(instance, begins)
    assert abs(clock.stored_offset(instance) - offset).total_seconds() < 0.001
    assert clock.stored_offset(instance.parent) == clock.NO_OFFSET


def test_a_demo_that_jumps_to_another_day_does_not_end_sessions(instance):
    before = clock.machine()
    clock.set_offset(clock.store_offset(instance, clock.at(date(2030, 1, 2), time(7, 30))))
    try:
        assert clock.today() == date(2030, 1, 2)
        assert (clock.machine() - before).total_seconds() < 60
    finally:
        clock.set_offset(clock.NO_OFFSET)
