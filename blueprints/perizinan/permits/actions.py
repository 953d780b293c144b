"""Issuing and revoking permits. Both join the transaction of the decision: a number is never taken in vain."""

import hashlib
from datetime import date, timedelta

from blueprints.perizinan.cases import items, numbers
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.permits import letter, queries
from blueprints.perizinan.permits.models import Permit
from webapp import clock
from webapp.accounts.models import Person
from webapp.codes import new_code
from webapp.db import db
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.signing import signer
from webapp.signing.document import sealed

TOKEN_LENGTH = 20
PERMITS = "permits"  # so that no type's permits count with the applications


def issue_permit(case: Application, by: Person) -> Permit:
    """Number, letter and signature of the head. Raises Refusal where signing is not set up, or its end has passed."""
    today = clock.today()
    end = last_day(case, today)
    if end is not None and end < today:
        raise Refusal(_("It was asked for until a day that is over. Send it back or refuse it, with this reason."))
    serial = numbers.next_number(f"{PERMITS} {case.type_code}", today.year)
    permit = Permit(
        application_id=case.id, type_code=case.type_code, year=today.year, serial=serial,
        number=f"{case.type_code}/{serial:04d}/{today.year}", token=new_code(TOKEN_LENGTH),
        holder=holder_of(case), issued_on=today, valid_until=end, signer_id=by.id,
    )  # fmt: skip
    permit.application, permit.signer = case, by
    permit.pdf = sealed(letter.letter_of(permit), signer())
    permit.sha256 = hashlib.sha256(permit.pdf).hexdigest()
    db.session.add(permit)
    db.session.flush()
    return permit


def holder_of(case: Application) -> str:
    """Whose permit it is: the person's, their business's, or the one they act for."""
    given = items.answers(case).values
    return str(given.get("business_name") or given.get("principal_name") or case.person.name)[:120]


def last_day(case: Application, first: date) -> date | None:
    """The last day on which the permit holds, by its type; None where the law sets no end."""
    validity = case.type.definition.validity
    if validity.until_field:
        named = items.answers(case).values.get(validity.until_field)
        return named if isinstance(named, date) else None
    if validity.days:
        return first + timedelta(days=validity.days - 1)
    return years_on(first, validity.years) - timedelta(days=1) if validity.years else None


def years_on(day: date, years: int) -> date:
    """The same day so many years later; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def revoke_permit(case: Application, reason: str) -> Permit:
    permit = queries.permit_of(case)
    if permit is None or permit.revoked_at is not None:
        raise Refusal(_("There is no permit to revoke."))
    permit.revoked_at, permit.revoke_reason = clock.now(), reason
    return permit
