"""Whether a fee rule always gives a lawful amount: every number known, nothing negative, never too much for a bill."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite, prod
from typing import Any

from blueprints.perizinan.catalogue.definition import FieldSpec
from blueprints.perizinan.catalogue.fees import SIGNS, Expression, decimal_of

DEEPEST, MOST_PARTS = 8, 80
LEAST_BILL, MOST_BILL = 1, 2_000_000_000  # whole rupiah, and what an integer column holds
MOST_FACTOR = 1_000_000_000
KINDS = ("value", "field", "by", *SIGNS)
LABELS = ("name", "note")
Fields = Mapping[str, FieldSpec]


def faults_of(amount: Expression, fields: Fields, place: str = "fee.amount") -> list[str]:
    """What is wrong with the rule, by its place; nothing when every allowed answer leads to an amount."""
    faults = list(_faults(amount, fields, place, DEEPEST))
    if not faults and (parts := _parts(amount)) > MOST_PARTS:
        faults.append(f"{place}: {parts} parts are more than {MOST_PARTS}")
    if not faults:
        least, most = _bounds(amount, fields)
        if least < LEAST_BILL:
            faults.append(f"{place}: can be less than {LEAST_BILL} rupiah")
        if most > MOST_BILL:
            faults.append(f"{place}: can be more than {MOST_BILL} rupiah")
    return faults


def _faults(node: Any, fields: Fields, place: str, deeper: int) -> Iterator[str]:
    if not isinstance(node, Mapping):
        yield f"{place}: is not a table"
        return
    kinds = [kind for kind in KINDS if kind in node]
    if len(kinds) != 1 or not deeper:
        yield f"{place}: needs one of {', '.join(KINDS)}" if deeper else f"{place}: is deeper than {DEEPEST}"
        return
    known = {kinds[0], *LABELS} | ({"table"} if kinds[0] == "by" else set())
    yield from (f"{place}.{key}: is unknown" for key in node if key not in known)
    yield from (f"{place}.{key}: is not a text" for key in LABELS if not isinstance(node.get(key, ""), str))
    if kinds[0] in SIGNS:
        yield from _faults_of_parts(node[kinds[0]], fields, f"{place}.{kinds[0]}", deeper)
    elif kinds[0] == "value":
        yield from _faults_of_number(node["value"], f"{place}.value")
    elif kinds[0] == "field":
        yield from _faults_of_field(node["field"], fields, f"{place}.field")
    else:
        yield from _faults_of_table(node, fields, place)


def _faults_of_parts(parts: Any, fields: Fields, place: str, deeper: int) -> Iterator[str]:
    if not isinstance(parts, list) or not parts:
        yield f"{place}: is not a list of parts"
        return
    for at, part in enumerate(parts, 1):
        yield from _faults(part, fields, f"{place}[{at}]", deeper - 1)


def _faults_of_number(value: Any, place: str) -> Iterator[str]:
    number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if not number or not 0 <= value <= MOST_FACTOR:
        yield f"{place}: {value!r} is not a number from 0 to {MOST_FACTOR}"


def _faults_of_field(key: Any, fields: Fields, place: str) -> Iterator[str]:
    spec = fields.get(key) if isinstance(key, str) else None
    if spec is None:
        yield f"{place}: there is no field {key!r}"
    elif spec.kind not in ("number", "decimal"):
        yield f"{place}: the field {key} is not a number"
    elif not spec.required or spec.least is None or spec.most is None:
        yield f"{place}: the field {key} must be required and have least and most"


def _faults_of_table(node: Expression, fields: Fields, place: str) -> Iterator[str]:
    key, table = node["by"], node.get("table")
    spec = fields.get(key) if isinstance(key, str) else None
    if spec is None:
        yield f"{place}.by: there is no field {key!r}"
    elif spec.kind not in ("choice", "yes_no") or not spec.required:
        yield f"{place}.by: the field {key} must be a required choice or yes_no"
    elif not isinstance(table, Mapping):
        yield f"{place}.table: is missing"
    else:
        wanted = {"yes", "no"} if spec.kind == "yes_no" else {choice for choice, _label in spec.choices}
        yield from (f"{place}.table: has nothing for {choice}" for choice in sorted(wanted - set(table)))
        yield from (f"{place}.table.{choice}: is no choice of {key}" for choice in table if choice not in wanted)
        for choice, value in table.items():
            yield from _faults_of_number(value, f"{place}.table.{choice}")


def _parts(node: Expression) -> int:
    return 1 + sum(_parts(part) for sign in SIGNS for part in node.get(sign, ()))


def _bounds(node: Expression, fields: Fields) -> tuple[Decimal, Decimal]:
    """The least and the most that this part can come to; nothing in it is negative."""
    for sign, combine in (("product", prod), ("sum", sum)):
        if sign in node:
            least, most = zip(*(_bounds(part, fields) for part in node[sign]), strict=True)
            return Decimal(combine(least)), Decimal(combine(most))
    if "field" in node:
        spec = fields[node["field"]]
        return Decimal(spec.least or 0), Decimal(spec.most or 0)
    values = [decimal_of(value) for value in node.get("table", {"": node.get("value")}).values()]
    return min(values), max(values)
