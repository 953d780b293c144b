"""The simulated morning."""

from datetime import time, timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select

from blueprints.dokter import actions, availability, demo, queries, statistics, tiles
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
def city(app, prepared, monkeypatch):
    """The real city at half past seven, with its demo people, after the first numbers were taken."""
    monkeypatch.setattr(demo, "PATIENTS", 250)
    with clock.frozen(clock.at(TUESDAY, time(7, 30))):
        clinics = prepared.begin(a_morning)
        demo.dice.seed(7)
        yield clinics


def a_morning() -> demo.Clinics:
    assert not load_city(current_app.extensions["settings"].city, loaders()).problems
    platform_demo.add_people()
    demo.dice.seed(7)
    clinics = demo.Clinics()
    clinics.prepare()
    return clinics


STEP = 3  # seconds; the simulated people act when they are due, however often they are asked


def live_through(clinics, minutes, since=0) -> None:
    """So many minutes of the morning, from so many minutes after half past seven."""
    begin = clock.at(TUESDAY, time(7, 30)) + timedelta(minutes=since)
    for second in range(0, minutes * 60, STEP):
        with clock.frozen(begin + timedelta(seconds=second)):
            clinics.tick()


def figures() -> dict:
    """Every figure that the wall shows of the queue, by its name."""
    queue, wait, places, pace = tiles.queue_by_clinic(), tiles.waiting_time(), tiles.places_used(), tiles.pace()
    shown = {f"waiting {row.name}": row.waiting for row in queue["rows"][:10]}
    shown |= {f"served {row.name}": row.served for row in queue["rows"][:10]}
    shown |= {
        "waiting": queue["waiting"],
        "served": queue["served"],
        "taken": places["taken"],
        "used": places["percent"],
    }
    shown |= {"median": round(wait["median"] or 0), "p90": round(wait["p90"] or 0)}
    return shown | {"per hour": pace["per_hour"], "called": pace["called_per_hour"]}


def test_the_accounts_of_the_demo_exist_and_have_their_places(city):
    doctor = person_by_email("dokter@demo.test")
    assert [(m.role, m.unit.code) for m in doctor.memberships] == [("doctor", "PKM-KEBUN-LADA")]
    for nik in ("1275024504900001", "1275030101850002", "1275056203950003"):
        assert person_by_nik(nik).password_hash
    platform_demo.add_people()
    staff = platform_demo.city_people()["staff"]
    assert db.session.scalar(select(func.count()).where(Person.email.like("%@demo.test"))) == len(staff)


def test_people_arrive_are_called_served_and_some_do_not_come(city):
    live_through(city, 14)
    states = dict(db.session.execute(select(Ticket.state, func.count()).group_by(Ticket.state)).all())
    assert states["waiting"] > 50 and states["serving"] > 10 and states["done"] > 10
    assert states.get("missed", 0) + states.get("called", 0) > 0


def test_in_any_half_minute_at_least_five_figures_change(city):
    live_through(city, 2)
    begin = clock.at(TUESDAY, time(7, 32))
    before, changed = figures(), []
    for half_minute in range(1, 21):
        for second in range(0, 30, STEP):
            with clock.frozen(begin + timedelta(seconds=30 * half_minute + second)):
                city.tick()
                after = figures() if second + STEP >= 30 else None
        changed.append(sum(1 for name in before if after.get(name, before[name]) != before[name]))
        before = after
    assert min(changed) >= 5, changed


@pytest.mark.parametrize("weekday", range(5))
def test_the_places_of_each_working_day_last_until_eleven(city, weekday):
    day = TUESDAY + timedelta(days=weekday + 6)
    actions.make_shifts(day, 1)
    with clock.frozen(clock.at(day, time(7, 30))):
        places = queries.left_today()
    arrivals = timedelta(hours=3.5) / timedelta(seconds=sum(demo.ARRIVES_EVERY) / 2)
    assert places * (1 - demo.TAKEN_BEFORE) > arrivals


def test_a_visitor_of_the_short_ward_is_called_within_about_five_minutes(city):
    live_through(city, 3)
    shift = next(shift for shift in demo.shifts_of_today() if demo.is_short(shift))
    begin = clock.at(TUESDAY, time(7, 33))
    with clock.frozen(begin):
        ticket = actions.take_ticket(None, shift.id, "jkn", by=person_by_nik("1275024504900001"))
    for second in range(0, 330, STEP):
        with clock.frozen(begin + timedelta(seconds=second)):
            city.tick()
            if db.session.get(Ticket, ticket.id).state != "waiting":
                return
    raise AssertionError("not called within five and a half minutes")


def test_the_simulated_people_leave_places_of_the_short_ward_to_visitors(city, monkeypatch):
    monkeypatch.setattr(queries, "next_ticket", lambda _shift_id: None)
    short = next(room for room in city.rooms if room.is_short)
    monkeypatch.setattr(demo, "places_left", lambda _day: [((short.shift_id, "jkn"), left())])

    def left() -> int:
        return availability.share_of(queries.shift_on_show(short.shift_id), "jkn").left

    for _arrival in range(40):
        city.somebody_arrives()
        db.session.expire_all()
    assert left() == demo.KEPT_FOR_VISITORS


def test_a_shift_that_a_person_opens_on_the_tablet_is_left_to_them(city):
    doctor = person_by_email("dokter@demo.test")
    shift = next(s for s in demo.shifts_of_today() if s.clinic_id == doctor.memberships[0].unit_id)
    actions.open_shift(shift.id, by=doctor)
    before = db.session.get(Shift, shift.id).revision
    live_through(city, 3)
    assert db.session.get(Shift, shift.id).revision == before
    assert queries.current_ticket(shift.id) is None


def test_a_second_start_on_the_same_day_adds_no_people_and_no_second_crowd(city):
    people, places = db.session.scalar(select(func.count(Person.id))), statistics.places_today()
    demo.Clinics().prepare()
    assert (db.session.scalar(select(func.count(Person.id))), statistics.places_today()) == (people, places)


def test_each_start_is_half_past_seven_of_the_next_working_day(city):
    """Friday is followed by Monday, and no time is lived twice."""
    with clock.frozen(clock.at(TUESDAY + timedelta(days=3), time(16))):
        actions.make_shifts(clock.today())
        actions.take_ticket(None, open_shift().id, "jkn", by=person_by_nik("1275024504900001"))
    monday = clock.at(TUESDAY + timedelta(days=6), time(7, 30))
    assert platform_demo.next_morning(TUESDAY) == monday


def open_shift() -> Shift:
    shifts = db.session.scalars(select(Shift).where(Shift.day > clock.today())).all()
    return next(shift for shift in shifts if availability.of(shift, None).is_open)


def test_outside_demo_mode_there_is_no_demo_and_no_account(app, browser):
    assert app.jinja_env.globals["demo"] is None
    assert "demo.test" not in browser.open("/sign-in").text
    said = app.test_cli_runner().invoke(args=["demo"])
    assert said.exit_code == 1 and "DEMO=1" in said.output


def test_opening_a_shift_is_stronger_than_a_call_that_the_demo_was_about_to_make(city):
    doctor = person_by_email("dokter@demo.test")
    shift = next(s for s in demo.shifts_of_today() if s.clinic_id == doctor.memberships[0].unit_id)
    seen, nurse = shift.revision, db.session.get(Person, city.nurses[shift.clinic_id])
    actions.open_shift(shift.id, by=doctor)
    with pytest.raises(actions.Overtaken):
        actions.call_next(shift.id, seen, by=nurse)
    assert db.session.get(Shift, shift.id).operator_id == doctor.id
