"""Whether a number can be taken in a shift now, by the server's clock; if not, why, and what to do next."""

from dataclasses import dataclass
from datetime import datetime

from blueprints.dokter.models import Shift, ShiftShare
from blueprints.dokter.workflow import SHARE_WORDS
from webapp import clock, i18n
from webapp.i18n import gettext as _

ONLINE = ("jkn", "non_jkn")  # the shares that can be taken from home


@dataclass(frozen=True)
class Availability:
    """Whether a number can be taken now; if not, why, and what to do next."""

    kind: str
    word: str
    tone: str
    text: str = ""
    opens_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.kind == "open"


def of(shift: Shift, holiday: str | None) -> Availability:
    """The rule of when numbers are given out, by the server's clock."""
    now = clock.now()
    if holiday:
        return Availability("holiday", _("Holiday"), "info", _("%(name)s. Choose another day.", name=holiday))
    if shift.closed_at:
        return Availability("closed", _("Closed"), "neutral", closed_text())
    if now >= shift.ends_at:
        return Availability("closed", _("Closed"), "neutral", _("This session is over. Choose another day."))
    if now < shift.opens_at:
        text = _("Numbers open on %(day)s at %(hour)s. No need to press again and again.",
                 day=i18n.day(shift.opens_at), hour=i18n.wib(shift.opens_at))  # fmt: skip
        return Availability("not_yet", _("Not open yet"), "info", text, shift.opens_at)
    if left_online(shift) == 0:
        return Availability("full", _("Full"), "attention", full_text(shift))
    return Availability("open", _("Open"), "good")


def standing_of(shift: Shift) -> str:
    """What the staff have said of the session: the hour at which it goes on, "closed", or nothing."""
    if shift.closed_at:
        return "closed"
    return i18n.hour(shift.delayed_until) if shift.delayed_until else ""


def closed_text() -> str:
    """What to do when the staff have ended a session before its hour."""
    return _("The clinic has closed this session for today. Choose another session or another day.")


def full_text(shift: Shift) -> str:
    """What to do when all numbers that can be taken from home are gone."""
    kept = share_of(shift, "counter")
    if not kept or not kept.places:
        return _("All numbers are taken. Choose another session or another day.")
    if clock.now() >= shift.starts_at:
        return _("All numbers are taken. Choose another session, or ask at the counter now.")
    return _("All numbers are taken. Choose another session, or ask at the counter from %(hour)s.",
             hour=i18n.wib(shift.starts_at))  # fmt: skip


def share_full_text(shift: Shift, share: str) -> str:
    """What to do when this kind of place is gone, and perhaps not the other."""
    if left_online(shift):
        return _("Full for %(share)s. Choose another way to pay, or another session.", share=SHARE_WORDS[share])
    return _("Full. %(next)s", next=full_text(shift))


def share_of(shift: Shift, share: str) -> ShiftShare | None:
    return next((row for row in shift.shares if row.share == share), None)


def left_online(shift: Shift) -> int:
    return sum(row.left for row in shift.shares if row.share in ONLINE)
