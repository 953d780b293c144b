"""Whoever loses a role or signs out watches no longer, whatever process holds their stream (T07)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import people
from tests.bad_days.visitors import ask, visitors_of
from tests.factories import clinics as make
from tests.servers import Server, eventually, serving
from tests.webapp.live.conftest import WORKERS
from webapp.accounts import actions as accounts
from webapp.accounts.models import Person
from webapp.settings import SERVICES

WALL = "dokter-queue"
AT_MOST = 5.0  # seconds
MANY = 12


@pytest.fixture(scope="module")
def rudi(city) -> Person:
    make.a_unit("KOMINFO")
    return people.rudi()


@pytest.fixture(scope="module")
def cookie(city, rudi) -> str:
    return visitors_of(city, [rudi])[0].cookie


@pytest.fixture
def deaf(rudi, environment, log) -> Iterator[Server]:
    services = ",".join([*SERVICES, "tests.webapp.live.deaf"])
    with serving(environment | {"SERVICES": services}, log) as running:
        assert eventually(lambda: len(running.workers()) == WORKERS)
        yield running


def connections(pid: int) -> int:
    return sum(os.readlink(file).startswith("socket:") for file in Path(f"/proc/{pid}/fd").iterdir())


def walls(server: Server, read, cookie: str) -> list:
    """The same wall many times, so that each of the processes holds some."""
    before = [connections(pid) for pid in server.workers()]
    opened = [read(server.port, [WALL], cookie) for _wall in range(MANY)]
    assert len(before) == WORKERS and all(wall.hears(f"event: {WALL}") for wall in opened)
    while not all(connections(pid) > held for pid, held in zip(server.workers(), before, strict=True)):
        opened.append(read(server.port, [WALL], cookie))
        assert opened[-1].hears(f"event: {WALL}") and len(opened) < 500
    return opened


def ends_role(person: Person) -> None:
    accounts.end_membership(person.memberships[0].id, by=None)


def signs_out(person: Person) -> None:
    accounts.sign_out(accounts.open_session(person))


@pytest.mark.parametrize("leave", [signs_out, ends_role])
def test_their_streams_end_in_every_process(server, rudi, cookie, read, leave):
    opened = walls(server, read, cookie)
    leave(rudi)
    assert all(wall.ends(AT_MOST) for wall in opened)
    seen = ask(server, "HEAD", f"/live?watch={WALL}", cookie).status
    assert seen == (404 if leave is ends_role else 200), "the other session of the same person still stands"


def test_with_the_defence_off_they_would_go_on(deaf, rudi, cookie, read):
    """The control."""
    accounts.begin_membership(rudi, "KOMINFO", "operator", by=None)
    opened = walls(deaf, read, cookie)
    ends_role(rudi)
    assert not opened[0].ends(AT_MOST)
    assert not any(wall.ends(0.1) for wall in opened)
