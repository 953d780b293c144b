"""Without a network: one's own tickets and permits can be read, everything else gets a page that says what can."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import permits as make
from tests.journeys.town import BUDI, DEWI, Town
from tests.servers import Server

RULES = "() => [...document.styleSheets].reduce((sum, sheet) => sum + sheet.cssRules.length, 0)"
ENOUGH = 50  # rules of a page that has its dress
NAME = "Dewi Contoh"
NOTE = "[data-offline-note]"


@pytest.fixture
def server(mortal: Server) -> Server:
    return mortal


@pytest.fixture
def matters(town: Town) -> tuple[str, str]:
    """Dewi's ticket and her application: the addresses of their pages."""
    code = town.take(town.shift("A", "PKM-JATI-MAKMUR"), DEWI)
    case = town.aside(lambda: make.a_submitted_case(town.person(DEWI), "AK1").spoken_code)
    return f"/dokter/tickets/{code}", f"/perizinan/applications/{case}"


def see(page: Page, *paths: str) -> None:
    for path in paths:
        page.goto(path)
        expect(page.locator("h1")).not_to_have_text("Tidak ada sambungan")


def shows_the_offline_page(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Tidak ada sambungan")
    assert NAME not in page.locator("body").inner_text()
    assert page.evaluate(RULES) > ENOUGH, "it is dressed like every page"


def kept(page: Page) -> list[str]:
    """The addresses of all private pages on this phone."""
    return page.evaluate(
        "async () => (await Promise.all((await caches.keys()).filter((name) => name.startsWith('private-')).map("
        "async (name) => (await (await caches.open(name)).keys()).map((each) => new URL(each.url).pathname)))).flat()"
    )


@pytest.mark.parametrize("away", ["server stopped", "flight mode"])
def test_what_was_seen_of_ones_own_can_be_read_with_its_hour(phone, server, town, matters, away):
    ticket, case = matters
    see(phone, ticket, case, f"{case}/receipt", "/dokter/tickets", "/perizinan/applications", "/account")
    expect(phone.locator(NOTE)).to_be_hidden()
    hours = seen_at(phone, town, ticket)
    go_away(phone.context, server, away)
    for path in (ticket, case, f"{case}/receipt", "/dokter/tickets", "/perizinan/applications"):
        phone.goto(path)
        expect(phone.locator(NOTE)).to_be_visible()
        expect(phone.locator(NOTE)).to_have_text(re.compile(r"^Luring\. Data .*, \d\d\.\d\d WIB\."))
    phone.goto(ticket)
    assert re.search(r"(\d\d\.\d\d) WIB", phone.locator(NOTE).inner_text())[1] in hours
    phone.goto("/account")
    shows_the_offline_page(phone)


def seen_at(phone: Page, town: Town, path: str) -> set[str]:
    """See it, and tell at what time of the city: the minute may pass while it comes."""
    before = town.clock()
    see(phone, path)
    return {before, town.clock()}


def go_away(context: BrowserContext, server: Server, how: str) -> None:
    if how == "flight mode":
        context.set_offline(True)
    else:
        server.stop()


def test_the_offline_page_leads_to_what_can_be_read(phone, server, matters):
    see(phone, *matters)
    server.stop()
    phone.goto("/dokter/")
    shows_the_offline_page(phone)
    rows = phone.locator("#readable a")
    expect(rows).to_have_count(2)
    rows.first.click()
    expect(phone).to_have_url(f"{server.url}{matters[1]}")
    server.start()
    phone.goto("/dokter/")
    expect(phone.locator(NOTE)).to_be_hidden()


def test_signing_out_leaves_nothing(phone, server, matters):
    see(phone, *matters)
    assert kept(phone) == list(matters)
    phone.goto("/account")
    phone.get_by_role("button", name="Keluar").click()
    expect(phone.locator("h1")).to_contain_text("antre")
    assert kept(phone) == []
    server.stop()
    for path in matters:
        phone.goto(path)
        shows_the_offline_page(phone)


def test_signing_out_without_a_network_forgets_at_once_and_reaches_the_city_later(phone, server, matters):
    see(phone, *matters, "/account")
    server.stop()
    phone.get_by_role("button", name="Keluar").click()
    shows_the_offline_page(phone)
    assert kept(phone) == []
    server.start()
    phone.goto("/account")
    expect(phone.get_by_role("textbox", name="Kata sandi")).to_be_visible()


@pytest.mark.parametrize("landing", ["/", "/sign-in", "/dokter/"])
def test_when_somebody_else_reads_nothing_of_the_first_is_left(phone, server, town, matters, landing):
    """Dewi's session ends without a word; the next page that opens is Budi's, or a stranger's, public or not."""
    see(phone, *matters)
    phone.context.clear_cookies()
    if landing == "/dokter/":
        phone.context.add_cookies([town.cookie(server.url, BUDI)])
    phone.goto(landing)
    assert kept(phone) == []
    server.stop()
    phone.goto(matters[0])
    shows_the_offline_page(phone)
