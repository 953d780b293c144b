"""What an application costs: exactly what the rule says, shown step by step, and never anything that is no amount."""

import math
import tomllib
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from blueprints.perizinan.catalogue import tariffs
from blueprints.perizinan.catalogue.definition import Definition, Fee, FieldSpec
from blueprints.perizinan.catalogue.fees import Charge, Incomplete, Line, charge_of
from blueprints.perizinan.catalogue.reading import definition_from
from tests.cities import CONTOH
from webapp import i18n
from webapp.settings import ROOT

NUMBERED = FieldSpec("area", "Luas", "decimal", "details", least=1, most=500)
WHOLE = FieldSpec("pieces", "Jumlah", "number", "details", least=1, most=20)
CHOSEN = FieldSpec("size", "Ukuran", "choice", "details", choices=(("small", "Kecil"), ("big", "Besar")))
ASKED = FieldSpec("lit", "Lampu", "yes_no", "details")
FIELDS = {spec.key: spec for spec in (NUMBERED, WHOLE, CHOSEN, ASKED)}


def a_fee(amount: dict[str, Any]) -> Fee:
    return Fee("retribution", "Perda Contoh Pasal 1", "rumus", amount=amount)


def definition_in(path: Any) -> Definition:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    content.pop("valid_from")
    return definition_from(content | {"name": content.pop("types")[0]["name"]})


POND = definition_in(CONTOH / "permits" / "KOLAM.toml")
HOUSE = definition_in(ROOT / "cities" / "binjai" / "permits" / "PBG-HS.toml")


def test_what_is_free_costs_nothing_whatever_was_answered():
    assert charge_of(Fee("free", "UU 1/2022 Pasal 88"), {"area": 72}) == Charge(0, ())


def test_each_named_step_is_shown(app):
    charge = charge_of(POND.fee, {"area": Decimal("72.5"), "bottom": "stone", "by_river": True})

    assert charge == Charge(117860, (
        Line("Luas", "72,5", Decimal("72.5")),
        Line("Tarif", "1.250,5", Decimal("1250.5"), "contoh"),
        Line("Bobot", "0,7 + 0,6 = 1,3", Decimal("1.3")),
        Line("Retribusi kolam", "72,5 × 1.250,5 × 1,3 = 117.859,625", Decimal("117859.625")),
    ))  # fmt: skip
    with i18n.in_language("en"):
        assert (
            charge_of(POND.fee, {"area": 4, "bottom": "stone", "by_river": False}).lines[-1].words
            == "4 × 1,250.5 × 1 = 5,002"
        )


def test_what_has_no_name_stands_in_brackets():
    parts = [{"value": 2}, {"sum": [{"value": 3}, {"product": [{"value": 4}, {"value": 5}]}]}]
    assert charge_of(a_fee({"name": "Jumlah", "product": parts}), {}).lines[0].words == "2 × (3 + (4 × 5)) = 46"


@pytest.mark.parametrize(
    ("amount", "whole"), [(0.4999, 0), (0.5, 1), (1.5, 2), (2.5, 3), (2.4999, 2), (1999999999.5, 2000000000)]
)
def test_half_a_rupiah_goes_up(amount: float, whole: int):
    assert charge_of(a_fee({"value": amount}), {}).amount == whole


def test_nothing_is_rounded_before_the_end():
    thirds = {"product": [{"value": 0.333333}, {"value": 3}, {"value": 1500000.5}]}
    assert charge_of(a_fee(thirds), {}).amount == 1499999  # 1499998.999…9995


COMPLETE = {"area": "72.5", "bottom": "soil", "by_river": "no"}


@pytest.mark.parametrize("field", COMPLETE)
@pytest.mark.parametrize("useless", [None, "", " ", "x", "-3", "1,5", "1e3", "NaN", "Infinity", "1.250.000", [], {}])
def test_without_a_usable_answer_there_is_no_amount(field: str, useless: object):
    with pytest.raises(Incomplete) as caught:
        charge_of(POND.fee, COMPLETE | {field: useless})
    assert caught.value.field == field


def test_yes_is_no_number():
    with pytest.raises(Incomplete):
        charge_of(POND.fee, COMPLETE | {"area": True})


def test_an_answer_that_was_not_given_at_all_is_named():
    with pytest.raises(Incomplete) as caught:
        charge_of(HOUSE.fee, {"floor_area": 36, "permanence": "permanent"})
    assert caught.value.field == "floors"


