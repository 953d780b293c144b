"""How long permits really take, and how many cases stand where: for the public page of a type, and for the wall."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from sqlalchemy import func, select

from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.workflow import LATE, UNDECIDED
from webapp import clock
from webapp.db import db
from webapp.deadlines import Deadline
from webapp.events import Event

YEAR = timedelta(days=365)
DECIDED = ("issued", "refused", "revoked")


@dataclass(frozen=True)
class Record:
    """What real cases of the last twelve months took, in working days."""

    count: int
    median: float
    p90: float
    in_time: float  # share of 1


def of_type(type_code: str) -> Record | None:
    """The record of one type; None when no case was decided yet."""
    return _record(type_code)


def of_all() -> Record | None:
    """The record of all types together."""
    return _record(None)


def _record(type_code: str | None) -> Record | None:
    rows = select(Application.days_used, Application.in_time).where(
        Application.state.in_(DECIDED), Application.days_used.is_not(None), Application.decided_at > clock.now() - YEAR
    )
    if type_code:
        rows = rows.where(Application.type_code == type_code)
    found = db.session.execute(rows).all()
    if not found:
        return None
    days = sorted(float(used or 0) for used, _in_time in found)
    return Record(len(days), median(days), p90(days), sum(bool(in_time) for _days, in_time in found) / len(days))


def p90(ordered: Sequence[float]) -> float:
    """The value that nine of ten do not exceed."""
    return ordered[ceil(0.9 * len(ordered)) - 1]


@dataclass(frozen=True)
class StateCount:
    state: str
    count: int
    oldest_days: int  # calendar days since its submission


def in_process() -> list[StateCount]:
    """Undecided cases by state, in the order of the workflow, with the age of the oldest."""
    rows = select(Application.state, Application.submitted_at).where(Application.state.in_(UNDECIDED))
    counts: Counter[str] = Counter()
    oldest: dict[str, datetime] = {}
    for state, sent in db.session.execute(rows):
        submitted = sent or clock.now()
        counts[state] += 1
        oldest[state] = min(submitted, oldest.get(state, submitted))
    return [
        StateCount(state, counts[state], (clock.now() - oldest[state]).days) for state in UNDECIDED if counts[state]
    ]


def over_deadline() -> int:
    """Undecided cases whose time has run out."""
    rows = select(func.count()).where(
        Deadline.event == LATE, Deadline.ended_at.is_(None), Deadline.due_at <= clock.now()
    )
    return db.session.scalar(rows) or 0


def reports_sent(since: datetime) -> int:
    """How often cases have reported themselves to the Inspektorat since then."""
    rows = select(func.count()).where(Event.name == LATE, Event.at >= since)
    return db.session.scalar(rows) or 0


def paid_but_free() -> int:
    """Cases of free types that carry a fee: must be none, whatever happened to the database."""
    rows = select(func.count()).where(Application.fee > 0).where(Application.type.has(fee_kind="free"))
    return db.session.scalar(rows) or 0
