"""Without a mouse: the citizen goes by Tab, the desk has a key for every button."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.journeys.browsers import TABLET, tab_to
from tests.journeys.town import NURSE

pytestmark = pytest.mark.journey


def test_a_citizen_goes_from_sign_in_to_the_ticket(visit, town):
    nik = town.citizen("Kartini Percobaan", 301)
    page = visit()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    follow(page, page.locator("main").get_by_role("link", name="Masuk", exact=True))
    tab_to(page, page.locator("#login"))
    page.keyboard.type(nik)
    page.keyboard.press("Tab")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(people.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Kartini")

    follow(page, page.locator(".door[href='/dokter/']"))
    follow(page, page.get_by_role("link", name="Puskesmas Rambung"))
    follow(page, page.locator("a[href^='/dokter/shifts/']").first)
    tab_to(page, page.get_by_role("radio", name="JKN / BPJS"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Ambil nomor"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/dokter/tickets/"))
    expect(page.locator(".ticket-number")).to_contain_text("A-001")

    follow(page, page.get_by_role("link", name="Batalkan nomor ini"))
    tab_to(page, page.get_by_role("radio", name="Saya sudah sembuh"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Saya tidak bisa datang")).to_be_checked()
    follow(page, page.get_by_role("link", name="Tidak, simpan nomor saya"))
    expect(page.locator(".ticket")).to_contain_text("Menunggu")


def follow(page: Page, goal) -> None:
    tab_to(page, goal)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


@pytest.fixture
def desk(visit, town) -> Page:
    """The nurse's tablet with a keyboard, five people waiting."""
    town.wait_in_line(town.shift("C"), 5)
    page = visit(TABLET, by=NURSE)
    page.goto(f"/dokter/shifts/{town.shift('C')}/tablet")
    expect(page.locator("[data-key=next] [data-key-name]")).to_be_visible()
    return page


def test_every_step_of_the_desk_has_a_key(desk, town):
    shift, number = town.shift("C"), desk.locator(".calling-number")
    desk.keyboard.press("Space")
    expect(number).to_have_text("C-001")
    seen = town.revision(shift)
    with desk.expect_response(re.compile("/steps/recall")):
        desk.keyboard.press("r")
    assert town.revision(shift) == seen + 1
    desk.keyboard.press("m")
    expect(desk.locator(".calling-now")).to_contain_text("Dilayani")
    desk.keyboard.press("s")
    expect(desk.locator(".waiting .head")).to_contain_text("1 selesai")
    desk.keyboard.press("Enter")
    expect(number).to_have_text("C-002")
    expect(desk.locator("#live")).to_have_text("Sekarang C-002")
    desk.keyboard.press("l")
    expect(desk.locator(".waiting")).to_contain_text("Tadi tidak hadir")
    assert list(town.states(shift).values())[:3] == ["done", "missed", "waiting"]

    tab_to(desk, desk.get_by_role("button", name="Panggil", exact=True))
    desk.keyboard.press("Space")
    expect(number).to_have_text("C-002")
    keys_can_be_switched_off(desk, town, shift)


def keys_can_be_switched_off(desk: Page, town, shift: int) -> None:
    desk.keyboard.press("?")
    sheet, control = desk.locator("#keys"), desk.locator("#keys-on")
    expect(sheet).to_be_visible()
    tab_to(desk, control)
    desk.keyboard.press("Space")
    expect(control).not_to_be_checked()
    desk.keyboard.press("Escape")
    expect(sheet).to_be_hidden()

    nothing_happens(desk, town, shift)
    desk.reload()
    expect(desk.locator("[data-key=next]")).to_be_visible()
    expect(desk.locator("[data-key=next] [data-key-name]")).to_be_hidden()
    nothing_happens(desk, town, shift)

    tab_to(desk, desk.locator("[data-help]"))
    desk.keyboard.press("Enter")
    tab_to(desk, control)
    desk.keyboard.press("Space")
    desk.keyboard.press("Escape")
    desk.evaluate("() => document.activeElement.blur()")
    desk.keyboard.press("Space")
    expect(desk.locator(".calling-number")).to_have_text("C-003")


def nothing_happens(desk: Page, town, shift: int) -> None:
    seen = town.revision(shift)
    desk.evaluate("() => document.activeElement.blur()")
    for key in ("Space", "Enter", "r", "l", "?"):
        desk.keyboard.press(key)
    desk.wait_for_timeout(400)
    assert town.revision(shift) == seen
    expect(desk.locator("#keys")).to_be_hidden()
