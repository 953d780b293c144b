"""The 52 permit types of Binjai: what the sources hold is carried over, what is invented is marked."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from blueprints.perizinan.catalogue import loader, queries
from blueprints.perizinan.catalogue.definition import OFFICE_OF_ADDRESS, Definition
from blueprints.perizinan.catalogue.models import PermitType
from tests.conftest import empty_database
from webapp.regions.loader import load_city
from webapp.settings import ROOT

BINJAI = ROOT / "cities" / "binjai"
DAY = date(2026, 11, 24)
SIP = ("DU", "DS", "DG", "PRW", "BDN", "APT", "TVF", "FIS", "ATLM", "GIZI", "SAN", "RAD", "RMIK", "RO")
HERE = {f"SIP-{code}": 5 for code in SIP} | {
    "STPT": 7, "PBG-HS": 10, "ITR": 5, "REK-INS": 2, "REK-PER": 5, "SKP-LIT": 4, "MAG-PKL": 2, "MAKAM-TPU": 1,
    "POHON": 5, "GALIAN": 10, "DISP-JALAN": 3, "PARKIR": 7, "PAUD": 14, "SDSMP": 14, "LKP": 10, "LKS": 5, "PUB": 5,
    "DRH": 5, "AK1": 1, "IUTM": 5, "ORMAS": 7, "KEL-SKTM": 1, "KEL-DOM": 1, "KEL-WARIS": 1, "KEL-USAHA": 1,
}  # fmt: skip
ELSEWHERE = {
    "PBG-UM": 28, "SLF": 3, "KKPR-NB": 20, "SPPL": 3, "UKLUPL": 7, "KERAMAIAN": 1, "ANDALALIN": 10, "TRAYEK": 7,
    "SPPIRT": 1, "SLHS": 14, "KLINIK": 14, "NIB": 1, "SIUP-HIST": 1,
}  # fmt: skip
AT_KELURAHAN = {"KEL-SKTM", "KEL-DOM", "KEL-WARIS", "KEL-USAHA", "KERAMAIAN"}
PAID = {"PBG-HS", "PBG-UM"}


@pytest.fixture(scope="module")
def types(migrated: Flask) -> dict[str, PermitType]:
    """Loaded once for all of these tests, which only look."""
    with migrated.app_context():
        empty_database()
        report = load_city(BINJAI, [loader.load])
        assert [str(problem) for problem in report.problems] == []
        return {row.code: row for row in queries.types_on(DAY)}


def definitions(types: dict[str, PermitType]) -> Iterator[tuple[str, Definition]]:
    return ((code, row.definition) for code, row in types.items())


def test_all_are_there_with_their_days(types):
    assert {code: row.definition.days for code, row in types.items()} == HERE | ELSEWHERE
    assert len(types) == 52


def test_only_what_the_city_itself_grants_is_applied_for_here(types):
    assert {code for code, row in types.items() if row.channel == "here"} == set(HERE)


def test_the_example_for_simbg_is_marked_and_shows_the_real_door(types):
    example = types["PBG-HS"].definition
    assert {"channel", "fee"} <= set(example.sample)
    assert "SIMBG" in example.door and example.link == "https://simbg.pu.go.id"
    assert [code for code, definition in definitions(types) if definition.is_here and definition.door] == ["PBG-HS"]


def test_the_others_lead_to_their_right_door(types):
    doors = {code: types[code].definition.door for code in ELSEWHERE}
    assert doors["SIUP-HIST"] == "SIUP, sejak 2018 diganti NIB."
    assert types["SIUP-HIST"].definition.link == "/perizinan/types/NIB"
    assert "Polres" in doors["KERAMAIAN"]
    assert all("SIMBG" in doors[code] for code in ("PBG-UM", "SLF"))
    assert all("OSS" in doors[code] for code in set(ELSEWHERE) - {"SIUP-HIST", "KERAMAIAN", "PBG-UM", "SLF"})


def test_almost_everything_is_free_by_the_closed_list(types):
    """UU 1/2022 Pasal 88: of what the city grants only the PBG may cost anything."""
    assert {code for code, row in types.items() if row.fee_kind == "retribution"} == PAID
    for code, definition in definitions(types):
        named = "Perda Kota Binjai 1/2024" if code in PAID else "UU 1/2022 Pasal 88"
        assert named in definition.fee.basis, code
    assert "terpisah" in types["REK-INS"].definition.fee.note


def test_offices_are_the_one_door_or_the_kelurahan(types):
    for code, definition in definitions(types):
        assert definition.office == (OFFICE_OF_ADDRESS if code in AT_KELURAHAN else "DPMPTSP"), code
        assert (definition.agency == OFFICE_OF_ADDRESS) == (code in AT_KELURAHAN), code


def test_whoever_applies_here_is_asked_three_to_five_questions_first(types):
    for code in HERE:
        questions = types[code].definition.questions
        assert 3 <= len(questions) <= 5, code
        assert all(question.door for question in questions), code


def test_no_professional_body_has_a_say_in_a_practice_licence(types):
    """Permenkes 13/2025: its recommendation must not be asked for."""
    for code in HERE:
        if code.startswith("SIP-"):
            definition = types[code].definition
            asked = [*definition.questions, *definition.requirements, *definition.fields]
            assert "rekomendasi" not in repr(asked).lower(), code
            assert "organisasi profesi" not in repr(asked).lower(), code


def test_forms_ask_for_an_address_in_words_and_a_kelurahan(types):
    for code in HERE:
        definition = types[code].definition
        assert definition.field("address").kind == "text", code
        kelurahan = definition.field("kelurahan")
        assert (kelurahan.kind, kelurahan.required) == ("kelurahan", True), code
        assert kelurahan.part in ("applicant", "location"), code
        assert definition.fields_of("details"), code


def test_what_is_invented_is_marked(types):
    for code in HERE:
        definition = types[code].definition
        assert {"questions", "stages", "fields"} <= set(definition.sample), code
        assert ("checklist" in definition.sample) == bool(definition.checklist), code
    assert all("stages" in types[code].definition.sample for code in ELSEWHERE)


def test_every_type_names_its_law_its_source_and_how_sure_that_is(types):
    for code, definition in definitions(types):
        assert definition.basis and definition.source and definition.confidence, code
        assert definition.requirements, code


def test_nobody_is_asked_for_what_the_city_knows(types):
    """Name, NIK and telephone come from the account."""
    for code in HERE:
        keys = {spec.key for spec in types[code].definition.fields}
        assert not keys & {"name", "nik", "phone", "email"}, code


def test_sentences_are_short(types):
    for code, definition in definitions(types):
        said = [definition.note, definition.door, definition.fee.note]
        said += [words for question in definition.questions for words in (question.ask, question.door)]
        said += [needed.hint for needed in definition.requirements] + [spec.hint for spec in definition.fields]
        for sentence in ". ".join(said).replace("?", ".").replace("!", ".").split(". "):
            assert len(sentence.split()) <= 15, f"{code}: {sentence}"
