"""What an application costs by law, computed from the answers, and shown step by step.

The rule is data: a tree of `{value = 0.3}`, `{field = "floor_area"}`, `{by = "floors", table = {…}}`,
`{product = […]}` and `{sum = […]}`; what has a `name` is told to the applicant. `tariffs.py` has checked it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from math import prod
from typing import Any

from babel.numbers import format_decimal

from blueprints.perizinan.catalogue.definition import Fee
from webapp import i18n

Expression = Mapping[str, Any]
PRECISION = 200  # digits: no product of this size is ever rounded before the end
NUMBER = r"[0-9]{1,9}(\.[0-9]{1,6})?"  # how numbers stand in the answers: no thousands, a point before decimals
SIGNS = {"product": " × ", "sum": " + "}


class Incomplete(Exception):
    """The fee cannot be told yet: this field has no usable answer."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Line:
    """One step: what it is called, how it was computed, and what came out."""

    name: str
    words: str
    value: Decimal
    note: str = ""


@dataclass(frozen=True)
class Charge:
    """Whole rupiah, and the steps that led to them."""

    amount: int
    lines: tuple[Line, ...]


def charge_of(fee: Fee, answers: Mapping[str, Any]) -> Charge:
    """What is charged by this fee. Raises Incomplete when an answer that the rule needs is missing or is no number.

    Only the end is rounded: half a rupiah and more goes up.
    """
    if fee.is_free:
        return Charge(0, ())
    lines: list[Line] = []
    with localcontext(prec=PRECISION):
        total, _words = _worked_out(fee.amount, answers, lines)
        amount = int(total.quantize(Decimal(1), ROUND_HALF_UP))
    return Charge(amount, tuple(lines))


def fields_of(amount: Expression) -> set[str]:
    """The keys of the fields whose answers the rule needs."""
    own = {amount[key] for key in ("field", "by") if key in amount}
    return own.union(*(fields_of(part) for sign in SIGNS for part in amount.get(sign, ())))


def spoken(number: Decimal) -> str:
    """30.000 or 0,1935: as numbers are written in the reader's language."""
    return str(format_decimal(number, format="#,##0.######", locale=i18n.language()))


def decimal_of(value: float) -> Decimal:
    """A number of a file, by the digits that stand there."""
    return Decimal(str(value))


def _worked_out(node: Expression, answers: Mapping[str, Any], lines: list[Line]) -> tuple[Decimal, str]:
    """What this part of the rule is worth, and in words; its named steps are added to the lines."""
    sign = next((sign for sign in SIGNS if sign in node), None)
    if sign:
        value, formula = _combined(sign, node[sign], answers, lines)
        words = f"{formula} = {spoken(value)}" if "name" in node else f"({formula})"
    else:
        value = _single(node, answers)
        words = spoken(value)
    if "name" not in node:
        return value, words
    lines.append(Line(node["name"], words, value, node.get("note", "")))
    return value, spoken(value)


def _combined(
    sign: str, parts: Sequence[Expression], answers: Mapping[str, Any], lines: list[Line]
) -> tuple[Decimal, str]:
    worked = [_worked_out(part, answers, lines) for part in parts]
    values = [value for value, _words in worked]
    total = prod(values, start=Decimal(1)) if sign == "product" else sum(values, start=Decimal(0))
    return total, SIGNS[sign].join(words for _value, words in worked)


def _single(node: Expression, answers: Mapping[str, Any]) -> Decimal:
    if "value" in node:
        return decimal_of(node["value"])
    if "field" in node:
        return _number(node["field"], answers)
    factor = node["table"].get(_choice(answers.get(node["by"])))
    if factor is None:
        raise Incomplete(node["by"])
    return decimal_of(factor)


def _number(field: str, answers: Mapping[str, Any]) -> Decimal:
    answer = answers.get(field)
    if isinstance(answer, bool) or not re.fullmatch(NUMBER, str(answer)):
        raise Incomplete(field)
    return Decimal(str(answer))


def _choice(answer: Any) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return str(answer)
