"""What the Inspektorat sees of permits, worded: what is late, what is held, and who returns more than others."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from blueprints.perizinan.cases import queries as cases
from blueprints.perizinan.cases import statistics
from blueprints.perizinan.cases.models import Application, Message
from blueprints.perizinan.cases.workflow import PAUSES
from blueprints.perizinan.watching import queries
from blueprints.perizinan.watching.queries import Judged
from webapp import calendar, clock
from webapp.deadlines import Deadline
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy
from webapp.payments import queries as payments
from webapp.standing import Standing

MOST = 100  # rows of one list; its number in all stands beside it
RECENT = timedelta(days=90)
FEW, FAR = 5, 2.0  # returns that say nothing yet; how many times the usual share is far more
HELD_FOR: dict[str, Any] = {
    "account": lazy("It speaks of an account"),
    "wallet": lazy("It speaks of an e-wallet"),
    "phone": lazy("It holds a phone number"),
    "money": lazy("It speaks of money"),
}


@dataclass(frozen=True)
class Late:
    """A case or an objection whose time is over."""

    case: Application
    standing: Standing
    reports: int  # how often it has reported itself

    @property
    def href(self) -> str:
        return desk_of(self.case)

    @property
    def office(self) -> str:
        return self.case.office.name if self.case.office else ""


def desk_of(case: Application) -> str:
    return url_for("perizinan.case_at_desk", code=case.spoken_code)


@dataclass(frozen=True)
class Held:
    """A message that waits for the Inspektorat."""

    message: Message
    case: Application
    author: str

    @property
    def why(self) -> str:
        return str(HELD_FOR[self.message.held_for])


@dataclass(frozen=True)
class Moved:
    """A case that was taken from an officer, or a clock that was stopped: who did it, when and why."""

    case: Application
    what: str
    why: str
    who: str
    at: datetime
    until: datetime | None = None

    @property
    def href(self) -> str:
        return desk_of(self.case)


@dataclass(frozen=True)
class Returns:
    """How one officer's completeness checks went, beside everybody's."""

    row: Judged
    officer: str
    office: str
    usual: float  # the share that is returned over all

    @property
    def share(self) -> int:
        """Of a hundred files, how many went back."""
        return round(100 * self.row.returned / self.row.checked)

    @property
    def is_odd(self) -> bool:
        return self.row.returned >= FEW and self.row.returned / self.row.checked >= FAR * self.usual


def late_cases() -> list[Late]:
    return [_late(case, deadline) for case, deadline in queries.late_cases(MOST)]


def late_objections() -> list[Late]:
    return [_late(objection.application, deadline) for objection, deadline in queries.late_objections()]


def _late(case: Application, deadline: Deadline) -> Late:
    return Late(case, deadline.standing(clock.now(), calendar.working_day_table()), deadline.reports)


def held_messages() -> list[Held]:
    found = queries.held_messages()
    names = cases.names_of({message.author_id for message, _case in found})
    return [Held(message, case, names[message.author_id]) for message, case in found]


def redrawn() -> list[Moved]:
    """Cases that a supervisor took from their officer."""
    return [
        Moved(
            row.application,
            _("From %(one)s to %(other)s", one=row.taken_from.name if row.taken_from else "–", other=row.person.name),
            row.reason,
            row.taken_by.name if row.taken_by else "–",
            row.at,
        )
        for row in queries.redrawn(_recently(), MOST)
    ]


def stopped_by_hand() -> list[Moved]:
    """Clocks that a supervisor has stopped."""
    found = queries.stopped_by_hand(_recently(), MOST)
    names = cases.names_of({pause.by_id for pause, _case in found})
    return [
        Moved(case, str(PAUSES[pause.reason]), pause.note, names.get(pause.by_id, "–"), pause.began_at, pause.ended_at)
        for pause, case in found
    ]


def _recently() -> datetime:
    return clock.now() - RECENT


def returns() -> list[Returns]:
    """How often each officer returns files; who does it far more often than others may be asking for money."""
    found = queries.judged_since(_recently())
    names = cases.names_of({row.person_id for row in found})
    offices = cases.names_of_units({row.office_id for row in found})
    usual = sum(row.returned for row in found) / max(sum(row.checked for row in found), 1)
    return [Returns(row, names[row.person_id], offices[row.office_id], usual) for row in found]


def all_of_it() -> dict[str, Any]:
    """Everything on the page of the Inspektorat."""
    return {
        "late": late_cases(),
        "late_count": statistics.over_deadline(),
        "held": held_messages(),
        "returns": returns(),
        "redrawn": redrawn(),
        "stopped": stopped_by_hand(),
        "objections": late_objections(),
        "payments": payments.held_count(),
    }
