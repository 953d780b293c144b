"""What the parts of a definition must say together, so that every case of it can be run to its end."""

from collections import Counter
from collections.abc import Iterable, Iterator

from flask_wtf import FlaskForm

from blueprints.perizinan.catalogue import tariffs
from blueprints.perizinan.catalogue.definition import (
    NEEDED_STAGES,
    OWN_FIELDS,
    RETRIBUTION,
    STAGES,
    Definition,
    Fee,
    FieldSpec,
)

KELURAHAN = "kelurahan"
OF_EVERY_FORM = ("csrf_token", "idempotency_key", "later", "meta", "again")
SAMPLES = (
    "channel", "validity", "fee", "stages", "questions", "requirements", "fields", "checklist",
)  # fmt: skip


def faults_of(definition: Definition) -> Iterator[str]:
    """What does not fit together, each by its place."""
    yield from _twice("stages", definition.stage_names)
    yield from _twice("questions", (question.key for question in definition.questions))
    yield from _twice("requirements", (needed.key for needed in definition.requirements))
    yield from _twice("fields", (spec.key for spec in definition.fields))
    yield from (f"sample: {word!r} is not {' or '.join(SAMPLES)}" for word in definition.sample if word not in SAMPLES)
    if not definition.basis:
        yield "basis: names no law"
    for place, asked in (("questions", definition.questions), ("fields", definition.fields)):
        yield from _taken(place, [each.key for each in asked])
    for at, spec in enumerate(definition.fields, 1):
        yield from (f"fields[{at}].{fault}" for fault in _faults_of_field(spec))
    yield from _faults_of_stages(definition)
    yield from _faults_of_validity(definition)
    yield from _faults_of_fee(definition.fee)
    if definition.is_here:
        yield from _faults_of_form(definition)
        yield from _faults_of_tariff(definition)
    elif definition.fee.amount:
        yield "fee.amount: nothing is charged here"


def _taken(place: str, keys: Iterable[str]) -> Iterator[str]:
    """A form has one attribute for each of its fields, and some of its own."""
    taken = [at for at, key in enumerate(keys, 1) if hasattr(FlaskForm, key) or key in OF_EVERY_FORM]
    yield from (f"{place}[{at}].key: is a word that every form keeps for itself" for at in taken)


def _twice(place: str, keys: Iterable[str]) -> Iterator[str]:
    yield from (f"{place}: {key} stands there twice" for key, times in Counter(keys).items() if times > 1)


def _faults_of_field(spec: FieldSpec) -> Iterator[str]:
    if spec.key in OWN_FIELDS:
        yield f"key: {spec.key} is asked for by the role of the applicant already"
    if spec.kind == "choice" and len(spec.choices) < 2:  # noqa: PLR2004 - one is no choice
        yield "choices: a choice needs at least two"
    if spec.kind != "choice" and spec.choices:
        yield f"choices: a {spec.kind} has none"
    if spec.kind not in ("number", "decimal") and (spec.least, spec.most, spec.unit) != (None, None, ""):
        yield f"least, most, unit: a {spec.kind} has none"
    if spec.least is not None and spec.most is not None and spec.most < spec.least:
        yield "most: less than least"


def _faults_of_stages(definition: Definition) -> Iterator[str]:
    names = definition.stage_names
    if list(dict.fromkeys(names)) != [name for name in STAGES if name in names]:
        yield f"stages: not in the order {', '.join(STAGES)}"
    if names or definition.is_here:
        yield from (f"stages: {name} is missing" for name in NEEDED_STAGES if name not in names)
    if definition.is_here and not definition.days:
        yield "stages: no days at all"


def _faults_of_validity(definition: Definition) -> Iterator[str]:
    validity = definition.validity
    ends = [end for end in (validity.years, validity.days, validity.until_field) if end is not None]
    if len(ends) > 1 or 0 in ends:
        yield "validity: at most one of years, days and until_field, and not 0"
    if validity.until_field:
        spec = definition.field(validity.until_field)
        if spec is None or spec.kind != "date" or not spec.required:
            yield f"validity.until_field: {validity.until_field} is not a required field of the kind date"


def _faults_of_fee(fee: Fee) -> Iterator[str]:
    if fee.is_free and (fee.amount or fee.rule):
        yield "fee: is free, so it has neither rule nor amount"
    if not fee.is_free and not (fee.basis and fee.rule):
        yield f"fee: a {RETRIBUTION} needs basis, the article, and rule, how it is computed in words"


def _faults_of_form(definition: Definition) -> Iterator[str]:
    if not definition.questions:
        yield "questions: is missing"
    if not definition.requirements:
        yield "requirements: is missing"
    if not definition.fields_of("applicant"):
        yield "fields: none of the part applicant"
    address = definition.field(KELURAHAN)
    if address is None or address.kind != KELURAHAN or not address.required:
        yield f"fields: no required {KELURAHAN} of the kind {KELURAHAN}"
    if definition.has("inspect") != bool(definition.checklist):
        yield "checklist: belongs to the stage inspect, and that stage to a checklist"
    if bool(definition.door) != ("channel" in definition.sample):
        yield "door: only where here is an example for elsewhere, marked by channel in sample"


def _faults_of_tariff(definition: Definition) -> Iterator[str]:
    fee = definition.fee
    if definition.has("pay") == fee.is_free:
        yield f"stages: pay belongs to a {RETRIBUTION}, and a {RETRIBUTION} to pay"
    if not fee.is_free:
        yield from tariffs.faults_of(fee.amount, {spec.key: spec for spec in definition.fields})
