"""A bill for a retribution. The database itself refuses one for a free permit (T64)."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blueprints.perizinan.cases.models import Application
from webapp.db import Base, Stateful
from webapp.i18n import lazy_gettext as _
from webapp.workflow import Step, Workflow

PREFIX = "IZ"


class Bill(Stateful, Base):
    """What one application costs by law.

    Its two foreign keys say: the type is that of this very application, and that type's fee is a retribution.
    """

    __tablename__ = "perizinan_bill"
    __table_args__ = (
        ForeignKeyConstraint(
            ["application_id", "type_id"], ["perizinan_application.id", "perizinan_application.type_id"]
        ),
        ForeignKeyConstraint(["type_id", "fee_kind"], ["perizinan_type.id", "perizinan_type.fee_kind"]),
        CheckConstraint("fee_kind = 'retribution'", name="never_for_free"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(state = 'paid') = (payment_id IS NOT NULL)", name="paid_by_a_payment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(unique=True)
    type_id: Mapped[int]
    fee_kind: Mapped[str] = mapped_column(String(12), default="retribution")
    code: Mapped[str] = mapped_column(String(16), unique=True)  # IZ-7K3Q-9M2P
    amount: Mapped[int] = mapped_column(BigInteger)  # whole rupiah
    basis: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    paid_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(viewonly=True)


BILL = Workflow("perizinan.bill", Bill, "open", [
    Step("settle",  ("open",), "paid",      "perizinan.settle"),
    Step("cancel",  ("open",), "cancelled", "perizinan.settle"),
])  # fmt: skip

BILL_WORDS = {
    "open": (_("Not paid yet"), "attention"),
    "paid": (_("Paid"), "good"),
    "cancelled": (_("Cancelled"), "neutral"),
}
