"""kill -9 of a worker while two hundred people take tickets."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

from tests.bad_days.conftest import CROWD, Story
from tests.bad_days.visitors import Visitor
from tests.servers import Server, eventually

CONFIRMED_BEFORE = 40


def busiest_worker(server: Server) -> int:
    """The one that holds most lines, so that its death is felt."""
    return max(server.workers(), key=lambda pid: len(os.listdir(f"/proc/{pid}/fd")))


def test_no_confirmed_ticket_is_lost_when_a_worker_is_killed(story: Story, server: Server):
    confirmed: dict[int, str] = {}
    killed: list[int] = []
    lock, all_are_here = threading.Lock(), threading.Barrier(CROWD)

    def take(visitor: Visitor) -> None:
        try:
            answer = visitor.take_ticket(server, story.shift_id)
        except OSError:
            return  # the line broke: this person knows nothing and will try again
        assert answer.code, f"{answer.status}: neither a ticket nor a broken line"
        with lock:
            confirmed[visitor.person_id] = answer.code
            if len(confirmed) == CONFIRMED_BEFORE and not killed:
                killed.append(busiest_worker(server))
                os.kill(killed[0], signal.SIGKILL)

    def rush(visitor: Visitor) -> None:
        all_are_here.wait(60)
        take(visitor)

    with ThreadPoolExecutor(CROWD) as town:
        list(town.map(rush, story.crowd))
    first = dict(confirmed)
    assert killed and eventually(lambda: killed[0] not in server.workers()), "the worker is dead"
    assert CONFIRMED_BEFORE <= len(first) < CROWD, "it died in the middle of the rush"
    tickets = story.tickets()
    assert {code: tickets[code].person_id for code in first.values()} == {code: who for who, code in first.items()}

    with ThreadPoolExecutor(20) as town:  # everybody once more, with the form they still have open
        list(town.map(take, story.crowd))
    tickets = story.tickets()
    assert len(confirmed) == CROWD and confirmed | first == confirmed, "the same ticket as before, or at last one"
    assert {ticket.person_id: code for code, ticket in tickets.items()} == confirmed
    assert sorted(ticket.number for ticket in tickets.values()) == list(range(1, CROWD + 1))
