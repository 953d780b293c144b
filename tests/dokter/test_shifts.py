"""Shifts are made from schedules; days come to their end."""

from datetime import date, timedelta

from sqlalchemy import func, select

from blueprints.dokter import actions
from blueprints.dokter.models import Shift, Ticket
from tests.dokter.conftest import make
from webapp import clock
from webapp.calendar import Holiday
from webapp.db import db, transactional


def days() -> list[date]:
    return list(db.session.scalars(select(Shift.day).order_by(Shift.day)))


@transactional
def declare_holiday(day) -> None:
    db.session.add(Holiday(day=day, name="Hari Contoh", joint_leave=False, certain=True))


def test_two_weeks_of_a_weekly_schedule(ward):
    make.a_schedule(ward, weekday=1)
    assert actions.make_shifts(clock.today()) == 2
    assert days() == [date(2026, 11, 24), date(2026, 12, 1)]


def test_making_them_again_makes_nothing(ward):
    make.a_schedule(ward, weekday=1)
    actions.make_shifts(clock.today())
    assert actions.make_shifts(clock.today()) == 0


def test_none_on_a_holiday(ward):
    make.a_schedule(ward, weekday=1)
    declare_holiday(date(2026, 12, 1))
    actions.make_shifts(clock.today())
    assert days() == [date(2026, 11, 24)]


def test_a_schedule_counts_from_its_first_day_to_its_last(ward):
    make.a_schedule(ward, weekday=1, valid_from=date(2026, 11, 25))
    make.a_schedule(ward, weekday=1, letter="B", valid_until=date(2026, 11, 30))
    actions.make_shifts(clock.today())
    assert days() == [date(2026, 11, 24), date(2026, 12, 1)]


def test_places_and_hours_come_from_the_schedule(ward):
    make.a_schedule(ward, weekday=1)
    actions.make_shifts(clock.today())
    shift = db.session.scalars(select(Shift)).first()
    assert {row.share: row.places for row in shift.shares} == {"jkn": 30, "non_jkn": 6, "counter": 4}
    assert (shift.opens_at, shift.starts_at) == (clock.at(date(2026, 11, 23), make.time(7)),
                                                 clock.at(date(2026, 11, 24), make.time(8)))  # fmt: skip


def test_a_letter_that_two_schedules_claim_on_one_day_does_not_stop_the_others(clinic, ward):
    make.a_schedule(ward, "A", weekday=1)
    make.a_schedule(make.a_ward(clinic, "002", "Poli Gigi"), "A", weekday=1)
    make.a_schedule(ward, "C", weekday=1)
    assert actions.make_shifts(clock.today()) == 4


def test_tickets_of_a_day_that_is_over_are_brought_to_an_end(shift, siti):
    make.a_ticket(shift, siti)
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert actions.lapse_tickets(clock.today()) == 1
        assert actions.lapse_tickets(clock.today()) == 0
    assert db.session.scalar(select(Ticket.state)) == "missed"
    assert db.session.scalar(select(func.count()).where(Ticket.state == "waiting")) == 0


def test_who_was_with_the_doctor_when_the_day_ended_is_done_not_missed(shift, siti, ani):
    ticket = make.a_ticket(shift, siti)
    actions.call_next(shift.id, 0, by=ani)
    actions.move_ticket(ticket.code, "serve", 1, by=ani)
    with clock.frozen(clock.now() + timedelta(days=1)):
        actions.lapse_tickets(clock.today())
    assert db.session.scalar(select(Ticket.state)) == "done"
