"""Permit types by version: what was in force on the day of submission stays in force for that case."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from blueprints.perizinan.catalogue.definition import Definition
from blueprints.perizinan.catalogue.reading import definition_from
from webapp.db import Base
from webapp.loading import Loaded
from webapp.remembered import remembered

CODE_LENGTH = 16


class PermitType(Loaded, Base):
    """One version of a permit type, from a day on. The same code with a later day replaces it for new cases."""

    __tablename__ = "perizinan_type"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        UniqueConstraint("id", "fee_kind"),  # so that a bill can only be made for a type that is not free (T64)
        CheckConstraint("fee_kind IN ('free', 'retribution')", name="known_fee"),
        CheckConstraint("channel IN ('here', 'elsewhere')", name="known_channel"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH))
    valid_from: Mapped[date]
    name: Mapped[str] = mapped_column(String(120))
    channel: Mapped[str] = mapped_column(String(12))
    fee_kind: Mapped[str] = mapped_column(String(12))
    content: Mapped[dict[str, Any]]  # the file's own words

    @remembered
    def definition(self) -> Definition:
        """The content, parsed; it was checked when it was loaded."""
        return definition_from(self.content)
