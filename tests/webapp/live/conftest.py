"""A real server by the real clock, a shift that everybody may watch, and readers on bare sockets: one for each file."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest
from flask import Flask

from blueprints.dokter.models import Shift
from tests import people
from tests.conftest import empty_database
from tests.factories import clinics as make
from tests.servers import Server, eventually, serving
from tests.webapp.live.readers import Reader
from webapp import clock
from webapp.db import db

WORKERS = 2


@pytest.fixture(scope="module")
def city(migrated: Flask) -> Iterator[Flask]:
    with migrated.app_context():
        empty_database()
        yield migrated
        db.session.remove()


@pytest.fixture(scope="module")
def long_shift(city: Flask) -> Shift:
    """Of tomorrow, whose numbers are given out from last midnight on."""
    tomorrow = clock.today() + timedelta(days=1)
    return make.a_shift(day=tomorrow, jkn=500, starts=time(0), ends=time(23, 59), opens=time(0))


@pytest.fixture(scope="module")
def channel(long_shift: Shift) -> str:
    return f"dokter-shift-{long_shift.id}"


@pytest.fixture(scope="module")
def take_number(long_shift: Shift) -> Callable[[], str]:
    """Somebody takes a number; returns what is then said on the channel."""
    crowd = iter(people.a_crowd(50))

    def take() -> str:
        return f'{make.a_ticket(long_shift, next(crowd)).number}" data-standing'

    return take


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the server writes to standard error."""
    return tmp_path / "server.log"


@pytest.fixture(scope="module")
def server(
    long_shift: Shift, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with serving(environment, tmp_path_factory.mktemp("server") / "server.log", WORKERS) as running:
        assert eventually(lambda: len(running.workers()) == WORKERS)
        yield running


@pytest.fixture
def read() -> Iterator[Callable[..., Reader]]:
    """Opens streams, and closes all of them in the end."""
    opened: list[Reader] = []

    def open_one(*args, **kwargs) -> Reader:
        opened.append(Reader(*args, **kwargs))
        return opened[-1]

    yield open_one
    for reader in opened:
        reader.close()
