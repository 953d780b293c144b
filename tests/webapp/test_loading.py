"""A city folder is loaded again and again: all or nothing, and never over what staff has edited."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.cities import CONTOH, a_city, amend
from webapp import calendar
from webapp.calendar import Holiday
from webapp.db import db, transactional
from webapp.loading import Report, city_of
from webapp.regions.loader import load_city
from webapp.regions.models import Region, Unit
from webapp.settings import SettingsError


@transactional
def edit(row: object, **values: object) -> None:
    """What staff does on a page."""
    for column, value in values.items():
        setattr(row, column, value)


def unit(code: str) -> Unit:
    return db.session.query(Unit).filter_by(code=code).one()


def outcomes(report: Report) -> dict[str, dict[str, int]]:
    return {name: dict(counts) for name, counts in report.tables.items()}


def everything() -> list[tuple[str, str, str]]:
    db.session.rollback()
    regions = [("region", row.code, row.name) for row in db.session.query(Region)]
    units = [("unit", row.code, row.name) for row in db.session.query(Unit)]
    return sorted(regions + units + [("holiday", str(row.day), row.name) for row in db.session.query(Holiday)])


def problems(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def test_a_new_city_is_loaded_whatever_the_order_of_its_lines(app: Flask):
    report = load_city(CONTOH)

    assert outcomes(report) == {"region": {"added": 4}, "unit": {"added": 2}, "holiday": {"added": 2}}
    pantai = unit("KEL-PANTAI").region
    assert pantai and (pantai.name, pantai.parent_code, pantai.latitude) == ("Pantai", "99.71.01", -2.5)
    assert calendar.holiday_name(date(2026, 8, 17)) == "Hari Proklamasi Kemerdekaan R.I."
    assert calendar.is_working_day(date(2026, 8, 18))


def test_loading_again_changes_nothing(app: Flask):
    load_city(CONTOH)
    before = everything()

    report = load_city(CONTOH)

    assert outcomes(report) == {"region": {"unchanged": 4}, "unit": {"unchanged": 2}, "holiday": {"unchanged": 2}}
    assert not report.kept
    assert not report.gone
    assert everything() == before


def test_a_dry_run_tells_what_would_change_and_changes_nothing(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)

    report = load_city(city, dry_run=True)
    assert outcomes(report)["unit"] == {"added": 2}
    assert "Dry run: nothing was changed." in report.text()
    assert everything() == []

    load_city(city)
    amend(city, "agencies.csv", "Dinas Kesehatan", "Dinas Kesehatan dan Gizi")
    assert outcomes(load_city(city, dry_run=True))["unit"] == {"changed": 1, "unchanged": 1}
    assert unit("DINKES").name == "Dinas Kesehatan"


def test_the_loader_tells_until_when_holidays_are_known(app: Flask, tmp_path: Path):
    assert "Holidays are known until 2026-12-31; after that only weekends count." in load_city(CONTOH).text()

    city = a_city(tmp_path)
    amend(city, "holidays.csv", "2026-12-24", "2027-01-01")
    assert "until 2027-12-31" in load_city(city).text()


def test_a_city_without_a_holiday_table_has_weekends_only(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    (city / "holidays.csv").write_text("day,name,joint_leave,certain,source\n", encoding="utf-8")

    assert "No holidays are known: only weekends count." in load_city(city).text()


def test_every_mistake_is_told_by_file_and_line_and_nothing_is_changed(app: Flask, tmp_path: Path):
    load_city(CONTOH)
    before = everything()
    city = a_city(tmp_path)
    amend(city, "city.toml", "9971", "")
    amend(city, "regions.csv", "-2.5,140.7,", '"-2,5",140.7,')
    amend(city, "regions.csv", "Bukit", "")
    amend(city, "agencies.csv", "agency,,", "bureau,99.71.02,")
    amend(city, "holidays.csv", "2026-08-17", "2026-02-30")
    amend(city, "holidays.csv", "yes,no,rekaan", "yes,maybe,rekaan")

    assert problems(load_city(city)) == [
        "agencies.csv:2: kind: 'bureau' is not agency or kecamatan or kelurahan",
        "agencies.csv:2: regions.csv has no 99.71.02",
        f"city.toml: {city / 'city.toml'}: not a text: bps_code",
        "holidays.csv:2: day: '2026-02-30' is not a day like 2026-08-17",
        "holidays.csv:3: certain: 'maybe' is not yes or no",
        "regions.csv:2: latitude: '-2,5' is not a number with a point before its decimals",
        "regions.csv:3: name: is empty",
    ]
    assert everything() == before


def test_a_row_may_stand_only_once(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    amend(city, "agencies.csv", "KEL-PANTAI,", "DINKES,")

    assert problems(load_city(city)) == ["agencies.csv:3: DINKES stands in line 2 already"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "99.71.01.1002,Bukit,kelurahan,99.71.01",
            "99.71.01.1002,Bukit,kelurahan,99.71",
            "a kelurahan lies in kecamatan",
        ),
        ("99.71.01.1002,Bukit,kelurahan,99.71.01", "99.71.01.1002,Bukit,kelurahan,", "a kelurahan lies in kecamatan"),
        ("99.71.01.1002,Bukit,kelurahan", "99.71.01.1002,Bukit,city", "a city lies in nothing"),
    ],
)
def test_a_region_lies_in_one_of_the_next_level(app: Flask, tmp_path: Path, old: str, new: str, problem: str):
    city = a_city(tmp_path)
    amend(city, "regions.csv", old, new)

    assert problems(load_city(city)) == [f"regions.csv:3: parent: {problem}"]


def test_lines_are_counted_as_an_editor_counts_them(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    amend(city, "agencies.csv", "agency,,rekaan\n", 'agency,,"rekaan,\ndua baris"\n\n,,,,\n')
    amend(city, "agencies.csv", "kelurahan,99.71.01.1001,rekaan\n", "kelurahan\n")

    assert problems(load_city(city)) == [
        "agencies.csv:2: source: 'rekaan,\\ndua baris' is not one line of at most 400 characters",
        "agencies.csv:6: 3 cells instead of 5",
    ]


def test_a_file_that_cannot_be_read_is_told_once_and_not_held_against_others(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    (city / "holidays.csv").unlink()
    amend(city, "regions.csv", "Bukit,", '"Bukit,')
    (city / "agencies.csv").write_bytes(b"code,name,kind,region,source\nX,Caf\xe9,agency,,rekaan\n")

    assert problems(load_city(city)) == [
        "agencies.csv:2: is not written in UTF-8",
        "holidays.csv: No such file or directory",
        "regions.csv:3: unexpected end of data",
    ]


def test_columns_are_those_of_the_readme(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    amend(city, "agencies.csv", "code,name,kind,region,source", "code,name,name,type,source")
    (city / "holidays.csv").write_text("", encoding="utf-8")

    of_holidays = "; ".join(f"column {name} is missing" for name in ("day", "name", "joint_leave", "certain", "source"))
    assert problems(load_city(city)) == [
        "agencies.csv:1: column kind is missing; column region is missing; column type is unknown;"
        " column name stands there twice",
        f"holidays.csv:1: {of_holidays}",
    ]


def test_a_file_saved_by_a_spreadsheet_is_read(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    content = (city / "agencies.csv").read_bytes()
    (city / "agencies.csv").write_bytes(
        b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n").replace(b",agency", b" , agency")
    )

    assert not load_city(city).problems
    assert unit("DINKES").name == "Dinas Kesehatan"


def test_what_staff_edited_is_kept_while_the_rest_follows_the_file(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    load_city(city)
    edit(unit("KEL-PANTAI"), name="Kantor Lurah Pantai")
    amend(city, "agencies.csv", "Kelurahan Pantai,kelurahan,99.71.01.1001", "Kelurahan Pasir,kelurahan,99.71.01.1002")

    for _time in range(2):
        report = load_city(city)
        assert (unit("KEL-PANTAI").name, unit("KEL-PANTAI").region_code) == ("Kantor Lurah Pantai", "99.71.01.1002")
        assert report.kept == [
            "unit KEL-PANTAI: name stays 'Kantor Lurah Pantai' as edited by staff; the file says 'Kelurahan Pasir'"
        ]
    assert outcomes(report)["unit"] == {"unchanged": 1, "kept": 1}


def test_what_staff_put_back_follows_the_file_again(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    load_city(city)
    edit(unit("DINKES"), name="Dinkes")
    load_city(city)
    edit(unit("DINKES"), name="Dinas Kesehatan")
    amend(city, "agencies.csv", "Dinas Kesehatan", "Dinas Kesehatan dan Gizi")

    load_city(city)
    assert unit("DINKES").name == "Dinas Kesehatan dan Gizi"


def test_a_key_that_staff_edited_makes_no_second_row(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    load_city(city)
    edit(unit("DINKES"), code="DKES")

    report = load_city(city)
    assert outcomes(report)["unit"] == {"kept": 1, "unchanged": 1}

    amend(city, "agencies.csv", "KEL-PANTAI", "DKES,Dinas Kesejahteraan,agency,,rekaan\nKEL-PANTAI")
    assert "unit DKES: is left alone, since staff made it" in load_city(city).kept
    assert unit("DKES").name == "Dinas Kesehatan"


def test_what_staff_made_is_never_touched(app: Flask):
    @transactional
    def make() -> None:
        db.session.add(Unit(code="DINKES", name="Dinas buatan sendiri", kind="agency"))

    make()
    report = load_city(CONTOH)

    assert outcomes(report)["unit"] == {"kept": 1, "added": 1}
    assert unit("DINKES").name == "Dinas buatan sendiri"


def test_what_left_the_files_stays_and_is_told(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    load_city(city)
    amend(city, "agencies.csv", "DINKES,Dinas Kesehatan,agency,,rekaan\n", "")

    assert load_city(city).gone == ["unit DINKES: no longer in the file"]
    assert unit("DINKES").name == "Dinas Kesehatan"


def test_the_city_says_who_it_is():
    city = city_of(CONTOH)
    assert (city.name, city.short, city.timezone) == ("Kota Contoh", "Contoh", ZoneInfo("Asia/Jayapura"))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('short = "Contoh"\n', "", "missing or unknown: short"),
        ('short = "Contoh"', 'short = "Contoh"\nslogan = "Maju"', "missing or unknown: slogan"),
        ('"Asia/Jayapura"', '"Asia/Contoh"', "No time zone found with key Asia/Contoh"),
        ('"99.71"', '"99.71', "(at line 3, column 14)"),
        ('"99.71"', "99.71", "not a text: code"),
    ],
)
def test_a_wrong_city_file_is_refused_in_one_line(tmp_path: Path, old: str, new: str, reason: str):
    city = a_city(tmp_path)
    amend(city, "city.toml", old, new)

    with pytest.raises(SettingsError) as refused:
        city_of(city)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_folder_without_a_city_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError, match="No such file"):
        city_of(tmp_path)
