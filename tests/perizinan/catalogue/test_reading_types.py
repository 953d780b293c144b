"""A permit type's file becomes a definition, and whatever is wrong with it is told by its place."""

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from blueprints.perizinan.catalogue.definition import FieldSpec, Question, Requirement, Stage, Validity
from blueprints.perizinan.catalogue.reading import Faulty, definition_from
from tests.cities import CONTOH

Content = dict[str, Any]


def content_of(name: str) -> Content:
    found = tomllib.loads((CONTOH / "permits" / f"{name}.toml").read_text(encoding="utf-8"))
    found.pop("valid_from")
    return found | {"name": found.pop("types")[0]["name"]}


def faults(content: Content) -> list[str]:
    with pytest.raises(Faulty) as caught:
        definition_from(content)
    assert isinstance(caught.value, ValueError)
    return list(caught.value.faults)


def spoilt(spoil: Callable[[Content], object], name: str = "KOLAM") -> list[str]:
    content = content_of(name)
    spoil(content)
    return faults(content)


def test_everything_that_a_file_says_is_read():
    found = definition_from(content_of("KOLAM"))

    assert (found.name, found.kind, found.agency, found.office) == ("Izin kolam lele", "permit", "DINKES", "DINKES")
    assert (found.is_here, found.audience, found.basis) == (True, "business", ("Perda Contoh 3/2024",))
    assert found.stages[2] == Stage("inspect", 2)
    assert (found.days, found.has("pay"), found.has("tell")) == (6, True, False)
    assert found.questions[1] == Question(
        "sea", "Apakah airnya asin?", False, "Kolam air asin memakai surat ronda.", "/perizinan/types/RONDA"
    )
    assert found.requirement("photo") == Requirement("photo", "Foto kolam", "Dari dua sisi.", optional=True)
    area = FieldSpec("area", "Luas kolam", "decimal", "details", least=4, most=5000, unit="m²")
    assert found.field("area") == area
    assert found.field("bottom").choices == (("soil", "Tanah"), ("stone", "Batu"))
    assert [spec.key for spec in found.fields_of("details")] == ["area", "bottom", "by_river"]
    assert found.validity == Validity("2 tahun", years=2)
    assert (found.checklist, found.sample) == (("Air jernih", "Pagar aman"), ("questions", "fee"))
    assert not found.fee.is_free


def test_a_type_elsewhere_needs_little():
    found = definition_from(content_of("PASAR"))

    assert (found.is_here, found.door, found.office, found.days) == (False, "Datang ke kantor pasar.", "DINKES", 0)
    assert (found.audience, found.fee.is_free, found.fee.basis, found.fields) == ("other", True, "", ())


def test_what_is_missing_is_told_all_at_once():
    assert faults({"channel": "here"}) == [
        "agency: is missing",
        "name: is missing",
        "kind: is missing",
        "office: is missing",
        "basis: is missing",
        "validity.words: is missing",
        "fee.kind: is missing",
        "fee.basis: is missing",
        "source: is missing",
        "confidence: is missing",
    ]
    assert "door: is missing" in faults({"channel": "elsewhere"})


