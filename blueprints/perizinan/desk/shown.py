"""Cases as officers see them: the rows of the inbox, and everything on the page of one case."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.bills.models import BILL_WORDS
from blueprints.perizinan.cases import items, queries, story
from blueprints.perizinan.cases.items import Item
from blueprints.perizinan.cases.models import Application, Decision, Finding
from blueprints.perizinan.cases.workflow import LATE, PAUSES, REASONS, ROLES, STAGE_OF, UNDECIDED, WORDS
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.desk import queries as desks
from blueprints.perizinan.filing import shown
from blueprints.perizinan.permits import actions as permits
from blueprints.perizinan.permits.queries import permit_of
from webapp import access, calendar, clock, deadlines, i18n
from webapp.deadlines import Deadline
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy
from webapp.remembered import remembered
from webapp.standing import Standing

SCOPE_WORDS = {desks.MINE: lazy("On my desk"), desks.UNIT: lazy("The whole unit")}
FILTER_WORDS = {
    None: lazy("All"), "late": lazy("Over the deadline"), "near": lazy("Near the deadline"), "safe": lazy("On track"),
    "paused": lazy("Standing still"),
}  # fmt: skip
PAUSED_FOR = {**PAUSES, "completing": lazy("The applicant completes the papers"),
              "paying": lazy("The applicant has not paid yet")}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One case in the inbox."""

    case: Application
    standing: Standing
    waits_for: str  # why its clock stands still, or nothing

    @property
    def href(self) -> str:
        return url_for("perizinan.case_at_desk", code=self.case.spoken_code)

    @property
    def step(self) -> str:
        return step_of(self.case)

    @property
    def officer(self) -> str:
        return self.case.officer.name if self.case.officer else _("nobody yet")


def step_of(case: Application) -> str:
    stage = STAGE_OF.get(case.state)
    return str(story.STAGE_TITLES[stage]) if stage else str(WORDS[case.state][0])


def waits_for(deadline: Deadline) -> str:
    pause = deadline.open_pause
    return str(PAUSED_FOR[pause.reason]) if pause else ""


def rows_of(person: Any, scope: str, standing: str | None, page: int) -> list[Row]:
    table = calendar.working_day_table()
    found = desks.inbox(person, scope, standing, page)
    return [Row(case, deadline.standing(clock.now(), table), waits_for(deadline)) for case, deadline in found]


@dataclass(frozen=True)
class Filter:
    """One way to narrow the inbox, with how many cases it would show."""

    word: str
    count: int
    current: bool
    href: str


def scopes_of(person: Any, chosen: str) -> list[Filter]:
    """One's own desk, and the whole unit."""
    return [
        Filter(str(word), desks.counts(person, scope)["all"], scope == chosen, url_for("perizinan.desk", scope=scope))
        for scope, word in SCOPE_WORDS.items()
    ]


def filters_of(person: Any, scope: str, chosen: str | None) -> list[Filter]:
    """By how the time stands."""
    numbers = desks.counts(person, scope)
    return [
        Filter(
            str(word),
            numbers[standing or "all"],
            standing == chosen,
            url_for("perizinan.desk", scope=scope, standing=standing),
        )
        for standing, word in FILTER_WORDS.items()
    ]


PANELS: dict[str, tuple[tuple[str, ...], str]] = {
    "check": (("checking",), "perizinan.check"),
    "verify": (("verifying",), "perizinan.verify"),
    "recommend": (("recommending",), "perizinan.examine"),
    "visit": (("inspecting",), "perizinan.examine"),
    "decide": (("signing",), "perizinan.decide"),
    "objection": (("refused",), "perizinan.supervise"),
    "supervise": (("checking", "verifying", "inspecting", "recommending", "signing"), "perizinan.supervise"),
    "late_defect": (("checking", "verifying", "inspecting", "recommending"), "perizinan.supervise"),
    "revoke": (("issued",), "perizinan.revoke"),
    "write": (UNDECIDED, "perizinan.work_on"),
}


