"""A permit type that nobody has heard of, added by one file: from the search to a signed document, without any code."""

import re
from datetime import date, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.catalogue import loader
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.examining.actions import Seen
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.permits import queries as permits
from tests import people
from tests.cities import a_city, amend
from tests.factories import permits as make
from tests.pages import Browser, Page
from tests.webapp.uploads.files import jpeg
from webapp import clock, signing
from webapp.db import db
from webapp.payments import actions as payments
from webapp.payments.word import Word
from webapp.regions.loader import load_city

NEST = """
valid_from = 2026-02-01
kind = "permit"
agency = "DINKES"
office = "DINKES"
channel = "here"
audience = "business"
basis = ["Perda Contoh 9/2025"]
checklist = ["Suara tidak melebihi batas", "Tinggi bangunan sesuai"]
source = "rekaan"
confidence = "rekaan"
keywords = ["burung", "rumah sarang"]

[[types]]
code = "WALET"
name = "Izin sarang burung walet"

[validity]
words = "sampai hari yang Anda sebut"
until_field = "until"

[fee]
kind = "retribution"
basis = "Perda Contoh 9/2025 Pasal 4"
rule = "luas x tarif"
[fee.amount]
name = "Retribusi walet"
product = [
  { name = "Luas", field = "area" },
  { name = "Tarif", by = "kind", table = { cave = 1000, house = 2500 } },
]

[[stages]]
name = "check"
days = 1
[[stages]]
name = "verify"
days = 1
[[stages]]
name = "inspect"
days = 3
[[stages]]
name = "pay"
days = 0
[[stages]]
name = "sign"
days = 1

[[questions]]
key = "in_city"
ask = "Apakah rumah waletnya di Kota Contoh?"
fits = true
door = "Ajukan di kota tempatnya."

[[requirements]]
key = "id_card"
name = "KTP pemohon"
[[requirements]]
key = "consent"
name = "Persetujuan tetangga"
optional = true

[[fields]]
key = "address"
label = "Alamat rumah"
kind = "text"
part = "applicant"
[[fields]]
key = "kelurahan"
label = "Kelurahan"
kind = "kelurahan"
part = "location"
[[fields]]
key = "area"
label = "Luas bangunan"
kind = "decimal"
part = "details"
least = 4
most = 5000
unit = "m²"
[[fields]]
key = "kind"
label = "Jenis sarang"
kind = "choice"
part = "details"
[fields.choices]
cave = "Gua"
house = "Rumah"
[[fields]]
key = "floors"
label = "Jumlah lantai"
kind = "number"
part = "details"
least = 1
most = 9
[[fields]]
key = "until"
label = "Berlaku sampai"
kind = "date"
part = "details"
[[fields]]
key = "loud"
label = "Memakai pengeras suara"
kind = "yes_no"
part = "details"
[[fields]]
key = "plan"
label = "Rencana"
kind = "long_text"
part = "details"
required = false
"""
FILE, LATER = "permits/WALET.toml", "permits/WALET-2.toml"
DETAILS = {"area": "72,5", "kind": "house", "floors": "3", "until": "2027-06-30", "loud": "no", "plan": "Dua\nbaris"}
FEE = 181_250  # 72.5 x 2,500


@pytest.fixture
def city(app, signing_key, tmp_path: Path) -> Path:
    """The small city, and one file more."""
    folder = a_city(tmp_path)
    (folder / FILE).write_text(NEST, encoding="utf-8")
    report = load_city(folder, [loader.load], False)
    assert not report.problems
    return folder


@pytest.fixture
def staff(city) -> dict:
    names = {"front_office": "Fitri", "back_office": "Beni", "technical": "Tono", "head": "Kartika"}
    return {role: people.officer(f"{name} Contoh", "DINKES", role) for role, name in names.items()}


def code_in(page: Page) -> str:
    return re.search(r"/applications/([2-9A-Z]{4}-[2-9A-Z]{4})", page.path)[1]


def hand_in(browser: Browser, page: Page, requirement: str) -> Page:
    form = page.form(f"/papers/{requirement}").values()
    path = f"{page.path}/{requirement}"
    data = {**form, "file": (BytesIO(jpeg()), "foto.jpg")}
    answer = browser.http.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True)
    return Page(browser, answer)


def apply_by_the_pages(browser: Browser) -> str:
    """Found, understood, begun, filled in, and sent; what it costs is said the same on the way."""
    assert "Izin sarang burung walet" in browser.open("/perizinan/?q=burng+walet").text
    page = browser.open("/perizinan/types/WALET")
    assert "Perda Contoh 9/2025" in page.text and "KTP pemohon" in page.text
    page = browser.open("/perizinan/types/WALET/fit?in_city=yes").form("/start").send(role="self")
    code = code_in(page)
    own = f"/perizinan/applications/{code}"
    for part, typed in (("applicant", {"address": "Jl. Contoh 1"}), ("location", {"kelurahan": "99.71.01.1002"}),
                        ("details", DETAILS)):  # fmt: skip
        browser.open(f"{own}/parts/{part}").form(f"/parts/{part}").send(**typed)
    assert hand_in(browser, browser.open(f"{own}/papers"), "id_card").status == 200
    page = browser.open(f"{own}/check")
    assert "Rp181.250" in re.sub(r"\s", "", page.text) and "72,5 m²" in page.text
    receipt = page.form("/submit").send(declared="y")
    assert receipt.path.endswith("/receipt") and "IZN/2026/000001" in receipt.text
    return code


