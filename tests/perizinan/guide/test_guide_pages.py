"""The public pages of permits: found, understood and begun without knowing how the offices work."""

from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from blueprints.perizinan.cases import statistics
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.catalogue import loader, queries
from blueprints.perizinan.guide import shown
from tests import people
from tests.cities import a_city
from tests.pages import Browser, Page
from webapp import clock
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.regions.loader import load_city
from webapp.settings import ROOT

DAY = date(2026, 11, 24)
SIP_FITS = {"str": "yes", "in_city": "yes", "three_places": "no"}


@pytest.fixture(autouse=True)
def binjai(app: Flask) -> None:
    load_city(ROOT / "cities" / "binjai", [loader.load])


def fit(browser: Browser, code: str, **answers: str) -> Page:
    return browser.open(f"/perizinan/types/{code}/fit?{urlencode(answers)}")


def test_the_front_page_shows_every_permit_by_whom_it_is_for(browser):
    page = browser.open("/perizinan/")

    links = {link["href"] for link in page.html.select("details a.row")}
    assert links == {f"/perizinan/types/{row.code}" for row in queries.types_on(DAY)}
    assert len(page.html.select(".kinds details")) == 6
    assert "GRATIS · 5 hari kerja" in page.text.replace("\u00a0", " ")
    assert "SIUP, sejak 2018 diganti NIB." in page.text


def test_the_front_page_leads_to_a_document_check_and_to_ones_own(browser, siti):
    assert browser.open("/perizinan/").has('a[href="/perizinan/check"]')
    assert not browser.page.has('main a[href="/perizinan/applications"]')
    browser.as_person(siti)
    assert browser.open("/perizinan/").has('main a[href="/perizinan/applications"]')


@pytest.mark.parametrize(
    ("words", "first"),
    [("surat ijin dokter gigi", "SIP Dokter Gigi"), ("pohn", "Izin/rekomendasi penebangan pohon milik pemko")],
)
def test_the_search_forgives_typing(browser, words: str, first: str):
    page = browser.open(f"/perizinan/?{urlencode({'q': words})}")

    assert page.find("section .row b").get_text() == first
    assert page.find("#search")["value"] == words
    assert not page.has("main details")


def test_a_search_without_a_result_helps(browser):
    page = browser.open("/perizinan/?q=paspor")

    assert "Tidak ada izin untuk “paspor”" in page.text
    assert page.has('.empty a[href="/perizinan/"]')


def test_what_is_searched_for_is_shown_as_text(browser):
    page = browser.open("/perizinan/?q=%3Cscript%3Ealert(1)%3C/script%3E%25s")
    assert not page.has("main script") and "<script>alert(1)</script>%s" in page.text


def test_the_page_of_a_free_permit(browser):
    page = browser.open("/perizinan/types/SIP-PRW")

    law = queries.type_of("SIP-PRW", DAY).definition
    assert page.find("h1").get_text() == "SIP Perawat"
    assert page.find(".price-free").get_text() == "GRATIS"
    assert page.find("[data-fee]")["data-fee"] == "0"
    assert "UU 1/2022 Pasal 88" in page.text
    for said in (*law.basis, *(needed.name for needed in law.requirements), law.validity.words, law.note):
        assert said in page.text
    assert "Dinas Kesehatan" in page.text
    assert "Dinas Penanaman Modal dan Pelayanan Perizinan Terpadu Satu Pintu" in page.text
    assert "UU 30/2014 Pasal 77" in page.text
    assert page.has('a[href="/perizinan/types/SIP-PRW/fit"]')


def test_a_code_is_found_however_it_is_written(browser):
    assert browser.open("/perizinan/types/sip-prw").find("h1").get_text() == "SIP Perawat"
    browser.open("/perizinan/types/PASPOR", status=404)
    browser.open("/perizinan/types/PASPOR/fit", status=404)


@pytest.mark.parametrize("code", ["NIB", "SLF", "SIUP-HIST", "KERAMAIAN", "SPPIRT"])
def test_what_is_elsewhere_has_its_door_and_no_form(browser, code: str):
    page = browser.open(f"/perizinan/types/{code}")

    definition = queries.type_of(code, DAY).definition
    assert definition.door in page.find(".card-first").get_text()
    assert page.has(f'.card-first a[href="{definition.link}"]') == bool(definition.link)
    assert not page.has(f'a[href="/perizinan/types/{code}/fit"]')
    assert browser.open(f"/perizinan/types/{code}/fit?yes=yes").path == f"/perizinan/types/{code}"


