"""Questions whose answers stand in the address and nowhere else: whether a type fits, and what it would cost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_wtf import FlaskForm

from blueprints.perizinan.cases.answers import Answers
from blueprints.perizinan.catalogue.definition import PARTS, Definition, FieldSpec
from blueprints.perizinan.catalogue.fees import Charge, charge_of, fields_of
from blueprints.perizinan.filing.forms import part_form
from webapp.i18n import gettext as _

ONLY = PARTS[0]  # these forms have one part


@dataclass(frozen=True)
class Asked:
    """A few questions, and what was answered so far."""

    specs: tuple[FieldSpec, ...]
    typed: Mapping[str, str]

    @property
    def begun(self) -> bool:
        return any(self.typed.get(spec.key) for spec in self.specs)

    @property
    def given(self) -> Answers:
        return Answers(self.specs, self.typed)

    @property
    def complete(self) -> bool:
        return self.begun and self.given.is_complete(ONLY)

    def form(self, faults: Mapping[str, str]) -> FlaskForm:
        return part_form(self.given, ONLY, dict(faults) if self.begun else {})


def fitting(definition: Definition, typed: Mapping[str, str]) -> Asked:
    """Is this for me? One yes or no for each question of the type."""
    return Asked(tuple(FieldSpec(q.key, q.ask, "yes_no", ONLY) for q in definition.questions), typed)


def fit_form(asked: Asked) -> FlaskForm:
    return asked.form(dict.fromkeys(asked.given.faults, _("Choose yes or no.")))


def pricing(definition: Definition, typed: Mapping[str, str]) -> Asked | None:
    """What does it cost? The answers that the fee rule needs; None where it needs none."""
    wanted = fields_of(definition.fee.amount)
    specs = tuple(replace(spec, part=ONLY) for spec in definition.fields if spec.key in wanted)
    return Asked(specs, typed) if specs else None


def price_of(definition: Definition, asked: Asked | None) -> Charge | None:
    return charge_of(definition.fee, asked.given.values) if asked and asked.complete else None


def price_form(asked: Asked | None) -> Any:
    return asked.form(asked.given.faults) if asked else None
