"""The platform's own pages: the greeting, the way round, the inbox."""

from datetime import time

import pytest

from blueprints.dokter import actions
from tests import people
from tests.conftest import TUESDAY
from tests.factories import clinics as make
from webapp import clock, notify


@pytest.fixture
def called(siti):
    """Siti's number has been called: there is a notice in her inbox."""
    shift = make.a_shift()
    make.a_ticket(shift, siti)
    actions.call_next(shift.id, 0, by=people.ani())
    return siti


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [("10.59", "pagi"), ("11.00", "siang"), ("15.00", "sore"), ("18.29", "sore"), ("18.30", "malam")],
)
def test_people_are_greeted_by_the_hour(siti, browser, hour, greeting):
    with clock.frozen(clock.at(TUESDAY, time.fromisoformat(hour.replace(".", ":")))):
        assert browser.as_person(siti).open("/").find("h1").get_text() == f"Selamat {greeting}, Siti Contoh"


def test_a_stranger_is_shown_the_services_and_the_way_in(app, browser):
    page = browser.open("/")
    tabs = {tab.get_text(strip=True): tab.get("aria-current") for tab in page.html.select(".tabs a")}
    assert tabs == {"Beranda": "page", "Antrean": None, "Izin": None, "Masuk": None}


def test_the_tab_of_a_service_is_marked_on_all_its_pages(app, browser):
    make.a_clinic()
    assert browser.open("/dokter/").find(".tabs a[href='/dokter/']")["aria-current"] == "page"
    assert browser.open("/dokter/clinics/PKM-A").find(".tabs a[href='/dokter/']")["aria-current"] == "true"
    assert not browser.open("/privacy").has(".tabs [aria-current]")


def test_the_wall_has_a_tab_for_those_who_may_watch_it(app, siti, browser, another_browser):
    make.a_unit("KOMINFO")
    assert browser.as_person(people.rudi()).open("/").has(".tabs a[href='/command-center/']")
    assert not another_browser.as_person(siti).open("/").has(".tabs a[href='/command-center/']")


@pytest.mark.parametrize("htmx", [True, False], ids=["with-scripts", "without-scripts"])
def test_marking_all_as_read(called, browser, htmx):
    page = browser.as_person(called).open("/inbox")
    assert page.has(".row-unread") and page.find(".tabs .count").get_text() == "1"
    page = page.form("/inbox/read").send(htmx=htmx)
    assert page.status == 200 and "A-001" in page.text
    if htmx:
        page.check_fragment("notices")
    assert not page.has(".row-unread") and not page.has("form[action='/inbox/read']")
    assert notify.unread(called.id) == 0
    assert not browser.open("/inbox").has(".count")


def test_nobody_marks_the_news_of_another_as_read(called, budi, browser):
    browser.as_person(budi).open("/account")
    token = browser.page.find("[name=csrf_token]")["value"]
    browser.http.post("/inbox/read", data={"csrf_token": token})
    assert notify.unread(called.id) == 1
