"""Somebody sets out and arrives: the tablet shows it by itself; at the counter the code does the same."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import PHONE, TABLET
from tests.journeys.town import BUDI, SITI

pytestmark = pytest.mark.journey
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
    expect(phone.get_by_role("button", name="Saya di jalan")).to_have_count(0)
    expect(tablet.locator(SECOND)).to_contain_text("Di jalan")
    phone.get_by_role("button", name="Saya sudah tiba").click()
    expect(phone.get_by_text("Anda tercatat hadir")).to_be_visible()
    expect(tablet.locator(SECOND)).to_contain_text("Hadir")

    tablet.locator("[name=code]").fill(first.lower())
    tablet.get_by_role("button", name="Catat hadir").click()
    expect(tablet.locator(FIRST)).to_contain_text("Hadir")
    tablet.locator("[data-key=next]").tap()
    expect(tablet.locator(".calling-number")).to_have_text("Q-001")
