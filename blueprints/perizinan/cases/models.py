"""An application for a permit, and what the offices add to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blueprints.perizinan.catalogue.models import PermitType
from webapp.accounts.models import Person
from webapp.codes import spoken
from webapp.db import Base, Stateful
from webapp.regions.models import Unit
from webapp.uploads.models import Upload

STANDING = text("replaced_at IS NULL")
DRAFT = text("state = 'draft'")
CODE_LENGTH = 8


class Application(Stateful, Base):
    """One application of one person, from the first saved answer to the decision.

    It keeps the version of its permit type: the law of the day of submission. Nobody both verifies and signs: the
    keyed digests of the NIK of both stand here and may not be equal (T73). A file is returned once; each further time
    must be a late defect that a supervisor has put their name to.
    """

    __tablename__ = "perizinan_application"
    __table_args__ = (
        UniqueConstraint("id", "type_id"),
        CheckConstraint("verifier_human IS NULL OR verifier_human <> signer_human", name="verifier_never_signs"),
        CheckConstraint("examiner_human IS NULL OR examiner_human <> signer_human", name="examiner_never_signs"),
        CheckConstraint("returns <= 1 + late_defects", name="returned_once"),
        Index(
            "one_draft_per_type", "person_id", "type_code",
            unique=True, sqlite_where=DRAFT, postgresql_where=DRAFT,
        ),
        Index("perizinan_application_of_person", "person_id", "state"),
        Index("perizinan_application_at_desk", "officer_id", "state"),
        Index("perizinan_application_of_office", "office_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    number: Mapped[str | None] = mapped_column(String(32), unique=True)  # from the day of submission
    type_id: Mapped[int] = mapped_column(ForeignKey("perizinan_type.id"))
    type_code: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    assisted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # entered at the counter (T28)
    role: Mapped[str] = mapped_column(String(12))  # self, business or proxy
    answers: Mapped[dict[str, Any]]  # by the key of the field, as typed
    declared: Mapped[bool] = mapped_column(default=False)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # on whose desk it lies now
    fee: Mapped[int | None]  # whole rupiah, by the tariff of the day of submission
    returns: Mapped[int] = mapped_column(default=0)
    late_defects: Mapped[int] = mapped_column(default=0)
    verifier_human: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    examiner_human: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    signer_human: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    began_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    days_used: Mapped[float | None]  # working days until the decision, by its clock
    in_time: Mapped[bool | None]  # decided before its deadline
    is_demo: Mapped[bool] = mapped_column(default=False)

    type: Mapped[PermitType] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    assisted_by: Mapped[Person | None] = relationship(foreign_keys=assisted_by_id)
    officer: Mapped[Person | None] = relationship(foreign_keys=officer_id)
    office: Mapped[Unit | None] = relationship(foreign_keys=office_id)
    agency: Mapped[Unit | None] = relationship(foreign_keys=agency_id)
    papers: Mapped[list["Paper"]] = relationship(
        primaryjoin="and_(Paper.application_id == Application.id, Paper.replaced_at.is_(None))",
        order_by="Paper.id",
        viewonly=True,
    )
    checks: Mapped[list["Check"]] = relationship(viewonly=True)

    @property
    def spoken_code(self) -> str:
        """7K3Q-9M2P: as people read it out, and as it stands in addresses."""
        return spoken(self.code, 4)


class Paper(Base):
    """A file handed in for a requirement; a newer one replaces it."""

    __tablename__ = "perizinan_paper"
    __table_args__ = (
        Index(
            "one_standing_paper", "application_id", "requirement",
            unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("perizinan_application.id"), index=True)
    requirement: Mapped[str] = mapped_column(String(40))
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    given_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    upload: Mapped[Upload] = relationship()


class Check(Base):
    """How one item of the file (a paper, or a part of the form) stands at the completeness check.

    What was accepted once stays accepted, unless a supervisor puts their name to a late defect.
    """

    __tablename__ = "perizinan_check"
    __table_args__ = (
        CheckConstraint("state IN ('accepted', 'defective')", name="known_state"),
        CheckConstraint("state = 'accepted' OR note <> ''", name="defects_are_named"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("perizinan_application.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(48), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(400), default="")  # what is wrong, in words for the applicant
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("perizinan_paper.id"))  # the file that was looked at
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    mended_at: Mapped[datetime | None]  # when the applicant last dealt with the defect


class Assignment(Base):
    """How a case fell to an officer: who could have had it with how much work, and the seed that chose (T75)."""

    __tablename__ = "perizinan_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("perizinan_application.id"), index=True)
    stage: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    loads: Mapped[dict[str, Any]]  # open cases by person id, at that moment
    seed: Mapped[str] = mapped_column(String(32))
    taken_from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who had it until a supervisor...
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # ...took it from them
    reason: Mapped[str] = mapped_column(String(400), default="")  # and why
    at: Mapped[datetime]

    application: Mapped[Application] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    taken_from: Mapped[Person | None] = relationship(foreign_keys=taken_from_id)
    taken_by: Mapped[Person | None] = relationship(foreign_keys=taken_by_id)


class Finding(Base):
    """What an office found: at verification, at an inspection or in a technical recommendation."""

    __tablename__ = "perizinan_finding"
    __table_args__ = (CheckConstraint("verdict IN ('fit', 'unfit')", name="known_verdict"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("perizinan_application.id"), index=True)
    stage: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    verdict: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class Visit(Base):
    """A field inspection: the appointment, which the applicant can move once, and what was seen there."""

    __tablename__ = "perizinan_visit"
    __table_args__ = (
        CheckConstraint("(latitude IS NULL) = (done_at IS NULL)", name="seen_somewhere"),
        CheckConstraint("moves IN (0, 1)", name="moved_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("perizinan_application.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    moves: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    checklist: Mapped[dict[str, Any]]  # item -> yes or no
    note: Mapped[str] = mapped_column(Text, default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    photos: Mapped[list["Photo"]] = relationship(order_by="Photo.id")


class Photo(Base):
    """A picture taken at an inspection."""

    __tablename__ = "perizinan_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("perizinan_visit.id"), index=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))

    upload: Mapped[Upload] = relationship()


class Decision(Base):
    """What the offices propose and the head decides. A refusal names its law, its evidence and its cure (T77)."""

    __tablename__ = "perizinan_decision"
    __table_args__ = (
        CheckConstraint("kind IN ('grant', 'refuse')", name="known_kind"),
        CheckConstraint("kind = 'grant' OR (reason <> '' AND evidence <> '' AND cure <> '')", name="refusals_say_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("perizinan_application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(24), default="")  # a key of REASONS
    evidence: Mapped[str] = mapped_column(Text, default="")
    cure: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")  # why the head sent it back
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class Message(Base):
    """A word between the applicant and the offices. One of the staff that speaks of money is held (T65)."""

    __tablename__ = "perizinan_message"
    __table_args__ = (CheckConstraint("state IN ('sent', 'held', 'released', 'stopped')", name="known_state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("perizinan_application.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_staff: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default="sent")
    held_for: Mapped[str] = mapped_column(String(24), default="")  # account, wallet, phone, money
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime | None]


class Objection(Stateful, Base):
    """An applicant objects to a refusal, once; the head of the office answers (UU 30/2014 Pasal 77)."""

    __tablename__ = "perizinan_objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("perizinan_application.id"), unique=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()

    @property
    def office_id(self) -> int | None:
        return self.application.office_id


class Counter(Base):
    """The last number given out in a row: numbers rise by one within their year, without gaps."""

    __tablename__ = "perizinan_counter"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
