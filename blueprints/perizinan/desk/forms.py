"""What officers type. Everything that was typed comes back when a form is refused."""

from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are a version behind
from wtforms.validators import InputRequired, Length, Optional

from blueprints.perizinan.cases.workflow import REASONS
from blueprints.perizinan.desk import shown
from blueprints.perizinan.examining.actions import FIT, UNFIT, Refusing, Seen
from webapp.i18n import lazy_gettext as _

DIGITS = 12
LONGEST = 4000


def seen_in(form: MultiDict[str, str]) -> int:
    """The last event on the sender's page; -1, which is never current, where none was sent."""
    text = form.get("seen", "")
    return int(text) if text.isdecimal() and len(text) <= DIGITS else -1


def defects_in(form: MultiDict[str, str]) -> dict[str, str]:
    """What the front office says is wrong, by item: those marked defective, with their notes."""
    marked = [name.removeprefix("mark-") for name, value in form.items() if name.startswith("mark-") and value == "defective"]
    return {key: form.get(f"note-{key}", "").strip() for key in marked}


class RefusingForm(FlaskForm):  # type: ignore[misc]
    """The three things that a refusal must say (T77)."""

    reason = SelectField(
        _("Legal reason"),
        [Optional()],
        choices=[SelectChoice(value="", label=_("Choose …")), *(SelectChoice(value=k, label=v) for k, v in REASONS.items())],
    )
    evidence = TextAreaField(_("What shows it"), [Optional(), Length(max=LONGEST)])
    cure = TextAreaField(_("What the applicant can do"), [Optional(), Length(max=LONGEST)])

    def refusing(self) -> Refusing:
        return Refusing(self.reason.data or "", self.evidence.data or "", self.cure.data or "")


class FindingForm(RefusingForm):
    verdict = RadioField(
        _("What is your finding?"),
        [InputRequired(message=_("Choose your finding."))],
        choices=[SelectChoice(value=FIT, label=_("Fits the law")), SelectChoice(value=UNFIT, label=_("Does not fit: propose to refuse"))],
    )
    note = TextAreaField(_("What you found"), [InputRequired(message=_("Say what you found.")), Length(max=LONGEST)])

    def why(self) -> Refusing | None:
        return self.refusing() if self.verdict.data == UNFIT else None


class SeenForm(FindingForm):
    """The field inspection: besides the finding, where one stood. The checklist comes from the permit type."""

    latitude = StringField(_("Latitude"), [InputRequired(message=_("Give the latitude, like 3.6002."))])
    longitude = StringField(_("Longitude"), [InputRequired(message=_("Give the longitude, like 98.4892."))])

    def saw(self, checklist: tuple[str, ...], form: MultiDict[str, str]) -> Seen:
        answered = {item: form.get(f"item-{number}", "") for number, item in enumerate(checklist)}
        return Seen(
            {item: answer == "yes" for item, answer in answered.items() if answer in ("yes", "no")},
            degrees(self.latitude.data), degrees(self.longitude.data),
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
        self.item.choices = [SelectChoice(value=item.key, label=item.title) for item in items]


class PauseForm(NoteForm):
    reason = SelectField(_("Why does the clock stop?"), [InputRequired(message=_("Choose a reason."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [SelectChoice(value=key, label=words) for key, words in shown.pause_reasons()]


class ObjectionForm(NoteForm):
    verdict = RadioField(
        _("Your decision"),
        [InputRequired(message=_("Choose your decision."))],
        choices=[SelectChoice(value="uphold", label=_("The objection is right: look at the case anew")),
                 SelectChoice(value="dismiss", label=_("The refusal stands"))],
    )  # fmt: skip
