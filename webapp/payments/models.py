"""Payments that the gateway has told us of, and the minutes in which somebody else claimed to be the gateway."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base
from webapp.i18n import lazy_gettext as _
from webapp.payments.word import Word

REASONS: dict[str, Any] = {
    "unknown": _("Nobody knows this payment code."),
    "wrong_amount": _("The amount is not that of the bill."),
    "already_paid": _("The bill was already paid."),
    "cancelled": _("The bill was cancelled before the money came."),
}


class Payment(Base):
    """One signed word of the gateway: so much money came in for this code. Held until a service finds that it fits."""

    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("state IN ('accepted', 'held', 'returned')", name="known_state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(64), unique=True)  # the gateway's own; the same word comes often
    code: Mapped[str] = mapped_column(String(32), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)  # whole rupiah
    paid_at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32), default="")  # why it is held: a key of REASONS
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None]

    def says(self, word: Word) -> bool:
        """Whether the gateway says now what it said the first time."""
        return (self.code, self.amount, self.paid_at) == (word.code, word.amount, word.paid_at)


class RefusedCallback(Base):
    """A minute in which a callback was not believed: one row at most, so that strangers cannot fill the log."""

    __tablename__ = "payment_refused_callback"

    id: Mapped[int] = mapped_column(primary_key=True)
    minute: Mapped[datetime] = mapped_column(unique=True)
