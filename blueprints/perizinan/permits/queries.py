"""Finding permits, and whether they hold."""

import re

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.permits.models import Permit
from webapp import clock
from webapp.codes import plain
from webapp.db import db

LONGEST = 64  # with whatever stands between its letters on paper
TOKEN = re.compile("[2-9A-HJ-NP-Z]{20}")
VALID, EXPIRED, REVOKED = "valid", "expired", "revoked"


def permit_of(case: Application) -> Permit | None:
    return db.session.scalar(select(Permit).where(Permit.application_id == case.id))


def permit_with(token: str) -> Permit | None:
    """The permit with this code of its QR, or None: for anything forged, cut off or huge too (T46)."""
    known = plain(token) if len(token) <= LONGEST else ""
    if not TOKEN.fullmatch(known):
        return None
    rows = select(Permit).where(Permit.token == known)
    return db.session.scalar(rows.options(joinedload(Permit.application), joinedload(Permit.signer)))


def standing_of(permit: Permit) -> str:
    """Whether it holds today: valid, expired or revoked."""
    if permit.revoked_at is not None:
        return REVOKED
    return EXPIRED if permit.valid_until is not None and permit.valid_until < clock.today() else VALID


def issued(case: Application) -> Permit:
    """The permit of this case. Answers 404 when there is none."""
    return permit_of(case) or abort(404)
