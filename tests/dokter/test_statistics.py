"""Counts and times of the queue, against sums done by hand."""

from datetime import time, timedelta

import pytest

from blueprints.dokter import actions, statistics
from blueprints.dokter.models import Clinic
from tests import people
from tests.dokter.conftest import make
from webapp import clock
from webapp.db import db


def later(minutes):
    return clock.frozen(clock.now() + timedelta(minutes=minutes))


def test_nobody_waits_before_the_doctor_begins():
    taken, starts = clock.at(make.date(2026, 11, 24), time(7)), clock.at(make.date(2026, 11, 24), time(8))
    assert statistics.waited(starts + timedelta(minutes=12), taken, starts) == 12
    assert statistics.waited(starts - timedelta(minutes=5), taken, starts) == 0
    assert statistics.waited(starts + timedelta(minutes=12), starts + timedelta(minutes=10), starts) == 2


@pytest.mark.parametrize(("values", "expected"), [([], None), ([7.0], 7.0), ([float(n) for n in range(1, 11)], 9.1)])
def test_what_nine_of_ten_did_not_exceed(values, expected):
    assert statistics.p90(values) == (expected if expected is None else pytest.approx(expected))


def test_waiting_and_served_by_clinic(shift, ani):
    for person in people.a_crowd(4):
        make.a_ticket(shift, person)
    for seen in (0, 1):
        actions.call_next(shift.id, seen, by=ani)
    assert statistics.counts_by_clinic() == [("Contoh A", 2, 1)]


def test_waits_and_pace_of_a_morning(shift, ani):
    for person in people.a_crowd(3):
        make.a_ticket(shift, person)
    for seen, minutes in enumerate((10, 25, 70)):
        with later(minutes):
            actions.call_next(shift.id, seen, by=ani)
    with later(75):
        assert [wait.minutes for wait in statistics.waits_today()] == [10, 25, 70]
        calls = statistics.moments_of(statistics.Ticket.called_at)
        assert statistics.in_last_hour(calls) == 2
        assert statistics.by_hour(calls) == [("08", 2), ("09", 1)]


def test_places_of_today_without_the_counter_share(shift, siti):
    make.a_ticket(shift, siti)
    assert statistics.places_today() == (1, 36)
    assert statistics.places_today().percent == 3


def test_the_line_of_places_rises_with_each_number_and_falls_with_each_cancelled_one(shift, siti, budi, ani):
    with later(-60):
        ticket = make.a_ticket(shift, siti)
    with later(-20):
        make.a_ticket(shift, budi)
        actions.cancel_ticket(ticket.code, "other", by=siti)
        make.a_ticket(shift, people.a_crowd(1)[0])
    moments, use = zip(*statistics.use_of_places(), strict=True)
    assert (moments[0], moments[-1]) == (clock.now() - timedelta(hours=6), clock.now())
    assert use[-6:] == (0, 1, 1, 1, 2, 2)
    assert use[-1] == statistics.places_today().taken


def test_the_usual_wait_of_a_clinic_needs_enough_of_them(shift, clinic, ani):
    for person in people.a_crowd(5):
        make.a_ticket(shift, person)
    for seen in range(4):
        with later(10):
            actions.call_next(shift.id, seen, by=ani)
    actions.store_typical_waits()
    db.session.expire_all()
    assert db.session.get(Clinic, clinic.unit_id).typical_wait is None
    with later(20):
        actions.call_next(shift.id, 4, by=ani)
        actions.store_typical_waits()
    db.session.expire_all()
    assert db.session.get(Clinic, clinic.unit_id).typical_wait == 10
