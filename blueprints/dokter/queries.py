"""What may be seen of clinics, shifts and tickets. Never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import abort
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from blueprints.dokter import availability
from blueprints.dokter.availability import ONLINE
from blueprints.dokter.models import CURRENT, LIVE, Clinic, Shift, ShiftShare, Tariff, Ticket, Ward
from webapp import calendar, clock, i18n
from webapp.codes import plain
from webapp.db import db
from webapp.regions.models import Unit

HORIZON = 14


@dataclass(frozen=True)
class ClinicDay:
    """A clinic as it stands on one day."""

    clinic: Clinic
    shifts: int
    left: int
    places: int
    starts_at: datetime | None
    ends_at: datetime | None

    @property
    def hours(self) -> str:
        if self.starts_at is None or self.ends_at is None:
            return ""
        return f"{i18n.hour(self.starts_at)}–{i18n.hour(self.ends_at)}"


def clinics_on(day: date, words: str = "") -> list[ClinicDay]:
    """All clinics whose name, address or wards have these words, with the places that are left on this day."""
    facts = {row[0]: row[1:] for row in db.session.execute(_places_by_clinic(day))}
    return [_clinic_day(clinic, facts.get(clinic.unit_id)) for clinic in _clinics(words)]


def clinic_day(clinic: Clinic, day: date) -> ClinicDay:
    """This clinic on this day."""
    row = db.session.execute(_places_by_clinic(day).where(Shift.clinic_id == clinic.unit_id)).first()
    return _clinic_day(clinic, row[1:] if row else None)


def _places_by_clinic(day: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Shift.clinic_id,
            func.count(Shift.id.distinct()),
            func.sum(ShiftShare.places - ShiftShare.taken).filter(
                Shift.ends_at > clock.now(), Shift.closed_at.is_(None)
            ),
            func.sum(ShiftShare.places),
            func.min(Shift.starts_at),
            func.max(Shift.ends_at),
        )
        .join(ShiftShare, ShiftShare.shift_id == Shift.id)
        .where(Shift.day == day, ShiftShare.share.in_(ONLINE))
        .group_by(Shift.clinic_id)
    )


def _clinic_day(clinic: Clinic, facts: Sequence[Any] | None) -> ClinicDay:
    if facts is None:
        return ClinicDay(clinic, 0, 0, 0, None, None)
    shifts, left, places, starts_at, ends_at = facts
    return ClinicDay(clinic, shifts, left or 0, places, starts_at, ends_at)


def _clinics(words: str) -> Iterable[Clinic]:
    rows = select(Clinic).join(Clinic.unit).options(joinedload(Clinic.unit)).order_by(Unit.kind.desc(), Unit.name)
    for word in words.split():
        wards = select(Ward.clinic_id).where(Ward.name.icontains(word, autoescape=True))
        named = Unit.name.icontains(word, autoescape=True)
        placed = Clinic.address.icontains(word, autoescape=True)
        rows = rows.where(or_(named, placed, Clinic.unit_id.in_(wards)))
    return db.session.scalars(rows)


def clinic_of(code: str) -> Clinic:
    """The clinic with this unit code. Answers 404 when there is none."""
    rows = select(Clinic).join(Clinic.unit).where(Unit.code == code).options(joinedload(Clinic.unit))
    return db.session.scalar(rows) or abort(404)


def last_clinic_of(person_id: int) -> int | None:
    """Where the person took their latest ticket."""
    rows = select(Ticket.clinic_id).where(Ticket.person_id == person_id).order_by(Ticket.id.desc()).limit(1)
    return db.session.scalar(rows)


def left_by_day(clinic_id: int, first: date) -> dict[date, int]:
    """For each coming day with shifts: the online places that are left in the clinic."""
    rows = (
        select(Shift.day, func.sum(ShiftShare.places - ShiftShare.taken))
        .join(ShiftShare, ShiftShare.shift_id == Shift.id)
        .where(Shift.clinic_id == clinic_id, Shift.day.between(first, first + timedelta(days=HORIZON - 1)))
        .where(ShiftShare.share.in_(ONLINE), Shift.ends_at > clock.now(), Shift.closed_at.is_(None))
        .group_by(Shift.day)
    )
    return {day: int(left) for day, left in db.session.execute(rows)}


def shifts_of(clinic_id: int, day: date) -> list[Shift]:
    """A clinic's shifts on a day, by ward and hour."""
    rows = (
        select(Shift)
        .join(Shift.ward)
        .where(Shift.clinic_id == clinic_id, Shift.day == day)
        .options(joinedload(Shift.ward), selectinload(Shift.shares))
        .order_by(Ward.code, Shift.starts_at, Shift.letter)
    )
    return list(db.session.scalars(rows))


