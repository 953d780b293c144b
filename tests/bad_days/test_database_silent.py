"""The network to PostgreSQL falls silent: no refusal, no goodbye. Nobody hangs, and nobody's rows stay locked."""

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from tests.bad_days.silence import Wire, fall_silent
from tests.servers import eventually
from webapp import create_app
from webapp.db import PATIENCE, db
from webapp.live.log import Log
from webapp.settings import Settings

pytestmark = pytest.mark.only("postgresql")
AT_MOST = 3 * PATIENCE  # the connection at hand is given up, then a new one
LOCK = text("SELECT pg_advisory_lock(77)")
WHO_HOLDS_IT = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND granted")


@pytest.fixture
def wire(settings: Settings) -> Iterator[Wire]:
    server = make_url(settings.database_url)
    made = Wire((server.host, server.port or 5432))
    yield made
    made.close()


@pytest.fixture
def behind(wire: Wire, settings: Settings, migrated: Flask) -> Iterator[Flask]:
    """The application, whose database is at the other end of the wire."""
    url = make_url(settings.database_url).set(host="127.0.0.1", port=wire.port)
    app = create_app(replace(settings, database_url=url.render_as_string(hide_password=False)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def a_long_question(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("SELECT pg_sleep(40)"))


def a_look(app: Flask, log: Log) -> None:
    with app.app_context():
        log.fresh()


def test_nobody_waits_for_it_and_all_comes_back_with_the_network(wire, behind):
    """The feed's look finds that nothing is taken; who waits for an answer, that nobody is there."""
    log = Log()
    log.fresh()
    db.session.rollback()
    with ThreadPoolExecutor(2) as people:
        asked = people.submit(a_long_question, behind)
        assert eventually(lambda: len(wire.far) >= 2, 5)
        time.sleep(0.5)
        with wire.silent():
            looked = people.submit(a_look, behind, log)
            for waiting in (looked, asked):
                assert isinstance(waiting.exception(AT_MOST), OperationalError)
        began = time.monotonic()
        a_look(behind, log)
        assert time.monotonic() - began < PATIENCE / 2


def test_what_a_machine_held_that_has_gone_is_free_again(migrated):
    """It would be locked for two hours, by the system's own limits. The machine itself says nothing any more."""
    with migrated.app_context():
        gone = db.engine.connect()
        gone.execute(LOCK)
        with (
            socket.socket(fileno=os.dup(gone.connection.driver_connection.fileno())) as end,
            db.engine.connect() as here,
        ):
            assert here.scalar(WHO_HOLDS_IT) == 1
            end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 0)
            fall_silent(end)
            assert eventually(lambda: here.scalar(WHO_HOLDS_IT) == 0, AT_MOST)
        gone.invalidate()
