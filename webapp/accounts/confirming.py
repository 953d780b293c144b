"""Grave acts ask for the password again: a telephone left on a desk signs no certificate (T11).

A view that signs, reveals or exports begins with `demand_recent()`. Who has not given the password within the last five
minutes is asked for it; what they had typed is carried along and sent by one press afterwards.
"""

from flask import has_request_context

from webapp.accounts import queries, sessions


class ConfirmFirst(Exception):
    """The password has to be given again before this can be done."""


def recently() -> bool:
    """Whether the password was given again in this browser's session within five minutes; outside a request: no."""
    held = sessions.token() if has_request_context() else None
    return held is not None and queries.confirmed_lately(held)


def demand_recent() -> None:
    """Raise ConfirmFirst unless the password was given again lately. Call it before anything else is done."""
    if not recently():
        raise ConfirmFirst
