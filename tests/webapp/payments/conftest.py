"""A city whose gateway is connected, and a gateway that can speak to it."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.pages import Wire
from tests.webapp.payments import stall
from webapp.db import db
from webapp.events import Event
from webapp.payments import signature
from webapp.payments.models import Payment

SECRET = "between the city and its gateway, long"
PATIENCE = 60.0


@dataclass
class Teller:
    """The gateway at work. Each call can be spoilt in one way."""

    app: Flask
    secret: str = SECRET

    def says(self, **spoilt: Any) -> TestResponse:
        """So much came in for this code: tell the city, well signed."""
        said = {"reference": "R-1", "code": stall.RICE, "amount": stall.PRICE, "paid_at": "2026-11-24T08:00:00+07:00"}
        return self.sends(json.dumps({**said, **spoilt}).encode())

    def sends(self, body: bytes, **headers: str) -> TestResponse:
        signed = signature.headers(self.secret, body)
        return Wire(self.app).post(
            "/payments/callback", data=body, headers={"Content-Type": "application/json", **signed, **headers}
        )


def together(teller: Teller, times: int) -> list[TestResponse]:
    """So many gateways say the same thing at the same moment."""

    def say(_number: int) -> TestResponse:
        with teller.app.app_context():
            gate.wait(PATIENCE)
            return teller.says()

    gate = threading.Barrier(times)
    with ThreadPoolExecutor(times) as gateways:
        return list(gateways.map(say, range(times)))


@pytest.fixture
def connected(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    settings = replace(app.extensions["settings"], payment_gateway="http://127.0.0.1:8001", payment_secret=SECRET)
    monkeypatch.setitem(app.extensions, "settings", settings)
    return app


@pytest.fixture
def teller(connected: Flask) -> Teller:
    return Teller(connected)


def payments() -> list[tuple[str, str, str]]:
    """What the city has of each payment: reference, state, reason."""
    db.session.rollback()
    db.session.expire_all()
    rows = select(Payment).order_by(Payment.id)
    return [(row.reference, row.state, row.reason) for row in db.session.scalars(rows)]


def events_of(name: str) -> list[dict[str, Any]]:
    return list(db.session.scalars(select(Event.facts).where(Event.name == name).order_by(Event.id)))
