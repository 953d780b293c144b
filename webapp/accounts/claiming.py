"""An account for somebody whom a counter has entered: a code on paper, handed over with the KTP in sight.

A NIK is no secret, so that nobody may claim with it alone the person whose papers a counter has taken in (T28).
"""

from datetime import timedelta

from sqlalchemy import delete

from webapp import clock, events
from webapp.access import Actor
from webapp.accounts import queries
from webapp.accounts.models import Claim, Person
from webapp.accounts.queries import digest
from webapp.codes import new_code, plain
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _

CODE_LENGTH, LASTS = 10, timedelta(days=90)


@transactional
def hand_code_at_counter(nik: str, *, by: Actor) -> tuple[Person, str]:
    """The person with this plain NIK, and a code with which they can register within 90 days.

    The code before it opens nothing any more. Whether `by` may do this is the business of the service that asks.
    Raises Refusal for whom the city does not know, and for whoever has an account.
    """
    person = queries.person_by_nik(nik)
    if person is None:
        raise Refusal(_("No counter has entered this NIK. The person can simply register."))
    if person.password_hash:
        raise Refusal(_("This person has an account already."))
    code = new_code(CODE_LENGTH)
    db.session.merge(Claim(person_id=person.id, code_hash=digest(code), expires_at=clock.machine() + LASTS))
    events.record("accounts.person.hand_code", person, by)
    return person, code


def use_code(person: Person, code: str) -> bool:
    """Whether this code opens the person's account now. It does so once, whoever else presses; joins the caller's
    transaction."""
    used = db.session.scalar(
        delete(Claim)
        .where(Claim.person_id == person.id, Claim.code_hash == digest(plain(code)), Claim.expires_at > clock.machine())
        .returning(Claim.person_id)
    )
    return used is not None