def test_a_house_by_the_formula_of_the_law():
    """LLt × (Ilo × SHST) × It × Ibg; It = If × Σ(bp × Ip) × Fm (PP 16/2021), computed here by hand."""
    answers = {"floor_area": "72", "floors": "one", "permanence": "permanent", "ownership": "person", "work": "new"}
    assert charge_of(HOUSE.fee, answers).amount == 324_000  # 72 × 25.000 × (0,15 × (0,3 + 0,4 + 0,5)) × 1

    answers |= {"floor_area": Decimal("89.5"), "floors": "two", "work": "heavy"}
    charge = charge_of(HOUSE.fee, answers)
    assert charge.amount == 135_802  # 89,5 × 25.000 × (0,15 × 1,245) × 0,325 = 135.802,27
    values = {line.name.split(":")[0]: line.value for line in charge.lines}
    assert (values["It"], values["Ilo x SHST"]) == (Decimal("0.18675"), 25_000)


def plainly(node: dict[str, Any], answers: dict[str, Any]) -> Fraction:
    """The same rule, computed once more in the plainest way, exactly."""
    if "product" in node:
        return math.prod((plainly(part, answers) for part in node["product"]), start=Fraction(1))
    if "sum" in node:
        return sum((plainly(part, answers) for part in node["sum"]), start=Fraction(0))
    if "by" in node:
        answer = answers[node["by"]]
        return Fraction(str(node["table"][{True: "yes", False: "no"}.get(answer, answer)]))
    return Fraction(str(node["value"] if "value" in node else answers[node["field"]]))


def half_up(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))


def a_rule(chance: Random, deeper: int) -> dict[str, Any]:
    """Any rule that the files may hold."""
    kind = chance.choice(("value", "field", "by", "product", "sum") if deeper else ("value", "field", "by"))
    named = {"name": f"Langkah {deeper}"} if chance.random() < 0.3 else {}
    if kind in ("product", "sum"):
        return named | {kind: [a_rule(chance, deeper - 1) for _part in range(chance.randint(1, 4))]}
    if kind == "by":
        by, choices = chance.choice((("size", ("small", "big")), ("lit", ("yes", "no"))))
        return named | {"by": by, "table": {choice: a_factor(chance) for choice in choices}}
    return named | ({"field": chance.choice(("area", "pieces"))} if kind == "field" else {"value": a_factor(chance)})


def a_factor(chance: Random) -> float:
    return chance.choice((chance.randint(0, 40), round(chance.uniform(0, 3), 4), 0.5, 0.005))


def some_answers(chance: Random) -> dict[str, Any]:
    return {
        "area": Decimal(chance.randint(100, 50000)) / 100,
        "pieces": chance.randint(1, 20),
        "size": chance.choice(("small", "big")),
        "lit": chance.choice((True, False)),
    }


def luck(seed: int) -> Random:
    """The same chance each time."""
    return Random(seed)  # noqa: S311 - nothing is kept secret with it


@pytest.mark.parametrize("seed", range(300))
def test_any_rule_with_any_answers_comes_to_what_a_second_computation_says(seed: int):
    chance = luck(seed)
    rule = a_rule(chance, 4)
    for _answers in range(5):
        answers = some_answers(chance)
        charge = charge_of(a_fee(rule), answers)
        assert charge.amount == half_up(plainly(rule, answers))
        if "name" in rule:
            assert Fraction(charge.lines[-1].value) == plainly(rule, answers)


@pytest.mark.parametrize("definition", [POND, HOUSE], ids=["pond", "house"])
def test_the_rules_of_real_types_come_to_what_a_second_computation_says(definition: Definition):
    chance = luck(7)
    for _case in range(500):
        answers = {spec.key: an_answer(spec, chance) for spec in definition.fields}
        assert charge_of(definition.fee, answers).amount == half_up(plainly(dict(definition.fee.amount), answers))


def an_answer(spec: FieldSpec, chance: Random) -> Any:
    if spec.kind == "choice":
        return chance.choice(spec.choices)[0]
    if spec.kind == "yes_no":
        return chance.choice((True, False))
    if spec.least is None or spec.most is None:
        return "?"
    return Decimal(chance.randint(spec.least * 100, spec.most * 100)) / 100


def test_the_bounds_hold_for_all_answers():
    """A rule that is let through never leads to nothing or to more than a bill holds."""
    chance = luck(11)
    passed = 0
    for _rule in range(400):
        rule = a_rule(chance, 4)
        if tariffs.faults_of(rule, FIELDS):
            continue
        passed += 1
        amounts = [charge_of(a_fee(rule), some_answers(chance)).amount for _answers in range(20)]
        assert all(tariffs.LEAST_BILL <= amount <= tariffs.MOST_BILL for amount in amounts)
    assert passed > 50


