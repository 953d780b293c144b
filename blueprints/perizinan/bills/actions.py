"""Making a bill, and what the gateway's word means for it."""

from sqlalchemy import select

from blueprints.perizinan.bills.models import BILL, PREFIX, Bill
from blueprints.perizinan.cases import life
from blueprints.perizinan.cases.models import CODE_LENGTH, Application
from webapp import clock, payments
from webapp.access import THE_CITY
from webapp.codes import new_code
from webapp.db import db
from webapp.payments.models import Payment


def bill_of(case: Application) -> Bill | None:
    return db.session.scalar(select(Bill).where(Bill.application_id == case.id))


def bill_with(code: str) -> Bill | None:
    return db.session.scalar(select(Bill).where(Bill.code == code))


def make_bill(case: Application) -> Bill:
    """The bill of a case, by the fee that was worked out on the day of submission. Joins the caller's transaction."""
    if made := bill_of(case):
        return made
    code = new_code(CODE_LENGTH)
    fee = case.type.definition.fee
    bill = Bill(
        application_id=case.id, type_id=case.type_id, fee_kind=fee.kind, code=f"{PREFIX}-{code[:4]}-{code[4:]}",
        amount=case.fee, basis=fee.basis[:200], made_at=clock.now(), state=BILL.begins,
    )  # fmt: skip
    db.session.add(bill)
    db.session.flush()
    return bill


def cancel_bill(case: Application) -> None:
    """Whoever withdraws owes nothing any more."""
    bill = bill_of(case)
    if bill is not None and bill.state == "open":
        BILL.move(bill, "cancel", THE_CITY, application_id=case.id)


def settle(payment: Payment) -> str:
    """Whether this payment fits a bill of ours: then the bill is paid and the case goes on. Else why it is held.

    Called inside the transaction that writes the payment.
    """
    bill = bill_with(payment.code)
    if bill is None:
        return "unknown"
    if bill.state == "paid":
        return "already_paid"
    if bill.state == "cancelled":
        return "cancelled"
    if payment.amount != bill.amount:
        return "wrong_amount"
    bill.payment_id, bill.paid_at = payment.id, clock.now()
    BILL.move(bill, "settle", THE_CITY, application_id=bill.application_id)
    case = db.session.get_one(Application, bill.application_id)
    if case.state == "billed":
        life.move(case, "pay", THE_CITY)
    return ""


payments.settle_with(PREFIX, settle)
