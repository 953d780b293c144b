"""What was typed into a form, and what it means: every field is kept as typed, and judged when it is read."""

import base64
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.catalogue.definition import Definition, FieldSpec
from webapp import clock, i18n
from webapp.accounts import identity, sealing
from webapp.i18n import gettext as _
from webapp.remembered import remembered

LONGEST = {"text": 200, "long_text": 2000}
KEPT = 10_000
PLAIN, GROUPED = "[0-9]{1,9}", r"[1-9][0-9]{0,2}([. ])[0-9]{3}(?:\1[0-9]{3})?"
NUMBER_MOST = 10**9 - 1
YES, NO = "yes", "no"
BUSINESS = (
    ("business_name", "text"),
    ("business_nib", "nib"),
)
PROXY = (
    ("principal_name", "text"),
    ("principal_nik", "nik"),
)
SECRET = "principal_nik"  # noqa: S105 - kept sealed, like every NIK


def role_fields(role: str) -> tuple[FieldSpec, ...]:
    """What a business or a proxy says of itself, besides what the type asks for."""
    labels = {
        "business_name": (_("Name of the business or institution"), ""),
        "business_nib": (_("NIB"), _("13 digits, from OSS. Leave empty if there is none.")),
        "principal_name": (_("Full name of whom you act for"), _("As on the KTP.")),
        "principal_nik": (_("NIK of whom you act for"), _("16 digits.")),
    }
    wanted = {"business": BUSINESS, "proxy": PROXY}.get(role, ())
    return tuple(
        FieldSpec(key, labels[key][0], kind, "applicant", hint=labels[key][1], required=key != "business_nib")
        for key, kind in wanted
    )


@dataclass(frozen=True)
class Answers:
    """The answers of one case against one version of its form. `typed` is what the person typed, by field.

    `until` is the field that says how long the permit should hold, while it may be mended: its day is not over yet.
    """

    fields: tuple[FieldSpec, ...]
    typed: Mapping[str, str]
    until: str | None = None

    @remembered
    def _judged(self) -> tuple[dict[str, Any], dict[str, str]]:
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for spec in self.fields:
            try:
                values[spec.key] = value_of(spec, self.typed.get(spec.key, ""))
                if spec.key == self.until:
                    refuse_past(spec, values[spec.key])
            except ValueError as fault:
                faults[spec.key] = str(fault)
        return values, faults

    @property
    def values(self) -> dict[str, Any]:
        """What could be understood: int, Decimal, date, bool or text; None for what may be left empty."""
        return self._judged[0]

    @property
    def faults(self) -> dict[str, str]:
        """What is missing or wrong, in words, by field."""
        return self._judged[1]

    def faults_of(self, part: str) -> dict[str, str]:
        return {spec.key: self.faults[spec.key] for spec in self.of(part) if spec.key in self.faults}

    def of(self, part: str) -> tuple[FieldSpec, ...]:
        return tuple(spec for spec in self.fields if spec.part == part)

    def is_complete(self, part: str) -> bool:
        return not self.faults_of(part)

    def is_begun(self, part: str) -> bool:
        return any(self.typed.get(spec.key) for spec in self.of(part))

    def shown(self, spec: FieldSpec) -> str:
        """The answer as it stands on the check page, the case and the document."""
        value = self.values.get(spec.key)
        if value is None:
            return ""
        return _shown(spec, value)

    def to_type(self, spec: FieldSpec) -> str:
        """What stands in the field when it is opened again: as it was typed, but of a good NIK only its ends."""
        return self.shown(spec) if spec.kind == "nik" and self.shown(spec) else self.typed.get(spec.key, "")

    def as_it_stands(self, spec: FieldSpec) -> str:
        """The answer in words; what could not be understood as it was typed."""
        return self.shown(spec) or self.to_type(spec) or _("nothing yet")

    def differing(self, part: str, typed: Mapping[str, str]) -> list[FieldSpec]:
        """The fields of this part in which something else stands than this."""
        new = {**self.typed, **{key: cleaned(text) for key, text in self.retyped(part, typed).items()}}
        return [spec for spec in self.of(part) if new.get(spec.key, "") != self.typed.get(spec.key, "")]

    def with_typed(self, part: str, typed: Mapping[str, str]) -> "Answers":
        """The same with this typed into that part."""
        return replace(self, typed={**self.typed, **self.retyped(part, typed)})

    def retyped(self, part: str, typed: Mapping[str, str]) -> dict[str, str]:
        """What of this is new for that part: a NIK that was left as it is shown stays what it was."""
        fields = [spec for spec in self.of(part) if spec.key in typed]
        return {s.key: typed[s.key] for s in fields if s.kind != "nik" or typed[s.key].strip() != self.shown(s)}


def _shown(spec: FieldSpec, value: Any) -> str:
    ways: dict[str, Callable[[Any], str]] = {
        "yes_no": lambda yes: _("Yes") if yes else _("No"),
        "choice": lambda chosen: dict(spec.choices)[chosen],
        "date": i18n.day,
        "kelurahan": lambda code: queries.region_named(code).name,  # type: ignore[union-attr]  # it was judged
        "number": i18n.number,
        "nik": lambda nik: f"{nik[:4]} •••• •••• {nik[-4:]}",
        "decimal": lambda number: f"{number.normalize():f}".replace(".", ","),
    }
    words = ways.get(spec.kind, str)(value)
    return f"{words} {spec.unit}".strip()


