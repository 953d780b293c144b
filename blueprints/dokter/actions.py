"""What people can do in the clinic queue: one function per use case, each one transaction."""

from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from blueprints.dokter import availability, queries, statistics
from blueprints.dokter.models import Clinic, Schedule, Shift, ShiftShare, Ticket, Ward
from blueprints.dokter.workflow import TICKET
from webapp import calendar, clock, events
from webapp.access import THE_CITY, Actor, demand
from webapp.accounts.models import Person
from webapp.codes import new_code
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.replay import once

CODE_LENGTH = 6


class Overtaken(Refusal):
    """The tablet shows a queue that has moved on since."""


@transactional
@once(Ticket)
def take_ticket(shift_id: int, share: str, *, by: Person) -> Ticket:
    """Give the person the next number, or refuse when that share of the shift is full, closed or not open yet.

    Each counter moves in one UPDATE, so two people never get the same number or the same last place on either
    database. Whoever already holds a live number in this ward on this day gets that one.
    """
    demand(by, "dokter.take_ticket")
    shift = queries.shift_on_show(shift_id)
    if held := queries.live_ticket(by.id, shift.ward_id, shift.day):
        return held
    refuse_unless_open(shift)
    if not occupy_place(shift, share):
        if held := queries.live_ticket(by.id, shift.ward_id, shift.day):
            return held  # the last place went to this person's own other press
        raise Refusal(availability.share_full_text(shift, share))
    tariff = queries.tariff_for(shift.clinic.unit.kind, share, shift.day)
    ticket = Ticket(
        code=new_code(CODE_LENGTH), shift=shift, clinic_id=shift.clinic_id, ward_id=shift.ward_id, day=shift.day,
        person_id=by.id, share=share, number=next_number(shift), tariff=tariff, taken_at=clock.now(),
        state=TICKET.begins, ahead_when_taken=queries.how_many_wait(shift.id),
    )  # fmt: skip
    db.session.add(ticket)
    events.record("dokter.ticket.taken", ticket, by, shift_id=shift.id, number=ticket.number, share=share)
    return ticket


def refuse_unless_open(shift: Shift) -> None:
    standing = availability.of(shift, queries.holiday_of(shift))
    if standing.kind not in ("open", "full"):  # full is decided by the counters, share by share
        raise Refusal(standing.text)


def occupy_place(shift: Shift, share: str) -> bool:
    """Take one of the share's places, if one is left at this very moment."""
    taken = db.session.scalar(
        update(ShiftShare)
        .where(ShiftShare.shift_id == shift.id, ShiftShare.share == share, ShiftShare.taken < ShiftShare.places)
        .where(ShiftShare.share.in_(availability.ONLINE))
        .values(taken=ShiftShare.taken + 1)
        .returning(ShiftShare.taken)
    )
    return taken is not None


def give_place_back(ticket: Ticket) -> None:
    db.session.execute(
        update(ShiftShare)
        .where(ShiftShare.shift_id == ticket.shift_id, ShiftShare.share == ticket.share)
        .values(taken=ShiftShare.taken - 1)
    )


def next_number(shift: Shift) -> int:
    """Refuses where the staff have closed the session since it was looked at."""
    number = db.session.scalar(
        update(Shift)
        .where(Shift.id == shift.id, Shift.closed_at.is_(None))
        .values(last_number=Shift.last_number + 1)
        .returning(Shift.last_number)
    )
    if number is None:
        raise Refusal(availability.closed_text())
    return int(number)


@transactional
def cancel_ticket(code: str, reason: str, *, by: Person) -> Ticket:
    """Give the number up and its place back. Who has already cancelled gets the same answer again."""
    ticket = queries.ticket_on_show(code)
    demand(by, "dokter.cancel_own", ticket)
    if ticket.state == "cancelled":
        return ticket
    give_place_back(ticket)  # places, then shift, then ticket: in the order of all others, or they wait in a ring
    hold(ticket.shift_id)
    TICKET.move(ticket, "cancel", by, shift_id=ticket.shift_id, reason=reason)
    ticket.cancel_reason = reason
    ticket.finished_at = clock.now()
    return ticket


def hold(shift_id: int) -> None:
    """Whoever moves this queue moves it alone until the end of the transaction. Takes the shift's row."""
    db.session.execute(select(Shift.id).where(Shift.id == shift_id).with_for_update())


@transactional
def open_shift(shift_id: int, *, by: Actor) -> Shift:
    """This person runs the queue from now on."""
    shift = queries.shift_on_show(shift_id)
    demand(by, "dokter.run_queue", shift)
    refuse_other_days(shift)
    if shift.operator_id != by.id:
        shift.operator_id = by.id
        shift.revision += 1  # whoever ran it until now is behind
        events.record("dokter.shift.open", shift, by, shift_id=shift.id)
    return shift


@transactional
def call_next(shift_id: int, seen: int, *, by: Actor) -> Ticket | None:
    """The present patient is finished, the next number is called. Returns it, or None when nobody waits any more.

    `seen` is the revision of the queue on the caller's screen: of two tablets that press at once, one calls and the
    other is told (Overtaken), so that nobody is called twice or passed over.
    """
    shift = queries.shift_on_show(shift_id)
    demand(by, "dokter.run_queue", shift)
    refuse_other_days(shift)
    take_the_turn(shift, seen, by)
    finish_current(shift, by)
    ticket = queries.next_ticket(shift.id)
    if ticket:
        TICKET.move(ticket, "call", by, shift_id=shift.id, number=ticket.number, person_id=ticket.person_id)
        ticket.called_at = clock.now()
        end_delay(shift, by)
    return ticket


