"""The bell as pages draw it, and the list of a person's devices."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, url_for

from webapp import access
from webapp.accounts import sessions
from webapp.push import devices, queries, vapid
from webapp.push.models import Subscription


@dataclass(frozen=True)
class Bell:
    """Whether this browser is told. `mark` names what the city knows of it, so that a page sees when that is old."""

    key: str
    on: bool
    mark: str = ""


def bell_here() -> Bell | None:
    """The bell for whoever reads now; None where there is nobody to be told, or nothing to tell with."""
    key, token = public_key(), sessions.token()
    if not key or not token or not access.can("push.subscribe"):
        return None
    known = queries.subscription_here(token)
    return Bell(key, known is not None, mark_of(known) if known else "")


def public_key() -> str:
    private: str = current_app.extensions["settings"].vapid_private_key
    return vapid.public_key(private) if private else ""


def mark_of(subscription: Subscription) -> str:
    return hashlib.sha256(subscription.endpoint.encode()).hexdigest()


@dataclass(frozen=True)
class Device:
    """One browser in which a person is told."""

    name: str
    since: datetime
    is_this: bool
    off_url: str


def devices_of(person: Any) -> list[Device]:
    token = sessions.token()
    here = queries.subscription_here(token) if token else None
    return [
        Device(devices.word_for(each.device), each.made_at, each is here, url_for("push.stop", subscription_id=each.id))
        for each in queries.subscriptions_of(person.id)
    ]


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(bell_here=bell_here, devices_of=devices_of)
