"""Counts and times of the queue: for the wall, and for what a citizen may expect."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import NamedTuple

from sqlalchemy import case, func, select

from blueprints.dokter.availability import ONLINE
from blueprints.dokter.models import Clinic, Shift, ShiftShare, Ticket
from webapp import clock
from webapp.db import db

ENOUGH = 5  # fewer waits than this say nothing about a clinic
LOOK_BACK = timedelta(days=7)
SLICE = timedelta(minutes=15)
HOUR = timedelta(hours=1)
TREND = 24


class ClinicCount(NamedTuple):
    name: str
    waiting: int
    served: int


def counts_by_clinic() -> list[ClinicCount]:
    """For each clinic with shifts today: how many wait, and how many have been served. The fullest first."""
    rows = (
        select(
            Clinic.short_name,
            func.count(Ticket.id).filter(Ticket.state == "waiting"),
            func.count(Ticket.id).filter(Ticket.state.in_(("serving", "done"))),
        )
        .join(Shift, Shift.clinic_id == Clinic.unit_id)
        .outerjoin(Ticket, Ticket.shift_id == Shift.id)
        .where(Shift.day == clock.today())
        .group_by(Clinic.unit_id, Clinic.short_name)
    )
    counts = [ClinicCount(*row) for row in db.session.execute(rows)]
    return sorted(counts, key=lambda count: (-count.waiting, count.name))


class Wait(NamedTuple):
    called_at: datetime
    minutes: float


def waits_today() -> list[Wait]:
    """How long each patient called today has waited, in the order of the calls.

    A wait begins when the doctor does, or when the number was taken if that was later: nobody waits at home.
    """
    rows = (
        select(Ticket.called_at, Ticket.taken_at, Shift.starts_at)
        .join(Ticket.shift)
        .where(Ticket.day == clock.today(), Ticket.called_at.is_not(None))
        .order_by(Ticket.called_at)
    )
    return [Wait(called, waited(called, taken, starts)) for called, taken, starts in db.session.execute(rows) if called]


def waited(called_at: datetime, taken_at: datetime, starts_at: datetime) -> float:
    """Minutes from the later of taking the number and the start of the shift until the call, never below 0."""
    return max((called_at - max(taken_at, starts_at)) / timedelta(minutes=1), 0.0)


def p90(values: Sequence[float]) -> float | None:
    """What nine of ten did not exceed."""
    if not values:
        return None
    return quantiles(values, n=10, method="inclusive")[-1] if len(values) > 1 else values[0]


def trend_of(waits: Iterable[Wait]) -> list[float]:
    """The median wait of each quarter of an hour, up to now."""
    slices: dict[int, list[float]] = defaultdict(list)
    now = clock.now()
    for wait in waits:
        slices[int((now - wait.called_at) / SLICE)].append(wait.minutes)
    return [round(median(slices[age]), 1) for age in range(TREND - 1, -1, -1) if age in slices]


class Places(NamedTuple):
    taken: int
    places: int

    @property
    def percent(self) -> int:
        return round(100 * self.taken / self.places) if self.places else 0


def places_today() -> Places:
    """Places that can be taken from home today, and how many are taken."""
    rows = (
        select(func.sum(ShiftShare.taken), func.sum(ShiftShare.places))
        .join(Shift, Shift.id == ShiftShare.shift_id)
        .where(Shift.day == clock.today(), ShiftShare.share.in_(ONLINE))
    )
    taken, places = db.session.execute(rows).one()
    return Places(taken or 0, places or 0)


def use_of_places() -> list[tuple[datetime, int]]:
    """How many of today's places (without the counter's) were taken at each quarter of an hour until now.

    Who cancels gives the place back, so the line may fall.
    """
    given_back = case((Ticket.state == "cancelled", Ticket.finished_at))
    rows = select(Ticket.taken_at, given_back).where(Ticket.day == clock.today(), Ticket.share.in_(ONLINE))
    found = db.session.execute(rows).all()
    taken, back = sorted(row[0] for row in found), sorted(row[1] for row in found if row[1])
    moments = [clock.now() - age * SLICE for age in range(TREND, -1, -1)]
    return [(moment, bisect_right(taken, moment) - bisect_right(back, moment)) for moment in moments]


def moments_of(column: object) -> list[datetime]:
    """When numbers for today's shifts were taken (or called, by the column), in order."""
    rows = select(column).where(Ticket.day == clock.today(), column.is_not(None)).order_by(column)  # type: ignore[call-overload, attr-defined]
    return list(db.session.scalars(rows))


def in_last_hour(moments: Iterable[datetime]) -> int:
    since = clock.now() - HOUR
    return sum(1 for moment in moments if moment > since)


def by_hour(moments: Iterable[datetime]) -> list[tuple[str, int]]:
    """How many fall into each hour of the city's clock today: ("07", 12), ("08", 40) ..."""
    counts: dict[str, int] = defaultdict(int)
    begins, _ends = clock.day_bounds(clock.today())
    for moment in moments:
        if moment >= begins:
            counts[f"{clock.local(moment):%H}"] += 1
    return sorted(counts.items())


def typical_waits() -> dict[int, int]:
    """Each clinic's median wait of the last days in minutes, where there were enough to say so."""
    rows = (
        select(Ticket.clinic_id, Ticket.called_at, Ticket.taken_at, Shift.starts_at)
        .join(Ticket.shift)
        .where(Ticket.day > clock.today() - LOOK_BACK, Ticket.called_at.is_not(None))
    )
    waits: dict[int, list[float]] = defaultdict(list)
    for clinic_id, called, taken, starts in db.session.execute(rows):
        if called:
            waits[clinic_id].append(waited(called, taken, starts))
    return {clinic_id: round(median(values)) for clinic_id, values in waits.items() if len(values) >= ENOUGH}
