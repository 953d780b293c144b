"""The clinics of a city folder: those of Binjai, and what a careless hand can do to such a folder."""

import json
from collections import Counter
from datetime import date, time
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from flask import Flask

from blueprints.dokter import loader, queries
from blueprints.dokter.models import SHARES, Clinic, Schedule, Tariff, Ward
from tests.cities import CONTOH, a_city, amend
from webapp.db import db, transactional
from webapp.loading import Report
from webapp.regions.loader import load_city
from webapp.regions.models import Region, Unit
from webapp.settings import ROOT

BINJAI = ROOT / "cities" / "binjai"
FACTS = Path("/work/shared/data")  # where the city's facts were compiled; not part of the product
WORKING_DAYS = range(5)


def load(city: Path, *, dry_run: bool = False) -> Report:
    return load_city(city, [loader.load], dry_run)


def problems(city: Path) -> list[str]:
    return [str(problem) for problem in load(city).problems]


def outcomes(report: Report, outcome: str) -> int:
    return sum(counts[outcome] for counts in report.tables.values())


def clinic(code: str) -> Clinic:
    return db.session.query(Clinic).join(Clinic.unit).filter(Unit.code == code).one()


def schedules() -> list[Schedule]:
    return db.session.query(Schedule).join(Schedule.ward).all()


def test_binjai_has_its_regions_and_clinics(app: Flask):
    report = load(BINJAI)

    assert not report.problems
    assert Counter(row.level for row in db.session.query(Region)) == {"city": 1, "kecamatan": 5, "kelurahan": 37}
    kinds = Counter(row.unit.kind for row in db.session.query(Clinic))
    assert kinds == {"puskesmas": 8, "rsud": 1, "hospital": 8}
    kebun_lada = clinic("PKM-KEBUN-LADA")
    assert (kebun_lada.short_name, kebun_lada.confirmed, kebun_lada.address) == ("Kebun Lada", True, "Jl. Talam No. 28")
    wards = db.session.query(Ward).filter_by(clinic_id=kebun_lada.unit_id)
    assert {row.code: row.name for row in wards} == {
        "001": "Poli Umum",
        "002": "Poli Gigi dan Mulut",
        "003": "Poli KIA",
        "008": "Poli KB",
    }
    assert "Holidays are known until 2026-12-31" in report.text()


def test_every_place_in_binjai_has_a_ward_and_a_tariff(app: Flask):
    load(BINJAI)

    for schedule in schedules():
        kind = schedule.ward.clinic.unit.kind
        tariffs = {share: queries.tariff_for(kind, share, schedule.valid_from) for share in SHARES}
        assert tariffs["jkn"].amount == 0
        assert tariffs["non_jkn"].amount > 0
        assert not tariffs["non_jkn"].confirmed, "no sourced tariff is known yet"
    assert {schedule.ward_id for schedule in schedules()} == {ward.id for ward in db.session.query(Ward)}


def test_every_doctor_in_binjai_is_plainly_invented(app: Flask):
    load(BINJAI)

    assert all(schedule.is_demo and " Contoh " in schedule.doctor for schedule in schedules())


def test_a_letter_stands_for_one_doctor_of_a_clinic_and_day(app: Flask):
    load(BINJAI)

    letters = Counter((row.ward.clinic_id, row.weekday, row.letter) for row in schedules())
    assert set(letters.values()) == {1}


def test_no_doctor_in_binjai_is_at_two_places_at_once(app: Flask):
    load(BINJAI)

    def whose(row: Schedule) -> tuple[str, int]:
        return row.doctor, row.weekday

    for _doctor, rows in groupby(sorted(schedules(), key=lambda row: (*whose(row), row.starts)), key=whose):
        day = list(rows)
        assert all(earlier.ends <= later.starts for earlier, later in pairwise(day))


