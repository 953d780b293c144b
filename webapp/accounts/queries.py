"""Who is who: finding people by what they sign in with."""

import hashlib
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.accounts import identity, sealing
from webapp.accounts.models import Membership, Person, SignIn
from webapp.db import db

CONFIRMED_FOR = timedelta(minutes=5)


def digest(token: str) -> bytes:
    """What the table of sessions knows of a browser's token."""
    return hashlib.sha256(token.encode()).digest()


def person_by_nik(nik: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.nik_index == sealing.index(nik, sealing.NIK)))


def person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == identity.plain_email(email)))


def person_by_login(login: str) -> Person | None:
    """The person who signs in with this NIK, phone number or e-mail.

    A phone that several people share finds nobody: they sign in by NIK.
    """
    if "@" in login:
        return person_by_email(login)
    if nik := identity.plain_nik(login):
        return person_by_nik(nik)
    phone = identity.plain_phone(login)
    found = db.session.scalars(
        select(Person).where(
            Person.phone_index == sealing.index(phone or "", sealing.PHONE), Person.password_hash.is_not(None)
        )
    ).all()
    return found[0] if len(found) == 1 else None


def session_of(token: str) -> SignIn | None:
    """The session that this token opens, unless it has ended."""
    found = db.session.get(SignIn, digest(token))
    return found if found and found.expires_at > clock.machine() else None


def confirmed_lately(token: str) -> bool:
    """Whether the password was given again in this session within the last five minutes (T11)."""
    found = session_of(token)
    confirmed_at = found.confirmed_at if found else None
    return confirmed_at is not None and confirmed_at > clock.machine() - CONFIRMED_FOR


def person_signed_in(token: str) -> Person | None:
    """The person whose session this token opens, with their memberships, unless it has ended."""
    rows = (
        select(Person)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.token_hash == digest(token), SignIn.expires_at > clock.machine())
        .options(joinedload(Person.all_memberships))
    )
    return db.session.scalars(rows).unique().one_or_none()


def standing_membership(person_id: int, unit_id: int, role: str) -> Membership | None:
    return db.session.scalar(
        select(Membership).where(
            Membership.person_id == person_id,
            Membership.unit_id == unit_id,
            Membership.role == role,
            Membership.ended_at.is_(None),
        )
    )
