"""What a new demo has lived through: read only, for all of these stories the same past."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import time

import pytest
from flask import Flask
from sqlalchemy import func, select

from blueprints.perizinan import tiles
from blueprints.perizinan.cases import queries, statistics
from blueprints.perizinan.cases.models import Application, Assignment, Message, Objection, Visit
from blueprints.perizinan.cases.workflow import APPLICATION, LATE, OBJECTION
from blueprints.perizinan.demo import past, plan
from blueprints.perizinan.permits.models import Permit
from tests.conftest import TUESDAY, empty_database
from webapp import clock, demo, notify, signing
from webapp.accounts.models import Person
from webapp.accounts.queries import person_by_email, person_by_nik
from webapp.cli import loaders
from webapp.db import db
from webapp.deadlines import Deadline
from webapp.events import Event
from webapp.payments.models import Payment
from webapp.regions.loader import load_city
from webapp.signing import keys
from webapp.uploads.models import Upload
from webapp.uploads.storage import storage

ONCE = tuple(replace(row, times=1) for row in plan.ROWS)
SITI = "1275024504900001"


class Noted(logging.Handler):
    """What was complained of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def complaints(migrated: Flask) -> Iterator[list[str]]:
    """A past with one case of each row, in the real city; what stumbled on the way."""
    morning = clock.at(TUESDAY, time(7, 30))
    noted = Noted()
    past.log.addHandler(noted)
    with migrated.app_context(), clock.frozen(morning):
        empty_database()
        keys.renew(migrated.extensions["signing"], "Kota Binjai", demo.PAST + keys.NEW)
        assert not load_city(migrated.extensions["settings"].city, loaders()).problems
        with clock.frozen(morning - demo.PAST):
            demo.add_people()
        past.live_until(morning, ONCE)
        yield noted.lines
        db.session.remove()
    past.log.removeHandler(noted)


@pytest.fixture(autouse=True)
def lived(complaints: list[str]) -> None:
    db.session.rollback()


def cases() -> list[Application]:
    return list(db.session.scalars(select(Application).order_by(Application.id)))


def test_nothing_stumbled(complaints):
    assert complaints == []


def test_there_are_120_cases_of_which_nine_in_ten_are_in_time():
    assert sum(row.times for row in plan.ROWS) == 120
    decided = [row for row in plan.ROWS if row.ends in ("issued", "refused", "revoked")]
    late = sum(row.times for row in decided if row.late)
    assert 0.05 < late / sum(row.times for row in decided) < 0.15


def test_every_state_is_there():
    assert Counter(case.state for case in cases()).keys() == set(APPLICATION.states)
    assert set(db.session.scalars(select(Objection.state))) == set(OBJECTION.states)


def test_each_case_ends_as_it_was_planned():
    assert Counter(case.state for case in cases()) == Counter(row.ends for row in ONCE)


def test_the_log_is_in_order_of_time_and_ends_before_the_morning():
    moments = list(db.session.scalars(select(Event.at).order_by(Event.id)))
    assert moments == sorted(moments)
    assert clock.now() - demo.PAST <= moments[0] and moments[-1] < clock.now()


def test_every_state_was_reached_by_a_step_that_was_recorded():
    for case in cases():
        steps = [APPLICATION.steps.get(event.name.rpartition(".")[2]) for event in queries.history_of(case)]
        reached = [step.to for step in steps if step]
        assert case.state == (reached[-1] if reached else APPLICATION.begins), case.code


def test_some_are_late_and_have_told_the_inspektorat_on_several_days():
    days = Counter(db.session.scalars(select(Event.subject_id).where(Event.name == LATE)))
    assert len(days) >= 5 and max(days.values()) >= 3
    inbox = notify.inbox(person_by_email("inspektorat@demo.test").id)
    assert len({clock.local(notice.at).date() for notice in inbox}) > 2


def test_what_is_seldom_is_there_too():
    assert db.session.scalar(select(func.count()).where(Message.state == "held")) == 1
    assert list(db.session.scalars(select(Payment.reason).where(Payment.state == "held"))) == ["wrong_amount"]
    assert any(case.late_defects for case in cases())
    assert any(case.assisted_by_id for case in cases())
    assert db.session.scalar(select(func.count()).where(Assignment.taken_from_id.is_not(None))) == 1
    assert any(deadline.open_pause and deadline.open_pause.reason == "elsewhere" for deadline in running())
    to_come = select(func.count()).where(Visit.done_at.is_(None), Visit.starts_at > clock.now())
    assert db.session.scalar(to_come) >= 2


def running() -> list[Deadline]:
    return list(db.session.scalars(select(Deadline).where(Deadline.ended_at.is_(None))))


def test_the_wall_has_figures_and_no_free_permit_was_paid_for():
    shown = tiles.cases()
    assert len(shown["rows"]) == 7 and shown["late"] >= 5 and shown["reports"] >= 10
    assert (shown["held"], shown["paid_free"]) == (1, 0)
    assert statistics.of_all().count >= 10 and statistics.of_all().median >= 0.5


def test_siti_finds_something_to_complete_to_pay_and_to_show():
    mine = queries.cases_of(person_by_nik(SITI).id)
    assert {(case.type_code, case.state) for case in mine} >= {
        ("POHON", "returned"), ("KEL-USAHA", "issued"), ("PBG-HS", "billed")
    }  # fmt: skip
    assert all(case.is_demo for case in cases())


def test_the_permits_are_signed_and_valid_and_numbered_without_gaps():
    permits = list(db.session.scalars(select(Permit)))
    assert {signing.verify(permit.pdf).kind for permit in permits} == {"valid"}
    for code, year in {(permit.type_code, permit.year) for permit in permits}:
        serials = sorted(each.serial for each in permits if (each.type_code, each.year) == (code, year))
        assert serials == list(range(1, len(serials) + 1))


def test_every_paper_can_be_opened():
    uploads = list(db.session.scalars(select(Upload)))
    assert uploads and all(storage().exists(upload.token) for upload in uploads)
    assert {upload.media_type for upload in uploads} == {"image/jpeg", "application/pdf"}


def test_nobody_in_it_is_real_and_nobody_new_can_sign_in():
    people = list(db.session.scalars(select(Person)))
    assert all("Contoh" in person.name and person.is_demo for person in people)
    known = {member["email"] for member in demo.city_people()["staff"]}
    known |= {citizen["name"] for citizen in demo.city_people()["citizens"]}
    assert {person.email or person.name for person in people if person.password_hash} == known


def test_no_desk_of_an_account_is_empty():
    waiting = queries.loads_of([person_by_email(f"{name}@demo.test").id for name in ("teknis", "kadis")])
    assert all(waiting.values())


def test_a_second_time_adds_nothing():
    before = db.session.scalar(select(func.count(Event.id)))
    past.live_until(clock.now(), ONCE)
    assert db.session.scalar(select(func.count(Event.id))) == before
