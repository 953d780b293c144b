"""What is to be brought to whom: written with the notice, taken by whoever sends, given back when it could not be."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from flask import current_app
from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from webapp import clock
from webapp.accounts.models import SignIn
from webapp.db import db, transactional
from webapp.notify import Alert, Carrier, Notice, carried_by
from webapp.push import queries
from webapp.push.models import URGENCIES, Delivery, Subscription
from webapp.push.queries import Room

LEASE = timedelta(minutes=1)  # longer than any try; whatever a killed worker had taken is due again after it
TOPIC_LENGTH = 32  # no push service takes more


def topic_of(notice: Notice, alert: Alert) -> str:
    """The same for all words on one thing of which the newest takes the place of what was said before.

    Push services see it: opaque, and another one for each person.
    """
    about = f"push {notice.person_id} {notice.href} {alert.topic}"
    digest = hmac.new(str(current_app.secret_key).encode(), about.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:TOPIC_LENGTH]


def put(notice: Notice, alert: Alert) -> None:
    """This notice is to be said in every browser of its person. Part of the transaction that made it."""
    now = clock.machine()
    for subscription in queries.subscriptions_of(notice.person_id):
        row = Delivery(
            notice=notice, subscription_id=subscription.id, words=alert.words, topic=topic_of(notice, alert),
            urgency=URGENCIES.index(alert.urgency), due_at=now, expires_at=now + alert.lasts,
        )  # fmt: skip
        db.session.add(row)


def withdraw(person_id: int, href: str, message: str | None) -> None:
    """What this person was told of this thing is not said any more where it still waits. Part of the transaction that
    made it untrue; what a push service has already taken ends with its lifetime."""
    theirs = select(Subscription.id).where(Subscription.person_id == person_id)
    told = exists().where(Notice.id == Delivery.notice_id, Notice.href == href)
    if message:
        told = told.where(Notice.message == message)
    _drop(Delivery.subscription_id.in_(theirs), told)


carried_by(Carrier(put, withdraw))


@transactional
def take(room: Room) -> list[Delivery]:
    """Take what is due and has room, the most urgent first.

    Whoever takes one has it alone until the lease ends: then it counts as forgotten and is due again.
    """
    _drop_stale()
    due = queries.due_for(room).with_for_update(of=Delivery, skip_locked=True)
    now, ids = clock.machine(), room.fitting(db.session.execute(due))
    mine = (
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.due_at <= now)
        .values(due_at=now + LEASE, tries=Delivery.tries + 1)
        .returning(Delivery.id)
    )
    return queries.deliveries(list(db.session.scalars(mine))) if ids else []


def _drop_stale() -> None:
    """A call that is over, what a newer word on the same topic has overtaken, what its reader has read meanwhile, and
    whatever is for an ended session. What somebody else is just withdrawing is theirs: two must not wait in a ring."""
    now, newer = clock.machine(), aliased(Delivery)
    same = (newer.subscription_id == Delivery.subscription_id, newer.topic == Delivery.topic, newer.id > Delivery.id)
    read = (Notice.id == Delivery.notice_id, Notice.read_at.is_not(None))
    ended = select(Subscription.id).join(SignIn).where(SignIn.expires_at <= now)
    stale = or_(
        Delivery.expires_at <= now, exists().where(*same), exists().where(*read), Delivery.subscription_id.in_(ended)
    )
    _drop(Delivery.id.in_(select(Delivery.id).where(stale).with_for_update(skip_locked=True)))


def _drop(*which: ColumnElement[bool]) -> None:
    db.session.execute(delete(Delivery).where(*which).execution_options(synchronize_session=False))


@dataclass(frozen=True)
class Outcome:
    """How a try went: `kind` is done, gone (the browser is no longer there), later, or refused (for good).

    Delivery and subscription may be gone meanwhile, and SQLite gives their numbers to others. So the one is known by
    its notice, which stays, and the other by its endpoint.
    """

    notice_id: int
    subscription_id: int
    endpoint: str = field(repr=False)
    tries: int
    kind: str
    wait: timedelta = timedelta()
    why: str = ""
    answered: bool = True


@transactional
def settle(outcome: Outcome) -> None:
    """Write down how a try went. A try whose lease had ended changes nothing of what another does meanwhile."""
    now = clock.machine()
    about = (Delivery.notice_id == outcome.notice_id, Delivery.subscription_id == outcome.subscription_id)
    mine = (*about, Delivery.tries == outcome.tries)
    this = Subscription.endpoint == outcome.endpoint
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
