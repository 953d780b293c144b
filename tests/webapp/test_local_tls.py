"""The authority of `make run TLS=1`: made once, trusted by phones, and good for nothing but machines nearby."""

import shutil
import ssl
import stat
import subprocess
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from tests.pages import Browser
from webapp import clock, create_app, local_tls
from webapp.local_tls import TlsFiles
from webapp.settings import Settings

HOME, ELSEWHERE = IPv4Address("192.168.1.7"), IPv4Address("10.20.30.40")


def make(folder: Path, *addresses: IPv4Address) -> TlsFiles:
    return local_tls.make_ready(folder, list(addresses) or [HOME], "balai")


@pytest.fixture
def files(tmp_path: Path) -> TlsFiles:
    return make(tmp_path)


def server_certificate(files: TlsFiles) -> x509.Certificate:
    return x509.load_pem_x509_certificate(files.certificate.read_bytes())


def shake_hands(files: TlsFiles, name: str, trusting: ssl.SSLContext | None = None) -> None:
    """A browser and this server meet, in memory. Raises SSLCertVerificationError where the browser would warn."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(files.certificate, files.key)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = (trusting or local_tls.trusting(files.authority)).wrap_bio(back, there, server_hostname=name)
    server = serving.wrap_bio(there, back, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue


@pytest.mark.parametrize("name", ["192.168.1.7", "127.0.0.1", "localhost", "balai.local"])
def test_whoever_trusts_the_authority_trusts_this_machine_by_each_of_its_names(files, name):
    shake_hands(files, name)


def test_whoever_does_not_is_warned_and_so_is_everybody_at_another_name(files):
    for name, trusting in (
        ("192.168.1.7", ssl.create_default_context()),
        ("192.168.1.8", None),
        ("binjai.go.id", None),
    ):
        with pytest.raises(ssl.SSLCertVerificationError):
            shake_hands(files, name, trusting)


@pytest.mark.parametrize("foreign", [x509.DNSName("bank.example"), x509.IPAddress(IPv4Address("8.8.8.8"))])
def test_its_key_cannot_be_used_for_a_site_of_the_world(files, foreign):
    """The control: it vouches in the same way for a name nearby, and that one is believed."""
    authority = local_tls._read(files.authority, files.authority_key)
    for name, believed in ((x509.DNSName("puskesmas.local"), True), (foreign, False)):
        pair = local_tls._new_server([name], authority)
        local_tls._keep(pair, files.certificate, files.key, Encoding.PEM)
        if believed:
            shake_hands(files, name.value)
        else:
            with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
                shake_hands(files, str(name.value))


def test_another_reader_of_certificates_agrees(files, tmp_path):
    """Debian's openssl is there wherever Chromium or PostgreSQL is."""
    assert shutil.which("openssl")
    authority = tmp_path / "authority.pem"
    authority.write_text(ssl.DER_cert_to_PEM_cert(files.authority.read_bytes()))
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_ip", str(HOME)]
    subprocess.run([*command, "-CAfile", authority, files.certificate], check=True, capture_output=True)


def test_only_the_owner_reads_the_keys_and_nothing_lasts_longer_than_browsers_take(files):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files.folder.iterdir()}
    assert modes == {"ca.crt": 0o644, "ca.key": 0o600, "server.crt": 0o644, "server.key": 0o600}
    found = server_certificate(files)
    assert found.not_valid_after_utc - found.not_valid_before_utc <= timedelta(days=398)


def test_a_second_start_makes_nothing(files):
    before = {path: path.read_bytes() for path in files.folder.iterdir()}
    make(files.folder)
    assert {path: path.read_bytes() for path in files.folder.iterdir()} == before


def test_a_new_address_gets_a_new_certificate_from_the_same_authority(files):
    trusted, before = files.authority.read_bytes(), files.certificate.read_bytes()
    make(files.folder, ELSEWHERE)
    assert files.authority.read_bytes() == trusted and files.certificate.read_bytes() != before
    shake_hands(files, str(ELSEWHERE))
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(files, str(HOME))


def test_a_certificate_is_renewed_before_it_ends(tmp_path):
    with clock.frozen(clock.machine() - timedelta(days=380)):
        files = make(tmp_path)
    trusted, before = files.authority.read_bytes(), server_certificate(files)
    make(tmp_path)
    assert files.authority.read_bytes() == trusted
    assert server_certificate(files).not_valid_after_utc > before.not_valid_after_utc


def test_an_authority_at_its_end_is_replaced_and_its_certificate_with_it(tmp_path):
    with clock.frozen(clock.machine() - timedelta(days=3 * 365 - 10)):
        files = make(tmp_path)
    trusted = files.authority.read_bytes()
    make(tmp_path)
    assert files.authority.read_bytes() != trusted
    shake_hands(files, str(HOME))


@pytest.mark.parametrize("name", ["ca.crt", "ca.key", "server.crt", "server.key"])
@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"spoilt")])
def test_what_was_lost_or_spoilt_is_made_anew(files, name, harm):
    harm(files.folder / name)
    make(files.folder)
    shake_hands(files, str(HOME))


def test_a_key_beside_a_certificate_of_another_is_noticed(files, tmp_path):
    other = make(tmp_path / "other")
    shutil.copy(other.key, files.key)
    make(files.folder)
    shake_hands(files, str(HOME))


def test_its_addresses_are_those_of_local_networks():
    assert all(any(one in block for block in local_tls.NETWORKS) for one in local_tls.addresses())
    assert local_tls.LOOPBACK not in local_tls.addresses()
    assert local_tls._address_of("lo") == local_tls.LOOPBACK
    assert local_tls._address_of("no-such-thing") is None


# --- what the application says of it


@pytest.fixture
def nearby(app: Flask, settings: Settings, files: TlsFiles) -> Browser:
    """A phone in front of `make run TLS=1`."""
    return Browser(create_app(replace(settings, tls=True, local_ca=files.authority)))


def test_phones_fetch_the_authority_where_there_is_one(nearby, browser, files):
    with nearby.http.get("/ca.crt") as given:
        assert given.status_code == 200 and given.data == files.authority.read_bytes()
        assert given.mimetype == "application/x-x509-ca-cert"
    assert browser.http.get("/ca.crt").status_code == 404, "a city with a real certificate offers none"


def test_a_trial_binds_no_browser_to_https_for_a_year(nearby, settings):
    city = Browser(create_app(replace(settings, tls=True)))
    assert "Strict-Transport-Security" in city.http.get("/").headers
    assert "Strict-Transport-Security" not in nearby.http.get("/").headers
