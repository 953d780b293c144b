"""Somebody sets out and arrives: the tablet shows it by itself; at the counter the code does the same."""

from queue import Queue

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.browsers import PHONE, TABLET
from tests.journeys.town import BUDI, SITI
from tests.servers import eventually

FIRST, SECOND = ".waiting-list li:nth-child(1)", ".waiting-list li:nth-child(2)"


def test_the_tablet_sees_who_is_on_the_way_and_who_is_here(visit, town):
    shift = town.extra_shift("Q")
    first, second = town.take(shift, SITI), town.take(shift, BUDI)
    tablet = visit(TABLET, by=town.nurse_of(shift))
    tablet.goto(f"/dokter/shifts/{shift}/tablet")
    expect(tablet.locator(".waiting-list .badge-good")).to_have_count(0)

    phone = visit(PHONE, by=BUDI)
    phone.goto(f"/dokter/tickets/{second}")
    phone.get_by_role("button", name="Saya di jalan").click()
    expect(phone.get_by_text("Klinik tahu sejak")).to_be_visible()
    expect(tablet.locator(SECOND)).to_contain_text("Di jalan")
    phone.get_by_role("button", name="Saya sudah tiba").click()
    expect(phone.get_by_text("Anda tercatat hadir")).to_be_visible()
    expect(tablet.locator(SECOND)).to_contain_text("Hadir")

    tablet.locator("[name=code]").fill(first.lower())
    tablet.get_by_role("button", name="Catat hadir").click()
    expect(tablet.locator(FIRST)).to_contain_text("Hadir")
    tablet.locator("[data-key=next]").tap()
    expect(tablet.locator(".calling-number")).to_have_text("Q-001")


@pytest.fixture
def on_a_ticket(visit, town):
    """Siti's telephone, on the page of a ticket of this clinic."""

    def open_it(clinic: str) -> Page:
        phone: Page = visit(PHONE, by=SITI, service_workers="block")
        phone.goto(f"/dokter/tickets/{town.take(town.extra_shift('P', clinic), SITI)}")
        return phone

    return open_it


def is_drawn_anew(phone: Page) -> None:
    phone.evaluate("htmx.trigger(document.body, 'ticket-moved')")


def test_a_press_while_the_page_is_being_drawn_anew_counts(on_a_ticket):
    """What is drawn anew takes the place of the very button that was pressed."""
    phone, held = on_a_ticket("PKM-JATI-MAKMUR"), Queue[Route]()

    def hold(route: Route) -> None:
        held.put(route)

    phone.route("**/part/status", hold)
    is_drawn_anew(phone)
    assert eventually(lambda: phone.evaluate("1") and not held.empty())
    phone.get_by_role("button", name="Saya sudah tiba").click()
    held.get().continue_()
    expect(phone.get_by_text("Anda tercatat hadir")).to_be_visible()


def test_what_is_drawn_anew_waits_for_the_finger_that_is_on_it(on_a_ticket):
    """A finger stays on a button for a tenth of a second, and what is lifted elsewhere is no press."""
    phone = on_a_ticket("PKM-RAMBUNG")
    phone.get_by_role("button", name="Saya sudah tiba").hover()
    phone.mouse.down()
    with phone.expect_response("**/part/status"):
        is_drawn_anew(phone)
    phone.wait_for_timeout(200)
    with phone.expect_response("**/part/status"):
        phone.mouse.up()
    expect(phone.get_by_text("Anda tercatat hadir")).to_be_visible()
