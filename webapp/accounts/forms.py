"""What people type to register and to sign in."""

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from webapp.accounts import identity, passwords
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy


def stripped(text: str | None) -> str:
    return " ".join((text or "").split())


def needed(message: Any) -> InputRequired:
    return InputRequired(message=message)


def understood(parse: Callable[[str], str | None], message: Any) -> Callable[[Any, Any], None]:
    """Refuse what the parser cannot make sense of."""

    def check(_form: Any, field: Any) -> None:
        if parse(field.data or "") is None:
            raise ValidationError(message)

    return check


def nik_field(label: Any, missing: Any, hint: Any) -> StringField:
    """A NIK, in any spelling."""
    wrong = lazy("A NIK has 16 digits, as on the KTP. Please check it.")
    return StringField(
        label,
        [needed(missing), understood(identity.plain_nik, wrong)],
        description=hint,
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 25},
    )


def name_field(label: Any, missing: Any, autocomplete: str) -> StringField:
    """A name as on the KTP."""
    return StringField(
        label,
        [DataRequired(message=missing), Length(max=120, message=lazy("This name is too long."))],
        filters=[stripped],
        render_kw={"autocomplete": autocomplete, "spellcheck": "false", "maxlength": 120},
    )


def phone_field(label: Any, presence: Any, hint: Any, autocomplete: str) -> StringField:
    """A mobile number of Indonesia, in any spelling; `presence` says whether it must be there."""
    wrong = lazy("Write a mobile number such as 0812-3456-7890.")
    return StringField(
        label,
        [presence, understood(identity.plain_phone, wrong)],
        description=hint,
        render_kw={"inputmode": "tel", "autocomplete": autocomplete, "maxlength": 25},
    )


class SignInForm(FlaskForm):  # type: ignore[misc]
    login = StringField(
        lazy("NIK, phone number or e-mail"),
        [needed(lazy("Write your NIK, phone number or e-mail.")), Length(max=254)],
        description=lazy("Citizens: NIK or phone number. Staff: e-mail."),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        lazy("Password"),
        [needed(lazy("Write your password.")), Length(max=passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )

    def typed(self) -> tuple[str, str]:
        """Login and password."""
        return self.login.data or "", self.password.data or ""


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(
        lazy("Password"),
        [needed(lazy("Write your password.")), Length(max=passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class RegisterForm(FlaskForm):  # type: ignore[misc]
    nik = nik_field(lazy("NIK"), lazy("Write your NIK."), lazy("16 digits, on your KTP."))
    name = name_field(lazy("Full name as on your KTP"), lazy("Write your name."), "name")
    phone = phone_field(
        lazy("Mobile phone number"),
        needed(lazy("Write your phone number.")),
        lazy("For example 0812-3456-7890."),
        "tel",
    )
    password = PasswordField(
        lazy("Password"),
        [needed(lazy("Choose a password."))],
        description=lazy("At least 10 characters. A short sentence is good."),
        render_kw={"autocomplete": "new-password"},
    )
    code = StringField(
        lazy("Account code from the counter"),
        [Length(max=40)],
        description=lazy("On the slip that the officer gave you. Leave it empty if you have none."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 40},
    )
    consent = BooleanField(
        lazy("I have read how the city uses my data."),
        [needed(lazy("Read the privacy notice and tick the box."))],
    )

    def typed(self) -> tuple[str, str, str, str, str]:
        """NIK, name, phone and password, in the form in which they are kept; and the code of a counter, if any."""
        nik, phone = identity.plain_nik(self.nik.data or ""), identity.plain_phone(self.phone.data or "")
        return nik or "", self.name.data or "", phone or "", self.password.data or "", self.code.data or ""

    def validate_password(self, field: Any) -> None:
        known = (self.nik.data or "", self.phone.data or "", self.name.data or "")
        plain = (identity.plain_nik(known[0]) or "", identity.plain_phone(known[1]) or "")
        if weakness := passwords.weakness(field.data or "", passwords.CITIZEN_LENGTH, (*known, *plain)):
            raise ValidationError(weakness)


def sign_in_failed() -> str:
    """One answer for every reason, so that nobody learns which accounts exist (T05)."""
    return _("This does not match. Check the NIK, phone number or e-mail, and the password.")


def confirming_failed() -> str:
    return _("This password does not match. Please try again.")
