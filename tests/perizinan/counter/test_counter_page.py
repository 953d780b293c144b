"""The counter: Lia enters an application for somebody who is there, agrees, and gets a receipt on paper (T28)."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.filing import actions as filing
from tests import people
from tests.factories import permits as make
from tests.pages import Browser, Page
from tests.webapp.uploads import files
from webapp import notify
from webapp.accounts import queries as accounts
from webapp.accounts.actions import end_membership
from webapp.db import db

DEWI = "1275056203950003"
TYPED = {"nik": "1275 0562 0395 0003", "name": " Dewi  Contoh ", "phone": "", "role": "self", "agrees": "y"}


@pytest.fixture(autouse=True)
def law(office):
    return make.a_type()


@pytest.fixture
def lia(app, office) -> Browser:
    """The front office's browser."""
    return Browser(app).as_person(office.front)


def form(browser: Browser) -> Page:
    return browser.open("/perizinan/counter?type=UJI")


def case_of_dewi() -> Application:
    return queries.cases_of(accounts.person_by_nik(DEWI).id)[0]


@pytest.mark.parametrize("who", ["back", "technical", "head", "inspector"])
def test_only_the_front_office_enters_for_others(office, browser, who):
    browser.as_person(getattr(office, who)).open("/perizinan/counter", 404)


def test_the_kind_of_permit_is_looked_for_first(lia):
    make.a_type("POHON")
    make.a_type("LUAR", channel="elsewhere", door="Ke kantor lain.")
    page = lia.open("/perizinan/counter")
    links = [link["href"] for link in page.html.select("a.row")]
    assert links == ["/perizinan/counter?type=POHON", "/perizinan/counter?type=UJI"], "what is elsewhere is not offered"
    assert [link["href"] for link in lia.open("/perizinan/counter?q=phon").html.select("a.row")] == links[:1]
    assert lia.open("/perizinan/counter?q=paspor").has(".empty")
    lia.open("/perizinan/counter?type=PASPOR", 404)


def test_from_the_counter_to_the_receipt(office, lia):
    """Begun, filled in, papers, sent, printed; afterwards the file is the applicant's and the desk's alone."""
    page = form(lia).form("/counter").send(**TYPED)
    case = case_of_dewi()
    assert page.path == f"/perizinan/applications/{case.spoken_code}" and "Dewi Contoh" in page.text
    assert case.assisted_by_id == office.front.id and case.person.password_hash is None
    for part, typed in (("applicant", {"purpose": "Usaha kue"}), ("location", {"kelurahan": "12.75.01.1005"})):
        lia.open(f"{page.path}/parts/{part}").form("/parts/").send(**typed)
    for paper in ("ktp", "surat"):
        lia.open(f"{page.path}/papers").form(f"/papers/{paper}").send(file=(BytesIO(files.jpeg()), f"{paper}.jpg"))
    receipt = lia.open(f"{page.path}/check").form("/submit").send(declared="y").check()
    case = case_of_dewi()
    assert receipt.path == f"/perizinan/applications/{case.spoken_code}/receipt" and case.number in receipt.text
    assert receipt.has("[data-print]") and "Dewi Contoh" in receipt.text and receipt.has('a[href="/perizinan/counter"]')
    lia.open(receipt.path)
    lia.open(f"/perizinan/applications/{case.spoken_code}", 404)
    assert case.spoken_code not in lia.open("/perizinan/counter").text


def test_the_applicant_sees_that_it_was_entered_for_them_and_is_told(office, lia, siti, browser):
    form(lia).form("/counter").send(**{**TYPED, "nik": people.SITI_NIK})
    case = queries.cases_of(siti.id)[0]
    assert [notice.href for notice in notify.inbox(siti.id)] == [f"/perizinan/applications/{case.spoken_code}"]
    page = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}")
    assert page.has(".note-info"), "the mark on the draft"
    filing.save_part(case.code, "applicant", {"purpose": "Kue"}, by=siti)
    filing.save_part(case.code, "location", {"kelurahan": "12.75.01.1005"}, by=siti)
    for paper in ("ktp", "surat"):
        filing.give_paper(case.code, paper, make.an_upload(siti), by=siti)
    filing.submit(case.code, declared=True, by=siti)
    assert "loket" in browser.open(page.path).text or "counter" in browser.page.text
    assert browser.open(f"{page.path}/receipt").has(".receipt .small")


