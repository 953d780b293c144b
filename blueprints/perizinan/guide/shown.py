"""Permit types as citizens read them: rows of the list, the public page, the way to the right door."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import url_for

from blueprints.perizinan.cases import queries as cases
from blueprints.perizinan.cases import statistics, story
from blueprints.perizinan.cases.statistics import Record
from blueprints.perizinan.catalogue import queries as catalogue
from blueprints.perizinan.catalogue.definition import AUDIENCES, OFFICE_OF_ADDRESS, Definition, Stage
from blueprints.perizinan.catalogue.fees import Charge, charge_of
from blueprints.perizinan.catalogue.models import PermitType
from blueprints.perizinan.filing.shown import FeeShown, days_words, price_and_days
from blueprints.perizinan.guide import queries
from webapp import clock, i18n
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy
from webapp.remembered import remembered

YEAR, OFTEN = timedelta(days=365), 5
AUDIENCE_WORDS: dict[str, tuple[Any, str]] = {
    "family": (lazy("Yourself and your family"), "home"),
    "building": (lazy("House, land and building"), "hospital"),
    "business": (lazy("Business and trade"), "budget"),
    "health": (lazy("Practice in health"), "clinic"),
    "institution": (lazy("School, foundation, organisation"), "person"),
    "student": (lazy("Study and research"), "idea"),
    "other": (lazy("Other"), "permit"),
}
SAMPLE_WORDS: dict[str, Any] = {
    "channel": lazy("that it is applied for here"),
    "validity": lazy("how long it holds"),
    "fee": lazy("the numbers of the fee"),
    "stages": lazy("how the days are divided"),
    "questions": lazy("the questions before you begin"),
    "requirements": lazy("the papers"),
    "fields": lazy("the questions of the form"),
    "checklist": lazy("what is looked at on the visit"),
}
TECHNICAL_STAGES = ("inspect", "recommend")


def row_of(law: PermitType) -> dict[str, Any]:
    """A type as a row of a list: where it is applied for, or what it costs and takes here."""
    definition = law.definition
    row = {"href": url_for("perizinan.permit_type", code=law.code), "title": law.name}
    if not definition.is_here:
        return row | {"note": definition.door, "word": _("Another door"), "tone": "neutral"}
    return row | {"note": price_and_days(law)}


@dataclass(frozen=True)
class Group:
    """The types for one kind of people."""

    key: str
    rows: list[dict[str, Any]]

    @property
    def title(self) -> str:
        return str(AUDIENCE_WORDS[self.key][0])

    @property
    def icon(self) -> str:
        return AUDIENCE_WORDS[self.key][1]


def groups_on(day: date) -> list[Group]:
    """Every type, by whom it is for; what is applied for here stands first."""
    found: dict[str, list[PermitType]] = {key: [] for key in AUDIENCES}
    for law in catalogue.types_on(day):
        found[law.definition.audience].append(law)
    return [
        Group(key, [row_of(law) for law in sorted(laws, key=lambda law: not law.definition.is_here)])
        for key, laws in found.items()
        if laws
    ]


def often_used(day: date) -> list[dict[str, Any]]:
    """What people apply for most, as rows; those that are gone from the city's list are left out."""
    types = {law.code: law for law in catalogue.types_on(day)}
    wanted = queries.most_used(clock.now() - YEAR, OFTEN)
    return [row_of(types[code]) for code in wanted if code in types]


@dataclass(frozen=True)
class Door:
    """Where somebody should go instead: in words, and by a link where there is one."""

    words: str
    href: str

    @property
    def label(self) -> str:
        site = urlsplit(self.href).hostname
        return _("Open %(site)s", site=site) if site else _("Show me")


def doors(definition: Definition, answers: Mapping[str, bool]) -> list[Door]:
    """The doors of every question whose answer does not fit; none when all fit."""
    return [Door(asked.door, asked.link) for asked in definition.questions if answers[asked.key] != asked.fits]


@dataclass(frozen=True)
class Step:
    """One stage on the way, and how long it may take; with whom, when that is not the office itself."""

    title: str
    note: str


@dataclass(frozen=True)
class TypeShown:
    """A permit type on its public page, and before one begins."""

    law: PermitType
    charge: Charge | None = None

    @property
    def code(self) -> str:
        return self.law.code

    @property
    def name(self) -> str:
        return self.law.name

    @remembered
    def definition(self) -> Definition:
        return self.law.definition

    @property
    def kind(self) -> str:
        return _("Permit") if self.definition.kind == "permit" else _("Letter")

    @property
    def is_example(self) -> bool:
        return "channel" in self.definition.sample

    @property
    def is_history(self) -> bool:
        """Another type of this list has taken its place: what it once needed and cost helps nobody."""
        return not self.definition.is_here and self.definition.link.startswith("/")

    @property
    def door(self) -> Door:
        return Door(self.definition.door, self.definition.link)

    @property
    def days(self) -> str:
        return days_words(self.definition.days)

    @property
    def fee(self) -> FeeShown | None:
        """None when the city's file says nothing of a fee, or it is history."""
        fee = self.definition.fee
        if self.is_history or not fee.basis:
            return None
        charge = charge_of(fee, {}) if fee.is_free else self.charge
        return FeeShown(charge, fee.is_free, fee.basis, fee.rule, fee.note)

    @remembered
    def office(self) -> str:
        return _office(self.definition.office)

    @remembered
    def agency(self) -> str:
        return _office(self.definition.agency)

    @property
    def steps(self) -> list[Step]:
        return [Step(str(story.STAGE_TITLES[stage.name]), self._note_of(stage)) for stage in self.definition.stages]

    def _note_of(self, stage: Stage) -> str:
        if stage.name == "pay":
            return _("in your own time")
        days = days_words(stage.days) if stage.days else _("the same day")
        elsewhere = stage.name in TECHNICAL_STAGES and self.agency != self.office
        return f"{self.agency}{i18n.DOT}{days}" if elsewhere else days

    @property
    def samples(self) -> str:
        return _joined(str(SAMPLE_WORDS[word]) for word in self.definition.sample)

    @remembered
    def record(self) -> Record | None:
        return statistics.of_type(self.law.code)


def _office(code: str) -> str:
    if code == OFFICE_OF_ADDRESS:
        return _("The kelurahan office")
    unit = cases.unit_by_code(code)
    return unit.name if unit else code


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words)


def record_facts(record: Record) -> list[tuple[str, str]]:
    """What real cases took, as names and values."""
    return [
        (_("Half are decided within"), _("%(days)s working days", days=_rounded(record.median))),
        (_("Nine of ten within"), _("%(days)s working days", days=_rounded(record.p90))),
        (
            _("In time"),
            _("%(share)s%% of %(count)s", share=_percent(record.in_time), count=i18n.number(record.count)),
        ),
    ]


def _percent(share: float) -> int:
    """A late case is never rounded away."""
    return 100 if share == 1 else min(99, round(share * 100))


def _rounded(days: float) -> str:
    """Half days are said, tenths of days mean nothing to anybody."""
    return f"{days:.1f}".removesuffix(".0").replace(".", "," if i18n.language() == "id" else ".")