def test_it_goes_from_the_search_to_a_signed_document(staff, siti, browser, another_browser, app):
    code = apply_by_the_pages(browser.as_person(siti))
    case = queries.case_of(code)
    assert (case.fee, case.officer_id, case.type.definition.days) == (FEE, staff["front_office"].id, 6)

    page = another_browser.as_person(staff["front_office"]).open(f"/perizinan/desk/{code}")
    marks = {f"mark-{item.key}": "accepted" for item in items.items_of(queries.case_of(code))}
    assert page.form("/check").send(**marks).status == 200
    case = examining.find(code, make.FIT, make.seen(queries.case_of(code)), by=staff["back_office"])
    assert case.state == "inspecting"
    examining.make_appointment(code, make.soon(), make.seen(case), by=staff["technical"])
    saw = Seen(dict.fromkeys(case.type.definition.checklist, True), 3.6, 98.49, (make.an_upload(staff["technical"]),))
    case = examining.record_visit(code, saw, make.FIT, make.seen(case), by=staff["technical"])
    assert case.state == "billed", "no recommendation in this type: the visit leads to the bill"

    assert "Rp181.250" in re.sub(r"\s", "", browser.open(f"/perizinan/applications/{code}/bill").text)
    payments.receive(Word("R1", bill_of(case).code, FEE, clock.now()))
    page = Browser(app).as_person(staff["head"], confirmed=True).open(f"/perizinan/desk/{code}")
    assert page.form("/sign").send().status == 200
    permit = permits.permit_of(queries.case_of(code))
    assert (permit.number, permit.valid_until) == ("WALET/0001/2026", date(2027, 6, 30))
    assert signing.verify(permit.pdf).kind == "valid"
    assert "WALET/0001/2026" in browser.open(f"/perizinan/check/{permit.token}").text


def a_later_law(city: Path) -> None:
    """From tomorrow on it costs ten times as much, needs another paper, and nobody visits any more."""
    tomorrow = clock.today() + timedelta(days=1)
    (city / LATER).write_text(NEST, encoding="utf-8")
    amend(city, LATER, "valid_from = 2026-02-01", f"valid_from = {tomorrow.isoformat()}")
    amend(city, LATER, "house = 2500", "house = 25000")
    amend(city, LATER, '[[stages]]\nname = "inspect"\ndays = 3\n', "")
    amend(city, LATER, 'checklist = ["Suara tidak melebihi batas", "Tinggi bangunan sesuai"]\n', "")
    amend(
        city,
        LATER,
        'key = "consent"\nname = "Persetujuan tetangga"\noptional = true',
        'key = "tax"\nname = "Bukti PBB"',
    )
    assert not load_city(city, [loader.load], False).problems


def a_draft(person) -> str:
    case = filing.start(None, "WALET", "self", by=person)
    typed = {"address": "Jl. Contoh 1", "kelurahan": "99.71.01.1002", **DETAILS}
    for part in ("applicant", "location", "details"):
        filing.save_part(case.code, part, typed, by=person)
    filing.give_paper(case.code, "id_card", make.an_upload(person), by=person)
    return case.code


def test_a_running_case_keeps_the_law_of_its_day_and_a_draft_gets_the_new_one(city, staff, siti, budi):
    running = filing.submit(a_draft(siti), declared=True, by=siti)
    draft = a_draft(budi)
    a_later_law(city)
    with clock.frozen(clock.at(clock.today() + timedelta(days=1), time(9))):
        db.session.expire_all()
        case = found_complete(running.code, staff)
        case = examining.find(case.code, make.FIT, make.seen(case), by=staff["back_office"])
        assert (case.state, case.fee) == ("inspecting", FEE)
        assert [needed.key for needed in items.requirements_of(case)] == ["id_card", "consent"]

        waiting = queries.case_of(draft)
        assert [needed.key for needed in items.requirements_of(waiting)] == ["id_card", "tax"]
        assert not items.is_complete(waiting), "the new paper is missing"
        filing.give_paper(draft, "tax", make.an_upload(budi), by=budi)
        case = found_complete(filing.submit(draft, declared=True, by=budi).code, staff)
        case = examining.find(case.code, make.FIT, make.seen(case), by=staff["back_office"])
        assert (case.state, case.fee) == ("billed", 10 * FEE)
        assert bill_of(case).amount == 10 * FEE


def found_complete(code: str, staff: dict):
    """The front office accepts the file."""
    case = queries.case_of(code)
    return checking.check_file(code, {}, make.seen(case), by=staff["front_office"])


def test_a_version_that_was_taken_out_of_the_folder_still_holds_for_its_cases(city, staff, siti):
    running = filing.submit(a_draft(siti), declared=True, by=siti)
    (city / FILE).unlink()
    load_city(city, [loader.load], False)
    db.session.expire_all()
    case = found_complete(running.code, staff)
    assert (case.state, case.type.definition.name) == ("verifying", "Izin sarang burung walet")
