"""Signing in and out, and what a session is worth."""

import time
from statistics import median

import pytest
from sqlalchemy import func, select

from tests import people
from tests.factories import clinics as make
from tests.pages import Browser
from webapp import clock
from webapp.accounts import actions, passwords, queries
from webapp.accounts.models import SignIn
from webapp.db import db, transactional


def enter(browser, login, password=people.PASSWORD):
    return browser.open("/sign-in").form("/sign-in").send(login=login, password=password)


def sessions() -> int:
    return db.session.scalar(select(func.count()).select_from(SignIn))


@pytest.mark.parametrize("login", [people.SITI_NIK, "1275 0245 0490 0001", "0812-3456-7890", "+62 812 3456 7890"])
def test_siti_signs_in_by_nik_or_phone(browser, siti, login):
    assert "Siti" in enter(browser, login).find("main").get_text()


def test_ani_signs_in_by_email_whatever_its_case(browser, app):
    make.a_clinic()
    people.ani()
    assert enter(browser, "Ani@Contoh.Invalid").path == "/"


@pytest.mark.parametrize(
    "login", [people.SITI_NIK, people.BUDI_NIK, "081234567890", "nobody@contoh.invalid", "x", "12"]
)
def test_the_answer_is_the_same_for_known_and_unknown_accounts(browser, siti, login):
    """T05: status and every word."""
    page = enter(browser, login, "not the password")
    assert page.status == 422
    assert "Tidak cocok" in page.find("[role=alert]").get_text()
    assert page.find("[name=login]")["value"] == login
    assert sessions() == 0


def test_an_unknown_account_costs_the_same_work(app, siti, monkeypatch):
    """T05: one argon2 verification each, so that time tells nothing; and with that defence off it would."""
    give_a_costly_hash(siti)
    known, unknown = [took(people.SITI_NIK) for _try in range(5)], [took(people.BUDI_NIK) for _try in range(5)]
    assert 0.5 < median(unknown) / median(known) < 2
    monkeypatch.setattr(passwords, "matches", lambda password, stored: stored is not None and False)
    assert median(took(people.BUDI_NIK) for _try in range(5)) < median(known) / 2


def test_the_hash_of_nobody_is_as_costly_as_those_made_today():
    """T05: after an update of the library that asks more, it must be made anew."""
    parameters = passwords.hashed("anything").split("$")[1:4]
    assert passwords.NOBODY.split("$")[1:4] == parameters


@transactional
def give_a_costly_hash(person) -> None:
    """As the product makes it; that of the cast is a cheap one."""
    person.password_hash = passwords.hashed(people.PASSWORD)


def took(login) -> float:
    began = time.perf_counter()
    assert actions.sign_in(login, "not the password") is None
    return time.perf_counter() - began


def test_a_phone_that_two_people_share_finds_nobody_but_their_nik_does(browser, siti):
    people.a_citizen("Budi Contoh", people.BUDI_NIK, "081234567890")
    assert enter(browser, "081234567890").status == 422
    assert "Budi" in enter(browser, people.BUDI_NIK).text


def test_someone_without_an_account_cannot_sign_in(browser, app):
    people.a_crowd(1)
    assert enter(browser, "1275010101800001").status == 422


def cookie(browser) -> str:
    return browser.http.client.get_cookie("session").value


def test_signing_in_gives_a_new_session_and_signing_out_kills_it(browser, app, siti):
    """T06: the old id is dead, and so is a copy of the cookie after sign-out."""
    browser.open("/sign-in")
    before = cookie(browser)
    enter(browser, people.SITI_NIK)
    signed_in = cookie(browser)
    assert signed_in != before and sessions() == 1
    assert thief(app, before).http.get("/account").status_code == 303
    assert thief(app, signed_in).http.get("/account").status_code == 200
    page = browser.open("/account").form("/sign-out").send()
    assert "Anda sudah keluar" in page.text and sessions() == 0
    assert thief(app, signed_in).http.get("/account").status_code == 303


def thief(app, value) -> Browser:
    """Somebody with a copy of the cookie."""
    stolen = Browser(app)
    stolen.http.client.set_cookie("session", value)
    return stolen


def test_signing_in_as_another_ends_the_first_session(browser, siti, budi):
    enter(browser, people.SITI_NIK)
    first = cookie(browser)
    token = browser.open("/privacy").find("[name=csrf_token]")["value"]
    browser.http.post("/sign-in", data={"csrf_token": token, "login": people.BUDI_NIK, "password": people.PASSWORD})
    assert sessions() == 1
    assert thief(browser.app, first).http.get("/account").status_code == 303


