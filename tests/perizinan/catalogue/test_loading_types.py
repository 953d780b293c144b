"""Permit files of a city folder become versions of types; every mistake is told, and then nothing changes."""

from datetime import date
from pathlib import Path
from shutil import copy

import pytest
from werkzeug.exceptions import NotFound

from blueprints.perizinan.catalogue import loader, queries
from blueprints.perizinan.catalogue.fees import charge_of
from blueprints.perizinan.catalogue.models import PermitType
from tests.cities import CONTOH, a_city, amend
from webapp.db import db, transactional
from webapp.loading import Report
from webapp.regions.loader import load_city

DAY = date(2026, 11, 24)
POND, ROUND = "permits/KOLAM.toml", "permits/RONDA.toml"
pytestmark = pytest.mark.usefixtures("app")


def load(city: Path, *, dry_run: bool = False) -> Report:
    return load_city(city, [loader.load], dry_run)


def problems(city: Path) -> list[str]:
    return [str(problem) for problem in load(city).problems]


def codes(day: date = DAY) -> list[str]:
    return [row.code for row in queries.types_on(day)]


def test_each_type_of_a_file_becomes_a_row():
    report = load(CONTOH)

    assert not report.problems
    assert report.tables["perizinan_type"] == {"added": 4}
    pond = queries.type_of("KOLAM-MAS", DAY)
    assert (pond.name, pond.channel, pond.fee_kind, pond.valid_from) == (
        "Izin kolam ikan mas", "here", "retribution", date(2026, 1, 1),
    )  # fmt: skip
    assert pond.definition.keywords == ("ikan", "empang", "emas")
    assert queries.type_of("KOLAM-LELE", DAY).definition.keywords == ("ikan", "empang")
    assert queries.type_of("pasar", DAY).fee_kind == "free"


def test_what_the_database_gives_back_is_what_the_file_said():
    load(CONTOH)
    db.session.expire_all()

    definition = queries.type_of("KOLAM-LELE", DAY).definition
    assert definition.days == 6
    assert [stage.name for stage in definition.stages] == ["check", "verify", "inspect", "recommend", "pay", "sign"]
    assert charge_of(definition.fee, {"area": 72.5, "bottom": "stone", "by_river": True}).amount == 117_860


def test_loading_again_changes_nothing():
    load(CONTOH)
    assert load(CONTOH).tables["perizinan_type"] == {"unchanged": 4}


def test_a_dry_run_writes_no_type():
    assert load(CONTOH, dry_run=True).tables["perizinan_type"] == {"added": 4}
    assert codes() == []


def test_an_unknown_type_is_added_by_a_file_alone(tmp_path: Path):
    city = a_city(tmp_path)
    copy(city / ROUND, city / "permits" / "JAGA.toml")
    amend(city, "permits/JAGA.toml", '"RONDA"', '"JAGA-RT"')
    load(city)

    assert queries.type_of("JAGA-RT", DAY).definition.is_here


def test_from_its_day_on_a_later_version_counts(tmp_path: Path):
    city = a_city(tmp_path)
    copy(city / POND, city / "permits" / "KOLAM-2027.toml")
    amend(city, "permits/KOLAM-2027.toml", "valid_from = 2026-01-01", "valid_from = 2027-01-01")
    amend(city, "permits/KOLAM-2027.toml", "stone = 1250.5", "stone = 2000")
    load(city)

    answers = {"area": 10, "bottom": "stone", "by_river": False}
    amounts = {
        day: charge_of(queries.type_of("KOLAM-MAS", day).definition.fee, answers).amount
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    }
    assert amounts == {date(2026, 12, 31): 12_505, date(2027, 1, 1): 20_000}
    assert codes(date(2027, 1, 1)) == codes(date(2026, 12, 31)) == ["KOLAM-MAS", "KOLAM-LELE", "PASAR", "RONDA"]


def test_before_its_day_there_is_no_type():
    load(CONTOH)

    assert codes(date(2025, 12, 31)) == []
    for code, day in (("RONDA", date(2025, 12, 31)), ("SIUP", DAY)):
        with pytest.raises(NotFound):
            queries.type_of(code, day)


def test_a_version_taken_out_of_the_files_is_told_and_stays(tmp_path: Path):
    city = a_city(tmp_path)
    load(city)
    (city / "permits" / "PASAR.toml").unlink()

    assert load(city).gone == ["perizinan_type PASAR 2026-01-01: no longer in the file"]
    assert "PASAR" in codes()


def test_what_staff_edited_stays(tmp_path: Path):
    city = a_city(tmp_path)
    load(city)

    @transactional
    def rename() -> None:
        db.session.query(PermitType).filter_by(code="RONDA").one().name = "Surat ronda"

    rename()
    amend(city, ROUND, '"Surat ronda malam"', '"Surat ronda siang"')
    amend(city, ROUND, "Apakah Anda warga Kota Contoh?", "Apakah Anda tinggal di Kota Contoh?")
    report = load(city)

    ronda = queries.type_of("RONDA", DAY)
    assert (ronda.name, ronda.definition.questions[0].ask) == ("Surat ronda", "Apakah Anda tinggal di Kota Contoh?")
    assert [line.split(" stays ")[0] for line in report.kept] == ["perizinan_type RONDA 2026-01-01: name"]


