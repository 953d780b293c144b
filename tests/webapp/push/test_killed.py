"""kill -9 of the worker in the middle of a batch: whatever it had taken is brought by the next, and nothing is lost."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from blueprints.dokter.notices import YOUR_TURN
from tests import people
from tests.conftest import empty_database
from tests.push_service import PushService, push_service
from tests.servers import a_worker, eventually
from tests.webapp.push.conftest import KEY, SOON, subscribed, tell
from webapp import clock
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.push import vapid
from webapp.push.models import Delivery

MANY = 12


@pytest.fixture
def siti(migrated: Flask) -> Iterator[Person]:
    """By the real clock, as the worker has it."""
    with migrated.app_context():
        empty_database()
        yield people.siti()
        db.session.remove()


@pytest.fixture
def service(migrated: Flask, monkeypatch) -> Iterator[PushService]:
    with push_service() as running:
        running.key = vapid.public_key(KEY)
        settings = replace(migrated.extensions["settings"], push_hosts=(running.url,))
        monkeypatch.setitem(migrated.extensions, "settings", settings)
        yield running


@contextmanager
def a_doomed_worker(environment: dict[str, str], service: PushService, log: Path) -> Iterator[None]:
    """It ends by kill -9, whatever it is doing."""
    environ = {**environment, "VAPID_PRIVATE_KEY": KEY, "PUSH_HOSTS": service.url, "LOG_LEVEL": "ERROR"}
    with a_worker(environ, log, ends_by=signal.SIGKILL):
        yield


def count(*which) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Delivery.id)).where(*which))


@transactional
def a_minute_passes() -> None:
    """For the leases of what somebody has in hand."""
    db.session.execute(update(Delivery).values(due_at=clock.machine() - timedelta(seconds=1)))


def test_what_a_killed_worker_was_sending_arrives_and_is_shown_once(siti, service, environment, tmp_path):
    log = tmp_path / "worker.log"
    phone, paths = service.phone("siti"), {f"/dokter/tickets/{number}" for number in range(MANY)}
    subscribed(siti, phone)
    for path in paths:
        tell(siti, SOON, path)
    tell(siti, YOUR_TURN, "/dokter/tickets/0")
    service.held_from = 4
    with a_doomed_worker(environment, service, log):
        assert eventually(lambda: len(service.asked) > service.held_from, 20), "an answer is being waited for"
    in_hand = count(Delivery.tries > 0, Delivery.due_at > clock.machine())
    assert in_hand and count() < MANY, "some have arrived, some were in its hands"
    a_minute_passes()
    service.held_from = None
    with a_doomed_worker(environment, service, log):
        assert eventually(lambda: not count(), 20)
    said = service.said_to(phone)
    assert {each["path"] for each in said} == paths
    assert len({each["tag"] for each in said}) == MANY, "what came twice is shown once"
