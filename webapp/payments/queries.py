"""What is known of payments. Never writes."""

from datetime import datetime

from flask import abort
from sqlalchemy import func, select

from webapp.db import db
from webapp.events import Event
from webapp.payments.models import Payment, RefusedCallback

HELD = Payment.state == "held"


def held() -> list[Payment]:
    """The payments that somebody must look at, oldest first."""
    return list(db.session.scalars(select(Payment).where(HELD).order_by(Payment.id)))


def held_count() -> int:
    """How many payments somebody must look at: what the wall shows."""
    return db.session.scalar(select(func.count()).select_from(Payment).where(HELD)) or 0


def payment_of(reference: str) -> Payment | None:
    """The payment that the gateway has told us of under this reference."""
    return db.session.scalar(select(Payment).where(Payment.reference == reference))


def payment_on_show(payment_id: int) -> Payment:
    """This payment; 404 when there is none."""
    return db.session.get(Payment, payment_id) or abort(404)


def was_contradicted(payment: Payment) -> bool:
    """Whether it is already in the log that the gateway says different things of this payment."""
    about = (Event.subject_type == Payment.__tablename__, Event.subject_id == payment.id)
    rows = select(Event.id).where(*about, Event.name == "payments.payment.differ").limit(1)
    return db.session.scalar(rows) is not None


def was_refused_in(minute: datetime) -> bool:
    """Whether it is already in the log that callbacks were refused in this minute."""
    return db.session.scalar(select(RefusedCallback.id).where(RefusedCallback.minute == minute)) is not None
