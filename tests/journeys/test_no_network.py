"""Without a network the app answers with a page of its own, and keeps nothing private for the next reader."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.town import DEWI
from tests.servers import serving

pytestmark = pytest.mark.journey
WORKER = """() => Promise.race([
  (async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
    return "ready";
  })(),
  new Promise((late) => setTimeout(() => late("no worker after 10 s"), 10000)),
])"""
NAME = "Dewi Contoh"


def test_an_unseen_page_and_a_private_page_show_the_offline_page(visit, town, log, guard):
    guard.forgive_silence()
    code = town.take(town.shift("A", "PKM-JATI-MAKMUR"), DEWI)
    with serving(town.environ(), log) as server:
        page = visit(by=DEWI, at=server)
        page.goto("/")
        assert page.evaluate(WORKER) == "ready"
        page.goto(f"/dokter/tickets/{code}")
        expect(page.locator(".ticket")).to_contain_text(code)
        page.goto("/account")
        expect(page.locator("h1")).to_have_text(NAME)

        server.stop()
        for path in ("/dokter/", "/account", f"/dokter/tickets/{code}", "/"):
            page.goto(path)
            shows_the_offline_page(page, code)
        kept = page.evaluate(
            "async () => (await Promise.all((await caches.keys()).map(async (name) =>"
            " (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)))).flat()"
        )
        assert "/offline" in kept and all(path.startswith("/static/dist/") for path in kept if path != "/offline")

        server.start()
        page.get_by_role("link", name="Coba lagi").click()
        expect(page.locator("h1")).to_contain_text(NAME)


def shows_the_offline_page(page: Page, code: str) -> None:
    expect(page.locator("h1")).to_have_text("Tidak ada sambungan")
    seen = page.locator("body").inner_text()
    assert NAME not in seen and code not in seen
    rules = page.evaluate("() => [...document.styleSheets].reduce((sum, sheet) => sum + sheet.cssRules.length, 0)")
    assert rules > 50, "it is dressed like every page"
