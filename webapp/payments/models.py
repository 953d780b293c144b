"""A payment that the gateway has told us of."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base


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
    reason: Mapped[str] = mapped_column(String(32), default="")  # why it is held
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None]
