"""The demo's day in the permit offices: what goes on by itself, and how visitors are left alone and served."""

from datetime import time, timedelta
from types import SimpleNamespace

import pytest
from flask import current_app
from sqlalchemy import func, select

from blueprints.perizinan import demo as permits_demo
from blueprints.perizinan import tiles
from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.demo import cast, chance, hands, past, present
from blueprints.perizinan.demo.papers import PHOTO, give_files
from blueprints.perizinan.demo.plan import SITI, Row
from tests import people
from tests.conftest import TUESDAY
from tests.factories import permits as make
from webapp import clock, demo
from webapp.accounts.actions import open_session, sign_out
from webapp.accounts.models import Person
from webapp.accounts.queries import person_by_nik
from webapp.db import db, transactional
from webapp.events import Event
from webapp.regions.models import Region
from webapp.signing import keys

ROWS = (
    Row("verifying", 8, code="UJI"), Row("recommending", 3), Row("signing", 3), Row("checking", 3), Row("billed"),
    Row("returned", defect=True, code="UJI", whose=SITI),
)  # fmt: skip
MORNING = clock.at(TUESDAY, time(8))
STEP = 10  # seconds
EXAMINED = ("check", "verify", "inspect", "recommend", "sign")


@pytest.fixture
def town(app, signing_key):
    return a_town()


def a_town() -> make.Office:
    """Three types of permits, the offices with one account each, and a key that has signed for long."""
    office = make.Office()
    keys.renew(current_app.extensions["signing"], "Kota Binjai", demo.PAST + keys.NEW)
    make.a_type("UJI")
    make.a_type("POHON", EXAMINED)
    make.a_type("PBG", (*EXAMINED[:-1], "pay", "sign"), fee=make.PAID)
    put_on_the_map("12.75.01.1005")
    return office


@transactional
def put_on_the_map(code: str) -> None:
    region = db.session.get(Region, code)
    region.latitude, region.longitude = 3.6315, 98.4892


@pytest.fixture
def staff(app, signing_key, prepared, monkeypatch):
    """Who works in the offices that have lived through a few cases. Chance decides the same each time."""
    lots = SimpleNamespace(token_hex=lambda size: chance.dice.randbytes(size).hex())
    monkeypatch.setattr("blueprints.perizinan.cases.desks.secrets", lots)
    office = prepared.begin(a_past)
    chance.dice.seed(7)
    return office


@pytest.fixture
def offices(staff):
    return present.Offices()


def a_past() -> make.Office:
    """A few cases on the desks, some of them of invented citizens, one of Siti's."""
    office = a_town()
    people.siti()
    chance.dice.seed(7)
    past.live_until(MORNING, ROWS)
    return office


def live_through(offices, minutes: float, since: float = 0) -> None:
    """So many minutes, from so many minutes after eight."""
    for second in range(0, int(minutes * 60), STEP):
        with clock.frozen(MORNING + timedelta(minutes=since, seconds=second)):
            offices.tick()


@transactional
def with_a_file(person: Person) -> Person:
    give_files(person, PHOTO)
    return person


def a_visitor_applies(code: str = "UJI") -> Application:
    case = hands.begin(with_a_file(people.budi()), code, "12.75.01.1005")
    present.act(case)
    return queries.case_of(case.code)


def state_of(case: Application) -> str:
    db.session.rollback()
    return queries.case_of(case.code).state


def test_in_every_minute_the_wall_changes(offices):
    before = tiles.cases()["rows"]
    for minute in range(6):
        live_through(offices, 1, minute)
        after = tiles.cases()["rows"]
        assert after != before, minute
        before = after


def test_invented_people_apply_and_officers_act_but_nobody_acts_for_a_citizen_with_an_account(offices):
    siti = person_by_nik(people.SITI_NIK)
    (returned,) = queries.cases_of(siti.id)
    happened = in_ten_minutes(offices)
    assert {"submit", "propose", "accept"} <= {name.rpartition(".")[2] for name, _actor in happened}
    assert siti.id not in {actor for _name, actor in happened}
    assert state_of(returned) == "returned"


def in_ten_minutes(offices) -> list[tuple[str, int]]:
    """What happens in the permit offices, and who does it."""
    last = db.session.scalar(select(func.max(Event.id)))
    live_through(offices, 10)
    rows = select(Event.name, Event.actor_id).where(Event.id > last, Event.name.like("perizinan.%"))
    return [(name, actor) for name, actor in db.session.execute(rows)]