@dataclass(frozen=True)
class CaseShown:
    """Everything on the officer's page of a case. Never the applicant's phone, e-mail or NIK."""

    case: Application
    deadline: Deadline | None
    seen: int

    @remembered
    def may(self) -> set[str]:
        """What the reader can do with it now: names of the panels on the right."""
        found = {
            name
            for name, (states, permission) in PANELS.items()
            if self.case.state in states and access.can(permission, self.case)
        }
        return found if self.objection else found - {"objection"}

    @property
    def acts(self) -> bool:
        """Whether there is anything to do but to supervise and to write."""
        return bool(self.may - {"supervise", "late_defect", "write"})

    @property
    def word(self) -> tuple[Any, str]:
        return WORDS[self.case.state]

    @property
    def step(self) -> str:
        return step_of(self.case)

    @property
    def officer(self) -> str:
        return self.case.officer.name if self.case.officer else _("nobody yet")

    @remembered
    def standing(self) -> Standing | None:
        return self.deadline.standing(clock.now()) if self.deadline else None

    @property
    def stands_still(self) -> str:
        return waits_for(self.deadline) if self.deadline else ""

    @property
    def who(self) -> list[tuple[str, str]]:
        case = self.case
        rows = [
            (_("Applicant"), case.person.name),
            (_("Applies"), str(ROLES[case.role])),
            (_("Decides"), case.office.name if case.office else ""),
            (_("Technical team"), case.agency.name if case.agency else ""),
            (_("Lies with"), self.officer if case.state in UNDECIDED else ""),
        ]
        return [(name, value) for name, value in rows if value]

    @property
    def answered(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The parts of the form with their answers. A NIK is left out: the paper has it."""
        given = items.answers(self.case)
        return [
            (
                items.PART_TITLES[part](),
                [(spec.label, given.shown(spec) or "–") for spec in given.of(part) if spec.kind != "nik"],
            )
            for part in items.parts_of(self.case)
        ]

    @remembered
    def items(self) -> list[Item]:
        return items.items_of(self.case)

    @property
    def papers(self) -> list[Item]:
        return [item for item in self.items if not item.is_part]

    @property
    def may_be_late(self) -> list[Item]:
        """What the head can still call defective."""
        return [item for item in self.items if checking.may_be_late(self.case, item)]

    @property
    def was_returned(self) -> bool:
        """Whether it has come back from the one return that there is."""
        return self.case.returns > self.case.late_defects

    @property
    def fee(self) -> shown.FeeShown:
        return shown.fee_of(self.case)

    @remembered
    def lines(self) -> list[story.Line]:
        return list(reversed(story.lines_of(self.case)))

    @remembered
    def findings(self) -> list[tuple[Finding, str]]:
        return [(finding, str(story.STAGE_TITLES[finding.stage])) for finding in queries.findings_of(self.case)]

    @remembered
    def decision(self) -> Decision | None:
        return queries.decision_of(self.case)

    @property
    def refusal(self) -> list[tuple[str, str]]:
        """The reasons that are proposed or were given, as the applicant reads them."""
        found = self.decision
        return as_read(found.reason, found.evidence, found.cure) if found and found.kind == "refuse" else []

    @remembered
    def visit(self) -> Any:
        return queries.visit_of(self.case)

    @remembered
    def objection(self) -> Any:
        return queries.objection_of(self.case)

    @remembered
    def messages(self) -> list[Any]:
        return queries.messages_of(self.case)

    @remembered
    def permit(self) -> Any:
        return permit_of(self.case)

    @property
    def to_sign(self) -> list[tuple[str, str]]:
        """What the head signs, in one glance."""
        case, last = self.case, permits.last_day(self.case, clock.today())
        bill = bill_of(case)
        return [
            (_("Document"), case.type.name),
            (_("For"), permits.holder_of(case)),
            (_("Holds until"), i18n.day(last) if last else case.type.definition.validity.words),
            (_("Fee"), f"{self.fee.amount}{i18n.DOT}{BILL_WORDS[bill.state][0]}" if bill else self.fee.amount),
        ]


def case_shown(case: Application) -> CaseShown:
    return CaseShown(case, deadlines.of(case, LATE), queries.last_event_id(case))


def as_read(reason: str, evidence: str, cure: str) -> list[tuple[str, str]]:
    """A refusal as the applicant reads it."""
    return [
        (_("Legal reason"), str(REASONS.get(reason, "–"))),
        (_("What shows it"), evidence or "–"),
        (_("What you can do"), cure or "–"),
    ]


UNTOLD = ("csrf_token", "idempotency_key", "seen")


def still_typed(typed: Any) -> list[str]:
    """The words of a form that has no place on the page any more, so that they can be copied."""
    return [text for name, text in typed.items() if name not in UNTOLD and len(text.split()) > 1]
