"""A session that begins later, stands still for a while, or does not go on today: said once, to all who wait."""

from datetime import timedelta

from sqlalchemy import select

from blueprints.dokter import queries
from blueprints.dokter.actions import give_place_back, refuse_other_days, take_the_turn
from blueprints.dokter.models import Shift, ShiftShare
from blueprints.dokter.workflow import CALLED_OFF, DELAY_REASONS, TICKET
from webapp import clock, events
from webapp.access import Actor, demand
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _

DELAYS = (15, 30, 60)  # minutes


@transactional
def delay(shift_id: int, seen: int, minutes: int, reason: str, *, by: Actor) -> Shift:
    """The doctor comes, or goes on, so many minutes later, counted from now or from when the session begins.

    `seen` is the revision of the queue on the sender's screen. Whoever calls the next number ends the delay.
    """
    shift = queries.shift_on_show(shift_id)
    demand(by, "dokter.run_queue", shift)
    refuse_over(shift)
    if minutes not in DELAYS or reason not in DELAY_REASONS:
        raise Refusal(_("Choose how long, and why."))
    take_the_turn(shift, seen, by)
    shift.delayed_until = max(clock.now(), shift.starts_at) + timedelta(minutes=minutes)
    shift.delay_reason = reason
    events.record("dokter.shift.delay", shift, by, shift_id=shift.id, minutes=minutes, reason=reason)
    return shift


@transactional
def close(shift_id: int, seen: int, *, by: Actor) -> int:
    """End the session for today: no more numbers, and whoever still waits is told. Returns how many waited.

    Whoever has been called is still treated. Takes places, then shift, then tickets, as all others do.
    """
    shift = queries.shift_on_show(shift_id)
    demand(by, "dokter.run_queue", shift)
    refuse_over(shift)
    db.session.execute(select(ShiftShare).where(ShiftShare.shift_id == shift.id).with_for_update())
    take_the_turn(shift, seen, by)
    shift.closed_at, shift.delayed_until, shift.delay_reason = clock.now(), None, None
    events.record("dokter.shift.close", shift, by, shift_id=shift.id)
    waiting = queries.tickets_in(shift.id, "waiting")
    for ticket in waiting:
        give_place_back(ticket)
        TICKET.move(ticket, "call_off", by, shift_id=shift.id)
        ticket.finished_at, ticket.cancel_reason = clock.now(), CALLED_OFF
    return len(waiting)


def refuse_over(shift: Shift) -> None:
    refuse_other_days(shift)
    if shift.closed_at:
        raise Refusal(_("This session is closed for today."))
