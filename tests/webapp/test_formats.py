"""Dates, hours, money, and how long ago, as people here write them."""

from datetime import date, time, timedelta

import pytest

from webapp import clock, i18n


def test_in_indonesian(app):
    morning = clock.at(date(2026, 11, 24), time(7, 12))
    assert i18n.day(date(2026, 11, 24)) == "Selasa, 24 November 2026"
    assert i18n.day_short(date(2026, 11, 24)) == "Sel, 24 Nov"
    assert (i18n.hour(morning), i18n.wib(morning)) == ("07.12", "07.12 WIB")
    assert (i18n.rupiah(0), i18n.rupiah(1_250_000)) == ("Rp0", "Rp1.250.000")
    assert i18n.number(315_609) == "315.609"


def test_a_moment_is_written_with_the_day_that_the_city_has_then(app):
    before, after = (clock.at(date(2026, 11, 25), time()) + timedelta(seconds=n) for n in (-1, 0))
    assert [i18n.day_short(before), i18n.day_short(after)] == ["Sel, 24 Nov", "Rab, 25 Nov"]
    assert i18n.day(after) == "Rabu, 25 November 2026"


def test_in_english(app):
    with i18n.in_language("en"):
        assert i18n.day(date(2026, 11, 24)) == "Tuesday, 24 November 2026"
        assert i18n.number(315_609) == "315,609"
        assert i18n.minutes(1) == "1 minute"


@pytest.mark.parametrize(
    ("passed", "said"),
    [(timedelta(seconds=-5), "baru saja"), (timedelta(seconds=59), "baru saja"), (timedelta(minutes=4), "4 menit lalu"),
     (timedelta(hours=3), "3 jam lalu"), (timedelta(days=2), "2 hari lalu")],
)  # fmt: skip
def test_how_long_ago(app, passed, said):
    assert i18n.ago(clock.now() - passed) == said
