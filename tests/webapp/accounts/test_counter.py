"""Somebody whom a counter enters: known by NIK, without an account."""

import pytest
from sqlalchemy import func, select

from tests import people
from tests.factories import clinics as make
from webapp.accounts import actions, queries
from webapp.accounts.models import Person
from webapp.db import db
from webapp.events import Event

DEWI = "1275056203950003"


@pytest.fixture
def officer(app) -> Person:
    make.a_unit("DPMPTSP")
    return people.staff("Lia Contoh", "lia@contoh.invalid", "DPMPTSP", "front_office")


def met() -> list[tuple[int, int | None]]:
    rows = select(Event).where(Event.name == "accounts.person.meet").order_by(Event.id)
    return [(event.subject_id, event.actor_id) for event in db.session.scalars(rows)]


@pytest.mark.parametrize("phone", ["081200000003", None])
def test_somebody_new_is_known_from_now_on(officer, phone):
    dewi = actions.person_at_counter(DEWI, "Dewi Contoh", phone, by=officer)
    assert (dewi.name, dewi.nik_masked, dewi.password_hash) == ("Dewi Contoh", "1275 •••• •••• 0003", None)
    assert dewi.phone_masked == ("0812-••••-003" if phone else "")
    assert dewi.is_citizen and queries.person_by_nik(DEWI) is dewi
    assert met() == [(dewi.id, officer.id)]


def test_somebody_known_stays_as_they_are(officer, siti):
    """Looked up all the same, and that is written down."""
    assert actions.person_at_counter(people.SITI_NIK, "Nama Lain", "081200000009", by=officer).id == siti.id
    db.session.expire_all()
    assert siti.name == "Siti Contoh" and siti.phone_masked == "0812-••••-890" and siti.password_hash
    assert met() == [(siti.id, officer.id)]


def test_twice_at_the_counter_is_one_person(officer):
    first = actions.person_at_counter(DEWI, "Dewi Contoh", None, by=officer)
    assert actions.person_at_counter(DEWI, "Dewi Contoh", "081200000003", by=officer) is first
    assert db.session.scalar(select(func.count()).select_from(Person)) == 2


def test_nobody_takes_over_whom_a_counter_has_entered(officer, browser):
    """A NIK is no secret: registering with it opens no files, and says nothing."""
    dewi = actions.person_at_counter(DEWI, "Dewi Contoh", "081200000003", by=officer)
    page = browser.open("/register").form("/register").send(
        nik=DEWI, name="Orang Lain", phone="081200000003", password="kopi pagi hari", consent="y"
    )  # fmt: skip
    assert page.path == "/sign-in" and "Datanglah ke loket kota dengan KTP" in page.text
    assert page.form("/sign-in").send(login=DEWI, password="kopi pagi hari").status == 422
    db.session.expire_all()
    assert (dewi.name, dewi.password_hash) == ("Dewi Contoh", None)