def answers_of(case: Application, definition: Definition) -> Answers:
    """The case's answers, judged by this version of its form."""
    typed = {key: _unsealed(text) if key == SECRET else text for key, text in case.answers.items()}
    return Answers((*role_fields(case.role), *definition.fields), typed, _until_of(case, definition))


def _until_of(case: Application, definition: Definition) -> str | None:
    """The field of the permit's end, while it can be typed anew: what is locked is not found wrong by a later day."""
    spec = next((spec for spec in definition.fields if spec.key == definition.validity.until_field), None)
    if spec is None:
        return None
    defective = any(check.item == f"part.{spec.part}" and check.state == "defective" for check in case.checks)
    return spec.key if case.state == "draft" or (case.state == "returned" and defective) else None


def kept(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, as it is stored: without letters that nobody sees, cut where no answer is so long, NIK sealed."""
    plain = {key: cleaned(text) for key, text in typed.items()}
    return {key: _sealed(text) if key == SECRET else text for key, text in plain.items()}


def cleaned(text: str) -> str:
    return visible(text).strip()[:KEPT]


def visible(text: str) -> str:
    """The text without letters that show nothing, or turn what stands around them (T40). Line breaks stay."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "\n".join("".join(letter for letter in line if unicodedata.category(letter)[0] != "C") for line in lines)


def _sealed(text: str) -> str:
    return base64.b64encode(sealing.sealed(text, sealing.NIK)).decode() if text else ""


def _unsealed(text: str) -> str:
    return sealing.opened(base64.b64decode(text), sealing.NIK) if text else ""


def refuse_past(spec: FieldSpec, day: date) -> None:
    """Raises ValueError with words for the person when the day is over."""
    if day < clock.today():
        raise ValueError(_("%(label)s: this day is over. Choose a later one.", label=spec.label))


def value_of(spec: FieldSpec, text: str) -> Any:
    """The meaning of what was typed. Raises ValueError with words for the person."""
    text = text.strip()
    if not text:
        if spec.required:
            raise ValueError(_("Fill in: %(label)s.", label=spec.label))
        return None
    return READERS[spec.kind](spec, text)


def _text(spec: FieldSpec, text: str) -> str:
    most = LONGEST[spec.kind]
    if len(text) > most:
        raise ValueError(_("%(label)s: at most %(most)s letters.", label=spec.label, most=i18n.number(most)))
    return text if spec.kind == "long_text" else " ".join(text.split())


def _number(spec: FieldSpec, text: str) -> int:
    """1250, 1.250 and 1 250 are the same; 36,5 and 36.5 are no whole numbers."""
    if not re.fullmatch(rf"{PLAIN}|{GROUPED}", text):
        raise ValueError(_("%(label)s: write a whole number.", label=spec.label))
    return int(_within(spec, Decimal(re.sub("[. ]", "", text))))


def _decimal(spec: FieldSpec, text: str) -> Decimal:
    """36,5 and 36.5 are the same; 1.250 is a thousand and more, as people here write it. 0.125 is less than one."""
    whole, _comma, part = text.partition(",")
    grouped = re.fullmatch(GROUPED, whole)
    plain = f"{re.sub('[. ]', '', whole)}.{part or 0}" if grouped else text.replace(",", ".", 1)
    if not re.fullmatch(rf"{PLAIN}(\.[0-9]{{1,4}})?", plain):
        raise ValueError(_("%(label)s: write a number, like 36,5.", label=spec.label))
    return _within(spec, Decimal(plain))


def _within(spec: FieldSpec, value: Decimal) -> Decimal:
    least, most = spec.least or 0, NUMBER_MOST if spec.most is None else min(spec.most, NUMBER_MOST)
    if not least <= value <= most:
        limits = {"least": i18n.number(least), "most": i18n.number(most)}
        raise ValueError(_("%(label)s: from %(least)s to %(most)s.", label=spec.label, **limits))
    return value


def _date(spec: FieldSpec, text: str) -> date:
    try:
        value = date.fromisoformat(text)
    except ValueError as fault:
        raise ValueError(_("%(label)s: choose a day that exists.", label=spec.label)) from fault
    if not 1900 <= value.year <= 2100:  # noqa: PLR2004 - nobody means another century
        raise ValueError(_("%(label)s: choose a day that exists.", label=spec.label))
    return value


def _choice(spec: FieldSpec, text: str) -> str:
    if text not in dict(spec.choices):
        raise ValueError(_("%(label)s: choose one.", label=spec.label))
    return text


def _yes_no(spec: FieldSpec, text: str) -> bool:
    if text not in (YES, NO):
        raise ValueError(_("%(label)s: choose one.", label=spec.label))
    return text == YES


def _kelurahan(spec: FieldSpec, text: str) -> str:
    found = queries.region_named(text)
    if found is None or found.level != "kelurahan":
        raise ValueError(_("%(label)s: choose a kelurahan of this city.", label=spec.label))
    return text


def _nik(_spec: FieldSpec, text: str) -> str:
    nik = identity.plain_nik(text)
    if nik is None:
        raise ValueError(_("A NIK has 16 digits, as on the KTP."))
    return nik


def _nib(_spec: FieldSpec, text: str) -> str:
    plain = text.replace(" ", "")
    if not re.fullmatch("[0-9]{13}", plain):
        raise ValueError(_("A NIB has 13 digits."))
    return plain


READERS: dict[str, Callable[[FieldSpec, str], Any]] = {
    "text": _text, "long_text": _text, "number": _number, "decimal": _decimal, "date": _date, "choice": _choice,
    "yes_no": _yes_no, "kelurahan": _kelurahan, "nik": _nik, "nib": _nib,
}  # fmt: skip
