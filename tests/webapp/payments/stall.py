"""A service for the stories: a market stall whose bills are `TT-0001-…`. A server of its own loads it by SERVICES."""

from flask import Blueprint, url_for
from sqlalchemy import select

from webapp.access import PUBLIC, require
from webapp.db import db
from webapp.payments import gateway, settle_with
from webapp.payments.models import Payment
from webapp.service import Service

PRICE = 85_000
RICE, CHILI, CAKE = "TT-0001-AAAA", "TT-0002-BBBB", "TT-0003-CCCC"
CANCELLED = CAKE  # nobody has called for it
UNKNOWN = "TT-9999-ZZZZ"

bp = Blueprint("stall", __name__, url_prefix="/stall")


def settler(payment: Payment) -> str:
    """The four ways in which money does not fit, in the order in which a service would ask."""
    if payment.code not in (RICE, CHILI, CAKE):
        return "unknown"
    if payment.code == CANCELLED:
        return "cancelled"
    if accepted(payment.code):
        return "already_paid"
    return "" if payment.amount == PRICE else "wrong_amount"


def accepted(code: str) -> bool:
    rows = select(Payment.id).where(Payment.code == code, Payment.state == "accepted")
    return db.session.scalar(rows) is not None


@bp.get("/")
@require(PUBLIC)
def front():
    return "Stall"


@bp.get("/<code>")
@require(PUBLIC)
def bill(code: str):
    """Where to pay, and whether it is paid."""
    pay = gateway().pay_address(code, PRICE, url_for(".bill", code=code))
    return {"pay": pay, "paid": accepted(code)}


settle_with("TT", settler)
service = Service("stall", title="Stall", tab="Stall", icon="ticket", blueprint=bp, permissions={})
