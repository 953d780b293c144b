"""Two groups of processes over one PostgreSQL, as on two machines, and nginx in front of them."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import time, timedelta
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blueprints.dokter import actions
from blueprints.dokter.models import Clinic, Shift, Ticket
from tests import people
from tests.bad_days.visitors import Visitor, visitors_of
from tests.conftest import TUESDAY, empty_database
from tests.factories import clinics as make
from tests.nodes.front import Front
from tests.nodes.reader import Reader
from tests.servers import Server
from webapp import clock
from webapp.accounts.models import Person
from webapp.db import db

CROWD = 24
Watch = Callable[..., list[Reader]]


@dataclass(frozen=True)
class City:
    """A clinic on a Tuesday at eight, its nurse at the tablet, and people with phones who are signed in."""

    folder: Path
    offset: timedelta
    crowd: list[Visitor]
    nurse: Visitor
    wards: Iterator[int]


@pytest.fixture(scope="module")
def city(migrated: Flask, tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    offset = clock.store_offset(folder, clock.at(TUESDAY, time(8)))
    with migrated.app_context():
        empty_database()
        make.a_clinic()
        visitors = [by_https(one) for one in visitors_of(migrated, [people.ani(), *people.a_crowd(CROWD)])]
        db.session.remove()
    return City(folder, offset, visitors[1:], visitors[0], count(1))


def by_https(visitor: Visitor) -> Visitor:
    """The same session where the city is reached by https: its cookie has another name there."""
    return replace(visitor, cookie=f"__Host-{visitor.cookie}")


@dataclass(frozen=True)
class Story:
    """A queue that nobody else has used."""

    shift_id: int
    crowd: list[Visitor]
    nurse: Visitor

    @property
    def watching(self) -> str:
        return f"/live?watch=dokter-shift-{self.shift_id}"

    def revision(self) -> int:
        """Which state of the queue the tablet shows."""
        self._look_anew()
        return db.session.get_one(Shift, self.shift_id).revision

    def tickets(self) -> list[Ticket]:
        self._look_anew()
        rows = select(Ticket).where(Ticket.shift_id == self.shift_id).order_by(Ticket.number)
        return list(db.session.scalars(rows))

    def _look_anew(self) -> None:
        db.session.rollback()
        db.session.expire_all()


@pytest.fixture
def story(migrated: Flask, city: City) -> Iterator[Story]:
    clock.set_offset(city.offset)
    try:
        with migrated.app_context():
            number = next(city.wards)
            ward = make.a_ward(db.session.scalars(select(Clinic)).one(), code=f"{number:03d}")
            shift = make.a_shift(ward, letter="ABCDEFGHIJ"[number], jkn=2 * CROWD)
            actions.open_shift(shift.id, by=db.session.get_one(Person, city.nurse.person_id))
            yield Story(shift.id, [replace(one, key=f"{one.key[:-2]}{number:02d}") for one in city.crowd], city.nurse)
            db.session.remove()
    finally:
        clock.set_offset(clock.NO_OFFSET)


@dataclass(frozen=True)
class Cluster:
    """The nodes of the city, on ports of their own."""

    nodes: tuple[Server, Server]

    @property
    def ports(self) -> list[int]:
        return [node.port for node in self.nodes]


@contextmanager
def two_nodes(city: City, environment: Mapping[str, str], workers: int = 2, **more: str) -> Iterator[Cluster]:
    """Each with a folder of its own, as on a machine of its own; what people hand in lies in a common one."""
    shared = {**environment, "DEMO": "1", "TLS": "1", "TRUSTED_PROXIES": "1", "UPLOADS": str(city.folder / "uploads")}
    with ExitStack() as stack:
        nodes = []
        for name in ("a", "b"):
            own = city.folder / name
            own.mkdir(exist_ok=True)
            (own / clock.OFFSET_FILE).write_text((city.folder / clock.OFFSET_FILE).read_text())
            node = Server({**shared, "INSTANCE": str(own), **more}, city.folder / "nodes.log", workers)
            stack.callback(kill, node)
            nodes.append(node.start())
        yield Cluster((nodes[0], nodes[1]))


@pytest.fixture(scope="module")
def both_nodes(city: City, environment: dict[str, str]) -> Iterator[Cluster]:
    with two_nodes(city, environment) as cluster:
        yield cluster


@pytest.fixture
def cluster(both_nodes: Cluster) -> Cluster:
    """Both nodes, alive whatever the story before has done to them."""
    for node in both_nodes.nodes:
        if node.process is None:
            node.start()
    return both_nodes


def kill(node: Server) -> None:
    """As when the power of its machine fails: every process at once, no goodbye."""
    if node.process is not None:
        os.killpg(node.process.pid, signal.SIGKILL)
        node.process.wait()
        node.process = None


@contextmanager
def front_of(folder: Path, ports: list[int], *changed: tuple[str, str]) -> Iterator[Front]:
    front = Front(folder, ports, *changed)
    try:
        yield front.start()
    finally:
        front.stop()


@pytest.fixture
def front(cluster: Cluster, tmp_path: Path) -> Iterator[Front]:
    """The door of the city, as the repository has it."""
    with front_of(tmp_path / "nginx", cluster.ports) as front:
        yield front


@pytest.fixture
def watch(story: Story) -> Iterator[Watch]:
    """So many people watch the queue through this door (a function that opens a line)."""
    readers: list[Reader] = []

    def begin(line: Callable[..., object], how_many: int = 1) -> list[Reader]:
        fresh = [Reader(line, story.watching) for _number in range(how_many)]
        readers.extend(fresh)
        for reader in fresh:
            reader.start()
        return fresh

    yield begin
    for reader in readers:
        reader.end()
