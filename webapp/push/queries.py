"""Who is told where. Never writes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.accounts.models import SignIn
from webapp.accounts.queries import digest
from webapp.db import db
from webapp.push.hosts import service_of
from webapp.push.models import CALL, Delivery, Subscription


def subscriptions_of(person_id: int) -> list[Subscription]:
    """The browsers in which this person is signed in and wants to be told, the newest first."""
    rows = _standing().where(Subscription.person_id == person_id).order_by(Subscription.made_at.desc())
    return list(db.session.scalars(rows))


def subscription_here(token: str) -> Subscription | None:
    """The one of the browser that holds this session."""
    return db.session.scalars(_standing().where(Subscription.session_hash == digest(token))).one_or_none()


def _standing() -> Select[Subscription]:
    return select(Subscription).join(Subscription.session).where(SignIn.expires_at > clock.machine())


@dataclass(frozen=True)
class Room:
    """What may be sent now: at most so many, and so many to one push service; where less is `left`, that many."""

    most: int
    to_one: int
    left: Mapping[str, int] = field(default_factory=dict)
    only_calls: bool = False

    @property
    def closed(self) -> list[str]:
        """The push services to which nothing may be sent now."""
        return [service for service, left in self.left.items() if left <= 0]

    def fitting(self, due: Iterable[Row[int, str]]) -> list[int]:
        """As many of these as there is room for. Others of the same service wait for the next look."""
        found, taken = [], Counter[str]()
        for delivery_id, endpoint in due:
            service = service_of(endpoint)
            taken[service] += 1
            if taken[service] <= self.left.get(service, self.to_one):
                found.append(delivery_id)
        return found


def due_for(room: Room) -> Select[int, str]:
    """What is due and not for a service that is closed, the most urgent first: which, and where it goes."""
    rows = select(Delivery.id, Subscription.endpoint).join(Delivery.subscription)
    rows = rows.where(Delivery.due_at <= clock.machine())
    if room.only_calls:
        rows = rows.where(Delivery.urgency == CALL)
    for service in room.closed:
        rows = rows.where(~Subscription.endpoint.istartswith(f"{service}/", autoescape=True))
    return rows.order_by(Delivery.urgency, Delivery.due_at, Delivery.id).limit(room.most)


def anything_due(room: Room) -> bool:
    """Whether there is something to send now: asked every second, so it locks nothing."""
    return room.most > 0 and db.session.execute(due_for(room).limit(1)).first() is not None


def deliveries(ids: list[int]) -> list[Delivery]:
    """These with all that it takes to send them, the most urgent first."""
    rows = (
        select(Delivery)
        .where(Delivery.id.in_(ids))
        .options(joinedload(Delivery.notice), joinedload(Delivery.subscription))
        .order_by(Delivery.urgency, Delivery.id)
    )
    return list(db.session.scalars(rows))
