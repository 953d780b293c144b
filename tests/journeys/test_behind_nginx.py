"""A city as it stands on the internet: a browser, HTTP/2 and TLS, the repository's nginx, and two nodes behind it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.journeys.browsers import WORKER, is_marked, mark
from tests.journeys.town import Town
from tests.journeys.trust import phone_that_trusts
from tests.nodes.front import NAME, Front
from tests.servers import Server, serving

SOON = 30_000
LONGEST_PAUSE = 32_000  # of a browser between two tries
CITY = f"https://{NAME}"
PROTOCOLS = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter((entry) => entry.name.startsWith(location.origin)).map((entry) => entry.nextHopProtocol)"""


@pytest.fixture
def nodes(town: Town, log) -> Iterator[list[Server]]:
    """Two nodes on one machine may share a SQLite file."""
    environ = town.environ(TLS="1", TRUSTED_PROXIES="1")
    with ExitStack() as stack:
        yield [stack.enter_context(serving(environ, log, workers=1)) for _node in range(2)]


@pytest.fixture
def front(nodes: list[Server], tmp_path) -> Iterator[Front]:
    front = Front(tmp_path / "nginx", [node.port for node in nodes])
    try:
        yield front.start()
    finally:
        front.stop()


def phone_at(front: Front, owner: Path) -> AbstractContextManager[Page]:
    return phone_that_trusts(owner, front.tls.authority, f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{front.port}")


def sign_in(phone: Page, login: str) -> None:
    phone.goto(f"{CITY}/sign-in")
    phone.get_by_label("NIK").fill(login)
    phone.get_by_label("Kata sandi", exact=True).fill(people.PASSWORD)
    phone.locator("main").get_by_role("button", name="Masuk").click()
    expect(phone).to_have_url(f"{CITY}/")


def test_a_number_is_taken_and_called(town: Town, front: Front, tmp_path):
    login, shift = town.citizen("Rina Percobaan", 901), town.extra_shift("N", "PKM-TANAH-TINGGI")
    town.wait_in_line(shift, 1)

    def story() -> set[str]:
        with phone_at(front, tmp_path / "owner") as phone:
            phone.goto(f"{CITY}/")
            assert phone.evaluate(WORKER) == "ready"
            sign_in(phone, login)
            phone.goto(f"{CITY}/dokter/shifts/{shift}")
            phone.locator("[name=share][value=jkn]").check()
            phone.locator("main").get_by_role("button", name="Ambil nomor").click()
            ahead = phone.locator("[data-ahead]")
            expect(ahead).to_have_text("1")
            mark(phone)
            town.call_next(shift)
            expect(ahead).to_have_text("0", timeout=SOON)
            town.call_next(shift)
            expect(phone.locator(".ticket-call")).to_have_text("Giliran Anda", timeout=SOON)
            assert is_marked(phone), "by the stream, not by a reload"
            return set(phone.evaluate(PROTOCOLS))

    protocols = town.aside(story)
    assert "h2" in protocols and protocols <= {"h2", ""}, "an empty one is an answer of the app's worker"
    assert len(front.nodes_asked()) == 2


def test_while_all_nodes_are_away_the_phone_shows_what_it_has_and_says_what_was_not_sent(
    town: Town, front: Front, nodes: list[Server], tmp_path
):
    """The network is there, and nginx apologises: to the person at the phone that is the same as no network."""
    login, shift = town.citizen("Rina Percobaan", 903), town.extra_shift("SO", "PKM-TANAH-TINGGI")
    code = town.take(shift, login)
    ticket, other = f"{CITY}/dokter/tickets/{code}", f"{CITY}/dokter/shifts/{town.shift('A', 'PKM-RAMBUNG')}"

    def story() -> None:
        with phone_at(front, tmp_path / "owner") as phone:
            sign_in(phone, login)
            assert phone.evaluate(WORKER) == "ready"
            phone.goto(ticket)
            expect(phone.locator("[data-offline-note]")).to_be_hidden()
            phone.goto(other)
            for node in nodes:
                node.stop()
            phone.locator("[name=share][value=jkn]").check()
            phone.locator("main").get_by_role("button", name="Ambil nomor").click()
            expect(phone.locator("#notice")).to_contain_text("kirim lagi")
            phone.goto(ticket)
            expect(phone.locator("[data-offline-note]")).to_be_visible()
            phone.get_by_role("button", name="Saya di jalan").click()
            expect(phone.locator("[data-unsent]")).to_be_focused()
            phone.goto(f"{CITY}/outbox")
            expect(phone.locator("[data-rows] article")).to_have_count(1)
            phone.goto(f"{CITY}/account")
            expect(phone.locator("h1")).to_have_text("Tidak ada sambungan")
            expect(phone.locator("#readable a")).to_have_count(1)
            for node in nodes:
                node.start()
            phone.goto(f"{CITY}/outbox")
            expect(phone.locator("[data-nothing]")).to_be_visible(timeout=SOON)
            phone.goto(ticket)
            expect(phone.get_by_text("Klinik tahu sejak")).to_be_visible()
            phone.goto(f"{CITY}/account")
            phone.get_by_role("button", name="Keluar").click()
            expect(phone.get_by_role("link", name="Masuk").first).to_be_visible()

    town.aside(story)


COUNT_SOURCES = """() => {
  const own = htmx.createEventSource;
  window.sources = 0;
  htmx.createEventSource = (url) => { window.sources += 1; return own(url); };
}"""


def test_when_all_nodes_restart_phones_come_back_by_chance(town: Town, front: Front, nodes: list[Server], tmp_path):
    """nginx answers 503 meanwhile, which ends an EventSource for good. htmx's extension would try again at the same
    moments on every phone, and later and later: it is never told."""
    login, shift = town.citizen("Rina Percobaan", 902), town.extra_shift("O", "PKM-TANAH-TINGGI")
    town.wait_in_line(shift, 1)

    def story() -> int:
        with phone_at(front, tmp_path / "owner") as phone:
            sign_in(phone, login)
            phone.goto(f"{CITY}/dokter/shifts/{shift}")
            phone.locator("[name=share][value=jkn]").check()
            phone.locator("main").get_by_role("button", name="Ambil nomor").click()
            expect(phone.locator("[data-ahead]")).to_have_text("1")
            phone.evaluate(COUNT_SOURCES)
            for node in nodes:
                node.stop()
            expect(phone.locator("[data-cut]")).to_be_visible(timeout=SOON)
            phone.wait_for_timeout(10_000)  # longer than the browser itself waits: it has met a 503
            for node in nodes:
                node.start()
            expect(phone.locator("[data-cut]")).to_be_hidden(timeout=LONGEST_PAUSE + SOON)
            town.call_next(shift)
            expect(phone.locator("[data-ahead]")).to_have_text("0", timeout=SOON)
            return phone.evaluate("window.sources")

    assert town.aside(story) == 0
    assert "GET 503" in front.log()
