"""Forms that are made of a permit type's own fields, and the few that every case has."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are a version behind
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.answers import NO, YES, Answers
from blueprints.perizinan.cases.workflow import ROLES
from blueprints.perizinan.catalogue.definition import FieldSpec
from webapp import i18n
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy

LONGEST_WORD = 2000
KEYBOARDS = {"number": "numeric", "decimal": "decimal", "nik": "numeric", "nib": "numeric"}
VISIT_HOURS = ("08.30", "10.00", "13.30", "15.00")


class StartForm(FlaskForm):  # type: ignore[misc]
    role = RadioField(
        lazy("For whom do you apply?"),
        [InputRequired(message=lazy("Choose for whom you apply."))],
        choices=[SelectChoice(value=value, label=label) for value, label in ROLES.items()],
    )


class DeclareForm(FlaskForm):  # type: ignore[misc]
    declared = BooleanField(
        lazy("What I say here is true. I know that untrue papers lead to a refusal."),
        [InputRequired(message=lazy("Tick that what you say is true."))],
    )


class WordsForm(FlaskForm):  # type: ignore[misc]
    """Something to say: a message, an objection, a reason."""

    body = TextAreaField(
        lazy("Your message"),
        [DataRequired(message=lazy("Write something first.")),
         Length(max=LONGEST_WORD, message=lazy("At most 2,000 letters."))],
    )  # fmt: skip


class ObjectForm(WordsForm):
    """The one objection; on a page that has a message, too."""

    body = TextAreaField(
        lazy("Your objection"),
        [DataRequired(message=lazy("Write something first.")),
         Length(max=LONGEST_WORD, message=lazy("At most 2,000 letters."))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="objection", **kwargs)


class VisitForm(FlaskForm):  # type: ignore[misc]
    """Another time for the visit: one of the coming working days, one of the office's hours."""

    day = SelectField(lazy("Day"), [InputRequired(message=lazy("Choose a day."))])
    hour = SelectField(lazy("Hour"), [InputRequired(message=lazy("Choose an hour."))])

    def __init__(self, *args: Any, days: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day.choices = [SelectChoice(value=day.isoformat(), label=i18n.day(day)) for day in days]
        self.hour.choices = [SelectChoice(value=hour, label=hour) for hour in VISIT_HOURS]


def part_form(given: Answers, part: str, faults: dict[str, str]) -> FlaskForm:
    """The form of one part, filled with what was typed; `faults` are shown at their fields."""
    specs = given.of(part)
    made = type("PartForm", (FlaskForm,), {spec.key: _field_of(spec) for spec in specs})
    form = made(formdata=None, data={spec.key: given.to_type(spec) for spec in specs})
    for key, words in faults.items():
        form[key].errors = [words]
    return form


def _field_of(spec: FieldSpec) -> Field:
    checks = [InputRequired()] if spec.required else []
    common: dict[str, Any] = {"label": spec.label, "validators": checks, "description": _hint_of(spec)}
    if spec.kind == "yes_no":
        return RadioField(**common, choices=_options([(YES, _("Yes")), (NO, _("No"))]))
    if spec.kind == "choice":
        return SelectField(**common, choices=_options([("", _("Choose …")), *spec.choices]))
    if spec.kind == "kelurahan":
        places = [(region.code, region.name) for region in queries.kelurahans()]
        return SelectField(**common, choices=_options([("", _("Choose …")), *places]))
    if spec.kind == "long_text":
        return TextAreaField(**common)
    return StringField(**common, render_kw=_looks_of(spec.kind))


def _hint_of(spec: FieldSpec) -> str:
    return " ".join(filter(None, [spec.hint, _("In %(unit)s.", unit=spec.unit) if spec.unit else ""]))


def _options(pairs: Sequence[tuple[str, str]]) -> list[Any]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]


def _looks_of(kind: str) -> dict[str, str]:
    if kind == "date":
        return {"type": "date"}
    return {
        "inputmode": {"number": "numeric", "decimal": "decimal", "nik": "numeric", "nib": "numeric"}.get(kind, "text")
    }
