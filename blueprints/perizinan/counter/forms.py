"""What the front office types about the person in front of them."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs are a version behind
from wtforms.validators import InputRequired, Length, Optional

from blueprints.perizinan.cases.workflow import ROLES
from webapp.accounts import identity
from webapp.accounts.forms import name_field, nik_field, phone_field
from webapp.i18n import lazy_gettext as _

CODE_LENGTH = 16


class CounterForm(FlaskForm):  # type: ignore[misc]
    """Whose application it is, for which permit, and that they are there and agree (T28)."""

    type = HiddenField(validators=[InputRequired(message=_("Choose a permit.")), Length(max=CODE_LENGTH)])
    nik = nik_field(_("NIK"), _("Write the NIK."), _("16 digits, as on the KTP."))
    name = name_field(_("Full name as on the KTP"), _("Write the name."), "off")
    phone = phone_field(
        _("Mobile phone number"),
        Optional(),
        _("Only if the person has one. For example 0812-3456-7890."),
        "off",
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


class AccountForm(FlaskForm):  # type: ignore[misc]
    """Who is to be given the code that opens their account: typed from the KTP, never picked from a list."""

    nik = nik_field(_("NIK"), _("Write the NIK."), _("16 digits, as on the KTP."))
    agrees = BooleanField(
        _("The person is here and has shown the KTP."),
        [InputRequired(message=_("The person must be here with the KTP. Then tick this."))],
    )

    def plain_nik(self) -> str:
        return identity.plain_nik(self.nik.data or "") or ""