@pytest.mark.parametrize(
    "wrong",
    [
        {"nik": ""},
        {"nik": "1275"},
        {"nik": "1275056213950003"},
        {"name": "  "},
        {"phone": "12"},
        {"role": ""},
        {"agrees": ""},
    ],
    ids=str,
)
def test_a_slip_is_told_in_the_form_and_nothing_is_lost(lia, wrong):
    typed = {
        key: value for key, value in {**TYPED, "phone": "0812 3456 7899", **wrong}.items() if value or key != "agrees"
    }
    told = form(lia).form("/counter").send(**typed).check()
    assert told.status == 422 and told.has(".summary li") and told.has(".field-bad")
    for name in ("nik", "phone"):
        assert told.find(f"[name={name}]")["value"] == typed[name]
    assert told.find("input[name=type]")["value"] == "UJI"
    assert db.session.scalar(select(func.count()).select_from(Application)) == 0
    assert accounts.person_by_nik(DEWI) is None, "nobody is made known by a slip"


def test_neither_nik_nor_name_stands_in_an_address(lia):
    """T41."""
    page = form(lia).form("/counter").send(**TYPED)
    assert DEWI not in page.response.request.url and "Dewi" not in page.response.request.url


def test_pressing_twice_begins_one_application(lia):
    page = form(lia)
    key = page.form("/counter").values()["idempotency_key"]
    for _press in range(2):
        assert page.form("/counter").send(idempotency_key=key, **TYPED).status == 200
    assert db.session.scalar(select(func.count()).select_from(Application)) == 1


def test_somebody_known_keeps_name_and_phone(lia, siti):
    form(lia).form("/counter").send(**{**TYPED, "nik": people.SITI_NIK, "phone": "081200000009"})
    assert (siti.name, siti.phone_masked) == ("Siti Contoh", "0812-••••-890")


def test_what_somebody_has_begun_alone_stays_theirs(lia, siti):
    """A NIK is no secret: with it alone the counter reads nobody's draft."""
    case = make.a_draft(siti)
    told = form(lia).form("/counter").send(**{**TYPED, "nik": people.SITI_NIK})
    assert told.status == 409 and told.find("[name=nik]")["value"] == people.SITI_NIK
    assert queries.case_of(case.code).assisted_by_id is None
    lia.open(f"/perizinan/applications/{case.spoken_code}", 404)


def test_a_colleague_at_the_counter_goes_on_with_what_was_begun_there(lia, browser):
    form(lia).form("/counter").send(**TYPED)
    gita = people.officer("Gita Contoh", "DPMPTSP", "front_office")
    path = f"/perizinan/applications/{case_of_dewi().spoken_code}"
    browser.as_person(gita).open(path, 404)
    assert form(browser).form("/counter").send(**TYPED).path == path
    assert [event.actor_id for event in queries.history_of(case_of_dewi()) if event.name.endswith("take_over")] == [
        gita.id
    ]
    lia.open(path, 404)


def test_an_officer_of_another_office_cannot_open_what_is_entered_here(lia, browser):
    form(lia).form("/counter").send(**TYPED)
    path = f"/perizinan/applications/{case_of_dewi().spoken_code}"
    browser.as_person(make.OtherOffice().front).open(path, 404)
    for further in ("/parts/applicant", "/papers", "/check", "/receipt"):
        browser.open(path + further, 404)


def test_nobody_enters_their_own_application(office, app, browser):
    twin = people.officer("Wati Dinas", "DPMPTSP", "front_office", nik=DEWI)
    told = form(browser.as_person(twin)).form("/counter").send(**TYPED)
    assert told.status == 409 and db.session.scalar(select(func.count()).select_from(Application)) == 0


def test_a_returned_file_is_completed_at_the_counter(office, lia):
    form(lia).form("/counter").send(**TYPED)
    case = case_of_dewi()
    for part, typed in (("applicant", {"purpose": "Kue"}), ("location", {"kelurahan": "12.75.01.1005"})):
        filing.save_part(case.code, part, typed, by=office.front)
    for paper in ("ktp", "surat"):
        filing.give_paper(case.code, paper, make.an_upload(office.front), by=office.front)
    case = filing.submit(case.code, declared=True, by=office.front)
    checking.check_file(case.code, {"ktp": "Gelap"}, make.seen(case), by=office.front)
    path = form(lia).form("/counter").send(**TYPED).path
    assert path == f"/perizinan/applications/{case.spoken_code}", "the one that waits, and no second one"
    filing.give_paper(case.code, "ktp", make.an_upload(office.front), by=office.front)
    assert lia.open(path).form("/resubmit").send().path == f"{path}/receipt"
    assert queries.case_of(case.code).state == "checking"


def test_a_draft_can_be_thrown_away_at_the_counter(lia):
    form(lia).form("/counter").send(**TYPED)
    path = f"/perizinan/applications/{case_of_dewi().spoken_code}"
    assert lia.open(f"{path}/discard").form("/discard").send().path == "/perizinan/counter"


def test_who_leaves_the_counter_loses_what_they_were_entering(office, lia):
    """T07."""
    form(lia).form("/counter").send(**TYPED)
    for membership in list(office.front.memberships):
        end_membership(membership.id, by=None)
    lia.open(f"/perizinan/applications/{case_of_dewi().spoken_code}", 404)
