"""From what a file says to a definition: each part read by its shape, then checked for what the parts say together."""

from collections.abc import Mapping
from typing import Any

from blueprints.perizinan.catalogue import rules
from blueprints.perizinan.catalogue.definition import (
    AUDIENCES,
    ELSEWHERE,
    FIELD_KINDS,
    FREE,
    HERE,
    KINDS,
    PARTS,
    RETRIBUTION,
    STAGES,
    Definition,
    Fee,
    FieldSpec,
    Question,
    Requirement,
    Stage,
    Validity,
)  # fmt: skip
from blueprints.perizinan.catalogue.keys import KEY, LINK, UNIT_CODE, Keys

LONG, SHORT = 400, 120
MOST_BASIS = 200  # as long as a bill has room for
MOST_DAYS = 365


class Faulty(ValueError):
    """Everything that is wrong with a definition, each by its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


def definition_from(content: Mapping[str, Any]) -> Definition:
    """The definition that this content describes: a file's keys without `valid_from` and `types`, with one name.

    Raises Faulty, a ValueError, with the place of each mistake ("stages[2].days: …"; places count from 1).
    """
    faults: list[str] = []
    keys = Keys(content, "", faults)
    definition = _definition(keys)
    keys.done()
    if not faults:
        faults.extend(rules.faults_of(definition))
    if faults:
        raise Faulty(faults)
    return definition


def _definition(keys: Keys) -> Definition:
    here, agency = keys.one_of("channel", (HERE, ELSEWHERE)) == HERE, keys.text("agency", shape=UNIT_CODE)
    return Definition(
        name=keys.text("name", SHORT),
        kind=keys.one_of("kind", KINDS, None if here else KINDS[0]),
        agency=agency,
        office=keys.text("office", shape=UNIT_CODE, needed=here) or agency,
        channel=HERE if here else ELSEWHERE,
        door=keys.text("door", needed=not here),
        link=keys.text("link", shape=LINK, needed=False),
        audience=keys.one_of("audience", AUDIENCES, "other"),
        basis=keys.texts("basis", needed=True),
        validity=_validity(keys.table("validity"), here),
        fee=_fee(keys.table("fee"), here),
        stages=tuple(map(_stage, keys.tables("stages"))),
        questions=tuple(map(_question, keys.tables("questions"))),
        requirements=tuple(map(_requirement, keys.tables("requirements"))),
        fields=tuple(map(_field, keys.tables("fields"))),
        checklist=keys.texts("checklist"),
        sample=keys.texts("sample"),
        note=keys.text("note", needed=False),
        keywords=keys.texts("keywords"),
        source=keys.text("source"),
        confidence=keys.text("confidence", needed=here),
    )


def _validity(keys: Keys, needed: bool) -> Validity:
    found = Validity(
        words=keys.text("words", needed=needed),
        years=keys.whole("years"),
        days=keys.whole("days"),
        until_field=keys.text("until_field", shape=KEY, needed=False) or None,
    )
    keys.done()
    return found


def _fee(keys: Keys, needed: bool) -> Fee:
    found = Fee(
        kind=keys.one_of("kind", (FREE, RETRIBUTION), None if needed else FREE),
        basis=keys.text("basis", MOST_BASIS, needed=needed),
        rule=keys.text("rule", needed=False),
        note=keys.text("note", needed=False),
        amount=keys.raw("amount") or {},
    )
    keys.done()
    return found


def _stage(keys: Keys) -> Stage:
    found = Stage(name=keys.one_of("name", STAGES), days=keys.whole("days", needed=True) or 0)
    if found.days > MOST_DAYS:
        keys.complain("days", f"{found.days} are more than {MOST_DAYS}")
    keys.done()
    return found


def _question(keys: Keys) -> Question:
    found = Question(
        key=keys.text("key", shape=KEY),
        ask=keys.text("ask"),
        fits=keys.yes_no("fits"),
        door=keys.text("door"),
        link=keys.text("link", shape=LINK, needed=False),
    )
    keys.done()
    return found


def _requirement(keys: Keys) -> Requirement:
    found = Requirement(
        key=keys.text("key", shape=KEY),
        name=keys.text("name", SHORT),
        hint=keys.text("hint", LONG, needed=False),
        optional=keys.yes_no("optional", otherwise=False),
    )
    keys.done()
    return found


def _field(keys: Keys) -> FieldSpec:
    found = FieldSpec(
        key=keys.text("key", shape=KEY),
        label=keys.text("label", SHORT),
        kind=keys.one_of("kind", FIELD_KINDS),
        part=keys.one_of("part", PARTS),
        hint=keys.text("hint", LONG, needed=False),
        required=keys.yes_no("required", otherwise=True),
        choices=keys.pairs("choices"),
        least=keys.whole("least"),
        most=keys.whole("most"),
        unit=keys.text("unit", 16, needed=False),
    )
    keys.done()
    return found