def test_a_working_day_in_binjai_has_a_plausible_size(app: Flask):
    load(BINJAI)

    for weekday in WORKING_DAYS:
        shifts = [row for row in schedules() if row.weekday == weekday]
        places = Counter({share: sum(getattr(row, share) for row in shifts) for share in SHARES})
        assert 55 <= len(shifts) <= 65
        assert 1_500 <= places.total() <= 3_000
        assert 0.72 <= places["jkn"] / places.total() <= 0.82
        assert 0.1 <= places["non_jkn"] / places.total() <= 0.18
    assert all(24 <= row.jkn + row.non_jkn + row.counter <= 80 for row in schedules())


def test_numbers_open_a_day_before_at_a_puskesmas_and_a_week_before_at_a_hospital(app: Flask):
    load(BINJAI)

    opens = {(row.ward.clinic.unit.kind, row.opens_days_before, row.opens) for row in schedules()}
    assert opens == {("puskesmas", 1, time(7)), ("rsud", 7, time(7)), ("hospital", 7, time(7))}


def test_binjai_agrees_with_the_facts_compiled_for_it(app: Flask):
    load(BINJAI)

    names = {row.code: row.name for row in db.session.query(Region)}
    assert (names["12.75"], names["12.75.01.1005"], names["12.75.05.1008"]) == (
        "Kota Binjai",
        "Kebun Lada",
        "Rambung Timur",
    )
    if FACTS.exists():
        regions = json.loads((FACTS / "wilayah_binjai.json").read_text(encoding="utf-8"))
        assert names == {row["kode"]: row["nama"] for row in regions}
        agencies = json.loads((FACTS / "opd.json").read_text(encoding="utf-8"))
        units = {row.code: row.name for row in db.session.query(Unit)}
        hospital = "RSUD"  # one institution is one unit: it stands among the clinics
        assert units.items() >= {row["kode"]: row["nama"] for row in agencies if row["kode"] != hospital}.items()
        codes = {row["kode"] for row in json.loads((FACTS / "poli_bpjs.json").read_text(encoding="utf-8"))}
        assert {row.code for row in db.session.query(Ward)} <= codes


def test_loading_binjai_again_changes_nothing(app: Flask):
    added = outcomes(load(BINJAI), "added")

    report = load(BINJAI)

    assert (outcomes(report, "added"), outcomes(report, "changed"), outcomes(report, "kept")) == (0, 0, 0)
    assert outcomes(report, "unchanged") == added
    assert not report.gone


def test_a_dry_run_writes_no_clinic(app: Flask):
    report = load(BINJAI, dry_run=True)

    assert report.tables["dokter_clinic"] == {"added": 17}
    assert db.session.query(Unit).count() == db.session.query(Clinic).count() == 0


def test_a_line_of_the_file_becomes_a_schedule_for_each_of_its_days(app: Flask):
    load(CONTOH)

    kept = [row for row in schedules() if row.ward.code == "INT"]
    assert [row.weekday for row in kept] == [0, 4, 5]
    assert {(row.doctor, row.starts, row.ends) for row in kept} == {("dr. Contoh Melati, Sp.PD", time(7, 30), time(12))}
    assert {row.valid_until for row in kept} == {date(2026, 12, 31)}


