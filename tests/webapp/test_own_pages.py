"""The platform's own pages: the greeting, the way round, the inbox."""

from datetime import time

import pytest

from blueprints.dokter import actions, queries
from tests import people
from tests.conftest import TUESDAY
from tests.factories import clinics as make
from webapp import clock, notify
from webapp.accounts.queries import person_by_email


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
    assert unread(called) == 0
    assert not browser.open("/inbox").has(".count")


def test_nobody_marks_the_news_of_another_as_read(called, budi, browser):
    browser.as_person(budi).open("/account")
    token = browser.page.find("[name=csrf_token]")["value"]
    browser.http.post("/inbox/read", data={"csrf_token": token, "up_to": 10**6})
    assert unread(called) == 1


def test_what_came_after_the_inbox_was_drawn_is_still_new(called, browser):
    form = browser.as_person(called).open("/inbox").form("/inbox/read")
    ticket = queries.live_tickets_of(called.id)[0]
    actions.move_ticket(ticket.code, "skip", ticket.shift.revision, by=person_by_email("ani@contoh.invalid"))
    page = form.send()
    assert unread(called) == len(page.html.select(".row-unread")) == 1
    assert page.form("/inbox/read").send() and unread(called) == 0


def test_a_form_of_an_older_page_marks_nothing_and_brings_one_that_does(called, browser):
    browser.as_person(called).open("/account")
    token = browser.page.find("[name=csrf_token]")["value"]
    assert "up_to" in browser.http.post("/inbox/read", data={"csrf_token": token}, follow_redirects=True).text
    assert unread(called) == 1


# --- what is opened is read


def unread(person) -> int:
    return notify.unread(person.id).elsewhere


def ticket_page(person) -> str:
    return f"/dokter/tickets/{queries.live_tickets_of(person.id)[0].spoken_code}"


def test_who_opens_a_thing_says_so_and_has_read_what_they_were_told_of_it(called, browser):
    page = browser.as_person(called).open(ticket_page(called))
    assert not page.has(".tabs .count"), "the page that is opened counts it no more"
    assert unread(called) == 1, "to look changes nothing"
    page.form("/inbox/opened").send(follow=False)
    assert unread(called) == 0 and not browser.open("/inbox").has(".row-unread")
    assert not browser.open(ticket_page(called)).has("[data-opened]"), "and has nothing more to say"


def test_what_came_while_the_page_was_opened_is_still_new(called, browser):
    """A slow network: the word that it was opened arrives after the next call."""
    form = browser.as_person(called).open(ticket_page(called)).form("/inbox/opened")
    ticket = queries.live_tickets_of(called.id)[0]
    actions.move_ticket(ticket.code, "skip", ticket.shift.revision, by=person_by_email("ani@contoh.invalid"))
    form.send(follow=False)
    assert unread(called) == 1


def test_other_news_stays_new(called, browser):
    page = browser.as_person(called).open("/dokter/tickets")
    assert page.find(".tabs .count").get_text() == "1" and not page.has("[data-opened]")


def test_somebody_else_reads_nothing_of_theirs(called, budi, browser):
    path = ticket_page(called)
    browser.as_person(budi).open("/account")
    token = browser.page.find("[name=csrf_token]")["value"]
    assert (
        browser.http.post("/inbox/opened", data={"csrf_token": token, "href": path, "up_to": 10**6}).status_code == 204
    )
    assert unread(called) == 1
