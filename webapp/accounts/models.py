"""A person exists with or without an account; roles hang on memberships, never on the person."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts import sealing
from webapp.db import Base
from webapp.i18n import lazy_gettext as _
from webapp.regions.models import Unit

ROLES: dict[str, Any] = {
    "doctor": _("Doctor"),
    "nurse": _("Nurse"),
    "operator": _("Operator"),
    "admin": _("Administrator"),
    "front_office": _("Front office"),
    "back_office": _("Back office"),
    "technical": _("Technical team"),
    "head": _("Head of agency"),
    "inspector": _("Inspektorat"),
}
CHECKING_ROLES = ("back_office", "technical", "head")  # no human may be two of them for one file (T73)
STANDING = text("ended_at IS NULL")


class Person(Base):
    """Somebody the city knows. NIK and phone are stored encrypted, with a keyed index to find them by (T41)."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    nik_sealed: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    nik_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(128))
    work_nik_index: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), index=True
    )  # of staff; may be in two accounts
    privacy_read_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    all_memberships: Mapped[list["Membership"]] = relationship(back_populates="person")

    is_authenticated = True

    @property
    def memberships(self) -> list["Membership"]:
        return [membership for membership in self.all_memberships if membership.ended_at is None]

    @property
    def is_citizen(self) -> bool:
        return self.nik_index is not None

    @property
    def human(self) -> bytes | None:
        """The same for all accounts of one human being (T73): the keyed index of their NIK, where it is known."""
        return self.nik_index or self.work_nik_index

    @property
    def is_staff(self) -> bool:
        return bool(self.memberships)

    @property
    def nik_masked(self) -> str:
        """1275 **** **** 0001, in groups as on the card."""
        nik = sealing.opened(self.nik_sealed, sealing.NIK) if self.nik_sealed else ""
        return f"{nik[:4]} •••• •••• {nik[-4:]}" if nik else ""

    @property
    def phone_masked(self) -> str:
        phone = sealing.opened(self.phone_sealed, sealing.PHONE) if self.phone_sealed else ""
        return f"{phone[:4]}-••••-{phone[-3:]}" if phone else ""


class Claim(Base):
    """The right to open the account of somebody whom a counter has entered: a code on paper; here only its digest."""

    __tablename__ = "account_claim"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    expires_at: Mapped[datetime]


class Membership(Base):
    """A person's role at one unit, until it ends."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "one_standing_membership", "person_id", "unit_id", "role",
            unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(16))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="all_memberships")
    unit: Mapped[Unit] = relationship()

    @property
    def role_word(self) -> str:
        return str(ROLES[self.role])


class SignIn(Base):
    """A session on the server: the browser holds a random token, the table only its digest."""

    __tablename__ = "sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # when the password was last given anew for a grave act (T11)

    person: Mapped[Person] = relationship()
