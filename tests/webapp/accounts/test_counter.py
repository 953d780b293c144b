"""Somebody whom a counter enters: known by NIK, without an account until they open one with the code they are given."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import people
from tests.factories import clinics as make
from webapp import clock
from webapp.accounts import actions, claiming, queries
from webapp.accounts.models import Claim, Person
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.events import Event

DEWI, PASSWORD = "1275056203950003", "kopi pagi hari"


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


# --- the code that opens the account


@pytest.fixture
def dewi(officer) -> Person:
    return actions.person_at_counter(DEWI, "Dewi Contoh", None, by=officer)


def registers(browser, code: str, password: str = PASSWORD):
    """Dewi registers with this code and signs in; returns the page she then sees."""
    page = browser.open("/register").form("/register").send(
        nik=DEWI, name="Dewi", phone="081200000003", password=password, code=code, consent="y"
    )  # fmt: skip
    assert page.path == "/sign-in"
    return page.form("/sign-in").send(login=DEWI, password=password)


@pytest.mark.parametrize("spoken", [lambda code: code, lambda code: f" {code[:5].lower()} - {code[5:].lower()} "])
def test_with_the_code_on_the_slip_she_opens_her_account(officer, dewi, browser, spoken):
    person, code = claiming.hand_code_at_counter(DEWI, by=officer)
    assert person is dewi and registers(browser, spoken(code)).path == "/"
    db.session.expire_all()
    assert (dewi.name, dewi.phone_masked) == ("Dewi Contoh", "0812-••••-003"), "the name stays as on the KTP"
    assert code not in "".join(str(event.facts) for event in db.session.scalars(select(Event)))


@pytest.mark.parametrize("code", ["", "ABCDEFGHJK"])
def test_another_code_opens_nothing(officer, dewi, browser, code):
    claiming.hand_code_at_counter(DEWI, by=officer)
    assert registers(browser, code).status == 422


def test_the_code_before_the_last_one_opens_nothing(officer, dewi, browser):
    (_dewi, lost), (_again, found) = (claiming.hand_code_at_counter(DEWI, by=officer) for _slip in range(2))
    assert registers(browser, lost).status == 422
    assert registers(browser, found).path == "/"


def test_a_code_opens_once(officer, dewi, browser, another_browser):
    """Whoever finds the slip afterwards changes nothing."""
    _dewi, code = claiming.hand_code_at_counter(DEWI, by=officer)
    registers(browser, code)
    assert registers(another_browser, code, "kopi sore hari").status == 422
    assert db.session.scalar(select(func.count()).select_from(Claim)) == 0


@pytest.mark.parametrize("days, opens", [(89, True), (91, False)])
def test_a_code_lasts_ninety_days(officer, dewi, monkeypatch, days, opens):
    _dewi, code = claiming.hand_code_at_counter(DEWI, by=officer)
    later = clock.machine() + timedelta(days=days)
    monkeypatch.setattr(clock, "machine", lambda: later)
    assert transactional(claiming.use_code)(dewi, code) is opens


def test_no_code_for_whoever_has_an_account_or_is_not_known(officer, siti):
    for nik in (people.SITI_NIK, DEWI):
        with pytest.raises(Refusal):
            claiming.hand_code_at_counter(nik, by=officer)
