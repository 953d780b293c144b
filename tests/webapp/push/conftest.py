"""A city with a key towards push services, and a push service that stands beside it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.push_service import Phone, PushService, push_service
from webapp.accounts import actions as accounts
from webapp.accounts.models import Person
from webapp.push import actions, vapid
from webapp.push.models import Subscription

KEY = vapid.new_key()


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
    return app


def subscribed(person: Person, phone: Phone, device: str = "") -> Subscription:
    """This person is signed in on this phone and has said yes."""
    token = accounts.open_session(person)
    return actions.subscribe(token, actions.Browser(**phone.keys, device=device), by=person)
