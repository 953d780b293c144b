"""What happens to payments: the gateway's word arrives, somebody gives money back, a forged word is noted."""

from datetime import datetime

from sqlalchemy import update

from webapp import clock, events
from webapp.access import THE_CITY, Actor, demand
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.payments import queries
from webapp.payments.models import Payment, RefusedCallback
from webapp.payments.settling import settled
from webapp.payments.word import Word


@transactional
def receive(word: Word) -> Payment:
    """Take in the gateway's word, once: the payment is accepted, or held until somebody looks at it.

    A reference that is known has no effect any more; whoever calls asks the payment whether it `says` the same.
    """
    if earlier := queries.payment_of(word.reference):
        if not earlier.says(word) and not queries.was_contradicted(earlier):
            events.record("payments.payment.differ", earlier, THE_CITY, payment_id=earlier.id)
        return earlier
    payment = Payment(
        reference=word.reference, code=word.code, amount=word.amount, paid_at=word.paid_at,
        received_at=clock.now(), state="held",
    )  # fmt: skip
    db.session.add(payment)
    db.session.flush()  # of two who bring the same word at once, one is sent back here and finds the other's row
    payment.reason = settled(payment)
    payment.state = "held" if payment.reason else "accepted"
    facts = {"payment_id": payment.id, "state": payment.state, "reason": payment.reason}
    events.record("payments.payment.arrive", payment, THE_CITY, **facts)
    return payment


@transactional
def resolve(payment_id: int, *, by: Actor) -> Payment:
    """The money of a held payment was given back. Raises NotAllowed, or Refusal when somebody was first."""
    demand(by, "payments.resolve")
    payment = queries.payment_on_show(payment_id)
    given_back = (
        update(Payment)
        .where(Payment.id == payment_id, queries.HELD)
        .values(state="returned", resolved_by_id=by.id, resolved_at=clock.now())
        .returning(Payment.id)
    )
    if db.session.scalar(given_back) is None:
        raise Refusal(_("Someone has just changed this. Please reload."))
    events.record("payments.payment.return", payment, by, payment_id=payment_id, reason=payment.reason)
    return payment


def note_refusal(reason: str) -> None:
    """A callback was not believed: once a minute this is an event, however many strangers knock.

    What is not signed at all is no forgery, and leaves no trace. A flood costs one small read for each knock.
    """
    minute = clock.now().replace(second=0, microsecond=0)
    if reason != "unsigned" and not queries.was_refused_in(minute):
        _write_refusal(reason, minute)


@transactional
def _write_refusal(reason: str, minute: datetime) -> None:
    if queries.was_refused_in(minute):
        return
    refused = RefusedCallback(minute=minute)
    db.session.add(refused)
    events.record("payments.callback.refuse", refused, THE_CITY, reason=reason)
