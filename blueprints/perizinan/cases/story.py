"""The story of a case as its applicant reads it: what was done, what is being done, what comes next, and who looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.workflow import LATE, OBJECTION_LATE, PAUSES, STAGE_OF
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
    "speak_of_money": lazy("Words of the staff spoke of money. The Inspektorat was told"),
    "hold_message": lazy("A message of the staff is held. The Inspektorat looks at it"),
    "release_message": lazy("The held message was released"),
    "stop_message": lazy("The held message was stopped"),
}
PREFIX = "perizinan.application."
OBJECTED: dict[str, Any] = {
    "perizinan.objection.make": lazy("Objection made"),
    "perizinan.objection.uphold": lazy("Objection found right"),
    "perizinan.objection.dismiss": lazy("Objection answered: the refusal stands"),
    OBJECTION_LATE: lazy("Answer to the objection is late: the Inspektorat was told automatically"),
}
ONWARD = ("accept", "verified", "vetted", "inspected", "bill", "pay", "propose", "issue", "refuse")  # past a stage


@dataclass(frozen=True)
class Line:
    """One thing that happened: when, and in words."""

    at: datetime
    text: str
    kind: str  # "event" or "opening"


@dataclass(frozen=True)
class StageLine:
    """One stage of the way: how it stands, by when or since when, and whose desk it is."""

    title: str
    standing: str  # done, refused, skipped, now, next
    by: datetime | None  # until when it should be done, while the clock runs
    desk: str
    done_at: datetime | None


def lines_of(case: Application) -> list[Line]:
    """All that happened to the case, and every opening by staff, oldest first. Nothing that the log lacks (U13)."""
    happened = [*queries.history_of(case), *queries.history_of_objection(case)]
    told = [line for event in happened if (line := _line(event)) is not None]
    openings = _openings(case)
    if case.assisted_by_id is not None:
        told.insert(0, Line(case.began_at, _("Entered at the counter by staff, for the applicant"), "event"))
    return sorted([*told, *openings], key=lambda line: line.at)


def _line(event: Event) -> Line | None:
    words = EVENTS.get(event.name.removeprefix(PREFIX)) or OBJECTED.get(event.name)
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
    """The stages of this type in their order: those that were passed with their day, the others with the day by which
    each should be done while the clock runs."""
    names = [stage.name for stage in case.type.definition.stages]
    passed = _passed(case)
    at = _position(case, names, passed)
    return [
        StageLine(
            str(STAGE_TITLES[name]),
            _standing(case, name, i - at, passed),
            by,
            _("You") if case.state == "returned" and i == at else desk_of(case, name),
            passed.get(name),
        )
        for i, (name, by) in enumerate(zip(names, _days(case), strict=True))
    ]


def _passed(case: Application) -> dict[str, datetime]:
    """When each stage was last passed, as the log has it."""
    steps = ((event, event.name.removeprefix(PREFIX)) for event in queries.history_of(case))
    return {STAGE_OF[event.facts["before"]]: event.at for event, step in steps if step in ONWARD}


def _position(case: Application, names: list[str], passed: dict[str, datetime]) -> int:
    """Which stage the case has reached; behind the last one when it is decided."""
    now = STAGE_OF.get(case.state)
    if now in names:
        return names.index(now)
    if case.state == "withdrawn":
        return max((names.index(name) + 1 for name in passed), default=0)
    return len(names) if case.decided_at else 0


def _standing(case: Application, name: str, distance: int, passed: dict[str, datetime]) -> str:
    if distance >= 0:
        return "now" if distance == 0 and case.decided_at is None else "next"
    if name == "sign" and case.state == "refused":
        return "refused"
    return "done" if name in passed else "skipped"


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


def office_now(case: Application) -> str:
    """Which office has the case now; nothing where its applicant must act."""
    stage = STAGE_OF.get(case.state)
    return desk_of(case, stage) if stage and stage != "pay" else ""
