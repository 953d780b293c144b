"""Who is who: finding people by what they sign in with."""

from sqlalchemy import select

from webapp import clock
from webapp.accounts import identity, sealing
from webapp.accounts.models import Membership, Person, SignIn
from webapp.db import db


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


def sign_in_of(token_hash: bytes) -> SignIn | None:
    """The session that this token opens, unless it has ended."""
    found = db.session.get(SignIn, token_hash)
    return found if found and found.expires_at > clock.machine() else None


def standing_membership(person_id: int, unit_id: int, role: str) -> Membership | None:
    return db.session.scalar(
        select(Membership).where(
            Membership.person_id == person_id,
            Membership.unit_id == unit_id,
            Membership.role == role,
            Membership.ended_at.is_(None),
        )
    )
