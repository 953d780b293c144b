"""Cases as officers see them: the rows of the inbox, and everything on the page of one case."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.cases import queries, story
from blueprints.perizinan.cases.items import Item, items_of
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.workflow import LATE, PAUSES, REASONS, ROLES, STAGE_OF, WORDS
from blueprints.perizinan.desk import queries as desks
from blueprints.perizinan.filing import shown
from blueprints.perizinan.watching.actions import BY_HAND
from webapp import access, clock, deadlines
from webapp.events import Event
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy

FILTER_WORDS = {
    None: lazy("All"), "late": lazy("Over the deadline"), "near": lazy("Near the deadline"), "safe": lazy("Safe"),
    "paused": lazy("Standing still"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One case in the inbox."""

    case: Application
    standing: Any

    @property
    def href(self) -> str:
        return url_for("perizinan.case_at_desk", code=self.case.spoken_code)

    @property
    def step(self) -> str:
        stage = STAGE_OF.get(self.case.state)
        return str(story.STAGE_TITLES[stage]) if stage else str(WORDS[self.case.state][0])

    @property
    def officer(self) -> str:
        return self.case.officer.name if self.case.officer else "–"


def rows_of(person: Any, scope: str, standing: str | None, page: int) -> list[Row]:
    found = desks.inbox(person, scope, standing, page)
    return [Row(case, deadline.standing(clock.now())) for case, deadline in found]


def filters_of(person: Any, scope: str, chosen: str | None) -> list[dict[str, Any]]:
    """The filters of the inbox, each with its number and its address."""
    numbers = desks.counts(person, scope)
    return [
        {"word": str(word), "count": numbers[standing or "all"], "current": standing == chosen,
         "href": url_for("perizinan.desk", scope=scope, standing=standing)}
        for standing, word in FILTER_WORDS.items()
    ]  # fmt: skip


@dataclass(frozen=True)
class CaseShown:
    """Everything on the officer's page of a case. Never the applicant's phone or e-mail."""

    case: Application
    word: str
    tone: str
    standing: Any
    seen: int
    step: str

    @property
    def role(self) -> str:
        return str(ROLES[self.case.role])

    @property
    def answered(self) -> list[shown.Answered]:
        return shown.answered(self.case)

    @property
    def accepted(self) -> list[Item]:
        return [item for item in self.items if item.accepted]

    @property
    def items(self) -> list[Item]:
        return items_of(self.case)

    @property
    def fee(self) -> shown.FeeShown:
        return shown.fee_of(self.case)

    @property
    def lines(self) -> list[story.Line]:
        return story.lines_of(self.case)

    @property
    def findings(self) -> list[tuple[Any, str]]:
        return [(finding, str(story.STAGE_TITLES[finding.stage])) for finding in queries.findings_of(self.case)]

    @property
    def decision(self) -> Any:
        return queries.decision_of(self.case)

    @property
    def visit(self) -> Any:
        return queries.visit_of(self.case)

    @property
    def bill(self) -> Any:
        return bill_of(self.case)

    @property
    def objection(self) -> Any:
        return queries.objection_of(self.case)

    @property
    def messages(self) -> list[Any]:
        return queries.messages_of(self.case)

    @property
    def may(self) -> set[str]:
        """What the reader can do with it now: names of the panels on the right."""
        return {name for name, (states, permission) in PANELS.items()
                if self.case.state in states and access.can(permission, self.case)}  # fmt: skip

    @property
    def officer(self) -> str:
        return self.case.officer.name if self.case.officer else _("nobody yet")


PANELS: dict[str, tuple[tuple[str, ...], str]] = {
    "check": (("checking",), "perizinan.check"),
    "verify": (("verifying",), "perizinan.verify"),
    "recommend": (("recommending",), "perizinan.examine"),
    "visit": (("inspecting",), "perizinan.examine"),
    "decide": (("signing",), "perizinan.decide"),
    "supervise": (("checking", "verifying", "inspecting", "recommending", "signing"), "perizinan.supervise"),
    "late_defect": (("verifying", "inspecting", "recommending"), "perizinan.supervise"),
    "objection": (("refused",), "perizinan.supervise"),
    "revoke": (("issued",), "perizinan.revoke"),
    "write": (("checking", "returned", "verifying", "inspecting", "recommending", "billed", "signing"),
              "perizinan.open_desk"),
}  # fmt: skip


def case_shown(case: Application) -> CaseShown:
    word, tone = WORDS[case.state]
    found = deadlines.of(case, LATE)
    stage = STAGE_OF.get(case.state)
    return CaseShown(
        case=case,
        word=str(word),
        tone=tone,
        standing=found.standing(clock.now()) if found else None,
        seen=queries.last_event_id(case),
        step=str(story.STAGE_TITLES[stage]) if stage else str(word),
    )


def changes_since(case: Application, seen: int) -> list[str]:
    """What others have done since the page was drawn, in words."""
    return [_changed(event) for event in queries.events_after(case, seen)]


def _changed(event: Event) -> str:
    words = story.EVENTS.get(event.name.removeprefix(story.PREFIX))
    return str(words) if words else _("Given to another desk")


def reasons() -> list[tuple[str, str]]:
    return [(key, str(words)) for key, words in REASONS.items()]


def pause_reasons() -> list[tuple[str, str]]:
    return [(key, str(PAUSES[key])) for key in BY_HAND]
