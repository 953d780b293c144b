"""A real server by the real clock, and people in front of it who have signed in already."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

import pytest
from flask import Flask

from blueprints.dokter.models import Ticket
from tests import people
from tests.bad_days.visitors import Visitor, visitors_of
from tests.conftest import empty_database
from tests.factories import clinics as make
from tests.servers import Server, serving
from webapp import clock
from webapp.db import db

CROWD = 200


@dataclass(frozen=True)
class Story:
    """A shift of tomorrow, whose numbers are given out from last midnight on, and a crowd with phones."""

    app: Flask
    shift_id: int
    crowd: list[Visitor]

    def tickets(self) -> dict[str, Ticket]:
        """All tickets by their code in addresses, as the database has them now."""
        db.session.rollback()
        db.session.expire_all()
        return {ticket.spoken_code: ticket for ticket in db.session.query(Ticket)}


@pytest.fixture
def story(migrated: Flask) -> Iterator[Story]:
    with migrated.app_context():
        empty_database()
        tomorrow = clock.today() + timedelta(days=1)
        shift = make.a_shift(day=tomorrow, jkn=CROWD, starts=time(0), ends=time(23, 59), opens=time(0))
        yield Story(migrated, shift.id, visitors_of(migrated, people.a_crowd(CROWD)))
        db.session.remove()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the server writes to standard error."""
    return tmp_path / "server.log"


@pytest.fixture
def server(story: Story, environment: dict[str, str], log: Path) -> Iterator[Server]:
    with serving(environment, log) as running:
        yield running


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The launcher's stories use SQLite in a folder of their own: the run on SQLite tells them, once."""
    launcher = collection_path.name in ("test_ctrl_c.py", "test_no_start.py", "test_phones_nearby.py")
    return True if launcher and config.getoption("--database") == "postgresql" else None
