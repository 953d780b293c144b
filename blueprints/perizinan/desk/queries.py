"""The officer's inbox: own cases by time left, with filters that stand in the address. Never writes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from blueprints.perizinan.access import INSPECTOR, OFFICE_ROLES, TECHNICAL
from blueprints.perizinan.cases.models import Application, Photo
from blueprints.perizinan.cases.workflow import LATE, UNDECIDED
from webapp import clock
from webapp.access import Actor
from webapp.db import db
from webapp.deadlines import Deadline
from webapp.uploads.models import Upload

PER_PAGE = 50
MINE, UNIT = "mine", "unit"
STANDINGS = ("late", "near", "safe", "paused")


def visible_to(person: Actor) -> Select[Any]:
    """Undecided cases of the offices and teams in which the person works (T19); the Inspektorat sees all."""
    rows = select(Application).where(Application.state.in_(UNDECIDED))
    if any(m.role == INSPECTOR for m in person.memberships):
        return rows
    offices = [m.unit_id for m in person.memberships if m.role in OFFICE_ROLES]
    agencies = [m.unit_id for m in person.memberships if m.role == TECHNICAL]
    return rows.where(or_(Application.office_id.in_(offices), Application.agency_id.in_(agencies)))


def scope_of(person: Actor, scope: str) -> Select[Any]:
    """Only what lies on the person's own desk, or all of their unit."""
    rows = visible_to(person)
    return rows.where(Application.officer_id == person.id) if scope == MINE else rows


def _with_clock(rows: Select[Any]) -> Select[Any]:
    on = and_(
        Deadline.subject_type == Application.__tablename__,
        Deadline.subject_id == Application.id,
        Deadline.event == LATE,
    )
    return rows.join(Deadline, on).add_columns(Deadline)


def _standing() -> Any:
    now = clock.now()
    return case(
        (Deadline.due_at.is_(None), "paused"),
        (Deadline.due_at <= now, "late"),
        (Deadline.amber_at <= now, "near"),
        else_="safe",
    )


def inbox(person: Actor, scope: str, standing: str | None, page: int) -> Sequence[tuple[Application, Deadline]]:
    """One page of cases by time left: what is over first, what stands still last; the same order on every reload."""
    rows = _with_clock(scope_of(person, scope)).options(
        joinedload(Application.type), joinedload(Application.officer), joinedload(Application.office)
    )
    if standing:
        rows = rows.where(_standing() == standing)
    rows = rows.order_by(Deadline.due_at.is_(None), Deadline.due_at, Application.id)
    return [(row[0], row[1]) for row in db.session.execute(rows.limit(PER_PAGE).offset(PER_PAGE * (page - 1)))]


def counts(person: Actor, scope: str) -> dict[str, int]:
    """How many cases there are by standing, and in all."""
    standing = _standing().label("standing")
    inner = _with_clock(scope_of(person, scope)).with_only_columns(standing).subquery()
    found = {
        word: count
        for word, count in db.session.execute(select(inner.c.standing, func.count()).group_by(inner.c.standing))
    }
    return {word: found.get(word, 0) for word in STANDINGS} | {"all": sum(found.values())}


def photos_kept(person: Actor, tokens: Sequence[str]) -> list[Upload]:
    """Those of these pictures that the person has handed in and no visit has used: from a form that was refused."""
    used = select(Photo.id).where(Photo.upload_id == Upload.id).exists()
    rows = select(Upload).where(Upload.token.in_(tokens), Upload.owner_id == person.id, ~used)
    return list(db.session.scalars(rows.order_by(Upload.id)))