def test_every_mistake_of_every_file_is_told_and_nothing_is_changed(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    amend(city, "regions.csv", "99.71.01,Contoh Timur", "99.71.1,Contoh Timur")
    amend(city, "clinics.csv", "rsud,,,no", "hospitol,,,no")
    amend(city, "wards.csv", "RSUD-CONTOH,INT", "RSUD-CONTO,INT")
    amend(city, "schedules.csv", "Sen Sel Rab,07.30,11.30,30", "Sen Selasa,07.30,24.30,-3")
    amend(city, "schedules.csv", "2026-12-31", "2025-12-31")
    amend(city, "tariffs.csv", "10000", "Rp10.000")

    assert problems(city) == [
        "clinics.csv:3: kind: 'hospitol' is not puskesmas or rsud or hospital",
        "regions.csv:2: regions.csv has no 99.71.01",
        "regions.csv:3: regions.csv has no 99.71.01",
        "regions.csv:4: code: '99.71.1' is not a Kemendagri code like 12.75.01.1005",
        "schedules.csv:2: ends: '24.30' is not an hour like 07.30",
        "schedules.csv:2: jkn: '-3' is not a whole number",
        "schedules.csv:2: weekdays: 'Sen Selasa' is not days like Sen Sel Rab Kam Jum, each once",
        "schedules.csv:4: valid_until: before valid_from",
        "schedules.csv:4: wards.csv has no RSUD-CONTOH INT",
        "tariffs.csv:3: amount: 'Rp10.000' is not a whole number",
        "wards.csv:4: clinics.csv has no RSUD-CONTO",
    ]
    for model in (Region, Unit, Clinic, Ward, Schedule, Tariff):
        assert db.session.query(model).count() == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("schedules.csv", ",002,B,", ",002,A,", "schedules.csv:3: letter: line 2 has A on Sen in this clinic already"),
        ("schedules.csv", "Sen Kam", "Sen Sen", "schedules.csv:3: weekdays: 'Sen Sen' is not days like"),
        ("schedules.csv", "Sen Kam,07.30,11.30", "Sen Kam,11.30,11.30", "schedules.csv:3: ends: not after starts"),
        ("schedules.csv", "24,5,3", "0,0,0", "schedules.csv:3: jkn, non_jkn, counter: no places at all"),
        ("tariffs.csv", "rsud,non_jkn", "puskesmas,counter", "tariffs.csv:5: share: 'counter' is not jkn or non_jkn"),
        ("tariffs.csv", "rsud,non_jkn", "hospital,non_jkn", "schedules.csv:4: tariffs.csv has no non_jkn for a rsud"),
        ("tariffs.csv", "35000,Perda Contoh,no,2024", "35000,Perda,no,2027", "schedules.csv:4: tariffs.csv has no"),
        ("clinics.csv", "PKM-PANTAI,", "DINKES,", "clinics.csv:2: code: DINKES is an agency in agencies.csv"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("app")
def test_what_does_not_fit_together_is_told(tmp_path: Path, file: str, old: str, new: str, problem: str):
    city = a_city(tmp_path)
    amend(city, file, old, new)

    assert any(told.startswith(problem) for told in problems(city)), problems(city)


def test_what_staff_edited_in_a_schedule_is_kept_while_the_rest_follows_the_file(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    load(city)

    @transactional
    def move_the_dentist() -> None:
        thursday = db.session.query(Schedule).filter_by(letter="B", weekday=3).one()
        thursday.starts, thursday.room, thursday.weekday = time(9), "Ruang 5", 4

    move_the_dentist()
    amend(city, "schedules.csv", "Ruang 2,Sen Kam,07.30,11.30,24", "Ruang 3,Sen Kam,08.00,12.00,30")
    report = load(city)

    dentist = {row.weekday: (row.starts, row.ends, row.room, row.jkn) for row in schedules() if row.letter == "B"}
    assert dentist == {0: (time(8), time(12), "Ruang 3", 30), 4: (time(9), time(12), "Ruang 5", 30)}
    assert [line.split(" stays ")[0] for line in report.kept] == [
        "dokter_schedule PKM-PANTAI 002 B Kam: weekday",
        "dokter_schedule PKM-PANTAI 002 B Kam: room",
        "dokter_schedule PKM-PANTAI 002 B Kam: starts",
    ]


def test_a_day_taken_out_of_the_file_is_told_by_its_clinic_and_day(app: Flask, tmp_path: Path):
    city = a_city(tmp_path)
    load(city)
    amend(city, "schedules.csv", "Sen Jum Sab", "Sen Jum")

    assert load(city).gone == ["dokter_schedule RSUD-CONTOH INT A Sab: no longer in the file"]
