"""Checking in: whoever holds a number says that they are on the way, and that they are here. The order stays."""

from datetime import timedelta

from blueprints.dokter import queries
from blueprints.dokter.models import Shift, Ticket
from webapp import clock, events, i18n
from webapp.access import Actor, demand
from webapp.db import transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _

WINDOW = timedelta(hours=1)  # so long before the doctor begins one may check in


@transactional
def set_out(code: str, *, by: Actor) -> Ticket:
    """The holder is on the way. Said once; the staff see it, and nobody is called sooner or later for it."""
    ticket = queries.ticket_on_show(code)
    demand(by, "dokter.set_out", ticket)
    if ticket.on_way_at or ticket.arrived_at:
        return ticket
    refuse_ended(ticket)
    refuse_other_day(ticket)
    ticket.on_way_at = clock.now()
    events.record("dokter.ticket.set_out", ticket, by, shift_id=ticket.shift_id)
    return ticket


@transactional
def arrive(code: str, *, by: Actor) -> Ticket:
    """The holder is here: they say so themselves, or the counter reads their code. Said once.

    Raises Refusal in plain words: too early, too late, cancelled, another day.
    """
    ticket = queries.ticket_on_show(code)
    demand(by, "dokter.check_in", ticket)
    if ticket.arrived_at:
        return ticket
    refuse_ended(ticket)
    refuse_other_day(ticket)
    refuse_outside_window(ticket.shift)
    ticket.arrived_at = clock.now()
    events.record("dokter.ticket.arrive", ticket, by, shift_id=ticket.shift_id)
    return ticket


@transactional
def arrive_at_counter(shift_id: int, typed: str, *, by: Actor) -> Ticket:
    """The counter reads a code, by eye or by camera. Raises Refusal also where it belongs to another queue."""
    shift = queries.shift_on_show(shift_id)
    demand(by, "dokter.run_queue", shift)
    ticket = queries.ticket_with(typed)
    if ticket is None or ticket.clinic_id != shift.clinic_id:
        raise Refusal(_("No number of this clinic has this code. Please look again."))
    if ticket.shift_id != shift.id and ticket.day == shift.day:
        raise Refusal(_("%(label)s is for %(ward)s, %(room)s.", label=ticket.label, ward=ticket.shift.ward.name,
                        room=ticket.shift.room))  # fmt: skip
    return arrive(ticket.code, by=by)


ENDED = {
    "cancelled": lambda: _("This number was cancelled. Take another one."),
    "missed": lambda: _("This number was called and nobody was there. Please speak to the nurse."),
    "done": lambda: _("This visit is over."),
}


def refuse_ended(ticket: Ticket) -> None:
    if ticket.state in ENDED:
        raise Refusal(ENDED[ticket.state]())


def refuse_other_day(ticket: Ticket) -> None:
    if ticket.day != clock.today():
        raise Refusal(_("This number is for %(day)s.", day=i18n.day(ticket.day)))


def refuse_outside_window(shift: Shift) -> None:
    now, first = clock.now(), shift.starts_at - WINDOW
    if now < first:
        raise Refusal(_("It is too early. You can check in from %(hour)s.", hour=i18n.wib(first)))
    if now >= shift.ends_at:
        raise Refusal(_("This session is over. Please speak to the nurse."))


def may_arrive(ticket: Ticket) -> bool:
    """Whether the button would work now."""
    now, shift = clock.now(), ticket.shift
    live = ticket.state in ("waiting", "called") and ticket.arrived_at is None
    return live and ticket.day == clock.today() and shift.starts_at - WINDOW <= now < shift.ends_at


def may_set_out(ticket: Ticket) -> bool:
    said = ticket.on_way_at is not None or ticket.arrived_at is not None
    return ticket.state == "waiting" and not said and ticket.day == clock.today() and clock.now() < ticket.shift.ends_at
