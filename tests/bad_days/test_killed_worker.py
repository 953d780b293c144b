"""kill -9 of a worker while two hundred people take tickets."""

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.bad_days.conftest import CROWD, Story
from tests.bad_days.visitors import Visitor
from tests.servers import Server

CONFIRMED_BEFORE = 40


def test_no_confirmed_ticket_is_lost_when_a_worker_is_killed(story: Story, server: Server):
    confirmed: dict[int, str] = {}
    some_have_theirs = threading.Event()

    def take(visitor: Visitor) -> None:
        try:
            answer = visitor.take_ticket(server, story.shift_id)
        except OSError:
            return  # the line broke: this person knows nothing and will try again
        assert answer.code, f"{answer.status}: neither a ticket nor a broken line"
        confirmed[visitor.person_id] = answer.code
        if len(confirmed) >= CONFIRMED_BEFORE:
            some_have_theirs.set()

    def kill() -> int:
        assert some_have_theirs.wait(60)
        return server.kill_a_worker()

    with ThreadPoolExecutor(CROWD + 1) as town:
        killed = town.submit(kill)
        for visit in [town.submit(take, visitor) for visitor in story.crowd]:
            visit.result()
    first = dict(confirmed)
    assert killed.result() not in server.workers(), "the worker is dead"
    assert CONFIRMED_BEFORE <= len(first) < CROWD, "it died in the middle of the rush"
    tickets = story.tickets()
    assert {code: tickets[code].person_id for code in first.values()} == {code: who for who, code in first.items()}

    with ThreadPoolExecutor(20) as town:  # everybody once more, with the form they still have open
        list(town.map(take, story.crowd))
    tickets = story.tickets()
    assert len(confirmed) == CROWD and confirmed | first == confirmed, "the same ticket as before, or at last one"
    assert {ticket.person_id: code for code, ticket in tickets.items()} == confirmed
    assert sorted(ticket.number for ticket in tickets.values()) == list(range(1, CROWD + 1))
