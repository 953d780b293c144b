"""A permit that was issued: its number, its signed PDF, and whether it still holds."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from blueprints.perizinan.cases.models import Application
from webapp.accounts.models import Person
from webapp.db import Base


class Permit(Base):
    """The document that an application led to. Numbers rise by one per type and year, without gaps."""

    __tablename__ = "perizinan_permit"
    __table_args__ = (UniqueConstraint("type_code", "year", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("perizinan_application.id"), unique=True)
    type_code: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(48), unique=True)
    token: Mapped[str] = mapped_column(String(26), unique=True)  # in the QR: cannot be guessed
    holder: Mapped[str] = mapped_column(String(120))
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    signer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    pdf: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship()
    signer: Mapped[Person] = relationship()