SHAPES: dict[str, tuple[Callable[[Content], object], str]] = {
    "unknown key": (lambda c: c.update(colour="red"), "colour: is unknown"),
    "unknown key deep down": (lambda c: c["stages"][1].update(hours=3), "stages[2].hours: is unknown"),
    "unknown kind": (lambda c: c.update(kind="wish"), "kind: 'wish' is not permit or statement"),
    "unknown channel": (lambda c: c.update(channel="by post"), "channel: 'by post' is not here or elsewhere"),
    "unknown audience": (lambda c: c.update(audience="cats"), "audience: 'cats' is not family or building or business"
                         " or health or institution or student or other"),
    "unknown stage": (lambda c: c["stages"][0].update(name="think"),
                      "stages[1].name: 'think' is not check or verify or inspect or recommend or pay or sign"),
    "unknown kind of field": (lambda c: c["fields"][0].update(kind="colour"),
                              "fields[1].kind: 'colour' is not text or long_text or number or decimal or date or"
                              " choice or kelurahan or yes_no"),
    "unknown part": (lambda c: c["fields"][0].update(part="end"),
                     "fields[1].part: 'end' is not applicant or location or details"),
    "days below nought": (lambda c: c["stages"][1].update(days=-1), "stages[2].days: -1 is not a whole number from"),
    "days in words": (lambda c: c["stages"][1].update(days="two"), "stages[2].days: 'two' is not a whole number"),
    "days as yes": (lambda c: c["stages"][1].update(days=True), "stages[2].days: True is not a whole number"),
    "half a day": (lambda c: c["stages"][1].update(days=0.5), "stages[2].days: 0.5 is not a whole number"),
    "years of days": (lambda c: c["stages"][1].update(days=400), "stages[2].days: 400 are more than 365"),
    "a stage without days": (lambda c: c["stages"][0].pop("days"), "stages[1].days: is missing"),
    "a question without a door": (lambda c: c["questions"][2].pop("door"), "questions[3].door: is missing"),
    "a question without an answer": (lambda c: c["questions"][0].pop("fits"), "questions[1].fits: is missing"),
    "fits in words": (lambda c: c["questions"][0].update(fits="yes"), "questions[1].fits: 'yes' is not true or false"),
    "a link elsewhere": (lambda c: c["questions"][0].update(link="javascript:x"), "questions[1].link: 'javascript:"),
    "an empty name": (lambda c: c.update(name=" "), "name: is empty"),
    "a long name": (lambda c: c.update(name="x" * 121), "name: 'xxx"),
    "two lines": (lambda c: c.update(note="one\ntwo"), "note: 'one\\ntwo' is not one line"),
    "a name that is a number": (lambda c: c.update(name=3), "name: 3 is not a text"),
    "a key in capitals": (lambda c: c["requirements"][0].update(key="KTP"), "requirements[1].key: 'KTP' is not"),
    "a choice in capitals": (lambda c: c["fields"][3]["choices"].update(Wood="Kayu"), "fields[4].choices.Wood: is not"),
    "the same law twice": (lambda c: c.update(basis=["A", "A"]), "basis[2]: 'A' stands there already"),
    "a law that is a number": (lambda c: c.update(basis=["A", 2]), "basis[2]: is not a line of text"),
    "laws in one text": (lambda c: c.update(basis="A; B"), "basis: 'A; B' is not a list"),
    "stages as a table": (lambda c: c.update(stages={"check": 1}), "stages: {'check': 1} is not a list of tables"),
    "a stage that is a text": (lambda c: c["stages"].append("sign"), "stages[7]: is not a table"),
    "a fee that is a number": (lambda c: c.update(fee=5000), "fee: is not a table"),
    "an agency in small letters": (lambda c: c.update(agency="dinkes"), "agency: 'dinkes' is not"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "told"), SHAPES.values(), ids=SHAPES)
def test_each_part_has_its_shape(spoil: Callable[[Content], object], told: str):
    assert any(fault.startswith(told) for fault in spoilt(spoil)), spoilt(spoil)


def free(content: Content) -> None:
    content["fee"] = {"kind": "free", "basis": "UU 1/2022 Pasal 88"}


