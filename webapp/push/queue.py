"""What is to be brought to whom: written with the notice, taken by whoever sends, given back when it could not be."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import aliased

from webapp import clock
from webapp.accounts.models import SignIn
from webapp.db import db, transactional
from webapp.notify import Alert, Notice, carried_by
from webapp.push import queries
from webapp.push.models import Delivery, Subscription

URGENCIES = ("high", "normal", "low")
LEASE = timedelta(minutes=1)  # longer than any try; whatever a killed worker had taken is due again after it
TOPIC_LENGTH = 32  # no push service takes more


def topic_of(notice: Notice) -> str:
    """The same for all that is told of one thing, so that the newest takes the place of what was said before.

    Push services see it: opaque, and another one for each person.
    """
    about = f"push {notice.person_id} {notice.href}"
    digest = hmac.new(str(current_app.secret_key).encode(), about.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:TOPIC_LENGTH]


def put(notice: Notice, alert: Alert) -> None:
    """This notice is to be said in every browser of its person. Part of the transaction that made it."""
    now = clock.machine()
    for subscription in queries.subscriptions_of(notice.person_id):
        row = Delivery(
            notice=notice, subscription_id=subscription.id, words=alert.words, topic=topic_of(notice),
            urgency=URGENCIES.index(alert.urgency), due_at=now, expires_at=now + alert.lasts,
        )  # fmt: skip
        db.session.add(row)


carried_by(put)


@transactional
def take(most: int, spare: int = 0) -> list[Delivery]:
    """Take what is due, at most so many, the most urgent first; the last `spare` of them only if they are urgent.

    Whoever takes one has it alone until the lease ends: then it counts as forgotten and is due again.
    """
    _drop_stale()
    urgent = _take(most, Delivery.urgency == 0)
    others = _take(max(most - spare - len(urgent), 0), Delivery.urgency > 0)
    return queries.deliveries(urgent + others)


def _take(most: int, which: ColumnElement[bool]) -> list[int]:
    now = clock.machine()
    due = (
        select(Delivery.id)
        .where(which, queries.is_due(now))
        .order_by(Delivery.urgency, Delivery.due_at, Delivery.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(db.session.scalars(due)) if most else []
    mine = (
        update(Delivery)
        .where(Delivery.id.in_(ids), queries.is_due(now))
        .values(due_at=now + LEASE, tries=Delivery.tries + 1)
        .returning(Delivery.id)
    )
    return list(db.session.scalars(mine)) if ids else []


def _drop_stale() -> None:
    """A call that is over, what a newer word on the same thing has overtaken, and whatever is for an ended session."""
    now, newer = clock.machine(), aliased(Delivery)
    same = (newer.subscription_id == Delivery.subscription_id, newer.topic == Delivery.topic, newer.id > Delivery.id)
    ended = select(Subscription.id).join(SignIn).where(SignIn.expires_at <= now)
    for stale in (Delivery.expires_at <= now, exists().where(*same), Delivery.subscription_id.in_(ended)):
        db.session.execute(delete(Delivery).where(stale).execution_options(synchronize_session=False))


@dataclass(frozen=True)
class Outcome:
    """How a try went: `kind` is done, gone (the browser is no longer there), later, or refused (for good)."""

    delivery_id: int
    subscription_id: int
    tries: int
    kind: str
    wait: timedelta = timedelta()
    why: str = ""


@transactional
def settle(outcome: Outcome) -> None:
    """Write down how a try went. A try whose lease had ended changes nothing of what another does meanwhile."""
    now = clock.machine()
    mine = (Delivery.id == outcome.delivery_id, Delivery.tries == outcome.tries)
    this = Subscription.id == outcome.subscription_id
    if outcome.kind == "gone":
        db.session.execute(delete(Subscription).where(this))
        return
    if outcome.kind == "later":
        db.session.execute(update(Delivery).where(*mine).values(due_at=now + outcome.wait))
    else:
        db.session.execute(delete(Delivery).where(*mine))
    worked = {"last_ok_at": now, "fails": 0}
    changed = worked if outcome.kind == "done" else {"fails": Subscription.fails + 1}
    db.session.execute(update(Subscription).where(this).values(**changed))
