"""The simulated morning."""

import random
from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from blueprints.dokter import actions, demo, queries, statistics, tiles
from blueprints.dokter.models import Shift, Ticket
from tests.conftest import TUESDAY
from webapp import clock
from webapp import demo as platform_demo
from webapp.accounts.models import Person
from webapp.accounts.queries import person_by_email, person_by_nik
from webapp.cli import loaders
from webapp.db import db
from webapp.regions.loader import load_city


@pytest.fixture
def city(app, settings, monkeypatch):
    """The real city at half past seven, with its demo people."""
    monkeypatch.setattr(demo, "dice", random.Random(7))  # noqa: S311 - a simulation
    monkeypatch.setattr(demo, "PATIENTS", 250)
    monkeypatch.setattr(demo, "TAKEN_BEFORE", 0.15)
    with clock.frozen(clock.at(TUESDAY, time(7, 30))):
        assert not load_city(settings.city, loaders()).problems
        platform_demo.add_people()
        yield demo.Clinics()


def live_through(clinics, minutes) -> None:
    """So many minutes of the morning, second by second."""
    begin = clock.now()
    for second in range(minutes * 60):
        with clock.frozen(begin + timedelta(seconds=second)):
            clinics.tick()


def figures() -> list:
    """Every figure that the wall shows of the queue."""
    queue = tiles.queue_by_clinic()
    shown = [value for row in queue["rows"] for value in row] + [queue["waiting"], queue["served"]]
    wait, places, pace = tiles.waiting_time(), tiles.places_used(), tiles.pace()
    shown += [round(wait["median"] or 0), round(wait["p90"] or 0), places["taken"], places["percent"]]
    return [*shown, pace["per_hour"], pace["called_per_hour"]]


def test_the_accounts_of_the_demo_exist_and_have_their_places(city):
    doctor = person_by_email("dokter@demo.test")
    assert [(m.role, m.unit.code) for m in doctor.memberships] == [("doctor", "PKM-KEBUN-LADA")]
    for nik in ("1275024504900001", "1275030101850002", "1275056203950003"):
        assert person_by_nik(nik).password_hash
    platform_demo.add_people()
    assert db.session.scalar(select(func.count()).where(Person.email.like("%@demo.test"))) == 4


def test_people_arrive_are_called_served_and_some_do_not_come(city):
    city.prepare()
    live_through(city, 12)
    states = dict(db.session.execute(select(Ticket.state, func.count()).group_by(Ticket.state)).all())
    assert states["waiting"] > 100 and states["serving"] > 10 and states["done"] > 10
    assert states.get("missed", 0) + states.get("called", 0) > 0


def test_in_any_half_minute_at_least_five_figures_change(city):
    city.prepare()
    live_through(city, 4)
    begin = clock.now() + timedelta(minutes=4)
    for half_minute in range(6):
        with clock.frozen(begin + timedelta(seconds=30 * half_minute)):
            before = figures()
            for _second in range(30):
                with clock.frozen(begin + timedelta(seconds=30 * half_minute + _second)):
                    city.tick()
            after = figures()
        changed = sum(1 for one, other in zip(before, after, strict=False) if one != other)
        assert changed >= 5 or len(before) != len(after)


def test_a_visitor_of_the_short_ward_is_called_within_about_five_minutes(city):
    city.prepare()
    live_through(city, 3)
    shift = next(shift for shift in demo.shifts_of_today() if demo.is_short(shift))
    begin = clock.now() + timedelta(minutes=3)
    with clock.frozen(begin):
        ticket = actions.take_ticket(None, shift.id, "jkn", by=person_by_nik("1275024504900001"))
    for second in range(330):
        with clock.frozen(begin + timedelta(seconds=second)):
            city.tick()
            if db.session.get(Ticket, ticket.id).state != "waiting":
                return
    raise AssertionError("not called within five and a half minutes")


def test_a_shift_that_a_person_opens_on_the_tablet_is_left_to_them(city):
    city.prepare()
    doctor = person_by_email("dokter@demo.test")
    shift = next(s for s in demo.shifts_of_today() if s.clinic_id == doctor.memberships[0].unit_id)
    actions.open_shift(shift.id, by=doctor)
    before = db.session.get(Shift, shift.id).revision
    live_through(city, 5)
    assert db.session.get(Shift, shift.id).revision == before
    assert queries.current_ticket(shift.id) is None


def test_a_second_start_on_the_same_day_adds_no_people_and_no_second_crowd(city):
    city.prepare()
    people, places = db.session.scalar(select(func.count(Person.id))), statistics.places_today()
    demo.Clinics().prepare()
    assert (db.session.scalar(select(func.count(Person.id))), statistics.places_today()) == (people, places)


def test_each_start_is_half_past_seven_of_the_next_working_day(city):
    """Friday is followed by Monday, and no time is lived twice."""
    city.prepare()
    with clock.frozen(clock.at(TUESDAY + timedelta(days=3), time(16))):
        actions.make_shifts(clock.today())
        actions.take_ticket(None, open_shift().id, "jkn", by=person_by_nik("1275024504900001"))
    monday = clock.at(TUESDAY + timedelta(days=6), time(7, 30))
    assert platform_demo.next_morning(TUESDAY) == monday


def open_shift() -> Shift:
    shifts = db.session.scalars(select(Shift).where(Shift.day > clock.today())).all()
    return next(shift for shift in shifts if queries.availability(shift, None).is_open)


def test_outside_demo_mode_there_is_no_demo_and_no_account(app, browser):
    assert app.jinja_env.globals["demo"] is None
    assert "demo.test" not in browser.open("/sign-in").text
    said = app.test_cli_runner().invoke(args=["demo"])
    assert said.exit_code == 1 and "DEMO=1" in said.output
