"""Checking in: whoever holds a number says that they are on the way, and that they are here. The order stays."""

from collections.abc import Callable
from datetime import timedelta

from blueprints.dokter import queries
from blueprints.dokter.models import Ticket
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
    refuse_over(ticket)
    ticket.on_way_at = clock.now()
    events.record("dokter.ticket.set_out", ticket, by, shift_id=ticket.shift_id)
    return ticket


@transactional
def arrive(code: str, *, by: Actor) -> Ticket:
    """The holder says that they are here. Said once; again it changes nothing, whatever has happened since.

    Raises Refusal in plain words: too early, too late, cancelled, another day.
    """
    ticket = queries.ticket_on_show(code)
    demand(by, "dokter.check_in", ticket)
    if ticket.arrived_at:
        return ticket
    refuse_over(ticket)
    refuse_too_early(ticket)
    return note_as_here(ticket, by)


def note_as_here(ticket: Ticket, by: Actor) -> Ticket:
    ticket.arrived_at = clock.now()
    events.record("dokter.ticket.arrive", ticket, by, shift_id=ticket.shift_id)
    return ticket


@transactional
def arrive_at_counter(shift_id: int, typed: str, *, by: Actor) -> Ticket:
    """The counter reads a code, by eye or by camera. Whoever stands there may come after the planned end: while a
    number waits it is called.

    Raises Refusal also where the number belongs to another queue, or has come to its end though its holder was here.
    """
    shift = queries.shift_on_show(shift_id)
    demand(by, "dokter.run_queue", shift)
    ticket = queries.ticket_with(typed)
    if ticket is None or ticket.clinic_id != shift.clinic_id:
        raise Refusal(_("No number of this clinic has this code. Please look again."))
    if ticket.shift_id != shift.id and ticket.day == shift.day:
        raise Refusal(_("%(label)s is for %(ward)s, %(room)s.", label=ticket.label, ward=ticket.shift.ward.name,
                        room=ticket.shift.room))  # fmt: skip
    demand(by, "dokter.check_in", ticket)
    refuse_ended(ticket)
    if ticket.arrived_at:
        return ticket
    refuse_too_early(ticket)
    return note_as_here(ticket, by)


ENDED = {
    "cancelled": lambda: _("This number was cancelled. Take another one."),
    "missed": lambda: _("This number was called and nobody was there. Please speak to the nurse."),
    "done": lambda: _("This visit is over."),
}


def refuse_ended(ticket: Ticket) -> None:
    """For another day, or for a number that has come to its end."""
    if ticket.state in ENDED:
        raise Refusal(ENDED[ticket.state]())
    if ticket.day != clock.today():
        raise Refusal(_("This number is for %(day)s.", day=i18n.day(ticket.day)))


def refuse_over(ticket: Ticket) -> None:
    """The same, and for a session that is over by its hours."""
    refuse_ended(ticket)
    if clock.now() >= ticket.shift.ends_at:
        raise Refusal(_("This session is over. Please speak to the nurse."))


def refuse_too_early(ticket: Ticket) -> None:
    first = ticket.shift.starts_at - WINDOW
    if clock.now() < first:
        raise Refusal(_("It is too early. You can check in from %(hour)s.", hour=i18n.wib(first)))


def may_set_out(ticket: Ticket) -> bool:
    """Whether there is a button for it: it would work, and it was not said before."""
    return ticket.state == "waiting" and not (ticket.on_way_at or ticket.arrived_at) and _stands(ticket, refuse_over)


def may_arrive(ticket: Ticket) -> bool:
    """The same for saying that one is here."""
    coming = ticket.state in ("waiting", "called") and not ticket.arrived_at
    return coming and _stands(ticket, refuse_over, refuse_too_early)


def _stands(ticket: Ticket, *rules: Callable[[Ticket], None]) -> bool:
    try:
        for rule in rules:
            rule(ticket)
    except Refusal:
        return False
    return True
