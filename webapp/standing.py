"""How a deadline stands at a moment, in one word, one bar and one sentence: the same everywhere in the city."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any, Literal, Protocol

from webapp import i18n, working_time
from webapp.i18n import gettext, ngettext
from webapp.i18n import lazy_gettext as _
from webapp.working_time import Pauses, WorkingDay

Kind = Literal["safe", "near", "late", "paused", "ended"]
LAST_MINUTE = timedelta(minutes=1)
WORDS: dict[Kind, tuple[Any, str]] = {
    "safe": (_("On track"), "good"),
    "near": (_("Due soon"), "attention"),
    "late": (_("Late"), "late"),
    "paused": (_("Paused"), "neutral"),
    "ended": (_("Done"), "neutral"),
}


class Timed(Protocol):
    """What a deadline is made of."""

    @property
    def began_at(self) -> datetime: ...

    @property
    def days(self) -> int: ...

    @property
    def stops(self) -> Pauses: ...

    @property
    def ended_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Standing:
    """A deadline at one moment: now, or when it ended, or when it was stopped."""

    kind: Kind
    at: datetime
    days: int
    used_days: float
    left_days: int  # working days after today until the last one; below 0 when they are over
    due_at: datetime  # for one that stands still: when it would have been over if it had gone on

    @property
    def word(self) -> str:
        return str(WORDS[self.kind][0])

    @property
    def tone(self) -> str:
        return WORDS[self.kind][1]

    @property
    def share(self) -> float:
        """How much of the time is used, for a bar: 0 to 1."""
        return min(self.used_days / self.days, 1.0)

    @property
    def due_day(self) -> date:
        """The last working day: the deadline is over when it ends, at 24.00."""
        return working_time.last_day(self.due_at)

    @property
    def left(self) -> str:
        """The time left, or how much too late it is, in working days."""
        if self.kind == "ended":
            took = max(ceil(self.used_days), 1)
            return ngettext("Took %(num)s working day", "Took %(num)s working days", took)
        if self.at >= self.due_at:
            return _late_by(-self.left_days)
        if self.left_days == 0:
            return gettext("The last day")
        return ngettext("%(num)s working day left", "%(num)s working days left", self.left_days)

    @property
    def limit(self) -> str:
        """Until when, while it runs; nothing for one that stands still or has ended."""
        day, hour = i18n.day(self.due_day), i18n.wib(self.due_at - LAST_MINUTE)
        if self.kind in ("safe", "near"):
            return gettext("until %(day)s, %(hour)s", day=day, hour=hour)
        return gettext("the limit was %(day)s, %(hour)s", day=day, hour=hour) if self.kind == "late" else ""


def _late_by(days: int) -> str:
    if days == 0:  # over since the last midnight, and no working day has begun since
        return gettext("The time is over")
    return ngettext("%(num)s working day late", "%(num)s working days late", days)


def standing_of(timed: Timed, now: datetime, is_working_day: WorkingDay) -> Standing:
    """How a deadline stands now."""
    past = [stop for stop in timed.stops if stop[1] is not None]
    stopped_at = next((began for began, ended in timed.stops if ended is None), None)
    at = timed.ended_at or stopped_at or now
    amber_at, due_at = working_time.due_moments(timed.began_at, timed.days, past, is_working_day)
    if amber_at is None or due_at is None:
        raise AssertionError("unreachable: past pauses stop nothing for good")
    return Standing(
        kind="ended" if timed.ended_at else _pace(at, amber_at, due_at, stands_still=stopped_at is not None),
        at=at,
        days=timed.days,
        used_days=working_time.used_days(timed.began_at, past, at, is_working_day),
        left_days=working_time.days_left(at, due_at, is_working_day),
        due_at=due_at,
    )


def _pace(at: datetime, amber_at: datetime, due_at: datetime, stands_still: bool) -> Kind:
    """Whoever is late stays late: no pause hides it."""
    if at >= due_at:
        return "late"
    if stands_still:
        return "paused"
    return "near" if at >= amber_at else "safe"
