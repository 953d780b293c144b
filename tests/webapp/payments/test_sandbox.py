"""The sandbox bank: pay pages that only the city can make, and calls that go on until the city has heard."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.conftest import empty_database
from tests.servers import Server, eventually, free_port
from tests.webapp.payments.conftest import SECRET, payments
from tests.webapp.payments.stall import PRICE, RICE
from webapp.payments import sandbox, signature
from webapp.payments.sandbox import Bank, create_bank
from webapp.payments.word import Word
from webapp.settings import ROOT, SettingsError

HOME = "http://localhost:8000/stall/TT-0001-AAAA"

# --- the bank by itself


@pytest.fixture
def told(monkeypatch) -> list[Word]:
    """What a city that always listens has heard."""
    heard: list[Word] = []
    monkeypatch.setattr(Bank, "_is_heard", lambda _bank, body: heard.append(Word.read(body)) or True)
    return heard


@pytest.fixture
def bank() -> Bank:
    return Bank(SECRET, "http://127.0.0.1:9/payments/callback", build_opener())


def order(**changed: object) -> dict[str, object]:
    """What stands in a good link to the pay page; then changed on the way."""
    good = {"code": RICE, "amount": PRICE, "back": HOME, "sig": signature.of_link(SECRET, RICE, PRICE, HOME)}
    return {**good, **changed}


def test_the_pay_page_shows_the_bill_and_that_it_is_no_real_bank(bank):
    answer = create_bank(bank).test_client().get("/pay", query_string=order())
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    text = " ".join(page.get_text(" ").split())
    assert "BANK CONTOH · bukan pembayaran sungguhan" in text and "no real payment" in text
    assert RICE in text and "Rp85.000" in text
    assert len(page.find_all("h1")) == 1 and page.html["lang"] == "id"


@pytest.mark.parametrize(
    "changed",
    [{"amount": PRICE - 1}, {"amount": "x"}, {"amount": "9" * 5000}, {"amount": ""}, {"code": "TT-0002-BBBB"},
     {"back": "http://evil.example/"}, {"back": "javascript:1"}, {"sig": ""}, {"sig": "é"}, {"sig": "0" * 64}],
    ids=str,
)  # fmt: skip
def test_a_pay_link_that_the_city_has_not_signed_is_refused(bank, told, changed):
    client = create_bank(bank).test_client()
    assert client.get("/pay", query_string=order(**changed)).status_code == 403
    pressed = {**order(**changed), "way": "pay", "page": "0" * 16}
    assert client.post("/pay", data=pressed).status_code == 403
    assert told == []


def test_every_answer_carries_a_strict_policy_that_lets_the_form_lead_home(bank):
    client = create_bank(bank).test_client()
    for path in ("/", "/bank.css", "/pay", "/no"):
        policy = client.get(path, buffered=True).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self' ;")
        assert "unsafe" not in policy and "localhost" not in policy
    policy = client.get("/pay", query_string=order()).headers["Content-Security-Policy"]
    assert "form-action 'self' http://localhost:8000;" in policy


def press(bank: Bank, way: str, page: str = "0" * 16):
    return create_bank(bank).test_client().post("/pay", data={**order(), "way": way, "page": page})


@pytest.mark.parametrize(
    ("way", "amounts"), [("pay", [PRICE]), ("twice", [PRICE, PRICE]), ("another", [PRICE + 1000]), ("late", [PRICE])]
)
def test_each_button_tells_the_city_its_own_story(bank, told, monkeypatch, way, amounts):
    monkeypatch.setitem(sandbox.WAYS, "late", ((0, 0.2),))
    answer = press(bank, way)
    assert answer.status_code == 303 and answer.headers["Location"] == HOME
    assert way != "late" or told == []
    assert eventually(lambda: len(told) == len(amounts), patience=5)
    assert [word.amount for word in told] == amounts
    assert {word.code for word in told} == {RICE}
    assert len({word.reference for word in told}) == len(amounts)


def test_a_double_click_is_one_payment_told_twice_and_a_new_page_a_new_one(bank, told):
    press(bank, "pay")
    press(bank, "pay")
    assert told[0] == told[1]
    press(bank, "pay", page="1" * 16)
    assert told[2].reference != told[0].reference


@pytest.mark.parametrize("pressed", [("steal", "0" * 16), ("pay", ""), ("pay", "../../etc")])
def test_a_button_that_is_not_on_the_page_does_nothing(bank, told, pressed):
    assert press(bank, *pressed).status_code == 403
    assert told == []


def test_pauses_grow_up_to_a_minute(bank, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(Bank, "_is_heard", lambda _bank, _body: len(pauses) > 9)
    bank.tell(b"", late=0)
    assert pauses == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_it_stands_one_port_above_the_city_unless_told_otherwise(monkeypatch):
    for name in ("HOST", "PORT", sandbox.SANDBOX_PORT):
        monkeypatch.delenv(name, raising=False)
    assert sandbox.address() == ("127.0.0.1", 8001)
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("HOST", "0.0.0.0")  # noqa: S104 - read, not bound
    assert sandbox.address()[1] == 9001
    monkeypatch.setenv(sandbox.SANDBOX_PORT, "9500")
    assert sandbox.address()[1] == 9500
    monkeypatch.setenv(sandbox.SANDBOX_PORT, "many")
    with pytest.raises(SettingsError, match=sandbox.SANDBOX_PORT):
        sandbox.address()


# --- the bank as a process, in front of a real city


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *_about):
        return None


class Town:
    """A server with a market stall, a bank beside it, and somebody with a browser."""

    def __init__(self, app: Flask, environment: dict[str, str], folder: Path) -> None:
        bank_port = free_port()
        self.bank = f"http://127.0.0.1:{bank_port}"
        mine = {"SERVICES": "tests.webapp.payments.stall", "PAYMENT_SECRET": SECRET, "PAYMENT_GATEWAY": self.bank}
        self.app = app
        self.server = Server({**environment, **mine, sandbox.SANDBOX_PORT: str(bank_port)}, folder / "server.log")
        self.teller: subprocess.Popen[bytes] | None = None

    def open(self) -> Town:
        self.server.start()
        command = [sys.executable, "-m", "webapp.payments.sandbox"]
        self.teller = subprocess.Popen(command, cwd=ROOT, env=self.server.environ, start_new_session=True)
        assert eventually(lambda: answers(f"{self.bank}/"))
        return self

    def close(self) -> None:
        self.server.stop()
        if self.teller:
            self.teller.terminate()
            assert self.teller.wait(10) == -signal.SIGTERM

    def bill(self) -> dict[str, object]:
        with urlopen(f"{self.server.url}/stall/{RICE}", timeout=10) as answer:
            return json.load(answer)

    def press(self, way: str, link: str) -> str:
        """Open the pay page, press a button. Returns where the browser is sent."""
        with urlopen(link, timeout=10) as answer:
            form = BeautifulSoup(answer.read(), "html.parser").form
        typed = {field["name"]: field["value"] for field in form.find_all("input")}
        request = Request(urljoin(link, form["action"]), urlencode({**typed, "way": way}).encode())
        with pytest.raises(HTTPError) as sent:
            build_opener(Stay).open(request, timeout=10)
        sent.value.close()
        assert sent.value.code == 303
        return sent.value.headers["Location"]

    def has(self, *expected: tuple[str, str]) -> bool:
        with self.app.app_context():
            return [(state, reason) for _reference, state, reason in payments()] == list(expected)


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1):
            return True
    except URLError:
        return False


@pytest.fixture
def town(migrated: Flask, environment: dict[str, str], tmp_path: Path) -> Iterator[Town]:
    with migrated.app_context():
        empty_database()
    town = Town(migrated, environment, tmp_path)
    try:
        yield town.open()
    finally:
        town.close()


def test_from_the_bill_to_the_bank_and_back_to_a_paid_bill(town):
    bill = town.bill()
    assert not bill["paid"]
    home = town.press("pay", bill["pay"])
    assert home == f"{town.server.url}/stall/{RICE}"
    assert town.bill()["paid"], "the city has heard before people come back"
    town.press("twice", bill["pay"])
    assert town.has(("accepted", ""), ("held", "already_paid"), ("held", "already_paid"))


def test_a_city_that_is_down_for_a_while_hears_of_it_later(town):
    link = town.bill()["pay"]
    town.server.stop()
    began = time.monotonic()
    town.press("pay", link)
    assert time.monotonic() - began < 10, "the browser does not wait for the city"
    assert town.has()
    town.server.start()
    assert eventually(lambda: town.has(("accepted", "")), patience=30)


def test_without_its_secret_it_does_not_start(environment):
    command = [sys.executable, "-m", "webapp.payments.sandbox"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1 and "PAYMENT_SECRET" in ended.stderr