def test_what_a_visitor_sends_goes_on_after_two_minutes_until_it_is_issued(offices):
    case = a_visitor_applies()
    live_through(offices, 1.5)
    assert state_of(case) == "checking"
    live_through(offices, 1, since=1.5)
    assert state_of(case) == "verifying"
    live_through(offices, 6, since=2.5)
    assert state_of(case) == "issued"


def test_a_visitor_is_visited_within_minutes(offices):
    case = a_visitor_applies("POHON")
    live_through(offices, 8)
    visit = queries.visit_of(queries.case_of(case.code))
    assert visit.starts_at < MORNING + timedelta(minutes=25)
    live_through(offices, 22, since=8)
    assert state_of(case) == "issued"


def test_an_officer_who_has_signed_in_works_alone(offices):
    case = a_visitor_applies()
    officer = case.officer
    token = open_session(officer)
    live_through(offices, 5)
    assert state_of(case) == "checking"
    checking.check_file(case.code, {}, queries.last_event_id(case), by=officer)
    sign_out(token)
    live_through(offices, 6, since=5)
    assert state_of(case) == "issued"


def test_no_act_on_a_desk_that_somebody_works_at_in_person(offices, staff):
    busy = [staff.front, staff.back, staff.technical, staff.head]
    for person in busy:
        open_session(person)
    actors = {actor for _name, actor in in_ten_minutes(offices)}
    assert not actors & {person.id for person in busy} and len(actors) > 3


def test_after_some_hours_an_officer_counts_as_gone(town):
    open_session(town.front)
    assert cast.in_person() == {town.front.id}
    with clock.frozen(MORNING + cast.IN_PERSON + timedelta(minutes=1)):
        assert cast.in_person() == set()


def test_desks_of_accounts_keep_some_work_but_stay_the_lightest(offices, staff):
    live_through(offices, 15)
    for own, role in ((staff.front, "front_office"), (staff.back, "back_office")):
        loads = queries.loads_of([person.id for person in queries.members(unit_id(own), role)])
        lightest = min(load for person_id, load in loads.items() if person_id != own.id)
        assert 1 <= loads[own.id] <= lightest + 1, "give or take the one that has just come"


def unit_id(person: Person) -> int:
    return person.memberships[0].unit_id


def test_what_takes_days_is_not_decided_on_the_day_it_was_sent(offices):
    person = db.session.get_one(Person, min(cast.known_applicants()))
    case = hands.begin(person, "UJI", "12.75.01.1005")
    for _step in ("send", "check", "verify"):
        present.act(case)
    assert state_of(case) == "signing"
    (matter,) = [each for each in present.undecided() if each.case.id == case.id]
    assert present.is_hasty(matter)
    with clock.frozen(MORNING + timedelta(days=1)):
        assert not present.is_hasty(matter)


def test_where_nobody_has_ever_applied_nothing_happens(app):
    live_through(present.Offices(), 1)
    assert db.session.scalar(select(func.count(Event.id))) == 0


# --- the past is told once, whole or not at all


def test_a_start_that_is_ended_half_way_leaves_nothing(town, monkeypatch):
    move_on, acts = hands.move_on, iter(range(20))

    def interrupted(*given):
        if next(acts, None) is None:
            raise KeyboardInterrupt
        move_on(*given)

    before = counts()
    monkeypatch.setattr(hands, "move_on", interrupted)
    monkeypatch.setattr(demo, "mornings", lambda: [demo.Morning(print, print, lambda at: past.live_until(at, ROWS))])
    monkeypatch.setattr(demo, "city_people", lambda: {"password": "", "citizens": [], "staff": []})
    with pytest.raises(KeyboardInterrupt):
        demo.live_until(MORNING)
    assert counts() == before


def counts() -> list[int | None]:
    return [db.session.scalar(select(func.count()).select_from(table)) for table in (Application, Event, Person)]


def test_a_case_that_stumbles_ends_alone(town, monkeypatch):
    check, stumbles = hands.ACTS["checking"], iter([True])

    def stumbling(case, way):
        check(case, way)
        if next(stumbles, False):
            raise LookupError

    monkeypatch.setitem(hands.ACTS, "checking", stumbling)
    past.live_until(MORNING, (Row("verifying", 3),))
    assert sorted(db.session.scalars(select(Application.state))) == ["checking", "verifying", "verifying"]


def test_a_new_installation_is_new_until_something_has_happened(app):
    assert demo.is_new()
    people.staff("Ani Contoh", "ani@contoh.invalid", make.a_unit("DPMPTSP").code, "admin")
    assert not demo.is_new()


def test_the_service_brings_its_demo(app):
    assert permits_demo.MORNING in demo.mornings()
