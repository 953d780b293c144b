"""Clinics and shifts as citizens choose them: worded, with their addresses."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for

from blueprints.dokter import availability, queries
from blueprints.dokter.availability import Availability
from blueprints.dokter.models import Clinic, Shift, Tariff
from blueprints.dokter.queries import ClinicDay
from blueprints.dokter.workflow import SHARE_WORDS
from webapp import calendar, clock, i18n
from webapp.i18n import gettext as _
from webapp.i18n import ngettext
from webapp.remembered import remembered


@dataclass(frozen=True)
class ClinicCard:
    """A clinic in the list: its places today, its usual wait, its hours."""

    day: ClinicDay
    last_used: bool
    holiday: str | None

    @property
    def clinic(self) -> Clinic:
        return self.day.clinic

    @property
    def code(self) -> str:
        return self.clinic.unit.code

    @property
    def name(self) -> str:
        return self.clinic.unit.name

    @property
    def address(self) -> str:
        return self.clinic.address

    @property
    def places_left(self) -> int:
        return self.day.left

    @property
    def places(self) -> int:
        return self.day.places

    @property
    def wait_minutes(self) -> int | None:
        return self.clinic.typical_wait

    @property
    def hours(self) -> str:
        return self.day.hours

    @property
    def href(self) -> str:
        return url_for("dokter.clinic", code=self.code)

    @remembered
    def standing(self) -> tuple[str, str]:
        """How the clinic stands today, as word and tone."""
        if self.holiday:
            return _("Holiday"), "info"
        if not self.day.shifts:
            return _("Closed today"), "neutral"
        if self.day.ends_at and self.day.ends_at <= clock.now():
            return _("Closed for today"), "neutral"
        return (_("Open"), "good") if self.day.left else (_("Full"), "attention")

    @property
    def word(self) -> str:
        return self.standing[0]

    @property
    def tone(self) -> str:
        return self.standing[1]


def clinic_groups(day: date, words: str, last_used: int | None) -> list[tuple[str, list[ClinicCard]]]:
    """The clinics that fit the words, by kind; the one used last stands first in its group."""
    holiday = calendar.holiday_name(day)
    groups: dict[str, list[ClinicCard]] = {kind: [] for kind in ("puskesmas", "rsud", "hospital")}
    for found in queries.clinics_on(day, words):
        groups[found.clinic.unit.kind].append(ClinicCard(found, found.clinic.unit_id == last_used, holiday))
    for cards in groups.values():
        cards.sort(key=lambda card: not card.last_used)
    headings = {"puskesmas": _("Puskesmas"), "rsud": _("City hospital"), "hospital": _("Private hospitals")}
    return [(headings[kind], cards) for kind, cards in groups.items() if cards]


def clinic_card(clinic: Clinic, day: date, holiday: str | None) -> ClinicCard:
    return ClinicCard(queries.clinic_day(clinic, day), False, holiday)


@dataclass(frozen=True)
class DayChip:
    day: date
    left: int | None
    holiday: str | None
    current: bool
    href: str

    @property
    def weekday(self) -> str:
        return _("Today") if self.day == clock.today() else i18n.weekday_short(self.day)

    @property
    def number(self) -> int:
        return self.day.day

    @property
    def open(self) -> bool:
        return bool(self.left)

    @property
    def note(self) -> str:
        if self.holiday:
            return _("Holiday")
        if self.left is None:
            return _("Closed")
        return _("%(left)s left", left=self.left) if self.left else _("Full")


def day_chips(clinic: Clinic, chosen: date) -> list[DayChip]:
    today = clock.today()
    left = queries.left_by_day(clinic.unit_id, today)
    days = [today + timedelta(days=n) for n in range(queries.HORIZON)]
    holidays = calendar.holidays_between(days[0], days[-1])
    return [
        DayChip(day, left.get(day), holidays.get(day), day == chosen,
                url_for("dokter.clinic", code=clinic.unit.code, day=day.isoformat()))
        for day in days
    ]  # fmt: skip


@dataclass(frozen=True)
class ShiftCard:
    """A shift as a citizen chooses it."""

    shift: Shift
    availability: Availability
    waiting: int
    mine: str | None = None

    @property
    def id(self) -> int:
        return self.shift.id

    @property
    def ward(self) -> str:
        return self.shift.ward.name

    @property
    def clinic(self) -> str:
        return self.shift.clinic.unit.name

    @property
    def day(self) -> date:
        return self.shift.day

    @property
    def doctor(self) -> str:
        return self.shift.doctor

    @property
    def room(self) -> str:
        return self.shift.room

    @property
    def hours(self) -> str:
        return f"{i18n.hour(self.shift.starts_at)}–{i18n.hour(self.shift.ends_at)}"

    @property
    def left(self) -> int:
        return availability.left_online(self.shift)

    @property
    def places(self) -> int:
        return sum(row.places for row in self.shift.shares if row.share in availability.ONLINE)

    @property
    def demo(self) -> bool:
        return self.shift.is_demo

    @property
    def href(self) -> str:
        return url_for("dokter.shift", shift_id=self.shift.id)

    @property
    def title(self) -> str:
        return f"{self.clinic}{i18n.DOT}{self.doctor}"

    @property
    def note(self) -> str:
        return f"{self.hours}{i18n.DOT}" + _("%(left)s left", left=self.left)

    @property
    def clinic_code(self) -> str:
        return self.shift.clinic.unit.code


def shift_card(shift: Shift, holiday: str | None) -> ShiftCard:
    counts = queries.waiting_counts([shift.id])
    return ShiftCard(shift, availability.of(shift, holiday), counts.get(shift.id, 0))


def other_cards(shift: Shift, holiday: str | None) -> list[ShiftCard]:
    """Where else to go from this shift."""
    return [ShiftCard(other, availability.of(other, holiday), 0) for other in queries.other_shifts(shift, holiday)]


def wards_of(clinic: Clinic, day: date, holiday: str | None, person: Any) -> list[tuple[str, list[ShiftCard]]]:
    """A clinic's shifts on a day, by ward, with the number that the person holds in one of them."""
    mine = {ticket.shift_id: ticket.label for ticket in queries.live_tickets_of(person.id)} if person else {}
    shifts = queries.shifts_of(clinic.unit_id, day)
    counts = queries.waiting_counts(shift.id for shift in shifts)
    wards: dict[str, list[ShiftCard]] = {}
    for shift in shifts:
        standing = availability.of(shift, holiday)
        card = ShiftCard(shift, standing, counts.get(shift.id, 0), mine.get(shift.id))
        wards.setdefault(shift.ward.name, []).append(card)
    return list(wards.items())


@dataclass(frozen=True)
class ShareOption:
    """One way to pay, with what the law asks for it."""

    value: str
    left: int
    tariff: Tariff

    @property
    def word(self) -> str:
        return str(SHARE_WORDS[self.value])

    @property
    def fee(self) -> int:
        return self.tariff.amount

    @property
    def basis(self) -> str:
        return self.tariff.basis

    @property
    def confirmed(self) -> bool:
        return self.tariff.confirmed

    @property
    def closed(self) -> bool:
        return not self.left

    @property
    def note(self) -> str:
        """What stands under the word where one chooses."""
        if self.closed:
            return _("Full")
        price = i18n.rupiah(self.fee) if self.fee else _("Free (Rp0)")
        return f"{price}{i18n.DOT}" + ngettext("%(num)s place left", "%(num)s places left", self.left)


def share_options(shift: Shift) -> dict[str, ShareOption]:
    """The ways to pay that can be chosen from home, by their values in the form."""
    kind = shift.clinic.unit.kind
    return {
        row.share: ShareOption(row.share, row.left, queries.tariff_for(kind, row.share, shift.day))
        for row in shift.shares
        if row.share in availability.ONLINE
    }
