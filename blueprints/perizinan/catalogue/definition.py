"""What a permit type's file says, as the rest of the service reads it. A file that is wrong is told where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.remembered import remembered

STAGES = ("check", "verify", "inspect", "recommend", "pay", "sign")  # in the order in which a case meets them
NEEDED_STAGES = ("check", "verify", "sign")
FIELD_KINDS = ("text", "long_text", "number", "decimal", "date", "choice", "kelurahan", "yes_no")
PARTS = ("applicant", "location", "details")
FREE, RETRIBUTION = "free", "retribution"
HERE, ELSEWHERE = "here", "elsewhere"
KINDS = ("permit", "statement")  # izin, non-izin
AUDIENCES = ("family", "building", "business", "health", "institution", "student", "other")  # as the front page groups
OWN_FIELDS = ("business_name", "business_nib", "principal_name", "principal_nik")  # asked for by role, not by type
OFFICE_OF_ADDRESS = "KEL"  # the kelurahan office of the applicant's address


@dataclass(frozen=True)
class Question:
    """Is this for me? The answer that does not fit leads to another door, never to an error."""

    key: str
    ask: str
    fits: bool  # the answer that fits: True is yes
    door: str  # where to go otherwise, in words
    link: str = ""  # and the address, or nothing


@dataclass(frozen=True)
class Requirement:
    """A paper that the law asks for."""

    key: str
    name: str
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True)
class FieldSpec:
    """One thing to fill in."""

    key: str
    label: str
    kind: str
    part: str
    hint: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    least: int | None = None
    most: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class Stage:
    """A step of the case in the offices, and the working days it may take."""

    name: str
    days: int


@dataclass(frozen=True)
class Fee:
    """Free, or a retribution by an article of law and a rule. `amount` is an expression of `fees.py`."""

    kind: str
    basis: str
    rule: str = ""
    note: str = ""
    amount: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_free(self) -> bool:
        return self.kind == FREE


@dataclass(frozen=True)
class Validity:
    """How long the document holds: years or days from its date, or until a day that the applicant has named."""

    words: str
    years: int | None = None
    days: int | None = None
    until_field: str | None = None


@dataclass(frozen=True)
class Definition:
    """Everything that is known of one version of a permit type."""

    name: str
    kind: str  # one of KINDS
    agency: str  # code of the unit whose technical people look at it
    office: str  # code of the unit that receives, verifies and signs; OFFICE_OF_ADDRESS for kelurahan letters
    channel: str  # HERE or ELSEWHERE
    door: str  # where it is really applied for, in words, when that is not here
    link: str  # and the address of that door, or nothing
    audience: str  # one of AUDIENCES: whom it is for
    basis: tuple[str, ...]
    validity: Validity
    fee: Fee
    stages: tuple[Stage, ...]
    questions: tuple[Question, ...]
    requirements: tuple[Requirement, ...]
    fields: tuple[FieldSpec, ...]
    checklist: tuple[str, ...]  # what an inspection looks at
    sample: tuple[str, ...]  # what is invented: "contoh, belum disahkan"
    note: str
    keywords: tuple[str, ...]
    source: str
    confidence: str

    @remembered
    def days(self) -> int:
        """Working days in all, as promised to the applicant."""
        return sum(stage.days for stage in self.stages)

    @remembered
    def stage_names(self) -> tuple[str, ...]:
        return tuple(stage.name for stage in self.stages)

    @property
    def is_here(self) -> bool:
        return self.channel == HERE

    def has(self, stage: str) -> bool:
        return stage in self.stage_names

    def fields_of(self, part: str) -> tuple[FieldSpec, ...]:
        return tuple(spec for spec in self.fields if spec.part == part)

    def field(self, key: str) -> FieldSpec | None:
        return next((spec for spec in self.fields if spec.key == key), None)

    def requirement(self, key: str) -> Requirement | None:
        return next((needed for needed in self.requirements if needed.key == key), None)
