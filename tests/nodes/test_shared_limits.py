"""Tries at one login are counted by all nodes together, in the Redis that RATELIMIT_STORAGE names."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.bad_days.visitors import Answer, ask
from tests.nodes.conftest import City, Cluster, two_nodes
from tests.people import SITI_NIK
from tests.servers import Server, eventually, free_port

pytestmark = pytest.mark.only("postgresql")
PER_LOGIN = 10
TOO_MANY = 429


@contextmanager
def a_redis(folder: Path) -> Iterator[int]:
    """One of the test's own that keeps nothing. Yields its port."""
    port = free_port()
    quiet = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(["redis-server", *quiet], stdout=log)
    try:
        assert eventually(lambda: b"Ready to accept" in (folder / "redis.log").read_bytes())
        yield port
    finally:
        process.terminate()
        process.wait(30)


def guess(node: Server, login: str) -> Answer:
    """A wrong password, typed into a fresh page of this node."""
    page = ask(node, "GET", "/sign-in")
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)[1]
    cookie = page.headers["set-cookie"].partition(";")[0]
    form = {"login": login, "password": "tebakan yang salah", "csrf_token": token}
    return ask(node, "POST", "/sign-in", cookie, urlencode(form))


def guesses(cluster: Cluster) -> list[int]:
    """The statuses of twelve tries, dealt out to both nodes in turn."""
    return [guess(cluster.nodes[number % 2], SITI_NIK).status for number in range(PER_LOGIN + 2)]


def test_a_guesser_has_no_more_tries_with_two_nodes(city: City, environment: dict[str, str], tmp_path: Path):
    with a_redis(tmp_path) as port:
        storage = f"redis://127.0.0.1:{port}/0"
        with two_nodes(city, environment, workers=1, RATELIMIT_STORAGE=storage) as cluster:
            statuses = guesses(cluster)
    assert TOO_MANY not in statuses[:PER_LOGIN] and set(statuses[PER_LOGIN:]) == {TOO_MANY}


def test_without_it_each_counts_for_itself(city: City, environment: dict[str, str]):
    """The control."""
    with two_nodes(city, environment, workers=1) as cluster:
        assert TOO_MANY not in guesses(cluster)


def test_when_it_dies_each_counts_for_itself_and_nobody_is_locked_out(
    city: City, environment: dict[str, str], tmp_path: Path
):
    """T87: limits fall back to each process's own, not open; and pages are served."""
    with a_redis(tmp_path) as port:
        storage = f"redis://127.0.0.1:{port}/0"
        with two_nodes(city, environment, workers=1, RATELIMIT_STORAGE=storage) as cluster:
            assert guess(cluster.nodes[0], SITI_NIK).status == 422
            stop = subprocess.run(
                ["redis-cli", "-p", str(port), "shutdown", "nosave"], capture_output=True, check=False
            )
            assert stop.returncode == 0
            statuses = [guess(cluster.nodes[0], SITI_NIK).status for _number in range(PER_LOGIN + 2)]
    assert statuses[0] == 422 and statuses[-1] == TOO_MANY
