"""A city with a key towards push services, and a push service that stands beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.push_service import Phone, PushService, push_service
from webapp import clock, events, notify
from webapp.accounts import actions as accounts
from webapp.accounts.models import Person
from webapp.db import transactional
from webapp.notify import Alert, News
from webapp.push import actions, vapid
from webapp.push.models import Subscription

KEY = vapid.new_key()
SOON = Alert("Your turn is near. Please be ready.", timedelta(minutes=10), "high")
SOME_DAY = Alert("There is news about your application.", timedelta(days=1), "low")


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        running.key = vapid.public_key(KEY)
        yield running
        assert running.faults == []


@pytest.fixture
def city(app: Flask, service: PushService, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with its key; the push service is the only one it may ask."""
    settings = replace(app.extensions["settings"], vapid_private_key=KEY, push_hosts=(service.url,))
    monkeypatch.setitem(app.extensions, "settings", settings)
    monkeypatch.setitem(app.extensions, "push_silences", {})
    return app


@pytest.fixture
def phone(city: Flask, service: PushService, siti: Person) -> Phone:
    """Siti's, on which she has said yes."""
    found = service.phone("siti")
    subscribed(siti, found)
    return found


def subscribed(person: Person, phone: Phone, device: str = "") -> Subscription:
    """This person is signed in on this phone and has said yes."""
    return on_phone(accounts.open_session(person), person, phone, device)


def on_phone(token: str, person: Person, phone: Phone, device: str = "") -> Subscription:
    return actions.subscribe(token, actions.Browser(**phone.keys, device=device), by=person)


@transactional
def tell(person: Person, alert: Alert = SOON, href: str = "/dokter/tickets/A") -> None:
    """Something happens that this person is told of."""
    event = events.record("test.something", person, person)
    notify.tell(person.id, News("You are next", alert), event, href)


def later(**passed: float):
    """So much time has passed."""
    return clock.frozen(clock.machine() + timedelta(**passed))
