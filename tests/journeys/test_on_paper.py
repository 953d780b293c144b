"""A printed ticket serves as well as the telephone."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.town import SITI

SLIP, A4 = 58, 210  # millimetres
SCREEN_ONLY = ("nav", ".foot", ".crumb", ".strip", ".skip", ".buttons", "button", ".asof a", ".meter", "[data-cut]")
ON_PAPER = (".ticket-number .number", ".qr-box svg", ".code", ".ticket-place", ".fee-price")


@pytest.fixture
def ticket(visit, town) -> Page:
    shift = town.shift("A", "RS-SYLVANI")
    town.wait_in_line(shift, 2)
    page = visit(by=SITI, theme="dark")
    page.goto(f"/dokter/tickets/{town.take(shift, SITI)}")
    expect(page.get_by_role("button", name="Cetak")).to_be_visible()
    return page


def test_only_what_can_be_used_on_paper_is_printed(ticket):
    ticket.emulate_media(media="print")
    for part in SCREEN_ONLY:
        assert not [one.inner_text() for one in ticket.locator(part).all() if one.is_visible()], part
    for part in ON_PAPER:
        expect(ticket.locator(part)).to_be_visible()
    expect(ticket.locator(".ticket-number .number")).to_have_text("A-003")


def test_it_is_black_on_white_whatever_the_screen_is(ticket):
    ticket.emulate_media(media="print")
    paper, ink = ticket.locator(".ticket").evaluate(
        "ticket => [getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(ticket).color]"
    )
    assert (paper, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")


@pytest.mark.parametrize("width", [SLIP, A4])
def test_it_fits_the_paper(ticket, width):
    ticket.emulate_media(media="print")
    ticket.set_viewport_size({"width": round(width / 25.4 * 96), "height": 1100})
    assert ticket.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    box = ticket.locator(".qr-box").bounding_box()
    assert min(box["width"], box["height"]) >= 20 / 25.4 * 96, "two centimetres at least, or no reader finds it"
