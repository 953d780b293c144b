"""The completeness check as the front office does it: every item judged, one list, once."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from blueprints.perizinan.cases import queries, story
from blueprints.perizinan.filing import actions as filing
from tests.factories import permits as make
from tests.pages import Browser, Page
from tests.webapp.uploads import files
from webapp import uploads

ITEMS = ("part.applicant", "part.location", "ktp", "surat")
DARK = {"mark-ktp": "defective", "note-ktp": "Foto terlalu gelap. Foto ulang di tempat terang."}


@pytest.fixture
def case(office, siti):
    make.a_type()
    return make.a_submitted_case(siti)


@pytest.fixture
def page(office, case, app) -> Page:
    return Browser(app).as_person(office.front).open(f"/perizinan/desk/{case.spoken_code}")


def accepted(*but: str) -> dict[str, str]:
    return {f"mark-{key}": "accepted" for key in ITEMS if key not in but}


@pytest.mark.parametrize("htmx", [True, False])
def test_a_complete_file_goes_on(page, case, htmx):
    after = page.form("/check").send(htmx=htmx, **accepted())
    assert after.response.headers.get("HX-Redirect", after.path) == f"/perizinan/desk/{case.spoken_code}"
    assert queries.case_of(case.code).state == "verifying"


def test_a_file_with_a_defect_goes_back_and_the_applicant_reads_the_officers_words(page, case, siti, browser):
    page.form("/check").send(**accepted("ktp"), **DARK)
    case = queries.case_of(case.code)
    assert case.state == "returned" and [item.defect for item in story.defects_of(case)] == [DARK["note-ktp"]]
    assert DARK["note-ktp"] in browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}").text


def test_what_the_applicant_will_read_is_shown_before(page, case):
    shown = page.form("/check").send(preview="1", **accepted("ktp"), **DARK)
    assert shown.status == 200 and DARK["note-ktp"] in shown.find(".preview").get_text()
    assert queries.case_of(case.code).state == "checking", "nothing was sent"
    assert shown.find("[name=note-ktp]").get_text() == DARK["note-ktp"]
    assert len(shown.html.select("[name^=mark-][checked]")) == len(ITEMS)


def test_nothing_is_accepted_that_nobody_has_judged(page, case):
    """The control: an empty form would otherwise accept the whole file."""
    told = page.form("/check").send()
    assert told.status == 422 and len(told.html.select(".summary li")) == len(ITEMS)
    told = told.form("/check").send(**accepted("surat"))
    assert [link["href"] for link in told.html.select(".summary a")] == ["#item-surat"]
    assert queries.case_of(case.code).state == "checking" and queries.case_of(case.code).checks == []


@pytest.mark.parametrize("note", ["", "   ", "x" * 401])
def test_a_defect_needs_words(page, case, note):
    told = page.form("/check").send(**accepted("ktp"), **{"mark-ktp": "defective", "note-ktp": note})
    assert told.status == 422 and told.has("#item-ktp .error")
    assert queries.case_of(case.code).state == "checking"


def test_what_was_accepted_is_locked_and_a_second_return_is_not_offered(office, page, case, siti, browser):
    page.form("/check").send(**accepted("ktp"), **DARK)
    filing.give_paper(case.code, "ktp", make.an_upload(siti), by=siti)
    filing.resubmit(case.code, by=siti)
    page = browser.as_person(office.front).open(f"/perizinan/desk/{case.spoken_code}")
    assert len(page.html.select(".judged")) == len(ITEMS) - 1
    assert [radio["value"] for radio in page.html.select("[name^=mark-]")] == ["accepted"]
    assert page.form("/check").send(**{"mark-ktp": "defective", "note-ktp": "Masih gelap"}).status == 409
    assert browser.page.form("/check").send(**{"mark-ktp": "accepted"}).status == 200
    assert queries.case_of(case.code).state == "verifying"


def test_an_accepted_item_cannot_be_called_defective_by_a_form_of_ones_own(office, page, case, siti, browser):
    page.form("/check").send(**accepted("ktp"), **DARK)
    filing.give_paper(case.code, "ktp", make.an_upload(siti), by=siti)
    filing.resubmit(case.code, by=siti)
    page = browser.as_person(office.front).open(f"/perizinan/desk/{case.spoken_code}")
    page.form("/check").send(**{"mark-ktp": "accepted", "mark-surat": "defective", "note-surat": "Kurang"})
    case = queries.case_of(case.code)
    assert case.state == "verifying" and {check.state for check in case.checks} == {"accepted"}


def test_papers_are_looked_at_beside_the_form(office, siti, budi, browser):
    make.a_type()
    case = make.a_draft(siti)
    photo = uploads.receive(FileStorage(BytesIO(files.jpeg()), "ktp saya.jpg"), by=siti)
    filing.give_paper(case.code, "ktp", photo, by=siti)
    filing.submit(case.code, declared=True, by=siti)
    page = browser.as_person(office.front).open(f"/perizinan/desk/{case.spoken_code}")
    picture = page.find(".evidence img")
    assert picture["alt"] == "KTP" and "ktp saya.jpg" in page.text
    shown = browser.http.get(picture["src"])
    assert (shown.status_code, shown.content_type) == (200, "image/jpeg")
    assert Browser(browser.app).as_person(budi).http.get(picture["src"]).status_code == 404
