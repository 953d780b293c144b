"""A file that somebody has handed in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base


class Upload(Base):
    """A file as it is kept: judged by its content, images re-encoded. Its address is random and tells nothing (T35)."""

    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(22), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))  # what its owner called it, made harmless
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]  # bytes, as kept
    width: Mapped[int | None]  # pixels; None for a PDF
    height: Mapped[int | None]
    pages: Mapped[int | None]  # None for an image
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
