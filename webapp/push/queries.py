"""Who is told where. Never writes."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.accounts.models import SignIn
from webapp.accounts.queries import digest
from webapp.db import db
from webapp.push.models import Delivery, Subscription


def subscriptions_of(person_id: int) -> list[Subscription]:
    """The browsers in which this person is signed in and wants to be told, the newest first."""
    rows = _standing().where(Subscription.person_id == person_id).order_by(Subscription.made_at.desc())
    return list(db.session.scalars(rows))


def subscription_here(token: str) -> Subscription | None:
    """The one of the browser that holds this session."""
    return db.session.scalars(_standing().where(Subscription.session_hash == digest(token))).one_or_none()


def _standing() -> Select[Subscription]:
    return select(Subscription).join(Subscription.session).where(SignIn.expires_at > clock.machine())


def is_due(now: datetime) -> ColumnElement[bool]:
    return Delivery.due_at <= now


def anything_due() -> bool:
    """Whether there is something to send now: asked every second, so it locks nothing."""
    return bool(db.session.scalar(select(exists().where(is_due(clock.machine())))))


def deliveries(ids: list[int]) -> list[Delivery]:
    """These with all that it takes to send them, the most urgent first."""
    rows = (
        select(Delivery)
        .where(Delivery.id.in_(ids))
        .options(joinedload(Delivery.notice), joinedload(Delivery.subscription))
        .order_by(Delivery.urgency, Delivery.id)
    )
    return list(db.session.scalars(rows))
