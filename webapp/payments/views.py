"""The gateway's callback, and the page of the payments that are held."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from webapp import access
from webapp.access import PUBLIC, require
from webapp.hypermedia import answer, page
from webapp.limits import limiter
from webapp.payments import actions, port, signature
from webapp.payments.shown import held_rows
from webapp.payments.word import Word

bp = Blueprint("payments", __name__, url_prefix="/payments")
LARGEST_WORD = 4096


@bp.post("/callback")
@require(PUBLIC)
@limiter.limit("600/minute")
def callback() -> ResponseReturnValue:
    """The gateway says that money came in. Its signature stands for a form's token (the second exception of T09)."""
    body = request.get_data()
    if len(body) > LARGEST_WORD:
        return {"status": "too_long"}, 413
    timestamp, signed = (request.headers.get(name) for name in (signature.TIMESTAMP, signature.SIGNATURE))
    if fault := signature.fault(port.secret(), body, timestamp, signed):
        actions.note_refusal(fault)
        return {"status": "refused"}, 403
    try:
        word = Word.read(body)
    except ValueError:
        return {"status": "malformed"}, 400
    payment = actions.receive(word)
    if not payment.says(word):
        return {"status": "conflict"}, 409
    return {"status": "accepted" if payment.state == "accepted" else "held"}


@bp.get("/held")
@require("payments.resolve")
def held() -> ResponseReturnValue:
    return page("payments/held.html", **held_context())


@bp.post("/<id:payment_id>/return")
@require("payments.resolve")
def resolve(payment_id: int) -> ResponseReturnValue:
    actions.resolve(payment_id, by=access.me())
    return answer("payments/held.html", "held", to=url_for(".held"), **held_context())


def held_context() -> dict[str, Any]:
    not_connected = None if port.gateway().is_connected() else port.NOT_CONNECTED
    return {"rows": held_rows(), "not_connected": not_connected}
