"""Working days."""

from datetime import date
from itertools import islice

from webapp import calendar
from webapp.calendar import Holiday
from webapp.db import db, transactional


@transactional
def christmas() -> None:
    db.session.add(Holiday(day=date(2026, 12, 25), name="Hari Raya Natal", joint_leave=False, certain=True))


def test_weekends_and_holidays_are_no_working_days(app):
    christmas()
    days = list(islice(calendar.working_days_from(date(2026, 12, 24)), 3))
    assert days == [date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 29)]
    assert calendar.holiday_name(date(2026, 12, 25)) == "Hari Raya Natal"


def test_beyond_the_table_only_weekends_count_and_it_says_how_far_it_reaches(app):
    assert calendar.reaches_until() is None
    christmas()
    assert calendar.reaches_until() == date(2026, 12, 31)
    assert calendar.is_working_day(date(2027, 1, 1))
    assert not calendar.is_working_day(date(2027, 1, 2))
