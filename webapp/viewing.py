"""Who opened what: people see every opening of their own files. The only rows that opening a page may write (T10)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp import clock
from webapp.db import Base, db, transactional

VISIT = timedelta(minutes=10)


class Viewing(Base):
    """Somebody of the staff has opened a file."""

    __tablename__ = "viewing"
    __table_args__ = (Index("viewing_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[str] = mapped_column(String(48))
    subject_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


@transactional
def note(subject: Any, person_id: int) -> None:
    """This person opens this file now. Papers that are opened on the way, within ten minutes, are the same opening."""
    lately = select(Viewing.id).where(
        *_about(subject), Viewing.person_id == person_id, Viewing.at > clock.now() - VISIT
    )
    if db.session.scalar(lately.limit(1)) is not None:
        return
    row = Viewing(subject_type=subject.__tablename__, subject_id=subject.id, person_id=person_id, at=clock.now())
    db.session.add(row)


def of(subject: Any) -> list[Viewing]:
    """Every opening of this file, oldest first."""
    return list(db.session.scalars(select(Viewing).where(*_about(subject)).order_by(Viewing.id)))


def _about(subject: Any) -> tuple[ColumnElement[bool], ...]:
    return Viewing.subject_type == subject.__tablename__, Viewing.subject_id == subject.id