def test_history_tells_what_took_its_place_and_no_price(browser):
    page = browser.open("/perizinan/types/SIUP-HIST")
    assert not page.has(".price") and "hari kerja" not in page.find("main").get_text()
    assert page.click("Tunjukkan").path == "/perizinan/types/NIB"


@pytest.mark.parametrize("row", ["GALIAN", "PBG-HS", "PBG-UM", "KEL-WARIS", "AK1", "PAUD"])
def test_every_kind_of_type_has_its_page(browser, row: str):
    page = browser.open(f"/perizinan/types/{row}")
    assert queries.type_of(row, DAY).name == page.find("h1").get_text()


def test_what_is_invented_is_said(browser):
    assert "Contoh, belum disahkan" in browser.open("/perizinan/types/POHON").text
    page = browser.open("/perizinan/types/PBG-HS")
    assert "SIMBG" in page.find(".note-attention:not([hidden])").get_text()
    assert page.has('.note-attention a[href="https://simbg.pu.go.id"]')


def test_a_retribution_names_its_article_and_can_be_worked_out(browser):
    page = browser.open("/perizinan/types/PBG-HS")
    assert "Perda Kota Binjai 1/2024" in page.find(".price").get_text()
    assert page.find("[data-fee]")["data-fee"] == ""

    answers = {"floor_area": "72", "floors": "one", "permanence": "permanent", "ownership": "person", "work": "new"}
    page = browser.open(f"/perizinan/types/PBG-HS?{urlencode(answers)}")
    assert page.find("[data-fee]")["data-fee"] == "324000"
    assert "Rp324.000" in page.text
    assert "72 × 25.000 × 0,18 × 1 = 324.000" in page.text
    assert page.find("#price").has_attr("open")


@pytest.mark.parametrize("area", ["", "abc", "-5", "1e9", "101", "NaN"])
def test_a_sum_that_cannot_be_worked_out_is_not_shown(browser, area: str):
    answers = {"floor_area": area, "floors": "one", "permanence": "permanent", "ownership": "person", "work": "new"}
    page = browser.open(f"/perizinan/types/PBG-HS?{urlencode(answers)}")
    assert page.find("[data-fee]")["data-fee"] == ""
    assert page.has(".summary") and page.has("#price .error")


def test_a_price_is_worked_out_with_a_comma_as_people_write_it(browser):
    answers = {"floor_area": "72,5", "floors": "one", "permanence": "permanent", "ownership": "person", "work": "new"}
    page = browser.open(f"/perizinan/types/PBG-HS?{urlencode(answers)}")
    assert page.find("[data-fee]")["data-fee"] == "326250"


def test_without_cases_there_is_no_data(browser):
    text = browser.open("/perizinan/types/SIP-DG").find("#record").parent.get_text()
    assert "Belum ada data" in text


def test_what_real_cases_took_is_told(browser, monkeypatch):
    monkeypatch.setattr(statistics, "of_type", lambda code: statistics.Record(1250, 3.5, 5.0, 0.967))

    text = browser.open("/perizinan/types/SIP-DG").find("#record").parent.get_text(" ").replace("\u00a0", " ")
    assert "3,5 hari kerja" in text and "5 hari kerja" in text and "97% dari 1.250" in text


def test_one_late_case_of_a_thousand_is_not_rounded_away():
    facts = dict(shown.record_facts(statistics.Record(1000, 3.0, 5.0, 0.999)))
    assert "99%" in list(facts.values())[-1]


def test_what_is_asked_for_most_stands_first(browser, siti):
    send(siti, "POHON", "AAAAAAA1")
    send(siti, "ITR", "AAAAAAA2")
    send(siti, "POHON", "AAAAAAA3")

    often = browser.open("/perizinan/").find("#often").parent
    assert [row["href"] for row in often.select("a.row")] == ["/perizinan/types/POHON", "/perizinan/types/ITR"]


@transactional
def send(person: Person, type_code: str, code: str) -> None:
    law = queries.type_of(type_code, DAY)
    case = Application(
        code=code, type=law, type_code=type_code, person=person, role="self", answers={}, state="checking",
        began_at=clock.now(), saved_at=clock.now(), submitted_at=clock.now(),
    )  # fmt: skip
    db.session.add(case)


def test_the_questions_ask_and_keep_nothing(browser):
    page = fit(browser, "SIP-DG")

    form = page.find("main form.form")
    assert form["method"] == "get"
    asked = [legend.get_text() for legend in form.select("legend")]
    assert asked == [question.ask for question in queries.type_of("SIP-DG", DAY).definition.questions]
    assert not page.has(".summary") and not page.has('form[action$="/start"]')
    assert db.session.query(Application).count() == 0


