"""What permits do by themselves: cases that came when nobody was there find their officer."""

from blueprints.perizinan.watching import actions
from webapp.jobs import Sweep


def find_officers() -> None:
    actions.find_officers()


SWEEPS = (Sweep(find_officers, every=10),)
