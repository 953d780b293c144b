"""People find a permit type by their own words, mistyped or out of date."""

from datetime import date

import pytest
from flask import Flask

from blueprints.perizinan.catalogue import loader, matching, queries
from webapp.regions.loader import load_city
from webapp.settings import ROOT

DAY = date(2026, 11, 24)


@pytest.fixture
def binjai(app: Flask) -> None:
    load_city(ROOT / "cities" / "binjai", [loader.load])


FOUND = {
    "surat ijin dokter gigi": {"SIP-DG"}, "dokter gigi": {"SIP-DG"}, "SIP-DG": {"SIP-DG"}, "sip bidan": {"SIP-BDN"},
    "perwat": {"SIP-PRW"},
    "apotekr": {"SIP-APT"}, "dokter hewan": {"DRH"}, "pohn": {"POHON"}, "tebang pohon": {"POHON"},
    "imb": {"PBG-HS", "PBG-UM"}, "bangun rumah": {"PBG-HS"}, "siup": {"SIUP-HIST"}, "SIUP!": {"SIUP-HIST"},
    "surat tidak manpu": {"KEL-SKTM"}, "sktm": {"KEL-SKTM"}, "kartu kuning": {"AK1"}, "ahli wariss": {"KEL-WARIS"},
    "spanduk": {"REK-INS"}, "reklme": {"REK-INS", "REK-PER"}, "hajatan": {"DISP-JALAN"}, "skripsi": {"SKP-LIT"},
    "penelitain": {"SKP-LIT"}, "kuburan": {"MAKAM-TPU"}, "domisili usaha": {"KEL-DOM"}, "andalalin": {"ANDALALIN"},
    "pirt": {"SPPIRT"},
}  # fmt: skip


@pytest.mark.usefixtures("binjai")
def test_what_people_type_finds_what_they_mean():
    found = {words: queries.search(words, DAY) for words in FOUND}
    assert {words: {row.code for row in found[words][: len(meant)]} for words, meant in FOUND.items()} == FOUND


@pytest.mark.usefixtures("binjai")
def test_what_nobody_offers_is_not_found():
    assert queries.search("paspor", DAY) == []
    assert queries.search("", DAY) == queries.search("  ?!", DAY) == []
    assert queries.search("x" * 5000 + " y" * 5000, DAY) == []


@pytest.mark.usefixtures("binjai")
def test_the_history_of_a_permit_stands_before_what_replaced_it():
    assert [row.code for row in queries.search("siup", DAY)] == ["SIUP-HIST", "NIB"]


def test_rare_words_count_more_than_common_ones():
    texts = {"a": ["izin pohon"], "b": ["izin jalan"], "c": ["izin rumah"], "d": ["izin kolam"]}
    assert matching.best("izin kolam", texts) == ["d"]
    assert matching.best("izin", texts) == ["a", "b", "c", "d"]


def test_short_words_must_be_written_as_they_are():
    texts = {"a": ["smp"], "b": ["sma"]}
    assert matching.best("smp", texts) == ["a"]
    assert matching.best("sm", texts) == ["a", "b"]
    assert matching.best("smk", texts) == []


def test_accents_and_signs_do_not_matter():
    assert matching.words_of("Café, d/h TTK (umum) SIP-DG") == ["cafe", "d", "h", "ttk", "umum", "sip", "dg"]
    assert matching.best("café", {"a": ["CAFE"]}) == ["a"]
