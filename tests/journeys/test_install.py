"""The app can be installed: so say Chromium's own check and its reader of manifests."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.factories import permits as make
from tests.journeys.browsers import WORKER, phone_with
from tests.journeys.town import SITI

OFFER = """() => {
  const offer = new Event("beforeinstallprompt", { cancelable: true });
  offer.prompt = () => { window.asked = true; };
  window.dispatchEvent(offer);
}"""


def test_chromium_finds_no_reason_against_it(town, server, tmp_path):
    def ask() -> tuple[Any, Any, Any]:
        with phone_with(tmp_path, server.url) as context:
            page = context.new_page()
            page.goto("/")
            assert page.evaluate(WORKER) == "ready"
            devtools = context.new_cdp_session(page)
            return (
                devtools.send("Page.getInstallabilityErrors")["installabilityErrors"],
                devtools.send("Page.getAppManifest")["errors"],
                devtools.send("Page.getAppId")["appId"],
            )

    against, faults, app_id = town.aside(ask)
    assert (against, faults) == ([], [])
    assert app_id == f"{server.url}/"


def test_it_is_offered_with_the_first_ticket_and_never_before(visit, town):
    phone = visit(by=SITI)
    for path in ("/", "/dokter/", "/perizinan/"):
        phone.goto(path)
        phone.evaluate(OFFER)
        assert phone.locator("[data-install]").count() == 0
    phone.goto(f"/dokter/tickets/{town.take(town.shift('A', 'PKM-JATI-MAKMUR'), SITI)}")
    is_offered(phone)


def test_or_with_the_first_application(visit, town):
    phone = visit(by=SITI)
    case = town.aside(lambda: make.a_submitted_case(town.person(SITI), "AK1").spoken_code)
    phone.goto(f"/perizinan/applications/{case}/receipt")
    is_offered(phone)


def is_offered(phone: Page) -> None:
    hint = phone.locator("[data-install]")
    expect(hint).to_be_hidden()
    phone.evaluate(OFFER)
    expect(hint).to_be_visible()
    hint.get_by_role("button").click()
    expect(hint).to_be_hidden()
    assert phone.evaluate("() => window.asked")
