"""The story of a case as its applicant reads it: what was done, what is being done, what comes next, and who looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.workflow import LATE, PAUSES, STAGE_OF
from webapp import calendar, deadlines, viewing, working_time
from webapp.events import Event
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy

STAGE_TITLES: dict[str, Any] = {
    "check": lazy("The papers are checked"),
    "verify": lazy("The application is verified"),
    "inspect": lazy("Officers visit the place"),
    "recommend": lazy("The technical team gives its opinion"),
    "pay": lazy("You pay the bill"),
    "sign": lazy("The head of the office decides"),
}
EVENTS: dict[str, Any] = {
    "submit": lazy("Application sent"),
    "return": lazy("Returned to be completed"),
    "return_late": lazy("Returned because of a late defect"),
    "resubmit": lazy("Completed and sent again"),
    "accept": lazy("Papers are complete"),
    "verified": lazy("Verified"),
    "vetted": lazy("Verified"),
    "appoint": lazy("Visit arranged"),
    "move_visit": lazy("Visit moved by you"),
    "inspected": lazy("Place visited"),
    "bill": lazy("Bill made"),
    "pay": lazy("Payment received"),
    "propose": lazy("Put before the head of the office"),
    "send_back": lazy("Sent back to be looked at again"),
    "issue": lazy("Signed and issued"),
    "refuse": lazy("Refused"),
    "withdraw": lazy("Withdrawn"),
    "reopen": lazy("Taken up again after your objection"),
    "revoke": lazy("Permit revoked"),
    "late": lazy("Deadline passed: the Inspektorat was told automatically"),
    "stop_clock": lazy("Clock stopped, with a reason"),
    "go_on": lazy("Clock goes on"),
    "late_defect": lazy("A supervisor answers for the late defect"),
    "redraw": lazy("Given to another officer"),
    "hold_message": lazy("A message of the staff is held. The Inspektorat looks at it"),
    "release_message": lazy("The held message was released"),
    "stop_message": lazy("The held message was stopped"),
}
PREFIX = "perizinan.application."


@dataclass(frozen=True)
class Line:
    """One thing that happened: when, and in words."""

    at: datetime
    text: str
    kind: str  # "event" or "opening"


@dataclass(frozen=True)
class StageLine:
    """One stage of the way: done, now or next; by when, and whose desk it is."""

    title: str
    standing: str  # done, now, next
    by: datetime | None
    desk: str


def lines_of(case: Application) -> list[Line]:
    """All that happened to the case, and every opening by staff, oldest first. Nothing that the log lacks (U13)."""
    told = [line for event in queries.history_of(case) if (line := _line(event)) is not None]
    openings = _openings(case)
    if case.assisted_by_id is not None:
        told.insert(0, Line(case.began_at, _("Entered at the counter by staff, for the applicant"), "event"))
    return sorted([*told, *openings], key=lambda line: line.at)


def _line(event: Event) -> Line | None:
    words = EVENTS.get(event.name.removeprefix(PREFIX))
    return Line(event.at, str(words), "event") if words else None


def _openings(case: Application) -> list[Line]:
    """Who opened the file, by office, never by name."""
    rows = viewing.of(case)
    units = queries.units_of_members({row.person_id for row in rows}, (case.office_id, case.agency_id))
    others = _("the Inspektorat")
    words = {row.person_id: _("File opened by an officer of %(unit)s", unit=units.get(row.person_id, others))
             for row in rows}  # fmt: skip
    return [Line(row.at, words[row.person_id], "opening") for row in rows]


def stages_of(case: Application) -> list[StageLine]:
    """The stages of this type in their order, with the day by which each should be done while the clock runs."""
    now = STAGE_OF.get(case.state)
    names = [stage.name for stage in case.type.definition.stages]
    at = names.index(now) if now in names else (len(names) if case.decided_at else 0)
    return [
        StageLine(str(STAGE_TITLES[name]), _standing(i, at), by, desk_of(case, name))
        for i, (name, by) in enumerate(zip(names, _days(case), strict=True))
    ]


def _standing(position: int, now: int) -> str:
    if position < now:
        return "done"
    return "now" if position == now else "next"


def _days(case: Application) -> Iterable[datetime | None]:
    """Until when each stage should be done, if each takes the days it may take."""
    found, total, table = deadlines.of(case, LATE), 0, calendar.working_day_table()
    for stage in case.type.definition.stages:
        total += stage.days
        if found is None or found.ended_at is not None:
            yield None
            continue
        yield working_time.due_moments(found.began_at, max(total, 1), found.stops, table).due_at


def desk_of(case: Application, stage: str) -> str:
    """Which desk has a stage, in words: the office, never a person."""
    if stage == "pay":
        return _("You")
    unit = case.agency if stage in ("inspect", "recommend") else case.office
    return unit.name if unit else ""


def pauses_of(case: Application) -> list[tuple[str, str, datetime, datetime | None]]:
    """Each time the clock stood still: the reason, a note, from when and until when."""
    found = deadlines.of(case, LATE)
    return [(str(PAUSES[p.reason]), p.note, p.began_at, p.ended_at) for p in found.pauses] if found else []


def defects_of(case: Application) -> list[items.Item]:
    return [item for item in items.items_of(case) if item.defect]


def now_words(case: Application) -> str:
    """Where the case lies now, for the head of its page."""
    stage = STAGE_OF.get(case.state)
    return desk_of(case, stage) if stage else ""
