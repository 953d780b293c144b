"""What happens to accounts by itself."""

from webapp.accounts import actions
from webapp.jobs import sweep


@sweep(every=60)
def forget_ended_sessions() -> None:
    actions.forget_ended_sessions()
