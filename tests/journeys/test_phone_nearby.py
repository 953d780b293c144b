"""`make run TLS=1` on a phone: once the authority is trusted, the app can be installed over https."""

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from tests.journeys.browsers import ARGUMENTS, PHONE, browser_path
from tests.journeys.test_no_network import WORKER
from tests.journeys.town import PASSWORD, SITI
from tests.journeys.trust import home_that_trusts
from tests.servers import serving
from webapp import local_tls

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def nearby(town, log, tmp_path_factory):
    """The town's server as the launcher starts it with TLS=1."""
    files = local_tls.make_ready(tmp_path_factory.mktemp("tls"), [], "balai")
    paths = {"LOCAL_CA": files.authority, "TLS_CERTIFICATE": files.certificate, "TLS_KEY": files.key}
    with serving(town.environ(TLS="1", **{name: str(path) for name, path in paths.items()}), log) as server:
        yield server, files.authority


def open_with(town, tmp_path, authority, story):
    """Tell the story with a phone of its own; returns what it returns."""

    def tell():
        environ = home_that_trusts(tmp_path / "owner", authority)
        with sync_playwright() as playwright:
            browser: Browser = playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS, env=environ)
            try:
                return story(browser.new_context(locale="id-ID", **PHONE).new_page())
            finally:
                browser.close()

    return town.aside(tell)


def test_the_worker_is_installed_and_a_citizen_signs_in(town, nearby, tmp_path):
    server, authority = nearby

    def story(phone):
        phone.goto(f"{server.url}/sign-in")
        assert phone.evaluate(WORKER) == "ready"
        assert phone.evaluate("() => window.isSecureContext")
        against = phone.context.new_cdp_session(phone).send("Page.getInstallabilityErrors")["installabilityErrors"]
        phone.get_by_label("NIK").fill(SITI)
        phone.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
        phone.locator("main").get_by_role("button", name="Masuk").click()
        expect(phone.get_by_text("Siti").first).to_be_visible()
        return against, {cookie["name"]: cookie["secure"] for cookie in phone.context.cookies()}

    against, cookies = open_with(town, tmp_path, authority, story)
    assert [fault for fault in against if fault["errorId"] != "in-incognito"] == []
    assert cookies == {"__Host-session": True}


def test_a_phone_that_does_not_trust_it_warns(town, nearby, tmp_path):
    """The control: it is the authority that opens the door, no switch of the browser."""
    server, _authority = nearby
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        open_with(town, tmp_path, None, lambda phone: phone.goto(server.url))
