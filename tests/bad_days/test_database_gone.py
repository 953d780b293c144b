"""The database goes away under the running application, and comes back: nobody restarts anything."""

import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.bad_days.conftest import Story
from tests.bad_days.outages import BEGIN, outages_of
from tests.bad_days.visitors import Answer, Visitor, ask
from tests.servers import Server, eventually

PATIENCE = 20.0
RUSH = 100
RESTING = "Layanan berhenti sebentar"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "outage" in metafunc.fixturenames:
        names = outages_of(metafunc.config.getoption("--database"))
        alone = {"server_stopped": [pytest.mark.alone]}
        outages = [pytest.param(BEGIN[name], id=name, marks=alone.get(name, [])) for name in names]
        metafunc.parametrize("outage", outages)


def assert_resting(answer: Answer) -> None:
    assert answer.status == 503
    assert RESTING in answer.text and "Tidak ada yang berubah" in answer.text
    assert int(answer.headers["retry-after"]) > 0


def test_pages_say_so_plainly_and_come_back_by_themselves(story: Story, server: Server, environment, outage):
    siti, budi = story.crowd[:2]
    ticket = f"/dokter/tickets/{siti.take_ticket(server, story.shift_id).code}"
    assert siti.open(server, ticket).status == 200
    workers = server.workers()
    with outage(environment["DATABASE_URL"]):
        for path in ("/dokter/", f"/dokter/shifts/{story.shift_id}", "/readyz"):
            assert_resting(ask(server, "GET", path))
        for path in ("/", ticket, "/dokter/tickets"):  # whoever is signed in cannot even be recognised now
            assert_resting(siti.open(server, path))
        assert_resting(budi.take_ticket(server, story.shift_id))
        assert ask(server, "GET", "/healthz").status == 200
    assert eventually(lambda: siti.open(server, ticket).status == 200)
    assert server.workers() == workers, "the same processes as before"
    assert [code for code in story.tickets()] == [ticket.rsplit("/", 1)[1]], "nothing was changed meanwhile"
    assert budi.take_ticket(server, story.shift_id).code, "the form that was refused works now"
    assert sorted(ticket.number for ticket in story.tickets().values()) == [1, 2]


def test_whatever_was_confirmed_while_it_went_away_is_there(story: Story, server: Server, environment, outage):
    confirmed: dict[str, int] = {}

    def take(visitor: Visitor) -> None:
        answer = visitor.take_ticket(server, story.shift_id)
        if answer.code:
            confirmed[answer.code] = visitor.person_id
        else:
            assert_resting(answer)

    crowd = story.crowd[:RUSH]
    with ThreadPoolExecutor(20) as town:
        rush = [town.submit(take, visitor) for visitor in crowd]
        assert eventually(lambda: len(confirmed) >= 20)
        with outage(environment["DATABASE_URL"]):
            for visit in rush:
                visit.result()
    assert len(confirmed) < RUSH, "it went away in the middle of the rush"
    assert eventually(lambda: ask(server, "GET", "/readyz").status == 200)
    held = {code: ticket.person_id for code, ticket in story.tickets().items()}
    assert confirmed.items() <= held.items()
    with ThreadPoolExecutor(10) as town:  # everybody once more, with the form they still have open
        list(town.map(take, crowd))
    tickets = story.tickets()
    assert {code: ticket.person_id for code, ticket in tickets.items()} == confirmed
    assert sorted(ticket.number for ticket in tickets.values()) == list(range(1, RUSH + 1))


def test_an_open_stream_goes_on_afterwards(story: Story, server: Server, environment, outage):
    line = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    line.request("GET", f"/live?watch=dokter-shift-{story.shift_id}")
    stream = line.getresponse()
    assert stream.status == 200
    hear(stream, f"event: dokter-shift-{story.shift_id}")  # how it stands at first
    with outage(environment["DATABASE_URL"]):
        assert_resting(ask(server, "GET", "/dokter/"))
        time.sleep(1)  # long enough for the feed to have stumbled
    assert eventually(lambda: story.crowd[0].take_ticket(server, story.shift_id).code is not None)
    hear(stream, f"event: dokter-shift-{story.shift_id}")
    line.close()


def hear(stream: HTTPResponse, line: str) -> None:
    """Read on until this line is said. A stream that says nothing more times out."""
    while said := stream.readline():
        if said.strip() == line.encode():
            return
    raise AssertionError("the stream has ended")
