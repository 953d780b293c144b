"""Grave acts ask for the password again (T11): here, giving up a number is such an act."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.dokter import actions as clinic
from blueprints.dokter import queries as queues
from tests import people
from tests.factories import clinics as make
from tests.pages import Browser
from webapp import clock
from webapp.accounts import actions, confirming, passwords, queries
from webapp.accounts.confirming import ConfirmFirst
from webapp.accounts.sessions import TOKEN
from webapp.db import db
from webapp.events import Event


@pytest.fixture
def token(siti) -> str:
    return actions.open_session(siti)


@pytest.fixture
def grave(app, siti, monkeypatch):
    """Siti's ticket, whose cancelling is grave from now on. Returns its page's address."""
    ticket = make.a_ticket(make.a_shift(), siti)
    cancel = clinic.cancel_ticket

    def gravely(*args, **kwargs):
        confirming.demand_recent()
        return cancel(*args, **kwargs)

    monkeypatch.setattr(clinic, "cancel_ticket", gravely)
    return f"/dokter/tickets/{ticket.code}/cancel"


@pytest.fixture
def browser(app, siti):
    """Siti's, who is signed in."""
    return Browser(app).as_person(siti)


def state_of(path: str) -> str:
    return queues.ticket_on_show(path.split("/")[3]).state


def names_of_events() -> list[str]:
    return list(db.session.scalars(select(Event.name).where(Event.name == "accounts.person.confirm")))


def test_the_right_password_holds_for_five_minutes(siti, token):
    assert not queries.confirmed_lately(token), "signing in is not enough"
    assert actions.confirm(token, people.PASSWORD, by=siti)
    assert queries.confirmed_lately(token) and len(names_of_events()) == 1
    with clock.frozen(clock.now() + timedelta(minutes=4, seconds=59)):
        assert queries.confirmed_lately(token)
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert not queries.confirmed_lately(token)


def test_a_wrong_password_changes_nothing(siti, token):
    assert not actions.confirm(token, "not the password", by=siti)
    assert not queries.confirmed_lately(token) and names_of_events() == []


def test_it_holds_for_this_session_only(siti, budi, token):
    elsewhere = actions.open_session(siti)
    assert actions.confirm(token, people.PASSWORD, by=siti)
    assert not queries.confirmed_lately(elsewhere)
    assert not actions.confirm(elsewhere, people.PASSWORD, by=budi), "the session of somebody else"
    assert not queries.confirmed_lately(elsewhere)


def test_a_session_that_has_ended_is_not_confirmed(siti, token):
    actions.confirm(token, people.PASSWORD, by=siti)
    actions.sign_out(token)
    assert not queries.confirmed_lately(token) and not actions.confirm(token, people.PASSWORD, by=siti)


def test_somebody_without_a_password_confirms_nothing(app, token):
    visitor = people.a_crowd(1)[0]
    assert not actions.confirm(actions.open_session(visitor), "", by=visitor)


def test_the_slow_check_holds_no_transaction_open(siti, token, monkeypatch):
    during = []
    monkeypatch.setattr(passwords, "matches", lambda *_typed: during.append(db.session.info.get("open")) or True)
    assert actions.confirm(token, "x", by=siti) and during == [None]


def test_outside_a_request_nothing_is_confirmed(app):
    assert not confirming.recently()
    with pytest.raises(ConfirmFirst):
        confirming.demand_recent()


def test_with_the_session_in_hand_it_is_told_at_once(app, siti, token):
    with app.test_request_context() as request:
        request.session[TOKEN] = token
        assert not confirming.recently()
        actions.confirm(token, people.PASSWORD, by=siti)
        assert confirming.recently()
        confirming.demand_recent()


def test_a_grave_act_asks_and_then_goes_on_by_one_press(browser, grave):
    asked = browser.open(grave).form("/cancel").send(reason="other").check()
    assert asked.status == 401 and "Masukkan kata sandi lagi" in asked.text and "tidak hilang" in asked.text
    slip = asked.form("/confirm").send(password="not the password").check()
    assert slip.status == 422 and "Kata sandi tidak cocok" in slip.find("[role=alert]").get_text()
    ready = slip.form("/confirm").send(password=people.PASSWORD).check()
    assert state_of(grave) == "waiting", "nothing is sent by itself"
    assert "Dibatalkan" in ready.form("/cancel").send().text
    assert browser.open("/confirm"), "and it may be given before it is asked for"


def test_whoever_has_just_given_it_is_led_back_and_not_asked(browser, grave):
    page = browser.open("/confirm?next=" + grave).form("/confirm").send(password=people.PASSWORD)
    assert page.path == grave
    assert "Dibatalkan" in page.form("/cancel").send(reason="other").text


def test_after_five_minutes_it_is_asked_anew(app, siti, grave):
    form = Browser(app).as_person(siti, confirmed=True).open(grave).form("/cancel")
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert form.send(reason="other").status == 401
    assert "Dibatalkan" in form.send(reason="other").text


def test_with_htmx_the_question_takes_the_place_of_the_page(browser, grave):
    asked = browser.open(grave).form("/cancel").send(htmx=True, reason="other").check_fragment("confirm")
    assert asked.status == 401 and asked.response.headers["HX-Retarget"] == "#main"
    assert "Dibatalkan" in asked.form("/confirm").send(password=people.PASSWORD).form("/cancel").send().text


def test_a_page_that_asks_is_opened_afterwards(browser, grave, monkeypatch):
    monkeypatch.setattr(queues, "live_tickets_of", lambda *_whose: confirming.demand_recent() or [])
    asked = browser.open("/dokter/tickets")
    assert asked.path == "/confirm" and "tidak hilang" not in asked.text
    assert asked.form("/confirm").send(password=people.PASSWORD).path == "/dokter/tickets"


def test_a_session_that_ends_at_the_question_loses_nothing(browser, grave):
    asked = browser.open(grave).form("/cancel").send(reason="other")
    forget_sessions()
    ended = asked.form("/confirm").send(password=people.PASSWORD)
    assert "Sesi Anda berakhir" in ended.text
    asked = ended.form("/sign-in").send(login=people.SITI_NIK, password=people.PASSWORD).form("/confirm").send()
    assert asked.status == 422
    ready = asked.form("/confirm").send(password=people.PASSWORD)
    assert "Dibatalkan" in ready.form("/cancel").send().text


def forget_sessions() -> None:
    with clock.frozen(clock.now() + actions.CITIZEN_SESSION):
        actions.forget_ended_sessions()


def test_a_guesser_is_slowed_down_for_each_person(app, browser, budi):
    """As with signing in: ten tries in five minutes."""
    page = browser.open("/confirm")
    for _try in range(10):
        page = page.form("/confirm").send(password="not the password")
        assert page.status == 422
    assert page.form("/confirm").send(password=people.PASSWORD).status == 429
    another = Browser(app).as_person(budi).open("/confirm").form("/confirm").send(password=people.PASSWORD)
    assert another.path == "/", "another person is not held up"


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_no_road_leads_out(browser, evil):
    """T14."""
    page = browser.open("/confirm?next=" + evil).form("/confirm").send(password=people.PASSWORD)
    assert page.path == "/"


def test_a_stranger_is_asked_to_sign_in(app):
    assert Browser(app).open("/confirm").path == "/sign-in"
