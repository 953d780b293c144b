"""Clinics with their wards and schedules, the shifts made from them, and the tickets people hold."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.codes import spoken
from webapp.db import Base, Stateful
from webapp.loading import Loaded
from webapp.regions.models import Unit

LIVE = ("waiting", "called", "serving")
CURRENT = ("called", "serving")
SHARES = ("jkn", "non_jkn", "counter")


def _state_in(states: tuple[str, ...]) -> dict[str, Any]:
    where = text("state IN ({})".format(", ".join(f"'{state}'" for state in states)))
    return {"unique": True, "sqlite_where": where, "postgresql_where": where}


class Clinic(Loaded, Base):
    """What the queue needs to know of a unit that treats patients: a puskesmas or a hospital."""

    __tablename__ = "dokter_clinic"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    short_name: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(160))
    confirmed: Mapped[bool]
    typical_wait: Mapped[int | None]  # minutes; measured by a sweep

    unit: Mapped[Unit] = relationship()


class Ward(Loaded, Base):
    """A ward (poli) of a clinic, with its code in the national queue service of BPJS Kesehatan."""

    __tablename__ = "dokter_ward"
    __table_args__ = (UniqueConstraint("clinic_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("dokter_clinic.unit_id"))
    code: Mapped[str] = mapped_column(String(3))
    name: Mapped[str] = mapped_column(String(80))

    clinic: Mapped[Clinic] = relationship()


class Schedule(Loaded, Base):
    """When a doctor receives patients each week, and how many of each share. Shifts are made from it."""

    __tablename__ = "dokter_schedule"
    __table_args__ = (UniqueConstraint("ward_id", "weekday", "letter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("dokter_ward.id"))
    weekday: Mapped[int]  # 0 is Monday
    letter: Mapped[str] = mapped_column(String(2))  # in front of the numbers: A-041
    doctor: Mapped[str] = mapped_column(String(120))
    room: Mapped[str] = mapped_column(String(40))
    starts: Mapped[time]
    ends: Mapped[time]
    jkn: Mapped[int]
    non_jkn: Mapped[int]
    counter: Mapped[int]
    opens_days_before: Mapped[int]
    opens: Mapped[time]  # hour at which numbers can be taken
    is_demo: Mapped[bool]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    ward: Mapped[Ward] = relationship()


class Tariff(Loaded, Base):
    """What a visit costs by law, from a day on. Nobody may ask for more."""

    __tablename__ = "dokter_tariff"
    __table_args__ = (UniqueConstraint("kind", "share", "valid_from"), CheckConstraint("amount >= 0", name="amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # kind of unit: puskesmas, rsud, hospital
    share: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int]  # whole rupiah
    basis: Mapped[str] = mapped_column(String(160))
    confirmed: Mapped[bool]
    valid_from: Mapped[date]


class Shift(Base):
    """One doctor in one ward on one day. Numbers only rise and are never reused."""

    __tablename__ = "dokter_shift"
    __table_args__ = (UniqueConstraint("schedule_id", "day"), UniqueConstraint("clinic_id", "day", "letter"))

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("dokter_schedule.id"))
    clinic_id: Mapped[int] = mapped_column(ForeignKey("dokter_clinic.unit_id"))
    ward_id: Mapped[int] = mapped_column(ForeignKey("dokter_ward.id"))
    day: Mapped[date] = mapped_column(index=True)
    letter: Mapped[str] = mapped_column(String(2))
    doctor: Mapped[str] = mapped_column(String(120))
    room: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    is_demo: Mapped[bool]
    last_number: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)  # rises with each act of the staff: tells a tablet it is stale
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who ran the queue last
    delayed_until: Mapped[datetime | None]  # when the doctor is expected to begin, or to go on
    delay_reason: Mapped[str | None] = mapped_column(String(16))
    closed_at: Mapped[datetime | None]  # the staff have ended it for this day

    clinic: Mapped[Clinic] = relationship()
    ward: Mapped[Ward] = relationship()
    shares: Mapped[list["ShiftShare"]] = relationship(order_by="ShiftShare.share")

    def label(self, number: int) -> str:
        """A-041."""
        return f"{self.letter}-{number:03d}"


class ShiftShare(Base):
    """Places of a shift set aside for one kind of patient (JKN, paying, counter). Cancelling gives the place back."""

    __tablename__ = "dokter_shift_share"
    __table_args__ = (CheckConstraint("taken BETWEEN 0 AND places", name="taken_within_places"),)

    shift_id: Mapped[int] = mapped_column(ForeignKey("dokter_shift.id"), primary_key=True)
    share: Mapped[str] = mapped_column(String(8), primary_key=True)
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    @property
    def left(self) -> int:
        return self.places - self.taken


class Ticket(Stateful, Base):
    """A person's place in the queue of one shift. A person exists with or without an account."""

    __tablename__ = "dokter_ticket"
    __table_args__ = (
        UniqueConstraint("shift_id", "number"),
        Index("one_live_ticket", "person_id", "ward_id", "day", **_state_in(LIVE)),
        Index("one_current_ticket", "shift_id", **_state_in(CURRENT)),
        Index("dokter_ticket_of_day", "day", "clinic_id"),
        Index("dokter_ticket_of_person", "person_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("dokter_shift.id"))
    clinic_id: Mapped[int] = mapped_column(ForeignKey("dokter_clinic.unit_id"))
    ward_id: Mapped[int] = mapped_column(ForeignKey("dokter_ward.id"))
    day: Mapped[date]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    share: Mapped[str] = mapped_column(String(8))
    number: Mapped[int]
    ahead_when_taken: Mapped[int] = mapped_column(default=0, server_default="0")
    tariff_id: Mapped[int] = mapped_column(ForeignKey("dokter_tariff.id"))
    taken_at: Mapped[datetime]
    on_way_at: Mapped[datetime | None]  # the holder has set out
    arrived_at: Mapped[datetime | None]  # the holder is here
    called_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(String(16))

    shift: Mapped[Shift] = relationship()
    tariff: Mapped[Tariff] = relationship()

    @property
    def label(self) -> str:
        return self.shift.label(self.number)

    @property
    def spoken_code(self) -> str:
        """K7P-3QM: as people read it out, and as it stands in addresses."""
        return spoken(self.code, 3)
