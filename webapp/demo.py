"""Demo mode: invented people with accounts, and a clock that begins each start on a fresh working morning."""

import logging
import time as real_time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import func, select

from webapp import calendar, clock
from webapp.accounts import actions, passwords, queries
from webapp.accounts.models import ROLES, Person
from webapp.db import db, transactional
from webapp.events import Event
from webapp.i18n import lazy_gettext as _
from webapp.service import all_services

log = logging.getLogger(__name__)
BEGINS = time(7, 30)
TICK = 1.0
PAST = timedelta(days=90)  # what a new demo has lived through before its first morning


def nothing(_start: datetime) -> None:
    """A service without a past."""


@dataclass(frozen=True)
class Morning:
    """A service's part of the simulated day: `prepare` once at the start, `tick` every second.

    `past` tells once what happened in the service until the moment that it is given.
    """

    prepare: Callable[[], None]
    tick: Callable[[], None]
    past: Callable[[datetime], None] = nothing


@dataclass(frozen=True)
class DemoAccounts:
    """What the sign-in page shows in demo mode: who signs in, and how."""

    citizens: list[tuple[Any, str]]
    staff: list[tuple[Any, str]]
    password: str


@cache
def people_of(city: Path) -> dict[str, Any]:
    """The city's demo.toml: password, citizens, staff, and hints for the services."""
    with (city / "demo.toml").open("rb") as file:
        return tomllib.load(file)


def city_people() -> dict[str, Any]:
    return people_of(current_app.extensions["settings"].city)


def accounts_shown(city: Path) -> DemoAccounts:
    people = people_of(city)
    citizens = [(citizen["name"], citizen["nik"]) for citizen in people["citizens"]]
    staff = [(_work_of(member), member["email"]) for member in people["staff"]]
    return DemoAccounts(citizens, staff, people["password"])


def _work_of(member: dict[str, Any]) -> Any:
    role, place = ROLES[member["role"]], member.get("place")
    return _("%(role)s, %(place)s", role=role, place=place) if place else role


def next_morning(first: date) -> datetime:
    """07.30 of the next working day after the last demo day; the first time, of the first working day from `first`."""
    last = db.session.scalar(select(func.max(Event.at)))
    earliest = clock.local(last).date() + timedelta(days=1) if last else first
    day = next(calendar.working_days_from(earliest))
    return clock.at(day, BEGINS)


def is_new() -> bool:
    """Whether nothing has happened here yet."""
    return db.session.scalar(select(Event.id).limit(1)) is None


@transactional
def live_until(start: datetime) -> None:
    """Give the demo its people and its services their past; what is there already stays as it is.

    All of it in one transaction: a start that is ended half-way leaves nothing behind.
    """
    with clock.frozen(start - PAST):
        add_people()
    for morning in mornings():
        morning.past(start)


@transactional
def add_people() -> None:
    """The demo accounts, once. One password for all, which anyone may read, is hashed once: each hash is costly."""
    people = city_people()
    password_hash = passwords.hashed(people["password"])
    for citizen in people["citizens"]:
        _add_citizen(citizen, password_hash)
    for member in people["staff"]:
        _add_staff(member, people["password"], password_hash)


def _add_citizen(citizen: dict[str, str], password_hash: str) -> None:
    if queries.person_by_nik(citizen["nik"]):
        return
    identity = actions.sealed_identity(citizen["nik"], citizen["phone"])
    now = clock.now()
    person = Person(name=citizen["name"], password_hash=password_hash, created_at=now, is_demo=True, **identity)
    person.privacy_read_at = now
    db.session.add(person)


def _add_staff(member: dict[str, Any], password: str, password_hash: str) -> None:
    who = actions.NewStaff(member["name"], member["email"], password, member["nik"])
    known = queries.person_by_email(who.email)
    person = known or actions.employ(who, password_hash, member["unit"], member["role"])
    person.is_demo = True
    for work in member.get("also", ()):
        actions.begin_membership(person, work["unit"], work["role"], by=None)


def mornings() -> list[Morning]:
    return [service.demo for service in all_services() if service.demo]


def run_forever(app: Flask) -> None:
    """The demo process: the services' simulated people, second by second, until it is told to stop."""
    for morning in mornings_of(app):
        _calmly(app, morning.prepare)
    while True:
        began = real_time.monotonic()
        for morning in mornings_of(app):
            _calmly(app, morning.tick)
        real_time.sleep(max(0.0, TICK - (real_time.monotonic() - began)))


def mornings_of(app: Flask) -> list[Morning]:
    with app.app_context():
        return mornings()


def _calmly(app: Flask, act: Callable[[], None]) -> None:
    try:
        with app.app_context():
            act()
    except Exception:
        log.exception("the demo stumbled; it goes on with the next second")
