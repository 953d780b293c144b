"""What a file consists of: the parts of its form and the papers the law asks for, and how each of them stands."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from blueprints.perizinan.cases.answers import SECRET, Answers, answers_of
from blueprints.perizinan.cases.models import Application, Check, Paper
from blueprints.perizinan.catalogue.definition import PARTS, Definition, Requirement
from blueprints.perizinan.catalogue.models import PermitType
from blueprints.perizinan.catalogue.queries import type_of
from webapp import clock
from webapp.accounts import sealing
from webapp.i18n import gettext as _

ATTORNEY = "surat_kuasa"


def law_of(case: Application) -> PermitType:
    """The version of the type that counts: today's until it is sent, that of the day of submission from then on."""
    return type_of(case.type_code, clock.today()) if case.state == "draft" else case.type


def definition_of(case: Application) -> Definition:
    return law_of(case).definition


def answers(case: Application) -> Answers:
    return answers_of(case, definition_of(case))


def standing(case: Application, part: str) -> str:
    """A sign of what stands in this part: another one as soon as anything there is changed. It tells nothing of it."""
    kept = {spec.key: case.answers[spec.key] for spec in answers(case).of(part) if case.answers.get(spec.key)}
    return sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]


def requirements_of(case: Application) -> list[Requirement]:
    """The papers of this case: those of its type, and a letter of attorney from whoever acts for somebody else."""
    wanted = list(definition_of(case).requirements)
    if case.role == "proxy" and not any(needed.key == ATTORNEY for needed in wanted):
        name = _("Letter of attorney with a stamp, signed by both")
        wanted.append(Requirement(ATTORNEY, name, _("Photograph the whole page.")))
    return wanted


def principal_of(case: Application) -> bytes | None:
    """The human being for whom somebody else files this, as `Person.human` tells them; None where there is none."""
    nik = answers(case).values.get(SECRET) if case.role == "proxy" else None
    return sealing.index(nik, sealing.NIK) if nik else None


def parts_of(case: Application) -> list[str]:
    """The parts of the form that have anything to fill in. The first is always there."""
    definition = definition_of(case)
    return [part for part in PARTS if part == PARTS[0] or definition.fields_of(part)]


@dataclass(frozen=True)
class Item:
    """One thing that is checked: `key` is that of a requirement, or "part." and the part's name."""

    key: str
    title: str
    paper: Paper | None
    check: Check | None
    complete: bool

    @property
    def is_part(self) -> bool:
        return self.key.startswith("part.")

    @property
    def accepted(self) -> bool:
        return self.check is not None and self.check.state == "accepted"

    @property
    def defect(self) -> str:
        return self.check.note if self.check and self.check.state == "defective" else ""

    @property
    def to_mend(self) -> bool:
        """Found defective, and not looked at by the applicant since. What is optional may stay away."""
        untouched = self.check is not None and self.check.mended_at is None
        return bool(self.defect) and untouched and (self.is_part or self.paper is not None)


PART_TITLES: dict[str, Any] = {
    "applicant": lambda: _("About the applicant"),
    "location": lambda: _("Location"),
    "details": lambda: _("Details"),
}


def items_of(case: Application) -> list[Item]:
    """Every item of the file, parts first, in the order of the form."""
    checks = {check.item: check for check in case.checks}
    papers = {paper.requirement: paper for paper in case.papers}
    given = answers(case)
    found = []
    for part in parts_of(case):
        key = f"part.{part}"
        found.append(Item(key, PART_TITLES[part](), None, checks.get(key), given.is_complete(part)))
    for needed in requirements_of(case):
        paper = papers.get(needed.key)
        complete = paper is not None or needed.optional
        found.append(Item(needed.key, needed.name, paper, checks.get(needed.key), complete))
    return found


def mend(case: Application, key: str) -> None:
    """Remember that the applicant has dealt with this item, if it is on the list of defects."""
    for check in case.checks:
        if check.item == key:
            check.mended_at = clock.now()


def item_of(case: Application, key: str) -> Item | None:
    return next((item for item in items_of(case) if item.key == key), None)


def may_change(case: Application, key: str) -> bool:
    """Everything while it is being filled in; after a return only what was found defective."""
    if case.state == "draft":
        return True
    return case.state == "returned" and any(c.item == key and c.state == "defective" for c in case.checks)


def is_complete(case: Application) -> bool:
    """Whether all is there, and every defect was dealt with."""
    return all(item.complete and not item.to_mend for item in items_of(case))
