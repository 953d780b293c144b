"""Whoever subscribes chooses the endpoint: nothing is ever sent but to a push service on the open internet (T43)."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.push_service import Phone, push_service
from tests.webapp.push.conftest import KEY
from webapp.push import hosts, sending
from webapp.push.hosts import NotAllowedHost, door_of
from webapp.push.sending import Message, send
from webapp.settings import PUSH_HOSTS

KNOWN = "https://fcm.googleapis.com/fcm/send/abc"
PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
    "0.0.0.0",  # noqa: S104 - refused, not bound
    "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("endpoint", [
    KNOWN, "https://updates.push.services.mozilla.com/wpush/v2/abc", "https://web.push.apple.com/QK", "https://fcm.googleapis.com:443/a",
    "https://db5p.notify.windows.com/w/?token=BQYAAA",
])  # fmt: skip
def test_the_browsers_own_services_are_known(endpoint):
    door = door_of(endpoint, PUSH_HOSTS)
    assert endpoint.replace(":443", "") == door.origin + door.path


@pytest.mark.parametrize("endpoint", [
    "http://fcm.googleapis.com/a", "https://fcm.googleapis.com:8443/a", "https://fcm.googleapis.com.evil.invalid/a",
    "https://evil.invalid/fcm.googleapis.com", "https://fcm.googleapis.com@evil.invalid/a",
    "https://push.apple.com.evil.invalid/", "https://127.0.0.1/a", "https://[::1]/a", "https://localhost/a", "ftp://fcm.googleapis.com/a",
    "//fcm.googleapis.com/a", "",
    "https://fcm.googleapis.com:99999/a", "https://fcm.googleapis.com/a b",
    "https://fcm.googleapis.com/a\r\nX: y", "https://fcm.googleapis.com/\u00e9",
    "https://xn--fcm.invalid/", "https://evilpush.apple.com.invalid/", "https://fcm.googleapis.com\\.evil.invalid/",
    "http://127.0.0.1:9/a", "file:///etc/passwd", "https:///a",
])  # fmt: skip
def test_nobody_else_is(endpoint):
    with pytest.raises(NotAllowedHost):
        door_of(endpoint, PUSH_HOSTS)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_is_public(address):
    assert not hosts.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.4.95", "2404:6800:4003:c03::5f"])
def test_the_open_internet_is(address):
    assert hosts.is_public(address)


# --- a name that leads into the house


@contextmanager
def a_listener() -> Iterator[tuple[int, list[object]]]:
    """Somebody in the house who must never be called: its port, and who called."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as ear:
        ear.settimeout(0.05)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    line, _who = ear.accept()
                except TimeoutError:
                    continue
                calls.append(line)
                line.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield ear.getsockname()[1], calls
        finally:
            over.set()
            thread.join()


def message(endpoint: str) -> Message:
    keys = Phone(endpoint).keys
    return Message(1, 1, 1, endpoint, keys["p256dh"], keys["auth"], b"{}", 60, "high", "topic")


@pytest.fixture
def names(monkeypatch, app):
    """What names lead to: the last address again and again. Returns how often somebody asked."""
    asked, real = [], socket.getaddrinfo

    def lead(port: int, *addresses: str) -> list[str]:
        left = list(addresses)

        def find(host, *args, **more):
            if host in addresses:  # an address is no name
                return real(host, *args, **more)
            asked.append(host)
            address = left.pop(0) if len(left) > 1 else left[0]
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", find)
        monkeypatch.setattr(hosts, "HTTPS", port)
        return asked

    return lead


@pytest.fixture
def ours(app):
    return replace(app.extensions["settings"], vapid_private_key=KEY)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_known_name_that_leads_into_the_house_is_not_asked(names, ours, address):
    with a_listener() as (port, calls):
        names(port, address)
        outcome = send(message(KNOWN), ours)
    assert (outcome.kind, calls) == ("refused", [])


def test_control_without_the_look_at_the_address_the_house_is_called(names, ours, monkeypatch):
    monkeypatch.setattr(hosts, "is_public", lambda _address: True)
    with a_listener() as (port, calls):
        names(port, "127.0.0.1")
        send(message(KNOWN), ours)
    assert calls


def test_a_name_is_looked_up_once_so_that_it_cannot_lead_elsewhere_the_next_moment(names, ours, monkeypatch):
    """Rebinding: the address that was looked at is the one that is called."""
    called = []

    def connect(address, *_args, **_more):
        called.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(sending.urllib3.util.connection, "create_connection", connect)
    with a_listener() as (port, calls):
        asked = names(port, "8.8.8.8", "127.0.0.1")
        assert send(message(KNOWN), ours).kind == "later"
    assert calls == [] and asked == ["fcm.googleapis.com"]
    assert {address for address, _port in called} == {"8.8.8.8"}


def test_one_private_address_among_others_is_enough_to_refuse(monkeypatch, ours):
    found = [(socket.AF_INET, 1, 6, "", ("8.8.8.8", 443)), (socket.AF_INET6, 1, 6, "", ("::1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    assert send(message(KNOWN), ours).kind == "refused"


def test_the_certificate_must_be_the_names_although_an_address_is_called(names, ours, monkeypatch, tmp_path):
    monkeypatch.setattr(hosts, "is_public", lambda _address: True)
    asked_for = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path, "fcm.googleapis.com"))
    context.sni_callback = lambda _line, name, _context: asked_for.append(name)
    with push_service() as impostor:
        impostor._http.socket = context.wrap_socket(impostor._http.socket, server_side=True)
        names(impostor._http.server_port, "127.0.0.1")
        outcome = send(message(KNOWN), ours)
        assert (outcome.kind, outcome.why, impostor.asked) == ("later", "SSLError", [])
    assert set(asked_for) == {"fcm.googleapis.com"}


def self_signed(folder: Path, name: str) -> Path:
    """A certificate that nobody vouches for, with its key."""
    key, file = ec.generate_private_key(ec.SECP256R1()), folder / "impostor.pem"
    who, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    serial, ends = x509.random_serial_number(), now + timedelta(days=1)
    made = x509.CertificateBuilder(who, who, key.public_key(), serial, now, ends)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem = key.private_bytes(serialization.Encoding.PEM, *plain)
    file.write_bytes(pem + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return file


# --- a service that sends us elsewhere


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(ours, status):
    with push_service() as service, push_service() as trap:
        phone, both = service.phone("siti"), replace(ours, push_hosts=(service.url, trap.url))
        service.answers["/siti"], service.more_headers = [status], {"Location": f"{trap.url}/inside"}
        assert send(message(phone.endpoint), both).kind == "refused"
        assert (service.asked, trap.asked) == (["/siti"], [])


def test_control_whoever_follows_falls_into_the_trap():
    with push_service() as service, push_service() as trap:
        service.answers["/siti"], service.more_headers = [302], {"Location": f"{trap.url}/inside"}
        trap.answers["/inside"] = [204]
        urlopen(Request(f"{service.url}/siti", data=b"x"), timeout=10)
        assert trap.asked == ["/inside"]
