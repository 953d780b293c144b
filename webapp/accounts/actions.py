"""Registering, signing in and out, and who works where."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select

from webapp import clock, events
from webapp.access import Actor
from webapp.accounts import claiming, identity, passwords, queries, sealing
from webapp.accounts.models import CHECKING_ROLES, ROLES, Membership, Person, SignIn
from webapp.accounts.queries import digest
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.regions.models import Unit

CITIZEN_SESSION, STAFF_SESSION = timedelta(days=30), timedelta(hours=12)


def register(nik: str, name: str, phone: str, password: str, code: str = "") -> None:
    """Open an account for the citizen with this NIK (16 digits).

    Where the city knows the NIK already nothing changes, and nothing is said of it. The password is hashed in either
    case, so that the time it takes tells nothing either; and before the transaction, so that nobody waits for it.

    That holds also for somebody without an account whom a counter has entered: a NIK is no secret, and whoever could
    claim that person by it would read the files that the counter has taken in. Such a person opens the account with
    the `code` that the counter has given them, the KTP in hand.
    """
    _enrol(nik, name, phone, passwords.hashed(password), code)


@transactional
def _enrol(nik: str, name: str, phone: str, password_hash: str, code: str) -> None:
    known, now = queries.person_by_nik(nik), clock.now()
    if known is not None:
        if not known.password_hash and claiming.use_code(known, code):
            known.password_hash, known.privacy_read_at = password_hash, now
            known.phone_sealed, known.phone_index = sealed_phone(phone)
            events.record("accounts.person.claim", known, known)
        return
    person = Person(name=name, password_hash=password_hash, created_at=now, **sealed_identity(nik, phone))
    person.privacy_read_at = now
    db.session.add(person)
    events.record("accounts.person.register", person, None)


@transactional
def person_at_counter(nik: str, name: str, phone: str | None, *, by: Actor) -> Person:
    """The person with this plain NIK who stands at a counter; made known, without an account, where the city did not.

    Name and plain phone are kept only of somebody new. Whether `by` may do this is the business of the service that
    asks; the event tells whose file was looked up.
    """
    person = queries.person_by_nik(nik)
    if person is None:
        person = Person(name=name, created_at=clock.now(), **sealed_identity(nik, phone))
        db.session.add(person)
    events.record("accounts.person.meet", person, by)
    return person


def sealed_identity(nik: str, phone: str | None) -> dict[str, bytes]:
    """The columns that keep a plain NIK and phone."""
    kept = {"nik_sealed": sealing.sealed(nik, sealing.NIK), "nik_index": sealing.index(nik, sealing.NIK)}
    if phone:
        kept["phone_sealed"], kept["phone_index"] = sealed_phone(phone)
    return kept


def sealed_phone(phone: str) -> tuple[bytes, bytes]:
    """A plain phone number as it is kept, and what it is found by."""
    return sealing.sealed(phone, sealing.PHONE), sealing.index(phone, sealing.PHONE)


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


def confirm(token: str, password: str, *, by: Person) -> bool:
    """Remember in this session that its person has just given the password again (T11); False when it is not theirs.

    As with signing in, the slow check is done before the transaction.
    """
    return passwords.matches(password, by.password_hash) and _remember_confirmed(token, by)


@transactional
def _remember_confirmed(token: str, by: Person) -> bool:
    session = queries.session_of(token)
    if session is None or session.person_id != by.id:
        return False
    session.confirmed_at = clock.machine()
    events.record("accounts.person.confirm", by, by)
    return True


@dataclass(frozen=True)
class NewStaff:
    """Who is given an account for work. The NIK may be empty; it is not, for whoever checks or signs."""

    name: str
    email: str
    password: str = field(repr=False)
    nik: str = field(default="", repr=False)


@transactional
def add_staff(who: NewStaff, unit_code: str, role: str) -> Person:
    """Give somebody a role at a unit, with an account that signs in by e-mail. Raises Refusal in plain words.

    Of the NIK only the keyed index is kept: enough to know the same human in another account (T73), nothing to read.
    """
    if weakness := passwords.weakness(who.password, passwords.STAFF_LENGTH, (who.email, who.name)):
        raise Refusal(weakness)
    return employ(who, passwords.hashed(who.password), unit_code, role)


@transactional
def employ(who: NewStaff, password_hash: str, unit_code: str, role: str) -> Person:
    """The same with a password that is hashed already, whatever it is."""
    if queries.person_by_email(who.email):
        raise Refusal(_("This e-mail already has an account."))
    person = Person(
        name=who.name, email=identity.plain_email(who.email), password_hash=password_hash,
        work_nik_index=_index_of_staff(who.nik) if who.nik else None, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(person)
    begin_membership(person, unit_code, role, by=None)
    return person


def _index_of_staff(nik: str) -> bytes:
    if plain := identity.plain_nik(nik):
        return sealing.index(plain, sealing.NIK)
    raise Refusal(_("A NIK has 16 digits, as on your KTP. Please check it."))


@transactional
def begin_membership(person: Person, unit_code: str, role: str, by: Actor | None) -> Membership:
    """The person works at this unit in this role from now on. Who checks or signs must be known as a human (T73)."""
    if role not in ROLES:
        raise Refusal(_("There is no role %(role)s.", role=role))
    if role in CHECKING_ROLES and person.human is None:
        raise Refusal(_("Whoever checks or signs must be known by NIK. Give the NIK, too."))
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
        facts = {"person_id": membership.person_id, "unit_id": membership.unit_id, "role": membership.role}
        events.record("accounts.membership.end", membership, by, **facts)


@transactional
def forget_ended_sessions() -> None:
    """Rows of sessions that have ended by themselves tell nothing any more."""
    db.session.execute(delete(SignIn).where(SignIn.expires_at <= clock.machine()))