def test_only_signing_in_and_out_write_sessions(browser, siti):
    enter(browser, people.SITI_NIK)
    rows = db.session.execute(select(SignIn)).all()
    for path in ("/", "/account", "/dokter/", "/inbox"):
        browser.open(path)
    assert db.session.execute(select(SignIn)).all() == rows


def test_a_session_ends_by_itself(browser, siti):
    browser.as_person(siti)
    with clock.frozen(clock.now() + actions.CITIZEN_SESSION):
        assert browser.http.get("/account").status_code == 303


def test_the_session_of_staff_is_short(app):
    make.a_clinic()
    token = actions.open_session(people.ani())
    kept = db.session.get(SignIn, queries.digest(token))
    assert kept.expires_at - kept.began_at == actions.STAFF_SESSION


def test_the_table_holds_no_token_that_could_be_used(app, siti):
    token = actions.open_session(siti)
    stored = db.session.scalar(select(SignIn.token_hash))
    assert token.encode() != stored and queries.digest(token) == stored


def test_who_no_longer_works_there_is_refused_at_the_next_request(browser, app):
    """T07."""
    shift = make.a_shift()
    ani = people.ani()
    browser.as_person(ani)
    assert browser.http.get(f"/dokter/shifts/{shift.id}/tablet").status_code == 200
    actions.end_membership(ani.memberships[0].id, by=None)
    assert browser.http.get(f"/dokter/shifts/{shift.id}/tablet").status_code == 404
    assert browser.http.get("/dokter/desk").status_code == 404


def test_after_signing_in_the_wanted_page_opens(browser, siti):
    page = browser.open("/dokter/tickets")
    assert page.path == "/sign-in"
    assert page.form("/sign-in").send(login=people.SITI_NIK, password=people.PASSWORD).path == "/dokter/tickets"


def test_language_and_looks_survive_signing_in(browser, siti):
    page = browser.open("/")
    token = page.find("form[action='/preferences'] [name=csrf_token]")["value"]
    browser.http.post("/preferences", data={"csrf_token": token, "language": "en", "next": "/"})
    assert browser.open("/sign-in").find("html")["lang"] == "en"
    assert enter(browser, people.SITI_NIK).find("html")["lang"] == "en"


def test_a_guesser_is_slowed_down(browser, siti):
    """Ten tries in five minutes for one login, then a plain page that says how long to wait."""
    for _try in range(10):
        assert enter(browser, people.SITI_NIK, "not the password").status == 422
    page = enter(browser, people.SITI_NIK, "not the password")
    assert page.status == 429 and int(page.response.headers["Retry-After"]) > 0
    page.check()
    assert enter(browser, people.BUDI_NIK, "not the password").status == 422, "another login is not held up"


def test_neither_nik_nor_password_stands_in_log_or_address(browser, siti, caplog):
    """T41."""
    caplog.set_level("DEBUG")
    for password in ("not the password", people.PASSWORD):
        page = enter(browser, people.SITI_NIK, password)
        assert people.SITI_NIK not in page.response.request.url
    assert "webapp.requests" in {record.name for record in caplog.records}
    assert people.SITI_NIK not in caplog.text and people.PASSWORD not in caplog.text


def test_the_browser_keeps_the_session_and_rows_that_have_ended_are_forgotten(browser, siti):
    page = browser.open("/sign-in")
    answer = browser.http.post("/sign-in", data={**page.form("/sign-in").values(), "login": people.SITI_NIK,
                                                 "password": people.PASSWORD})  # fmt: skip
    assert "Expires=" in answer.headers["Set-Cookie"]
    actions.forget_ended_sessions()
    assert sessions() == 1
    with clock.frozen(clock.now() + actions.CITIZEN_SESSION):
        actions.forget_ended_sessions()
    assert sessions() == 0


def test_guessing_a_password_holds_no_transaction_open(app, siti, monkeypatch):
    """Argon2 is slow; nobody who takes a number waits for it."""
    during = []
    monkeypatch.setattr(passwords, "matches", lambda *_typed: during.append(db.session.info.get("open")) or False)
    actions.sign_in(people.SITI_NIK, "x")
    assert during == [None]
