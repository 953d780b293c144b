"""Held payments as the staff see them."""

from dataclasses import dataclass

from flask import url_for

from webapp import clock, i18n
from webapp.i18n import gettext as _
from webapp.payments import queries
from webapp.payments.models import REASONS, Payment


@dataclass(frozen=True)
class HeldRow:
    """A payment that somebody must look at."""

    payment: Payment

    @property
    def amount(self) -> str:
        return i18n.rupiah(self.payment.amount)

    @property
    def reason(self) -> str:
        return str(REASONS[self.payment.reason])

    @property
    def names(self) -> str:
        code, reference = self.payment.code, self.payment.reference
        return _("Code %(code)s, reference %(reference)s", code=code, reference=reference)

    @property
    def paid(self) -> str:
        at = self.payment.paid_at
        return _("Paid %(day)s at %(hour)s", day=i18n.day_short(clock.local(at).date()), hour=i18n.wib(at))

    @property
    def url(self) -> str:
        return url_for("payments.resolve", payment_id=self.payment.id)


def held_rows() -> list[HeldRow]:
    return [HeldRow(payment) for payment in queries.held()]
