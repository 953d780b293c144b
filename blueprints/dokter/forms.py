"""What people choose when they take or give up a number."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are a version behind
from wtforms.validators import InputRequired

from blueprints.dokter.availability import ONLINE
from blueprints.dokter.interrupting import DELAYS
from blueprints.dokter.workflow import CANCEL_REASONS, DELAY_REASONS, SHARE_WORDS
from webapp.i18n import lazy_gettext as _


class TakeTicketForm(FlaskForm):  # type: ignore[misc]
    share = RadioField(
        _("How do you pay?"),
        [InputRequired(message=_("Choose how you pay."))],
        choices=[SelectChoice(value=share, label=SHARE_WORDS[share]) for share in ONLINE],
    )


class CancelForm(FlaskForm):  # type: ignore[misc]
    reason = RadioField(
        _("Why do you cancel?"),
        [InputRequired(message=_("Choose a reason."))],
        choices=[SelectChoice(value=value, label=label) for value, label in CANCEL_REASONS.items()],
    )


class DelayForm(FlaskForm):  # type: ignore[misc]
    minutes = RadioField(
        _("How much later?"),
        [InputRequired(message=_("Choose how much later."))],
        choices=[SelectChoice(value=str(n), label=_("%(minutes)s minutes", minutes=n)) for n in DELAYS],
    )
    reason = RadioField(
        _("Why?"),
        [InputRequired(message=_("Choose a reason."))],
        choices=[SelectChoice(value=value, label=label) for value, label in DELAY_REASONS.items()],
    )


class CloseForm(FlaskForm):  # type: ignore[misc]
    sure = BooleanField(
        _("Yes, this session does not go on today"),
        [InputRequired(message=_("Please confirm that it is to be closed."))],
    )


DIGITS = 9  # no queue is moved more often


def seen_in(form: Any) -> int:
    """The revision of the queue on the sender's screen; -1, which is never current, where none was sent."""
    text = form.get("seen", "")
    return int(text) if text.isdecimal() and len(text) <= DIGITS else -1