def test_a_city_without_permits_is_a_city(tmp_path: Path):
    city = a_city(tmp_path)
    for path in (city / "permits").iterdir():
        path.unlink()
    (city / "permits").rmdir()

    assert problems(city) == []
    assert codes() == []


def test_every_mistake_of_every_file_is_told_and_nothing_is_changed(tmp_path: Path):
    city = a_city(tmp_path)
    amend(city, POND, 'name = "inspect"\ndays = 2', 'name = "inspect"\ndays = "dua"')
    amend(city, POND, 'door = "Buat surat sewa dahulu."', 'doors = "Buat surat sewa dahulu."')
    amend(city, ROUND, 'until_field = "ends_on"', 'until_field = "ended_on"')
    amend(city, "permits/PASAR.toml", 'code = "PASAR"', "code = PASAR")

    assert problems(city) == [
        "permits/KOLAM.toml: questions[3].door: is missing",
        "permits/KOLAM.toml: questions[3].doors: is unknown",
        "permits/KOLAM.toml: stages[3].days: 'dua' is not a whole number",
        "permits/PASAR.toml:9: Invalid value (at line 9, column 8)",
        "permits/RONDA.toml: validity.until_field: ended_on is not a required field of the kind date",
    ]
    assert codes() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (ROUND, "valid_from = 2026-01-01", "", "permits/RONDA.toml: valid_from: is not a day like 2026-08-17, without"),
        (ROUND, "valid_from = 2026-01-01", 'valid_from = "2026-01-01"', "permits/RONDA.toml: valid_from: is not a day"),
        (ROUND, "= 2026-01-01", "= 2026-01-01T00:00:00", "permits/RONDA.toml: valid_from: is not a day"),
        (ROUND, "= 2026-01-01", "= 2026-02-30", "permits/RONDA.toml:1: Invalid date or datetime (at line 1"),
        (ROUND, "[[types]]", "[[type]]", "permits/RONDA.toml: types: is not a list of tables with code and name"),
        (ROUND, "[[types]]", "[types]", "permits/RONDA.toml: types: is not a list of tables with code and name"),
        (ROUND, 'code = "RONDA"', "", "permits/RONDA.toml: types[1].code: None is not a code like SIP-DU"),
        (ROUND, '"RONDA"', '"ronda"', "permits/RONDA.toml: types[1].code: 'ronda' is not a code like SIP-DU"),
        (ROUND, '"RONDA"', '"RONDA-MALAM-SEKALI"', "permits/RONDA.toml: types[1].code: 'RONDA-MALAM-SEKALI' is not"),
        (ROUND, 'name = "Surat ronda malam"', "", "permits/RONDA.toml: name: is missing"),
        (ROUND, 'name = "Surat', 'title = "Surat', "permits/RONDA.toml: types[1].title: is unknown"),
        (ROUND, '"RONDA"', '"KOLAM-MAS"', "permits/RONDA.toml: KOLAM-MAS 2026-01-01 stands in permits/KOLAM.toml"),
        (POND, '["emas"]', '"emas"', "permits/KOLAM.toml: keywords: 'emas' is not a list"),
        (POND, '["ikan", "empang"]', "7", "permits/KOLAM.toml: keywords: 7 is not a list"),
        (POND, "types/RONDA", "types/RONDE", "permits/KOLAM.toml: link: there is no permit type RONDE"),
        (POND, 'agency = "DINKES"', 'agency = "DINAS"', "permits/KOLAM.toml: agency: agencies.csv has no DINAS"),
        (POND, 'office = "DINKES"', 'office = "DPMPTSP"', "permits/KOLAM.toml: office: agencies.csv has no DPMPTSP"),
        (POND, "stone = 1250.5", "stone = -1", "permits/KOLAM.toml: fee.amount.product[2].table.stone: -1 is not a"),
    ],
)  # fmt: skip
def test_each_kind_of_mistake_is_told_by_file_and_place(tmp_path: Path, file: str, old: str, new: str, told: str):
    city = a_city(tmp_path)
    amend(city, file, old, new)

    assert any(line.startswith(told) for line in problems(city)), problems(city)


def test_what_the_types_of_a_file_share_is_told_once(tmp_path: Path):
    city = a_city(tmp_path)
    amend(city, POND, 'kind = "permit"', 'kind = "licence"')

    assert problems(city) == ["permits/KOLAM.toml: kind: 'licence' is not permit or statement"]


def test_a_file_in_another_alphabet_is_told_by_line(tmp_path: Path):
    city = a_city(tmp_path)
    (city / ROUND).write_bytes(b"# satu\n# dua \xe9\n")

    assert problems(city) == ["permits/RONDA.toml:2: is not written in UTF-8"]


def test_offices_are_not_held_against_a_broken_list_of_agencies(tmp_path: Path):
    city = a_city(tmp_path)
    amend(city, "agencies.csv", "code,name", "kode,name")

    assert all(line.startswith("agencies.csv:1") for line in problems(city))