def test_a_question_left_open_is_asked_again(browser):
    page = fit(browser, "SIP-DG", str="yes", in_city="yes")

    assert len(page.html.select(".summary li")) == 1
    assert len(page.html.select("input[checked]")) == 2
    fit(browser, "SIP-DG", str="perhaps", in_city="yes", three_places="no")
    assert len(browser.page.html.select(".summary li")) == 1


def test_a_no_leads_to_another_door_and_is_no_error(browser):
    page = fit(browser, "PBG-HS", in_city="yes", home="no", small="no", state="no", land="yes")

    doors = [card.p.get_text() for card in page.html.select(".card-first")]
    assert doors == [
        "Bangunan lain memakai PBG untuk bangunan tidak sederhana.",
        "Rumah yang lebih besar memakai PBG untuk bangunan tidak sederhana.",
    ]
    assert page.has('.card-first a[href="/perizinan/types/PBG-UM"]')
    assert not page.has(".error") and not page.has(".summary") and not page.has('form[action$="/start"]')


def test_whoever_it_fits_sees_everything_before_beginning(browser, siti):
    browser.as_person(siti)
    page = fit(browser, "SIP-DG", **SIP_FITS)

    law = queries.type_of("SIP-DG", DAY).definition
    for said in (*(needed.name for needed in law.requirements), "UU 1/2022 Pasal 88", "UU 30/2014 Pasal 77"):
        assert said in page.text
    assert page.find(".price-free").get_text() == "GRATIS"
    start = page.form("/types/SIP-DG/start")
    assert {control["value"] for control in start.tag.select("input[name=role]")} == {"self", "business", "proxy"}
    assert "idempotency_key" in start.values()
    start.send(role="self")
    assert browser.page.find("h1").get_text() == "SIP Dokter Gigi"
    assert db.session.query(Application).one().type_code == "SIP-DG"


def test_to_begin_without_saying_for_whom_is_asked_for_on_the_same_page(browser, siti):
    browser.as_person(siti)
    page = fit(browser, "SIP-DG", **SIP_FITS).form("/start").send()

    assert page.has(".summary") and page.has(".error")
    assert page.form("/types/SIP-DG/start")
    assert db.session.query(Application).count() == 0


def test_a_stranger_signs_in_first_and_comes_back_to_the_same_place(browser, siti):
    page = fit(browser, "SIP-DG", **SIP_FITS)

    assert not page.has('form[action$="/start"] button')
    link = page.find('form[action$="/start"] a.button')["href"]
    sign_in = browser.open(str(link)).form("/sign-in")
    back = sign_in.send(login=people.SITI_NIK, password=people.PASSWORD)
    assert back.has('form[action$="/start"] button')


def test_staff_cannot_apply_in_the_name_of_their_office(browser):
    browser.as_person(people.rudi())
    assert not fit(browser, "SIP-DG", **SIP_FITS).has('form[action$="/start"] button')


def test_the_fee_is_the_same_on_the_public_page_and_before_one_begins(browser, siti):
    browser.as_person(siti)
    public = browser.open("/perizinan/types/SIP-DG").find(".price").get_text()
    assert fit(browser, "SIP-DG", **SIP_FITS).find(".price").get_text() == public


def test_a_type_that_is_a_file_alone_has_its_pages(browser, tmp_path: Path):
    city = a_city(tmp_path)
    load_city(city, [loader.load])

    page = browser.open("/perizinan/types/KOLAM-MAS")
    assert "Izin kolam ikan mas" in page.text and "Air jernih" not in page.text
    assert "Retribusi" in browser.open("/perizinan/types/KOLAM-MAS?area=10&bottom=stone&by_river=no").text
    assert browser.page.find("[data-fee]")["data-fee"] == "12505"
    assert "Datang ke kantor pasar." in browser.open("/perizinan/types/PASAR").text
    assert not browser.page.has(".price")
    assert fit(browser, "RONDA", resident="yes").has('form[action$="/start"]')


def test_english_pages_are_english_around_the_citys_own_words(browser):
    with browser.http.session_transaction() as session:
        session["language"] = "en"
    page = browser.open("/perizinan/types/SIP-DG")
    assert page.find("html")["lang"] == "en"
    assert "At most 5 working days" in page.text and page.find(".price-free").get_text() == "FREE"
