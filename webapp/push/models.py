"""The browsers that asked to be told, and what is on its way to them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import SignIn
from webapp.db import Base
from webapp.notify import Notice

LONGEST_ENDPOINT = 500
URGENCIES = ("call", "high", "normal", "low")  # the most urgent first
CALL = URGENCIES.index("call")


class Subscription(Base):
    """Where one browser can be reached. It hangs on the session of that browser and ends with it, however it ends:
    the next person on the same phone must not get the last one's notices."""

    __tablename__ = "push_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_hash: Mapped[bytes] = mapped_column(
        LargeBinary(32), ForeignKey("sign_in.token_hash", ondelete="CASCADE"), unique=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(LONGEST_ENDPOINT), unique=True)
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    device: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    last_ok_at: Mapped[datetime | None]
    fails: Mapped[int] = mapped_column(default=0)  # since it last worked

    session: Mapped[SignIn] = relationship()


class Delivery(Base):
    """One notice that is still to be brought to one browser. Deleted when that is done, or not worth it any more."""

    __tablename__ = "push_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "subscription_id"),
        Index("push_delivery_by_urgency", "urgency", "due_at"),
        Index("push_delivery_of_topic", "subscription_id", "topic"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    subscription_id: Mapped[int] = mapped_column(ForeignKey("push_subscription.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(String(32))
    urgency: Mapped[int]  # its place in URGENCIES
    due_at: Mapped[datetime]  # while somebody is sending it: when it counts as forgotten
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)

    notice: Mapped[Notice] = relationship()
    subscription: Mapped[Subscription] = relationship()
