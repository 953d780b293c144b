"""Where people are sent to pay, and what the port says while nobody takes money."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.webapp.payments.conftest import SECRET
from tests.webapp.payments.stall import PRICE, RICE
from webapp.payments import gateway, signature
from webapp.payments.port import NotConnected, SandboxGateway
from webapp.settings import SettingsError

BACK = "/stall/TT-0001-AAAA"


def test_without_a_gateway_the_port_says_that_it_is_not_connected(app):
    with app.test_request_context():
        assert isinstance(gateway(), NotConnected) and not gateway().is_connected()
        assert gateway().pay_address(RICE, PRICE, BACK) is None


def test_a_secret_alone_connects_nobody(app, monkeypatch):
    settings = replace(app.extensions["settings"], payment_secret=SECRET)
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert not gateway().is_connected()


@pytest.mark.parametrize(
    ("given", "told"),
    [({"payment_gateway": "http://x"}, "PAYMENT_SECRET"),
     ({"payment_gateway": "http://x", "payment_secret": "short"}, "PAYMENT_SECRET"),
     ({"payment_gateway": "javascript:1", "payment_secret": SECRET}, "https")],
)  # fmt: skip
def test_half_a_connection_is_no_start(settings, given, told):
    with pytest.raises(SettingsError, match=told):
        replace(settings, **given)


def asked_at(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_pay_address_is_signed_and_leads_back_by_the_name_people_came_with(connected):
    with connected.test_request_context(base_url="http://localhost:8000"):
        address = gateway().pay_address(RICE, PRICE, BACK)
    assert address.startswith("http://127.0.0.1:8001/pay?")
    asked = asked_at(address)
    home = f"http://localhost:8000{BACK}"
    assert (asked["code"], asked["amount"], asked["back"]) == (RICE, str(PRICE), home)
    assert signature.is_of_link(SECRET, RICE, PRICE, home, asked["sig"])
    assert not signature.is_of_link(SECRET, RICE, PRICE - 1, home, asked["sig"])
    assert not signature.is_of_link(SECRET, RICE, PRICE, "http://evil.example/", asked["sig"])


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1"])
def test_no_road_leads_out_of_the_bank_either(connected, evil):
    with connected.test_request_context(base_url="http://localhost:8000"):
        asked = asked_at(SandboxGateway("http://bank", SECRET).pay_address(RICE, PRICE, evil))
    assert asked["back"] == "http://localhost:8000/"
