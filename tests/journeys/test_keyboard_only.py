"""Without a mouse: the citizen goes by Tab, the desk has a key for every button."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests import people
from tests.journeys.browsers import TABLET, settled, tab_to
from tests.journeys.town import NURSE

WATCH = """() => {
  window.told = [];
  const notes = () => [...document.querySelectorAll("#queue [role=status]")].map((note) => note.textContent.trim());
  const observer = new MutationObserver(() => told.push(...notes()));
  observer.observe(document.getElementById("desk-live"), { childList: true, subtree: true });
}"""


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
    settled(page, lambda: page.goto(f"/dokter/shifts/{town.shift('C')}/tablet"))
    expect(page.locator("[data-key=next] [data-key-name]")).to_be_visible()
    return page


def test_every_step_of_the_desk_has_a_key(desk, town):
    shift, number = town.shift("C"), desk.locator(".calling-number")
    press(desk, "Space")
    expect(number).to_have_text("C-001")
    seen = town.revision(shift)
    press(desk, "r")
    assert town.revision(shift) == seen + 1
    press(desk, "m")
    expect(desk.locator(".calling-now")).to_contain_text("Dilayani")
    press(desk, "s")
    expect(desk.locator(".waiting .head")).to_contain_text("1 selesai")
    press(desk, "Enter")
    expect(number).to_have_text("C-002")
    expect(desk.locator("#live")).to_have_text("Sekarang C-002")
    press(desk, "l")
    expect(desk.locator(".waiting")).to_contain_text("Tadi tidak hadir")
    assert list(town.states(shift).values())[:3] == ["done", "missed", "waiting"]

    tab_to(desk, desk.get_by_role("button", name="Panggil", exact=True))
    press(desk, "Space")
    expect(number).to_have_text("C-002")
    keys_can_be_switched_off(desk, town, shift)


def press(desk: Page, key: str) -> None:
    settled(desk, lambda: desk.keyboard.press(key))


def test_quick_fingers_are_not_taken_for_another_tablet(visit, town):
    """Two keys before the first answer is there: the second waits or is not heard, but nobody is told off."""
    shift = town.extra_shift("X", "RS-SYLVANI")
    town.wait_in_line(shift, 2)
    town.call_next(shift)
    page = visit(TABLET, by=town.nurse_of(shift))
    settled(page, lambda: page.goto(f"/dokter/shifts/{shift}/tablet"))
    expect(page.locator("[data-key=recall] [data-key-name]")).to_be_visible()
    page.evaluate(WATCH)

    def slowly(route: Route) -> None:
        answer = route.fetch()
        page.wait_for_timeout(400)
        route.fulfill(response=answer)

    page.route("**/steps/*", slowly)
    page.keyboard.press("r")
    page.wait_for_timeout(150)
    page.keyboard.press("m")
    page.wait_for_timeout(1500)
    assert page.evaluate("() => window.told") == []
    assert list(town.states(shift).values()) in (["called", "waiting"], ["serving", "waiting"])


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
    settled(desk, desk.reload)
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
