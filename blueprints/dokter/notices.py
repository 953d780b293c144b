"""Who is told about which event of the queue."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from blueprints.dokter import availability, queries
from blueprints.dokter.models import Shift, Ticket
from blueprints.dokter.workflow import TICKET
from webapp import clock, notify
from webapp.db import db
from webapp.events import Event, on
from webapp.i18n import noop
from webapp.notify import Alert, News

# What a locked phone says, in words that fit every clinic and every reader (T104).
NEAR = {
    10: Alert(noop("Your turn is coming. Open the app to see when."), timedelta(hours=1)),
    3: Alert(noop("Your turn is near. Please be ready."), timedelta(minutes=30), "high"),
}
YOUR_TURN = Alert(noop("Please come in, you are being called."), timedelta(minutes=10), "call")
PASSED = Alert(noop("You were called. Please speak to the staff."), timedelta(hours=4), "high")
LATER = Alert(noop("It begins later. Open the app to see when."), timedelta(hours=1), "high")  # see `delayed_until`
CALLED_OFF = Alert(noop("It does not take place today. Open the app to see what to do."), timedelta(hours=12), "high")

FEW_BEFORE = noop("Number %(label)s: %(ahead)s before you. Please be near %(room)s.")
CALLED = News(noop("It is your turn: number %(label)s. Please go to %(room)s."), YOUR_TURN)
MISSED = News(noop("You were called but not there: number %(label)s. Please speak to the nurse."), PASSED)

DELAYED = News(noop("Number %(label)s: it is delayed, until about %(hour)s."), LATER)
CLOSED = News(noop("Number %(label)s was cancelled: the clinic has closed this session for today."), CALLED_OFF)


def forget_what_was_said(event: Event) -> None:
    """With each step of a ticket all that was said of it before is over."""
    ticket = db.session.get_one(Ticket, event.subject_id)
    notify.withdraw(ticket.person_id, ticket_path(ticket))


for step in TICKET.steps:  # before anything is told of the step: listeners hear in the order in which they stand here
    on(f"{TICKET.subject}.{step}")(forget_what_was_said)


@on("dokter.ticket.call")
@on("dokter.ticket.call_back")
@on("dokter.ticket.recall")
def tell_that_it_is_their_turn(event: Event) -> None:
    _tell(event, CALLED)


@on("dokter.ticket.skip")
def tell_that_they_were_missed(event: Event) -> None:
    _tell(event, MISSED)


@on("dokter.shift.delay")
def tell_that_it_is_later(event: Event) -> None:
    shift = db.session.get_one(Shift, event.subject_id)
    news = delayed_until(shift.delayed_until or clock.now())
    for ticket in queries.tickets_in(shift.id, "waiting"):
        tell_holder(ticket, news, event, hour=availability.standing_of(shift))


def delayed_until(hour: datetime) -> News:
    """Worth saying until the hour that it names."""
    return replace(DELAYED, alert=replace(LATER, lasts=hour - clock.now()))


@on("dokter.shift.go_on")
def forget_the_delay(event: Event) -> None:
    for ticket in queries.tickets_in(event.subject_id, "waiting"):
        notify.withdraw(ticket.person_id, ticket_path(ticket), DELAYED)


@on("dokter.ticket.call_off")
def tell_that_it_is_closed(event: Event) -> None:
    _tell(event, CLOSED)


def _tell(event: Event, news: News) -> None:
    tell_holder(db.session.get_one(Ticket, event.subject_id), news, event)


def tell_holder(ticket: Ticket, news: News, event: Event, **more: Any) -> None:
    facts = {"label": ticket.label, "room": ticket.shift.room, **more}
    notify.tell(ticket.person_id, news, about=event, href=ticket_path(ticket), facts=facts)


@on("dokter.ticket.call")
@on("dokter.ticket.cancel")
def tell_who_is_near(event: Event) -> None:
    """The queue has moved. Whoever takes a number with fewer before them was told so when they took it.

    Needs the shift's row, which whoever moves a queue holds: of two who move it at once each would else see a queue in
    which the other has not moved it, and nobody be told.
    """
    shift = db.session.get_one(Shift, event.facts["shift_id"])
    if shift.day != clock.today():
        return
    near = {}
    for ahead, (ticket_id, at_first) in enumerate(queries.first_waiting(shift.id, max(NEAR) + 1)):
        limit = min(most for most in NEAR if ahead <= most)
        if limit < at_first:
            near[f"dokter.ticket {ticket_id} {limit} before"] = ticket_id, ahead, NEAR[limit]
    for fact in near.keys() - notify.told(near) if near else ():
        ticket_id, ahead, alert = near[fact]
        tell_holder(db.session.get_one(Ticket, ticket_id), News(FEW_BEFORE, alert, fact), event, ahead=ahead)


def ticket_path(ticket: Ticket) -> str:
    return f"/dokter/tickets/{ticket.spoken_code}"
