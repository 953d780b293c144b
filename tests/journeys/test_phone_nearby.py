"""`make run TLS=1` on a phone: once the authority is trusted, the app can be installed over https."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, expect

from tests.journeys.browsers import WORKER
from tests.journeys.town import PASSWORD, SITI
from tests.journeys.trust import phone_that_trusts
from tests.servers import Server, serving
from webapp import local_tls


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return local_tls.make_ready(tmp_path_factory.mktemp("tls"), [], "balai").authority


@pytest.fixture(scope="module")
def nearby(town, log, authority) -> Iterator[Server]:
    """The town's server as the launcher starts it with TLS=1."""
    files = local_tls.TlsFiles(authority.parent)
    paths = {"LOCAL_CA": files.authority, "TLS_CERTIFICATE": files.certificate, "TLS_KEY": files.key}
    with serving(town.environ(TLS="1", **{name: str(path) for name, path in paths.items()}), log) as server:
        yield server


def test_the_worker_is_installed_and_a_citizen_signs_in(town, nearby, authority, tmp_path):
    def story() -> tuple[list[dict[str, Any]], dict[str, bool]]:
        with phone_that_trusts(tmp_path, authority) as phone:
            phone.goto(f"{nearby.url}/sign-in")
            assert phone.evaluate(WORKER) == "ready"
            assert phone.evaluate("() => window.isSecureContext")
            against = phone.context.new_cdp_session(phone).send("Page.getInstallabilityErrors")
            phone.get_by_label("NIK").fill(SITI)
            phone.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
            phone.locator("main").get_by_role("button", name="Masuk").click()
            expect(phone.get_by_text("Siti").first).to_be_visible()
            cookies = {cookie["name"]: cookie["secure"] for cookie in phone.context.cookies()}
            return against["installabilityErrors"], cookies

    against, cookies = town.aside(story)
    assert [fault for fault in against if fault["errorId"] != "in-incognito"] == []
    assert cookies == {"__Host-session": True}


def test_a_phone_that_does_not_trust_it_warns(town, nearby, tmp_path):
    """The control: it is the authority that opens the door, no switch of the browser."""

    def story() -> None:
        with phone_that_trusts(tmp_path, None) as phone:
            phone.goto(nearby.url)

    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        town.aside(story)
