"""`make run TLS=1`: the launcher makes an authority, serves https with it, and says what to do on the phone."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from tests.bad_days.test_no_start import GOOD
from tests.servers import eventually, free_port
from webapp import local_tls
from webapp.payments import sandbox
from webapp.settings import ROOT

SAID = re.compile(r"is at (https://127\.0\.0\.1:(\d+)) ")
PATIENCE = 120.0


@dataclass
class Launched:
    """A launcher, what it has printed, and the address it named."""

    process: subprocess.Popen[bytes]
    said: str
    url: str
    authority: Path

    @property
    def trusting(self) -> ssl.SSLContext:
        return local_tls.trusting(self.authority)


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """Outside the demo, which would first live through its past. HOST keeps the test to this machine."""
    folder = tmp_path_factory.mktemp("nearby")
    environ = {
        "PATH": "/usr/bin:/bin", "INSTANCE": str(folder / "instance"), "PORT": str(free_port()), "HOST": "127.0.0.1",
        "DEMO": "0", "TLS": "1", "WORKERS": "1", **GOOD,
    }  # fmt: skip
    said = folder / "said.txt"
    with said.open("wb") as out:
        command = [sys.executable, "-m", "webapp.launcher"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT)
    try:
        assert eventually(lambda: SAID.search(said.read_text()) or process.poll() is not None, PATIENCE)
        found = SAID.search(said.read_text())
        assert found, said.read_text()
        yield Launched(process, said.read_text(), found[1], folder / "instance" / "tls" / "ca.crt")
    finally:
        process.terminate()
        process.wait(PATIENCE)


def test_whoever_trusts_the_authority_gets_pages_and_a_cookie_for_https_only(launched):
    with urlopen(f"{launched.url}/sign-in", context=launched.trusting, timeout=30) as page:
        cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=") and "; Secure" in cookie and "; Path=/" in cookie


def test_whoever_does_not_trust_it_gets_nothing(launched):
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(f"{launched.url}/", timeout=30)


def test_the_phone_finds_what_the_launcher_speaks_of(launched):
    assert "phones do not reach it" in launched.said, "HOST keeps it to this machine"
    told = local_tls.what_to_do(launched.authority, "https://192.168.1.7:8000")
    assert "https://192.168.1.7:8000/ca.crt" in told and str(launched.authority) in told
    assert local_tls.fingerprint(launched.authority)[:23] in told
    with urlopen(f"{launched.url}/ca.crt", context=launched.trusting, timeout=30) as given:
        assert given.read() == launched.authority.read_bytes()


def test_the_bank_of_a_demo_reaches_its_city(launched, monkeypatch):
    """It speaks https to a server that only the authority vouches for; what it says here is not signed."""
    monkeypatch.setenv("PORT", launched.url.rpartition(":")[2])
    callback, line = sandbox.to_the_city("127.0.0.1", launched.authority)
    with pytest.raises(HTTPError) as refused:
        line.open(Request(callback, b"{}", {"Content-Type": "application/json"}), timeout=30)
    with refused.value as answer:
        assert answer.code in (400, 401, 403, 404)
