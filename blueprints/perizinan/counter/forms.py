"""What the front office types about the person in front of them."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are a version behind
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from blueprints.perizinan.cases.workflow import ROLES
from webapp.accounts import identity
from webapp.accounts.forms import stripped, understood
from webapp.i18n import lazy_gettext as _

CODE_LENGTH = 16


class CounterForm(FlaskForm):  # type: ignore[misc]
    """Whose application it is, for which permit, and that they are there and agree (T28)."""

    type = HiddenField(validators=[InputRequired(message=_("Choose a permit.")), Length(max=CODE_LENGTH)])
    nik = StringField(
        _("NIK"),
        [
            InputRequired(message=_("Write the NIK.")),
            understood(identity.plain_nik, _("A NIK has 16 digits, as on the KTP. Please check it.")),
        ],
        description=_("16 digits, as on the KTP."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 25},
    )
    name = StringField(
        _("Full name as on the KTP"),
        [DataRequired(message=_("Write the name.")), Length(max=120, message=_("This name is too long."))],
        filters=[stripped],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 120},
    )
    phone = StringField(
        _("Mobile phone number"),
        [Optional(), understood(identity.plain_phone, _("Write a mobile number such as 0812-3456-7890."))],
        description=_("Only if the person has one. For example 0812-3456-7890."),
        render_kw={"inputmode": "tel", "autocomplete": "off", "maxlength": 25},
    )
    role = RadioField(
        _("For whom do they apply?"),
        [InputRequired(message=_("Choose for whom they apply."))],
        choices=[SelectChoice(value=value, label=label) for value, label in ROLES.items()],
    )
    agrees = BooleanField(
        _("The person is here, has shown the KTP, and agrees that I enter this for them."),
        [InputRequired(message=_("The person must be here and agree. Then tick this."))],
    )

    def typed(self) -> tuple[str, str, str | None]:
        """NIK, name and phone, in the form in which they are kept."""
        nik, phone = identity.plain_nik(self.nik.data or ""), identity.plain_phone(self.phone.data or "")
        return nik or "", self.name.data or "", phone