def end_delay(shift: Shift, by: Actor) -> None:
    """Whoever calls is there."""
    if shift.delayed_until:
        shift.delayed_until = shift.delay_reason = None
        events.record("dokter.shift.go_on", shift, by, shift_id=shift.id)


def refuse_other_days(shift: Shift) -> None:
    """Nobody is told to come in for a queue that is not today's."""
    if shift.day != clock.today():
        raise Refusal(_("This queue is not today's."))


def take_the_turn(shift: Shift, seen: int, by: Actor) -> None:
    """Compare and set in one statement: only one of those who saw the same queue goes on."""
    moved = db.session.scalar(
        update(Shift)
        .where(Shift.id == shift.id, Shift.revision == seen)
        .values(revision=Shift.revision + 1, operator_id=by.id)
        .returning(Shift.revision)
    )
    if moved is None:
        raise Overtaken(_("Another tablet was first. This is the queue now."))


def finish_current(shift: Shift, by: Actor) -> None:
    if current := queries.current_ticket(shift.id):
        _move(current, "finish", by)
        db.session.flush()  # there is never more than one current ticket


@transactional
def move_ticket(code: str, step: str, seen: int, *, by: Actor) -> Ticket:
    """One step of the staff with one ticket: recall, skip, serve, finish, call_back."""
    ticket = queries.ticket_on_show(code)
    demand(by, "dokter.run_queue", ticket)
    refuse_other_days(ticket.shift)
    take_the_turn(ticket.shift, seen, by)
    if step == "call_back":
        refuse_second_number(ticket)
        end_delay(ticket.shift, by)
        finish_current(ticket.shift, by)
    _move(ticket, step, by)
    return ticket


def refuse_second_number(ticket: Ticket) -> None:
    if newer := queries.live_ticket(ticket.person_id, ticket.ward_id, ticket.day):
        raise Refusal(_("This person already holds the newer number %(label)s.", label=newer.label))


def _move(ticket: Ticket, step: str, by: Actor) -> None:
    facts = {"shift_id": ticket.shift_id, "number": ticket.number, "person_id": ticket.person_id}
    TICKET.move(ticket, step, by, **facts)
    if step == "call_back":
        ticket.called_at = clock.now()
    if ticket.state in ("done", "missed"):
        ticket.finished_at = clock.now()


@transactional
def lapse_tickets(day: date) -> int:
    """Bring the tickets of days before this one to an end. Returns how many there were.

    Whoever was being served is done: after the last patient of a day nobody calls the next.
    """
    left_over = queries.unfinished_before(day)
    for ticket in left_over:
        _move(ticket, "close" if ticket.state == "serving" else "lapse", THE_CITY)
    return len(left_over)


@transactional
def make_shifts(first: date, days: int = queries.HORIZON) -> int:
    """Make the shifts of the coming days from the schedules, except on holidays. Returns how many are new."""
    last = first + timedelta(days=days - 1)
    holidays = calendar.holidays_between(first, last)
    rows = db.session.execute(select(Shift.schedule_id, Shift.day).where(Shift.day.between(first, last)))
    there = {(schedule_id, day) for schedule_id, day in rows}
    taken = {(s.clinic_id, s.day, s.letter) for s in db.session.scalars(select(Shift).where(Shift.day >= first))}
    made = 0
    schedules = db.session.scalars(select(Schedule).options(joinedload(Schedule.ward))).all()
    for day in (first + timedelta(days=n) for n in range(days)):
        if day in holidays:
            continue
        for schedule in schedules:
            place = (schedule.ward.clinic_id, day, schedule.letter)
            if is_due(schedule, day) and (schedule.id, day) not in there and place not in taken:
                add_shift(schedule, schedule.ward, day)
                taken.add(place)
                made += 1
    return made


def is_due(schedule: Schedule, day: date) -> bool:
    ended = schedule.valid_until is not None and day > schedule.valid_until
    return schedule.weekday == day.weekday() and day >= schedule.valid_from and not ended


def add_shift(schedule: Schedule, ward: Ward, day: date) -> None:
    opening_day = day - timedelta(days=schedule.opens_days_before)
    shift = Shift(
        schedule_id=schedule.id, clinic_id=ward.clinic_id, ward_id=ward.id, day=day, letter=schedule.letter,
        doctor=schedule.doctor, room=schedule.room, is_demo=schedule.is_demo,
        starts_at=clock.at(day, schedule.starts), ends_at=clock.at(day, schedule.ends),
        opens_at=clock.at(opening_day, schedule.opens),
    )  # fmt: skip
    for share in ("jkn", "non_jkn", "counter"):
        shift.shares.append(ShiftShare(share=share, places=getattr(schedule, share)))
    db.session.add(shift)


@transactional
def store_typical_waits() -> None:
    """Keep with each clinic what people usually wait there."""
    for clinic_id, minutes in statistics.typical_waits().items():
        db.session.execute(update(Clinic).where(Clinic.unit_id == clinic_id).values(typical_wait=minutes))
