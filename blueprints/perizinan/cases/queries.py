"""Finding applications, and what hangs on them. Never writes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from flask import abort
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, selectinload

from blueprints.perizinan.access import TECHNICAL, TO_FILL_IN
from blueprints.perizinan.cases.models import (
    Application,
    Assignment,
    Decision,
    Finding,
    Message,
    Objection,
    Paper,
    Photo,
    Visit,
)  # fmt: skip
from blueprints.perizinan.cases.workflow import ROLE_AT, UNDECIDED
from webapp.accounts.models import Membership, Person
from webapp.codes import plain
from webapp.db import db
from webapp.events import Event
from webapp.regions.models import Region, Unit


def case_of(code: str) -> Application:
    """The application with this code, however it is written. Answers 404 when there is none."""
    rows = select(Application).where(Application.code == plain(code)).options(*_whole())
    rows = rows.execution_options(populate_existing=True)  # its papers and checks as they are now
    return db.session.scalar(rows) or abort(404)


def _whole() -> list[Any]:
    return [
        joinedload(Application.type),
        joinedload(Application.person),
        joinedload(Application.office),
        joinedload(Application.agency),
        joinedload(Application.officer),
        selectinload(Application.papers).joinedload(Paper.upload),
        selectinload(Application.checks),
    ]


def cases_of(person_id: int) -> list[Application]:
    """The person's applications that were not thrown away, latest first."""
    rows = (
        select(Application)
        .where(Application.person_id == person_id, Application.state != "discarded")
        .options(joinedload(Application.type))
        .order_by(Application.saved_at.desc(), Application.id.desc())
    )
    return list(db.session.scalars(rows))


def live_draft(person_id: int, type_code: str) -> Application | None:
    """What the person has begun for this type and not sent."""
    rows = select(Application).where(
        Application.person_id == person_id, Application.type_code == type_code, Application.state == "draft"
    )
    return db.session.scalar(rows)


def returned_to_counter(person_id: int, type_code: str) -> Application | None:
    """What a counter has entered for this person and has now to be completed."""
    rows = select(Application).where(
        Application.person_id == person_id, Application.type_code == type_code,
        Application.state == "returned", Application.assisted_by_id.is_not(None),
    )  # fmt: skip
    return db.session.scalar(rows.order_by(Application.id.desc()).limit(1))


def entered_by(officer_id: int) -> list[Application]:
    """What this officer is filling in for others at the counter now, latest first."""
    rows = (
        select(Application)
        .where(Application.assisted_by_id == officer_id, Application.state.in_(TO_FILL_IN))
        .options(joinedload(Application.type), joinedload(Application.person))
        .order_by(Application.saved_at.desc(), Application.id.desc())
    )
    return list(db.session.scalars(rows))


def history_of(case: Application) -> list[Event]:
    """Every event of the application, oldest first."""
    rows = select(Event).where(Event.subject_type == Application.__tablename__, Event.subject_id == case.id)
    return list(db.session.scalars(rows.order_by(Event.id)))


def history_of_objection(case: Application) -> list[Event]:
    """Every event of the objection to its refusal, oldest first."""
    own = select(Objection.id).where(Objection.application_id == case.id).scalar_subquery()
    rows = select(Event).where(Event.subject_type == Objection.__tablename__, Event.subject_id == own)
    return list(db.session.scalars(rows.order_by(Event.id)))


def findings_of(case: Application) -> list[Finding]:
    rows = select(Finding).where(Finding.application_id == case.id).order_by(Finding.id)
    return list(db.session.scalars(rows.options(joinedload(Finding.person))))


def visit_of(case: Application) -> Visit | None:
    """The latest field inspection, done or to come."""
    rows = select(Visit).where(Visit.application_id == case.id).order_by(Visit.id.desc()).limit(1)
    return db.session.scalar(rows)


def decision_of(case: Application) -> Decision | None:
    """The latest proposal or decision."""
    rows = select(Decision).where(Decision.application_id == case.id).order_by(Decision.id.desc()).limit(1)
    return db.session.scalar(rows)


def messages_of(case: Application) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.application_id == case.id).order_by(Message.id)))


def objection_of(case: Application) -> Objection | None:
    return db.session.scalar(select(Objection).where(Objection.application_id == case.id))


def assignments_of(case: Application) -> list[Assignment]:
    rows = select(Assignment).where(Assignment.application_id == case.id).order_by(Assignment.id)
    return list(db.session.scalars(rows))


