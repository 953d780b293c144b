"""Being told in this browser, and no longer."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from webapp import access
from webapp.access import require
from webapp.accounts import sessions
from webapp.errors import NotAllowed, Refusal
from webapp.hypermedia import by_htmx, go, here, part
from webapp.limits import limiter
from webapp.push import actions, devices

bp = Blueprint("push", __name__)
PER_PERSON = "30/hour"


def the_person() -> str:
    """What subscribing is counted by."""
    return f"push {access.somebody().id}"


@bp.post("/push/on")
@require("push.subscribe")
@limiter.limit(PER_PERSON, key_func=the_person)
def start() -> ResponseReturnValue:
    device = devices.device_named_in(request.user_agent.string)
    typed = {name: request.form.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    try:
        actions.subscribe(sessions.token() or "", actions.Browser(device=device, **typed), by=access.me())
    except NotAllowed:
        raise
    except Refusal as told:
        return _bell(str(told))
    return _bell()


@bp.post("/push/off")
@require("push.subscribe")
def stop_here() -> ResponseReturnValue:
    actions.stop_here(sessions.token() or "")
    return _bell()


@bp.post("/push/devices/<id:subscription_id>/off")
@require("push.subscribe")
def stop(subscription_id: int) -> ResponseReturnValue:
    actions.stop(subscription_id, by=access.me())
    return go(here())


def _bell(told: str = "") -> ResponseReturnValue:
    return part("push/bell.html", "bell", told=told) if by_htmx() else go(here())
