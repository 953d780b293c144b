"""What happens to accounts by itself."""

from webapp.accounts import actions
from webapp.jobs import Sweep

SWEEPS = (Sweep(actions.forget_ended_sessions, every=60),)