def office_of_kelurahan(region_code: str) -> Unit | None:
    """The kelurahan's own office."""
    rows = select(Unit).where(Unit.kind == "kelurahan", Unit.region_code == region_code)
    return db.session.scalar(rows)


def unit_by_code(code: str) -> Unit | None:
    return db.session.scalar(select(Unit).where(Unit.code == code))


def kelurahans() -> Sequence[Region]:
    return db.session.scalars(select(Region).where(Region.level == "kelurahan").order_by(Region.name)).all()


def region_named(code: str) -> Region | None:
    return db.session.get(Region, code)


def members(unit_id: int, role: str) -> list[Person]:
    """Who works at this unit in this role now, in a fixed order."""
    rows = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.unit_id == unit_id, Membership.role == role, Membership.ended_at.is_(None))
        .order_by(Person.id)
    )
    return list(db.session.scalars(rows))


def loads_of(person_ids: Sequence[int]) -> dict[int, int]:
    """How many undecided cases lie on each desk."""
    rows = (
        select(Application.officer_id, func.count())
        .where(Application.officer_id.in_(person_ids), Application.state.in_(UNDECIDED))
        .group_by(Application.officer_id)
    )
    found = {officer: count for officer, count in db.session.execute(rows)}
    return {person_id: found.get(person_id, 0) for person_id in person_ids}


def inspectors() -> list[Person]:
    """Everybody of the Inspektorat."""
    rows = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == "inspector", Membership.ended_at.is_(None))
        .distinct()
        .order_by(Person.id)
    )
    return list(db.session.scalars(rows))


def without_officer() -> list[Application]:
    """Cases that wait for an officer: nobody worked there when they came, or who had them works there no more."""
    role = case(ROLE_AT, value=Application.state)
    works_there = select(Membership.id).where(
        Membership.person_id == Application.officer_id, Membership.role == role, Membership.ended_at.is_(None),
        Membership.unit_id == case((role == TECHNICAL, Application.agency_id), else_=Application.office_id),
    )  # fmt: skip
    rows = select(Application).where(Application.state.in_(ROLE_AT), ~works_there.exists())
    return list(db.session.scalars(rows.options(*_whole()).order_by(Application.id)))


def last_event_id(case: Application) -> int:
    """What the reader has seen of the case: forms send it back, so that two officers notice one another (T53)."""
    rows = select(func.max(Event.id)).where(
        Event.subject_type == Application.__tablename__, Event.subject_id == case.id
    )
    return db.session.scalar(rows) or 0


def events_after(case: Application, seen: int) -> list[Event]:
    return [event for event in history_of(case) if event.id > seen]


def names_of(person_ids: Collection[int | None]) -> dict[int | None, str]:
    """What these people are called; nobody's name is not there."""
    rows = select(Person.id, Person.name).where(Person.id.in_([known for known in person_ids if known]))
    return {person_id: name for person_id, name in db.session.execute(rows)}


def names_of_units(unit_ids: Collection[int]) -> dict[int, str]:
    """What these offices are called."""
    rows = select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids))
    return {unit_id: name for unit_id, name in db.session.execute(rows)}


def decided_between(first: datetime, last: datetime) -> list[Application]:
    rows = select(Application).where(Application.decided_at >= first, Application.decided_at < last)
    return list(db.session.scalars(rows.options(joinedload(Application.type))))


def units_of_members(person_ids: Collection[int], unit_ids: tuple[int | None, ...]) -> dict[int, str]:
    """The name of one of these units in which each of the people works or has worked, by person."""
    rows = (
        select(Membership.person_id, Unit.name)
        .join(Unit, Membership.unit_id == Unit.id)
        .where(Membership.person_id.in_(person_ids), Unit.id.in_([unit_id for unit_id in unit_ids if unit_id]))
        .order_by(Membership.id.desc())
    )
    return {person_id: name for person_id, name in db.session.execute(rows)}


def paper_of(case: Application, requirement: str) -> Paper:
    """The file that stands for a requirement. Answers 404 when there is none."""
    return next((paper for paper in case.papers if paper.requirement == requirement), None) or abort(404)


def sent(case: Application) -> Application:
    """The case, if it was sent. Answers 404 before."""
    return case if case.submitted_at is not None else abort(404)


def photo_of(case: Application, photo_id: int) -> Photo:
    """A picture of one of this case's inspections. Answers 404 when it is none of them."""
    rows = select(Photo).join(Visit, Visit.id == Photo.visit_id)
    return db.session.scalar(rows.where(Photo.id == photo_id, Visit.application_id == case.id)) or abort(404)
