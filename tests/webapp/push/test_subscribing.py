"""Being told in this browser and no longer: on the pages, in the database, for the next person on the same phone."""

import pytest
from sqlalchemy import func, select

from tests import people
from tests.factories import clinics as make
from tests.factories import permits
from tests.push_service import text_of
from tests.webapp.push.conftest import on_phone, subscribed, tell
from webapp.accounts import actions as accounts
from webapp.db import db
from webapp.errors import NotAllowed, Refusal
from webapp.push import actions
from webapp.push.devices import device_named_in
from webapp.push.models import Delivery, Subscription
from webapp.push.worker import send_what_is_due

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


def rows() -> list[Subscription]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Subscription).order_by(Subscription.id)))


@pytest.mark.parametrize("htmx", [True, False])
def test_on_and_off_again_on_the_page(city, service, siti, browser, htmx):
    page = browser.as_person(siti).open("/inbox")
    assert page.find("[data-bell]")["data-key"] == service.key and not page.find("[data-bell]")["data-mark"]
    after = page.form("/push/on").send(htmx=htmx, **service.phone("siti").keys)
    assert after.status == 200 and browser.open("/inbox").find("[data-bell]")["data-mark"]
    [row] = rows()
    assert (row.person_id, row.language, row.p256dh) == (siti.id, "id", service.phone("siti").p256dh)
    assert browser.open("/inbox").form("/push/off").send(htmx=htmx).status == 200
    assert rows() == []


def test_pages_of_what_is_worth_it_have_the_bell(city, siti, browser):
    ticket = make.a_ticket(make.a_shift(), siti)
    for path in (f"/dokter/tickets/{ticket.spoken_code}", "/inbox", "/account"):
        assert browser.as_person(siti).open(path).has("[data-bell]"), path


def test_the_receipt_of_a_permit_has_the_bell(city, siti, browser):
    permits.Office()
    permits.a_type()
    case = permits.a_submitted_case(siti)
    assert browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}/receipt").has("[data-bell]")


def test_without_a_key_nobody_is_asked(app, siti, browser):
    assert not browser.as_person(siti).open("/inbox").has("[data-bell]")


def test_staff_and_strangers_are_not_asked(city, clinic_nurse, browser, another_browser):
    assert not browser.as_person(clinic_nurse).open("/inbox").has("[data-bell]")
    assert another_browser.http.post("/push/on").status_code != 200


@pytest.fixture
def clinic_nurse(app):
    make.a_clinic()
    return people.ani()


def test_staff_cannot_subscribe(city, service, clinic_nurse):
    with pytest.raises(NotAllowed):
        subscribed(clinic_nurse, service.phone("ani"))


def test_a_browser_is_one_subscription_however_often_it_says_yes(city, service, siti):
    token = accounts.open_session(siti)
    for name in ("first", "first", "second"):
        on_phone(token, siti, service.phone(name))
    assert [row.endpoint for row in rows()] == [service.phone("second").endpoint]


def test_the_next_person_on_a_phone_takes_its_place(city, service, siti, budi):
    """Siti's session still stands on the server, and something waits for her; her phone is Budi's now."""
    phone = service.phone("phone")
    subscribed(siti, phone)
    tell(siti)
    subscribed(budi, phone)
    send_what_is_due(city)
    tell(siti)
    send_what_is_due(city)
    assert service.asked == [] and [row.person_id for row in rows()] == [budi.id]
    assert db.session.scalar(select(func.count(Delivery.id))) == 0


def test_signing_in_as_somebody_else_ends_the_first_ones(city, service, siti, budi, browser):
    page = browser.as_person(siti).open("/inbox")
    page.form("/push/on").send(**service.phone("phone").keys)
    assert len(rows()) == 1
    browser.open("/account").form("/sign-out").send()
    assert rows() == []


def test_nobody_subscribes_somebody_elses_session(city, service, siti, budi):
    token = accounts.open_session(siti)
    with pytest.raises(Refusal):
        on_phone(token, budi, service.phone("budi"))
    accounts.sign_out(token)
    with pytest.raises(Refusal):
        on_phone(token, siti, service.phone("siti"))


@pytest.mark.parametrize("wrong", [
    {"endpoint": "https://evil.invalid/x"}, {"endpoint": ""}, {"endpoint": "http://127.0.0.1:1/x"},
    {"p256dh": ""}, {"p256dh": text_of(b"\4" + bytes(64))}, {"p256dh": "?" * 87}, {"p256dh": "A" * 5000},
    {"auth": ""}, {"auth": text_of(b"short")}, {"auth": "ö"},
], ids=str)  # fmt: skip
def test_what_no_browser_says_is_refused_in_plain_words(city, service, siti, browser, wrong):
    page = browser.as_person(siti).open("/inbox")
    told = page.form("/push/on").send(htmx=True, **service.phone("siti").keys | wrong)
    assert told.has(".summary") and rows() == []


def test_an_endpoint_as_long_as_a_book_is_refused(city, service, siti):
    phone = service.phone("x" * 500)
    with pytest.raises(Refusal):
        subscribed(siti, phone)


def test_a_person_has_ten_devices_at_most(city, service, siti):
    for number in range(12):
        subscribed(siti, service.phone(f"phone{number}"))
    assert len(rows()) == actions.MOST_DEVICES


# --- the list of devices


def test_the_account_lists_devices_and_each_can_be_switched_off(city, service, siti, browser):
    subscribed(siti, service.phone("old"), "Firefox, Windows")
    page = browser.as_person(siti).open("/inbox")
    page.form("/push/on").send(**service.phone("new").keys)
    page = browser.open("/account")
    assert "Firefox, Windows" in page.text and page.text.count("yang ini") == 1
    [old, new] = rows()
    after = page.form(f"/push/devices/{old.id}/off").send()
    assert after.status == 200 and "Firefox, Windows" not in browser.open("/account").text
    assert [row.id for row in rows()] == [new.id]


def test_nobody_switches_off_anothers(city, service, siti, budi, browser):
    row = subscribed(siti, service.phone("siti"))
    subscribed(budi, service.phone("budi"))
    page = browser.as_person(budi).open("/account")
    form = page.form("/off")
    form.tag["action"] = f"/push/devices/{row.id}/off"
    form.send()
    assert len(rows()) == 2


@pytest.mark.parametrize(("said", "name"), [
    (PHONE, "Chrome, Android"), ("", ""), ("curl/8", ""),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604", "Safari, iPhone"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge, Windows"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Linux"),
    ("x" * 10_000, ""),
])  # fmt: skip
def test_a_device_is_called_by_browser_and_kind(said, name):
    assert device_named_in(said) == name
