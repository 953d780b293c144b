"""What the queue does by itself: shifts for the coming days, the end of a day, and what people usually wait."""

from blueprints.dokter import actions
from webapp import clock
from webapp.jobs import sweep


@sweep(every=30)
def make_coming_shifts() -> None:
    actions.make_shifts(clock.today())


@sweep(every=10)
def close_past_days() -> None:
    actions.lapse_tickets(clock.today())


@sweep(every=5)
def measure_typical_waits() -> None:
    actions.store_typical_waits()