TOGETHER: dict[str, tuple[Callable[[Content], object], str]] = {
    "stages in another order": (lambda c: c["stages"].reverse(), "stages: not in the order check, verify, inspect"),
    "a stage twice": (lambda c: c["stages"].append({"name": "sign", "days": 1}), "stages: sign stands there twice"),
    "nobody signs": (lambda c: c["stages"].pop(), "stages: sign is missing"),
    "no stages": (lambda c: c.pop("stages"), "stages: check is missing"),
    "no days at all": (lambda c: [stage.update(days=0) for stage in c["stages"]], "stages: no days at all"),
    "no requirements": (lambda c: c.pop("requirements"), "requirements: is missing"),
    "a requirement twice": (lambda c: c["requirements"].append(c["requirements"][0]),
                            "requirements: id_card stands there twice"),
    "no questions": (lambda c: c.pop("questions"), "questions: is missing"),
    "a question twice": (lambda c: c["questions"].append(c["questions"][0]), "questions: in_city stands there twice"),
    "nothing about the applicant": (lambda c: c["fields"][0].update(part="location"),
                                    "fields: none of the part applicant"),
    "no kelurahan": (lambda c: c["fields"].pop(1), "fields: no required kelurahan of the kind kelurahan"),
    "a kelurahan in words": (lambda c: c["fields"][1].update(kind="text"), "fields: no required kelurahan of the kind"),
    "a field twice": (lambda c: c["fields"].append(c["fields"][0]), "fields: address stands there twice"),
    "what the role asks already": (lambda c: c["fields"][0].update(key="principal_nik"),
                                   "fields[1].key: principal_nik is asked for by the role"),
    "a choice of one": (lambda c: c["fields"][3]["choices"].pop("soil"), "fields[4].choices: a choice needs at least"),
    "a text with choices": (lambda c: c["fields"][0].update(choices={"a": "A", "b": "B"}),
                            "fields[1].choices: a text has none"),
    "a text with a unit": (lambda c: c["fields"][0].update(unit="m"), "fields[1].least, most, unit: a text has none"),
    "most under least": (lambda c: c["fields"][2].update(most=3), "fields[3].most: less than least"),
    "an unknown sample": (lambda c: c.update(sample=["days"]), "sample: 'days' is not channel or validity or fee"),
    "no law": (lambda c: c.update(basis=[]), "basis: names no law"),
    "inspected by no list": (lambda c: c.pop("checklist"), "checklist: belongs to the stage inspect"),
    "a door though it is here": (lambda c: c.update(door="Di sana"), "door: only where here is an example"),
    "an example without its door": (lambda c: c.update(sample=["channel"]), "door: only where here is an example"),
    "years and days": (lambda c: c["validity"].update(days=3), "validity: at most one of years, days"),
    "no time at all": (lambda c: c["validity"].update(years=0), "validity: at most one of years, days"),
    "until an unknown day": (lambda c: c.update(validity={"words": "?", "until_field": "ends_on"}),
                             "validity.until_field: ends_on is not a required field"),
    "until no day": (lambda c: c.update(validity={"words": "?", "until_field": "address"}),
                     "validity.until_field: address is not a required field of the kind date"),
    "free but with an amount": (lambda c: c["fee"].update(kind="free"), "fee: is free, so it has neither rule nor"),
    "free but paid": (free, "stages: pay belongs to a retribution"),
    "never paid": (lambda c: c["stages"].pop(4), "stages: pay belongs to a retribution"),
    "a retribution without its rule": (lambda c: c["fee"].pop("rule"), "fee: a retribution needs basis, the article"),
    "a retribution without amount": (lambda c: c["fee"].pop("amount"), "fee.amount: needs one of value, field, by"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "told"), TOGETHER.values(), ids=TOGETHER)
def test_the_parts_must_fit_together(spoil: Callable[[Content], object], told: str):
    assert any(fault.startswith(told) for fault in spoilt(spoil)), spoilt(spoil)


def test_a_retribution_must_name_its_article():
    assert "fee.basis: is missing" in spoilt(lambda c: c["fee"].pop("basis"))


def test_nothing_is_charged_for_what_is_applied_for_elsewhere():
    amount = {"value": 1000}
    fee = {"kind": "retribution", "basis": "Perda", "rule": "1000", "amount": amount}
    assert spoilt(lambda c: c.update(fee=fee), "PASAR") == ["fee.amount: nothing is charged here"]


def test_an_example_for_elsewhere_is_marked_and_has_its_door():
    content = content_of("KOLAM") | {"sample": ["channel"], "door": "Sebenarnya di kantor pasar."}
    assert definition_from(content).door == "Sebenarnya di kantor pasar."
