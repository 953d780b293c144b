"""What invented applicants fill in, for any form that a permit type may have."""

from collections.abc import Callable
from datetime import timedelta

from blueprints.perizinan.cases.answers import NO, YES
from blueprints.perizinan.catalogue.definition import FieldSpec
from blueprints.perizinan.demo import words
from blueprints.perizinan.demo.chance import dice
from webapp import clock

DAYS: dict[str, tuple[int, int]] = {  # from today
    "starts_on": (7, 20), "ends_on": (25, 90), "certificate_until": (300, 900),
    "died_on": (-20, -2), "began_on": (-900, -200),
}  # fmt: skip
SOON = (10, 60)
SPREAD = 60


def written(spec: FieldSpec, kelurahan: str) -> str:
    """An answer to this field, as somebody would type it."""
    return WRITERS[spec.kind](spec, kelurahan)


def _text(spec: FieldSpec, _kelurahan: str) -> str:
    return dice.choice(words.TEXTS.get(spec.key, words.TEXT))


def _number(spec: FieldSpec, _kelurahan: str) -> str:
    least = max(spec.least or 0, 1)
    return str(dice.randint(least, least + SPREAD if spec.most is None else min(spec.most, least + SPREAD)))


def _date(spec: FieldSpec, _kelurahan: str) -> str:
    return (clock.today() + timedelta(days=dice.randint(*DAYS.get(spec.key, SOON)))).isoformat()


WRITERS: dict[str, Callable[[FieldSpec, str], str]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "decimal": _number,
    "date": _date,
    "choice": lambda spec, _kelurahan: dice.choice(spec.choices)[0],
    "yes_no": lambda _spec, _kelurahan: dice.choice((YES, NO)),
    "kelurahan": lambda _spec, kelurahan: kelurahan,
    "nik": lambda _spec, _kelurahan: words.PRINCIPAL_NIK,
    "nib": lambda _spec, _kelurahan: "",
}
