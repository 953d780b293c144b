"""What the Inspektorat looks at. Never writes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from blueprints.perizinan.cases.models import Application, Assignment, Message, Objection
from blueprints.perizinan.cases.workflow import BY_HAND, LATE, OBJECTION_LATE
from blueprints.perizinan.talking.actions import HELD
from webapp import clock
from webapp.db import db
from webapp.deadlines import Deadline, Pause
from webapp.events import Event

ACCEPT, RETURN = "perizinan.application.accept", "perizinan.application.return"
LATE_DEFECT = "perizinan.application.late_defect"
Judge = tuple[int | None, int | None]  # an officer, and the office whose files they judged


def late_cases(most: int) -> Sequence[tuple[Application, Deadline]]:
    """Undecided cases whose time is over, the latest first; not more than so many."""
    rows = (
        select(Application, Deadline)
        .join(Deadline, _about(Application, LATE))
        .where(*_over())
        .options(joinedload(Application.type), joinedload(Application.office), joinedload(Application.officer))
        .order_by(Deadline.due_at, Application.id)
    )
    return [(case, deadline) for case, deadline in db.session.execute(rows.limit(most))]


def late_objections() -> Sequence[tuple[Objection, Deadline]]:
    """Objections that should have been answered, the latest first."""
    rows = (
        select(Objection, Deadline)
        .join(Deadline, _about(Objection, OBJECTION_LATE))
        .where(*_over())
        .options(joinedload(Objection.application).joinedload(Application.office))
        .order_by(Deadline.due_at, Objection.id)
    )
    return [(objection, deadline) for objection, deadline in db.session.execute(rows)]


def _about(model: type[Application] | type[Objection], event: str) -> ColumnElement[bool]:
    return and_(
        Deadline.subject_type == model.__tablename__, Deadline.subject_id == model.id, Deadline.event == event
    )  # fmt: skip


def _over() -> tuple[ColumnElement[bool], ...]:
    return Deadline.ended_at.is_(None), Deadline.due_at <= clock.now()


def held_messages() -> Sequence[tuple[Message, Application]]:
    """Messages of the staff that wait to be judged, oldest first."""
    rows = (
        select(Message, Application)
        .join(Application, Application.id == Message.application_id)
        .where(Message.state == HELD)
        .options(joinedload(Application.office))
        .order_by(Message.id)
    )
    return [(message, case) for message, case in db.session.execute(rows)]


def held_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Message).where(Message.state == HELD)) or 0


def redrawn(since: datetime, most: int) -> Sequence[Assignment]:
    """Cases that a supervisor took from their officer, newest first."""
    rows = (
        select(Assignment)
        .where(Assignment.taken_by_id.is_not(None), Assignment.at >= since)
        .options(
            joinedload(Assignment.application),
            joinedload(Assignment.person),
            joinedload(Assignment.taken_from),
            joinedload(Assignment.taken_by),
        )
        .order_by(Assignment.id.desc())
    )
    return db.session.scalars(rows.limit(most)).all()


def stopped_by_hand(since: datetime, most: int) -> Sequence[tuple[Pause, Application]]:
    """Clocks that a supervisor has stopped, newest first, whether or not they go on again."""
    rows = (
        select(Pause, Application)
        .join(Deadline, Deadline.id == Pause.deadline_id)
        .join(Application, Application.id == Deadline.subject_id)
        .where(Deadline.event == LATE, Pause.reason.in_(BY_HAND), Pause.began_at >= since)
        .options(joinedload(Application.office))
        .order_by(Pause.id.desc())
    )
    return [(pause, case) for pause, case in db.session.execute(rows.limit(most))]


@dataclass(frozen=True)
class Judged:
    """What one officer has done with the files of one office."""

    person_id: int
    office_id: int
    checked: int
    returned: int
    taken_back: int  # acceptances that a supervisor found to be wrong


def judged_since(since: datetime) -> list[Judged]:
    """Who judged how many files at the completeness check, and how it went."""
    checked = _checks(since, ACCEPT) + _checks(since, RETURN)
    returned, taken_back = _checks(since, RETURN), _taken_back(since)
    found = [
        Judged(person_id, office_id, count, returned[person_id, office_id], taken_back[person_id, office_id])
        for (person_id, office_id), count in checked.items()
        if person_id and office_id
    ]
    return sorted(found, key=lambda row: (row.office_id, row.person_id))


def _checks(since: datetime, name: str) -> Counter[Judge]:
    rows = (
        select(Event.actor_id, Application.office_id, func.count())
        .join(Application, Application.id == Event.subject_id)
        .where(Event.name == name, Event.at >= since)
        .group_by(Event.actor_id, Application.office_id)
    )
    return Counter({(actor, office): count for actor, office, count in db.session.execute(rows)})


def _taken_back(since: datetime) -> Counter[Judge]:
    """Late defects by the officer who had accepted the file before."""
    rows = (
        select(Event, Application.office_id)
        .join(Application, Application.id == Event.subject_id)
        .where(Event.name == LATE_DEFECT, Event.at >= since)
    )
    found: Counter[Judge] = Counter()
    for event, office_id in db.session.execute(rows):
        found[_who_accepted(event), office_id] += 1
    return found


def _who_accepted(event: Event) -> int | None:
    rows = select(Event.actor_id).where(
        Event.subject_type == event.subject_type, Event.subject_id == event.subject_id, Event.name == ACCEPT,
        Event.id < event.id,
    )  # fmt: skip
    return db.session.scalar(rows.order_by(Event.id.desc()).limit(1))
