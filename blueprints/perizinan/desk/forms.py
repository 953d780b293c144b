"""What officers type. Everything that was typed comes back when a form is refused."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are a version behind
from wtforms.validators import InputRequired, Length, Optional

from blueprints.perizinan.cases.workflow import REASONS
from blueprints.perizinan.desk import shown
from blueprints.perizinan.examining.actions import FIT, UNFIT, Opinion, Refusing, Seen
from webapp.i18n import lazy_gettext as _
from webapp.uploads.models import Upload

DIGITS = 12
LONGEST = 4000


def seen_in(form: MultiDict[str, str]) -> int:
    """The last event on the sender's page; -1, which is never current, where none was sent."""
    text = form.get("seen", "")
    return int(text) if text.isdecimal() and len(text) <= DIGITS else -1


def defects_in(form: MultiDict[str, str]) -> dict[str, str]:
    """What the front office says is wrong, by item: those marked defective, with their notes."""
    marks = {name.removeprefix("mark-"): value for name, value in form.items() if name.startswith("mark-")}
    return {key: form.get(f"note-{key}", "").strip() for key, mark in marks.items() if mark == "defective"}


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class RefusingForm(FlaskForm):  # type: ignore[misc]
    """The three things that a refusal must say (T77)."""

    reason = SelectField(
        _("Legal reason"),
        [Optional()],
        choices=options([("", _("Choose …")), *REASONS.items()]),
    )
    evidence = TextAreaField(_("What shows it"), [Optional(), Length(max=LONGEST)])
    cure = TextAreaField(_("What the applicant can do"), [Optional(), Length(max=LONGEST)])

    def refusing(self) -> Refusing:
        return Refusing(self.reason.data or "", self.evidence.data or "", self.cure.data or "")


class FindingForm(RefusingForm):
    verdict = RadioField(
        _("What is your finding?"),
        [InputRequired(message=_("Choose your finding."))],
        choices=options([(FIT, _("Fits the law")), (UNFIT, _("Does not fit: propose to refuse"))]),
    )
    note = TextAreaField(_("What you found"), [InputRequired(message=_("Say what you found.")), Length(max=LONGEST)])

    def opinion(self) -> Opinion:
        verdict = str(self.verdict.data)
        return Opinion(verdict, str(self.note.data), self.refusing() if verdict == UNFIT else None)


class SeenForm(FindingForm):
    """The field inspection: besides the finding, where one stood. The checklist comes from the permit type."""

    latitude = StringField(_("Latitude"), [InputRequired(message=_("Give the latitude, like 3.6002."))])
    longitude = StringField(_("Longitude"), [InputRequired(message=_("Give the longitude, like 98.4892."))])

    def saw(self, checklist: tuple[str, ...], form: MultiDict[str, str], photos: Sequence[Upload]) -> Seen:
        answered = {item: form.get(f"item-{number}", "") for number, item in enumerate(checklist)}
        return Seen(
            {item: answer == "yes" for item, answer in answered.items() if answer in ("yes", "no")},
            degrees(str(self.latitude.data)), degrees(str(self.longitude.data)), photos
        )  # fmt: skip


def degrees(text: str) -> float:
    """A coordinate with a point or a comma; not a number where it is none, which fits no city."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return float("nan")


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A reason or an answer in words."""

    note = TextAreaField(_("Your reasons"), [InputRequired(message=_("Give your reasons.")), Length(max=LONGEST)])


class LateDefectForm(NoteForm):
    item = SelectField(_("Which item?"), [InputRequired(message=_("Choose an item that was accepted."))])

    def __init__(self, *args: Any, items: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item.choices = options((item.key, item.title) for item in items)


class PauseForm(NoteForm):
    reason = SelectField(_("Why does the clock stop?"), [InputRequired(message=_("Choose a reason."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = options(shown.pause_reasons())


class ObjectionForm(NoteForm):
    verdict = RadioField(
        _("Your decision"),
        [InputRequired(message=_("Choose your decision."))],
        choices=options(
            [
                ("uphold", _("The objection is right: look at the case anew")),
                ("dismiss", _("The refusal stands")),
            ]
        ),
    )  # fmt: skip
