"""What officers type. Everything that was typed comes back when a form is refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are a version behind
from wtforms.validators import InputRequired, Length

from blueprints.perizinan.cases.items import Item
from blueprints.perizinan.cases.workflow import BY_HAND, PAUSES, REASONS
from blueprints.perizinan.checking.actions import ACCEPTED, DEFECTIVE, LONGEST_NOTE
from blueprints.perizinan.desk.shown import as_read
from blueprints.perizinan.examining.actions import FIT, UNFIT, Opinion, Refusing, Seen
from blueprints.perizinan.watching.actions import LONGEST_NOTE as LONGEST_PAUSE
from blueprints.perizinan.watching.actions import LONGEST_REASON
from webapp.i18n import gettext, noop
from webapp.i18n import lazy_gettext as _
from webapp.uploads.models import Upload

DIGITS = 12
LONGEST = 4000
AT_MOST = noop("At most %(most)s letters.")


def seen_in(form: MultiDict[str, str]) -> int:
    """The last event on the sender's page; -1, which is never current, where none was sent."""
    text = form.get("seen", "")
    return int(text) if text.isdecimal() and len(text) <= DIGITS else -1


@dataclass(frozen=True)
class Marks:
    """How the front office judges each item of a file that is still open: its mark and its note, as they were sent."""

    marks: dict[str, str]
    notes: dict[str, str]
    faults: dict[str, str]

    @property
    def defects(self) -> dict[str, str]:
        """What is wrong, by item."""
        return {key: self.notes[key] for key, mark in self.marks.items() if mark == DEFECTIVE}


def marks_in(form: MultiDict[str, str], items: Iterable[Item]) -> Marks:
    """What was sent of a completeness check. Nothing is accepted that nobody has judged."""
    keys = [item.key for item in items if not item.accepted]
    marks = {key: form.get(f"mark-{key}", "") for key in keys}
    notes = {key: form.get(f"note-{key}", "").strip() for key in keys}
    found = {key: _fault(marks[key], notes[key]) for key in keys}
    return Marks(marks, notes, {key: fault for key, fault in found.items() if fault})


def _fault(mark: str, note: str) -> str:
    if mark not in (ACCEPTED, DEFECTIVE):
        return gettext("Choose one.")
    if mark == DEFECTIVE and not note:
        return gettext("Say in plain words what is wrong.")
    return gettext(AT_MOST, most=LONGEST_NOTE) if len(note) > LONGEST_NOTE else ""


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]


def words(label: Any, needed: Any, most: int = LONGEST) -> TextAreaField:
    """A field for words that must be there."""
    return TextAreaField(label, [InputRequired(message=needed), Length(max=most, message=_(AT_MOST, most=most))])


class DeskForm(FlaskForm):  # type: ignore[misc]
    """One of several forms on the page of a case: `called` keeps the names of its fields apart from the others'."""

    called = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=self.called, **kwargs)


class _Needed:
    """What a refusal must say, where the form refuses."""

    field_flags = {"required": True}  # noqa: RUF012 - as WTForms wants it

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if form.refuses and not (field.data or "").strip():
            raise ValidationError(self.message)


class RefusingForm(DeskForm):
    """The three things that a refusal must say (T77)."""

    called = "refuse"
    reason = SelectField(
        _("Legal reason"),
        [_Needed(_("Choose the legal reason."))],
        choices=options([("", _("Choose …")), *REASONS.items()]),
    )
    evidence = TextAreaField(
        _("What shows it"),
        [_Needed(_("Say what shows it.")), Length(max=LONGEST, message=_(AT_MOST, most=LONGEST))],
        description=_("The paper, the article of law, what was seen on the spot."),
    )
    cure = TextAreaField(
        _("What the applicant can do"),
        [_Needed(_("Say what the applicant can do.")), Length(max=LONGEST, message=_(AT_MOST, most=LONGEST))],
    )

    @property
    def refuses(self) -> bool:
        return True

    def as_read(self) -> list[tuple[str, str]]:
        """What the applicant would read if the head refuses; nothing while nothing is to be refused."""
        why = self.refusing()
        return as_read(why.reason, why.evidence, why.cure) if self.refuses else []

    def refusing(self) -> Refusing:
        return Refusing(self.reason.data or "", self.evidence.data or "", self.cure.data or "")


class FindingForm(RefusingForm):
    called = "finding"
    verdict = RadioField(
        _("What is your finding?"),
        [InputRequired(message=_("Choose your finding."))],
        choices=options([(FIT, _("Fits the law")), (UNFIT, _("Does not fit: propose to refuse"))]),
    )
    note = words(_("What you found"), _("Say what you found."))

    @property
    def refuses(self) -> bool:
        return bool(self.verdict.data == UNFIT)

    def opinion(self) -> Opinion:
        return Opinion(str(self.verdict.data), str(self.note.data), self.refusing() if self.refuses else None)


class SeenForm(FindingForm):
    """The field inspection: besides the finding, where one stood. The checklist comes from the permit type."""

    called = "visit"
    latitude = StringField(
        _("Latitude"),
        [InputRequired(message=_("Give the latitude, like 3.6002."))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    longitude = StringField(
        _("Longitude"),
        [InputRequired(message=_("Give the longitude, like 98.4892."))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )

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


class BackForm(DeskForm):
    called = "back"
    note = words(_("What should be looked at again?"), _("Say why you send it back."))


class RedrawForm(DeskForm):
    called = "redraw"
    note = words(_("Why should somebody else have it?"), _("Give your reasons."), LONGEST_REASON)


class RevokeForm(DeskForm):
    called = "revoke"
    note = words(_("Why is the permit revoked?"), _("Give your reasons."))


class LateDefectForm(DeskForm):
    called = "late"
    item = SelectField(_("Which item?"), [InputRequired(message=_("Choose an item that was accepted."))])
    note = words(_("What is wrong with it?"), _("Say in plain words what is wrong."), LONGEST_NOTE)

    def __init__(self, *args: Any, items: list[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item.choices = options((item.key, item.title) for item in items)


class PauseForm(DeskForm):
    called = "pause"
    reason = RadioField(
        _("Why does the clock stop?"),
        [InputRequired(message=_("Choose a reason."))],
        choices=options((key, PAUSES[key]) for key in BY_HAND),
    )
    note = words(_("In plain words; the applicant reads them"), _("Give your reasons."), LONGEST_PAUSE)


class ObjectionForm(DeskForm):
    called = "objection"
    verdict = RadioField(
        _("Your decision"),
        [InputRequired(message=_("Choose your decision."))],
        choices=options(
            [
                ("uphold", _("The objection is right: look at the case anew")),
                ("dismiss", _("The refusal stands")),
            ]
        ),
    )
    note = words(_("Your answer to the applicant"), _("Give your reasons."))