def other_shifts(shift: Shift, holiday: str | None) -> list[Shift]:
    """Where else a person can go who finds this shift full: the same kind of ward on the same day, with places left."""
    rows = (
        select(Shift)
        .join(Shift.ward)
        .where(Shift.day == shift.day, Ward.code == shift.ward.code, Shift.id != shift.id)
        .options(joinedload(Shift.clinic).joinedload(Clinic.unit), selectinload(Shift.shares))
    )
    free = [other for other in db.session.scalars(rows) if availability.of(other, holiday).is_open]
    return sorted(free, key=lambda other: (other.clinic_id != shift.clinic_id, -availability.left_online(other)))[:4]


def waiting_counts(shift_ids: Iterable[int]) -> dict[int, int]:
    rows = (
        select(Ticket.shift_id, func.count())
        .where(Ticket.shift_id.in_(list(shift_ids)), Ticket.state == "waiting")
        .group_by(Ticket.shift_id)
    )
    return {shift_id: count for shift_id, count in db.session.execute(rows)}


def shift_on_show(shift_id: int) -> Shift:
    """The shift with its ward, clinic and places. Answers 404 when there is none."""
    return db.session.scalar(select(Shift).where(Shift.id == shift_id).options(*_whole_shift())) or abort(404)


def _whole_shift() -> tuple[Any, ...]:
    return joinedload(Shift.ward), joinedload(Shift.clinic).joinedload(Clinic.unit), selectinload(Shift.shares)


def holiday_of(shift: Shift) -> str | None:
    return calendar.holiday_name(shift.day)


def tariff_for(kind: str, share: str, day: date) -> Tariff:
    """The tariff in force on that day for this kind of clinic. The counter share pays as those without JKN do."""
    paying = share if share == "jkn" else "non_jkn"
    rows = (
        select(Tariff)
        .where(Tariff.kind == kind, Tariff.share == paying, Tariff.valid_from <= day)
        .order_by(Tariff.valid_from.desc())
        .limit(1)
    )
    return db.session.scalars(rows).one()


def left_today() -> int:
    """How many numbers can be taken from home now, in the whole city."""
    today = clock.today()
    rows = (
        select(func.sum(ShiftShare.places - ShiftShare.taken))
        .join(Shift, Shift.id == ShiftShare.shift_id)
        .where(Shift.day == today, ShiftShare.share.in_(ONLINE))
        .where(Shift.ends_at > clock.now(), Shift.opens_at <= clock.now(), Shift.closed_at.is_(None))
    )
    return 0 if calendar.holiday_name(today) else db.session.scalar(rows) or 0


def live_ticket(person_id: int, ward_id: int, day: date) -> Ticket | None:
    rows = select(Ticket).where(
        Ticket.person_id == person_id, Ticket.ward_id == ward_id, Ticket.day == day, Ticket.state.in_(LIVE)
    )
    return db.session.scalar(rows)


def ticket_with(code: str) -> Ticket | None:
    """The ticket with this code, however it is written (K7P-3QM, k7p 3qm)."""
    return db.session.scalar(select(Ticket).where(Ticket.code == plain(code)).options(*_whole_ticket()))


def ticket_on_show(code: str) -> Ticket:
    """The same. Answers 404 when there is none."""
    return ticket_with(code) or abort(404)


