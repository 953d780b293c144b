"""Tries at one login are counted by all nodes together, in the Redis that RATELIMIT_STORAGE names."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.bad_days.visitors import Answer, ask
from tests.nodes.conftest import City, Cluster, two_nodes
from tests.people import BUDI_NIK, SITI_NIK
from tests.servers import Server, eventually, free_port

pytestmark = pytest.mark.only("postgresql")
PER_LOGIN = 10
WRONG, TOO_MANY = 422, 429


class Redis:
    """One of the test's own, which keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.port, log = free_port(), folder / "redis.log"
        quiet = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
        with log.open("wb") as said:
            self._process = subprocess.Popen(["redis-server", "--port", str(self.port), *quiet], stdout=said)
        assert eventually(lambda: b"Ready to accept" in log.read_bytes())

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    redis = Redis(tmp_path)
    yield redis
    redis.stop()


@pytest.fixture
def cluster(city: City, environment: dict[str, str], redis: Redis) -> Iterator[Cluster]:
    storage = f"redis://127.0.0.1:{redis.port}/0"
    with two_nodes(city, environment, workers=1, RATELIMIT_STORAGE=storage) as cluster:
        yield cluster


def guess(node: Server, login: str) -> Answer:
    """A wrong password, typed into a fresh page of this node."""
    page = ask(node, "GET", "/sign-in")
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)[1]
    cookie = page.headers["set-cookie"].partition(";")[0]
    form = {"login": login, "password": "tebakan yang salah", "csrf_token": token}
    return ask(node, "POST", "/sign-in", cookie, urlencode(form))


def guesses(nodes: Sequence[Server], login: str) -> list[int]:
    """The statuses of twelve tries, dealt out to these nodes in turn."""
    return [guess(nodes[number % len(nodes)], login).status for number in range(PER_LOGIN + 2)]


def test_a_guesser_has_no_more_tries_with_two_nodes(cluster: Cluster, redis: Redis):
    statuses = guesses(cluster.nodes, SITI_NIK)
    assert TOO_MANY not in statuses[:PER_LOGIN] and set(statuses[PER_LOGIN:]) == {TOO_MANY}

    redis.stop()  # the control, and T87: now each node counts for itself, and nobody is locked out
    assert set(guesses(cluster.nodes, BUDI_NIK)) == {WRONG}
    statuses = guesses(cluster.nodes[:1], BUDI_NIK)
    assert statuses[0] == WRONG and statuses[-1] == TOO_MANY, "limits have fallen back, they are not gone"
