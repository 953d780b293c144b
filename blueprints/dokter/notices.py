"""Who is told about which event of the queue."""

from blueprints.dokter.models import Ticket
from webapp import notify
from webapp.db import db
from webapp.events import Event, on
from webapp.i18n import noop

CALLED = noop("It is your turn: number %(label)s. Please go to %(room)s.")
MISSED = noop("You were called but not there: number %(label)s. Please speak to the nurse.")


@on("dokter.ticket.call")
@on("dokter.ticket.call_back")
@on("dokter.ticket.recall")
def tell_that_it_is_their_turn(event: Event) -> None:
    _tell(event, CALLED)


@on("dokter.ticket.skip")
def tell_that_they_were_missed(event: Event) -> None:
    _tell(event, MISSED)


def _tell(event: Event, message: str) -> None:
    ticket = db.session.get_one(Ticket, event.subject_id)
    facts = {"label": ticket.label, "room": ticket.shift.room}
    notify.tell(ticket.person_id, message, about=event, href=ticket_path(ticket), facts=facts)


def ticket_path(ticket: Ticket) -> str:
    return f"/dokter/tickets/{ticket.spoken_code}"