def deep(levels: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"value": 5}
    for _level in range(levels):
        rule = {"sum": [rule]}
    return rule


WRONG: dict[str, tuple[Any, str]] = {
    "no table": ("area * 3", "fee.amount: is not a table"),
    "nothing": ({}, "fee.amount: needs one of value, field, by, product, sum"),
    "two at once": ({"value": 1, "field": "area"}, "fee.amount: needs one of value, field, by, product, sum"),
    "unknown key": ({"value": 1, "eval": "1+1"}, "fee.amount.eval: is unknown"),
    "table without by": ({"value": 1, "table": {}}, "fee.amount.table: is unknown"),
    "a name that is a number": ({"value": 1, "name": 3}, "fee.amount.name: is not a text"),
    "a value in words": ({"value": "5"}, "fee.amount.value: '5' is not a number"),
    "a value that is true": ({"value": True}, "fee.amount.value: True is not a number"),
    "not a number": ({"value": math.nan}, "fee.amount.value: nan is not a number"),
    "without end": ({"value": math.inf}, "fee.amount.value: inf is not a number"),
    "a discount below nought": ({"sum": [{"value": 9}, {"value": -3}]}, "fee.amount.sum[2].value: -3 is not a number"),
    "an unknown field": ({"product": [{"value": 3}, {"field": "colour"}]},
                         "fee.amount.product[2].field: there is no field 'colour'"),
    "a field that is a list": ({"field": ["area"]}, "fee.amount.field: there is no field ['area']"),
    "a field that is a choice": ({"field": "size"}, "fee.amount.field: the field size is not a number"),
    "a field without bounds": ({"field": "loose"}, "fee.amount.field: the field loose must be required and have least"),
    "a field that may be empty": ({"field": "maybe"}, "fee.amount.field: the field maybe must be required"),
    "by an unknown field": ({"by": "colour", "table": {}}, "fee.amount.by: there is no field 'colour'"),
    "by a number": ({"by": "area", "table": {}}, "fee.amount.by: the field area must be a required choice or yes_no"),
    "no table to choose from": ({"by": "size"}, "fee.amount.table: is missing"),
    "a choice without a factor": ({"by": "size", "table": {"big": 2}}, "fee.amount.table: has nothing for small"),
    "a factor without a choice": ({"by": "lit", "table": {"yes": 1, "no": 1, "maybe": 2}},
                                  "fee.amount.table.maybe: is no choice of lit"),
    "a factor in words": ({"by": "lit", "table": {"yes": "1", "no": 1}}, "fee.amount.table.yes: '1' is not a number"),
    "no parts": ({"product": []}, "fee.amount.product: is not a list of parts"),
    "parts that are one": ({"sum": {"value": 3}}, "fee.amount.sum: is not a list of parts"),
    "a part that is a number": ({"sum": [3]}, "fee.amount.sum[1]: is not a table"),
    "too deep": (deep(8), "fee.amount" + ".sum[1]" * 8 + ": is deeper than 8"),
    "bottomless": (deep(900), "fee.amount" + ".sum[1]" * 8 + ": is deeper than 8"),
    "too large": ({"sum": [{"value": 1}] * 80}, "fee.amount: 81 parts are more than 80"),
    "perhaps nothing": ({"product": [{"value": 900}, {"by": "lit", "table": {"yes": 1, "no": 0}}]},
                        "fee.amount: can be less than 1 rupiah"),
    "more than a bill holds": ({"product": [{"value": 5000000}, {"field": "area"}]},
                               "fee.amount: can be more than 2000000000 rupiah"),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "told"), WRONG.values(), ids=WRONG)
def test_a_rule_that_might_give_no_amount_is_refused(rule: Any, told: str):
    loose = FieldSpec("loose", "Lepas", "number", "details")
    maybe = FieldSpec("maybe", "Mungkin", "number", "details", required=False, least=1, most=2)
    fields = FIELDS | {"loose": loose, "maybe": maybe}
    assert any(fault.startswith(told) for fault in tariffs.faults_of(rule, fields)), tariffs.faults_of(rule, fields)


def test_the_bounds_of_the_pond_are_exact():
    rule = deepcopy(dict(POND.fee.amount))
    assert tariffs._bounds(rule, {spec.key: spec for spec in POND.fields}) == (
        4 * 250,
        5000 * Decimal("1250.5") * Decimal("1.3"),
    )
