"""Money that fits no bill: the Inspektorat sees it and notes that it was given back, nobody else."""

import pytest

from tests import people
from tests.factories import clinics as make
from tests.pages import Browser
from tests.webapp.payments.conftest import events_of, payments
from tests.webapp.payments.stall import PRICE, RICE, UNKNOWN
from webapp import i18n
from webapp.db import db
from webapp.errors import NotAllowed, Refusal
from webapp.payments import actions, queries
from webapp.payments.models import REASONS, Payment
from webapp.payments.port import NOT_CONNECTED

HELD = "/payments/held"


@pytest.fixture
def office(app):
    return make.a_unit("DPMPTSP")


@pytest.fixture
def inspector(office):
    return people.staff("Indra Contoh", "indra@contoh.invalid", "DPMPTSP", "inspector")


@pytest.fixture
def held(teller) -> Payment:
    teller.says(reference="R-9", code=UNKNOWN)
    (payment,) = queries.held()
    return payment


def test_a_day_without_trouble_says_what_would_stand_here(inspector, browser, teller):
    teller.says()
    page = browser.as_person(inspector).open(HELD)
    assert page.has(".empty") and not page.has("form[action*='/return']")


def test_the_page_says_when_nothing_is_connected(inspector, browser):
    assert str(NOT_CONNECTED) in browser.as_person(inspector).open(HELD).text


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_the_inspektorat_sees_why_money_is_held_and_notes_that_it_was_given_back(inspector, browser, held, htmx):
    page = browser.as_person(inspector).open(HELD)
    for words in (i18n.rupiah(PRICE), REASONS["unknown"], UNKNOWN, "R-9", "08.00"):
        assert str(words) in page.text
    page = page.form("/return").send(htmx=htmx)
    assert page.status == 200 and not page.has("form[action*='/return']")
    assert payments() == [("R-9", "returned", "unknown")]
    assert queries.held_count() == 0
    db.session.refresh(held)
    assert held.resolved_by_id == inspector.id and held.resolved_at
    assert events_of("payments.payment.return") == [{"payment_id": held.id, "reason": "unknown"}]


def test_every_reason_has_its_words(inspector, browser, teller):
    teller.says(reference="paid")
    for reference, said in {"a": {}, "b": {"code": UNKNOWN}, "c": {"code": "TT-0002-BBBB", "amount": 1}}.items():
        teller.says(reference=reference, **said)
    text = browser.as_person(inspector).open(HELD).text
    for reason in ("already_paid", "unknown", "wrong_amount"):
        assert str(REASONS[reason]) in text


def test_of_two_who_give_money_back_the_second_is_told(inspector, office, browser, held):
    inspector = people.staff("Inspektur Contoh", "inspektur@contoh.invalid", "DPMPTSP", "inspector")
    form = browser.as_person(inspector).open(HELD).form("/return")
    actions.resolve(held.id, by=inspector)
    assert form.send().status == 409
    db.session.refresh(held)
    assert held.resolved_by_id == inspector.id
    assert len(events_of("payments.payment.return")) == 1


def test_accepted_money_cannot_be_given_back_here(inspector, teller):
    teller.says(code=RICE)
    payment_id = db.session.query(Payment).one().id
    with pytest.raises(Refusal):
        actions.resolve(payment_id, by=inspector)
    assert payments() == [("R-1", "accepted", "")]


@pytest.mark.parametrize("who", ["siti", "front_office", "operator", "head"])
def test_others_find_nothing(app, office, siti, held, who):
    person = siti if who == "siti" else people.staff("Petugas", "petugas@contoh.invalid", "DPMPTSP", who)
    browser = Browser(app).as_person(person)
    assert browser.http.get(HELD).status_code == 404
    token = browser.open("/privacy").find("[name=csrf_token]")["value"]
    assert browser.http.post(f"/payments/{held.id}/return", data={"csrf_token": token}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.resolve(held.id, by=person)
    assert payments() == [("R-9", "held", "unknown")]


def test_a_payment_that_does_not_exist(app, inspector):
    browser = Browser(app).as_person(inspector)
    token = browser.open("/privacy").find("[name=csrf_token]")["value"]
    assert browser.http.post("/payments/77/return", data={"csrf_token": token}).status_code == 404