def _whole_ticket() -> tuple[Any, ...]:
    return (
        joinedload(Ticket.tariff),
        joinedload(Ticket.shift).joinedload(Shift.ward),
        joinedload(Ticket.shift).joinedload(Shift.clinic).joinedload(Clinic.unit),
    )


def live_tickets_of(person_id: int) -> list[Ticket]:
    """A person's tickets that still lead to a doctor: today or later, and not at their end. The next one first."""
    rows = (
        select(Ticket)
        .where(Ticket.person_id == person_id, Ticket.state.in_(LIVE), Ticket.day >= clock.today())
        .options(*_whole_ticket())
        .order_by(Ticket.day, Ticket.id)
    )
    return list(db.session.scalars(rows))


def past_tickets_of(person_id: int, limit: int = 40) -> list[Ticket]:
    """A person's other tickets, the newest day first."""
    rows = (
        select(Ticket)
        .where(Ticket.person_id == person_id, or_(Ticket.state.not_in(LIVE), Ticket.day < clock.today()))
        .options(*_whole_ticket())
        .order_by(Ticket.day.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(rows))


@dataclass(frozen=True)
class Queue:
    """The queue of a shift as everybody may see it: numbers only."""

    serving_number: int | None
    serving_label: str | None
    waiting: list[int]
    ahead: int | None = None  # how many are called before one's own number
    standing: str = ""  # what the staff have said of the session: when it goes on, or that it is closed


def queue_of(shift: Shift, number: int | None = None) -> Queue:
    """The queue as it is now, seen from one's own number where one is given."""
    rows = (
        select(Ticket.number, Ticket.state)
        .where(Ticket.shift_id == shift.id, Ticket.state.in_(LIVE))
        .order_by(Ticket.number)
    )
    found = db.session.execute(rows).all()
    now = next((other for other, state in found if state in CURRENT), None)
    label = None if now is None else shift.label(now)
    waiting = [other for other, state in found if state == "waiting"]
    ahead = None if number is None else sum(1 for other in waiting if other < number)
    return Queue(now, label, waiting, ahead, availability.standing_of(shift))


def current_ticket(shift_id: int) -> Ticket | None:
    """Who has been called or is being served; there is never more than one."""
    return db.session.scalar(select(Ticket).where(Ticket.shift_id == shift_id, Ticket.state.in_(CURRENT)))


def next_ticket(shift_id: int) -> Ticket | None:
    """Whose turn is next: the lowest number that waits."""
    rows = select(Ticket).where(Ticket.shift_id == shift_id, Ticket.state == "waiting").order_by(Ticket.number).limit(1)
    return db.session.scalar(rows)


def first_waiting(shift_id: int, most: int) -> list[tuple[int, int]]:
    """The tickets with the fewest before them, in their order: id, and how many were before it when it was taken."""
    rows = select(Ticket.id, Ticket.ahead_when_taken).where(Ticket.shift_id == shift_id, Ticket.state == "waiting")
    return [(found, ahead) for found, ahead in db.session.execute(rows.order_by(Ticket.number).limit(most))]


def how_many_wait(shift_id: int) -> int:
    return waiting_counts([shift_id]).get(shift_id, 0)


def tickets_in(shift_id: int, *states: str) -> list[Ticket]:
    rows = select(Ticket).where(Ticket.shift_id == shift_id, Ticket.state.in_(states)).order_by(Ticket.number)
    return list(db.session.scalars(rows))


def shifts_run_by(unit_ids: Iterable[int], day: date) -> list[Shift]:
    """The day's shifts of these clinics, for the staff who run them."""
    rows = (
        select(Shift)
        .where(Shift.clinic_id.in_(list(unit_ids)), Shift.day == day)
        .options(*_whole_shift())
        .order_by(Shift.clinic_id, Shift.starts_at, Shift.letter)
    )
    return list(db.session.scalars(rows))


def unfinished_before(day: date) -> list[Ticket]:
    """Tickets of past days that nobody has brought to an end."""
    return list(db.session.scalars(select(Ticket).where(Ticket.day < day, Ticket.state.in_(LIVE))))
