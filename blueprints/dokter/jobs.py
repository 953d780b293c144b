"""What the queue does by itself: shifts for the coming days, the end of a day, and what people usually wait."""

from blueprints.dokter import actions
from webapp import clock
from webapp.jobs import Sweep


def make_coming_shifts() -> None:
    actions.make_shifts(clock.today())


def close_past_days() -> None:
    actions.lapse_tickets(clock.today())


SWEEPS = (
    Sweep(make_coming_shifts, every=30),
    Sweep(close_past_days, every=10),
    Sweep(actions.store_typical_waits, every=5),
)
