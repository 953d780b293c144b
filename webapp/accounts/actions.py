"""Registering, signing in and out, and who works where."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from webapp import clock, events
from webapp.access import Actor
from webapp.accounts import identity, passwords, queries, sealing
from webapp.accounts.models import ROLES, Membership, Person, SignIn
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.regions.models import Unit

CITIZEN_SESSION, STAFF_SESSION = timedelta(days=30), timedelta(hours=12)


def register(nik: str, name: str, phone: str, password: str) -> None:
    """Open an account for the citizen with this NIK (16 digits).

    Where one exists nothing changes, and nothing is said of it. The password is hashed in either case, so that the
    time it takes tells nothing either; and before the transaction, so that nobody waits for it.
    """
    _enrol(nik, name, phone, passwords.hashed(password))


@transactional
def _enrol(nik: str, name: str, phone: str, password_hash: str) -> None:
    if queries.person_by_nik(nik):
        return
    now = clock.now()
    person = Person(name=name, password_hash=password_hash, created_at=now, **sealed_identity(nik, phone))
    person.privacy_read_at = now
    db.session.add(person)
    events.record("accounts.person.register", person, None)


def sealed_identity(nik: str, phone: str) -> dict[str, bytes]:
    """The columns that keep a plain NIK and phone."""
    return {
        "nik_sealed": sealing.sealed(nik, sealing.NIK),
        "nik_index": sealing.index(nik, sealing.NIK),
        "phone_sealed": sealing.sealed(phone, sealing.PHONE),
        "phone_index": sealing.index(phone, sealing.PHONE),
    }


def sign_in(login: str, password: str) -> str | None:
    """Open a session and return its token, or None when the login and password do not belong together.

    The slow check of the password is done before the transaction: guessing must not hold up the city.
    """
    person = queries.person_by_login(login)
    if not passwords.matches(password, person.password_hash if person else None) or person is None:
        return None
    return open_session(person)


@transactional
def open_session(person: Person) -> str:
    """A new session for this person: 30 days for a citizen, 12 hours for staff. Returns the token for the browser."""
    token = secrets.token_urlsafe(32)
    lasts = STAFF_SESSION if person.is_staff else CITIZEN_SESSION
    now = clock.machine()
    db.session.add(SignIn(token_hash=digest(token), person_id=person.id, began_at=now, expires_at=now + lasts))
    events.record("accounts.person.sign_in", person, person)
    return token


@transactional
def sign_out(token: str) -> None:
    """End the session for good: its token opens nothing any more (T06)."""
    ended = db.session.get(SignIn, digest(token))
    if ended:
        events.record("accounts.person.sign_out", ended.person, ended.person)
        db.session.delete(ended)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@transactional
def add_staff(name: str, email: str, password: str, unit_code: str, role: str) -> Person:
    """Give somebody a role at a unit, with an account that signs in by e-mail. Raises Refusal in plain words."""
    if weakness := passwords.weakness(password, passwords.STAFF_LENGTH, (email, name)):
        raise Refusal(weakness)
    if queries.person_by_email(email):
        raise Refusal(_("This e-mail already has an account."))
    person = Person(
        name=name, email=identity.plain_email(email), password_hash=passwords.hashed(password), created_at=clock.now()
    )
    db.session.add(person)
    begin_membership(person, unit_code, role, by=None)
    return person


@transactional
def begin_membership(person: Person, unit_code: str, role: str, by: Actor | None) -> Membership:
    """The person works at this unit in this role from now on."""
    if role not in ROLES:
        raise Refusal(_("There is no role %(role)s.", role=role))
    unit = db.session.scalar(select(Unit).where(Unit.code == unit_code))
    if unit is None:
        raise Refusal(_("There is no unit %(code)s. Load the city first.", code=unit_code))
    db.session.flush()
    if standing := queries.standing_membership(person.id, unit.id, role):
        return standing
    membership = Membership(person_id=person.id, unit_id=unit.id, role=role, began_at=clock.now())
    db.session.add(membership)
    events.record("accounts.membership.begin", membership, by, unit_id=unit.id, role=role)
    return membership


@transactional
def end_membership(membership_id: int, by: Actor | None) -> None:
    """The person no longer works there: their next request is refused (T07)."""
    membership = db.session.get_one(Membership, membership_id)
    if membership.ended_at is None:
        membership.ended_at = clock.now()
        events.record("accounts.membership.end", membership, by, unit_id=membership.unit_id, role=membership.role)


@transactional
def forget_ended_sessions() -> None:
    """Rows of sessions that have ended by themselves tell nothing any more."""
    db.session.execute(delete(SignIn).where(SignIn.expires_at <= clock.machine()))
