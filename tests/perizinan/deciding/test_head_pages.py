"""The head decides, from a telephone too: signing asks for the password again (T11), refusing says why (T77)."""

import pytest

from blueprints.perizinan.cases import queries
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.permits import queries as permits
from tests import people
from tests.factories import permits as make
from tests.pages import Browser, Page


@pytest.fixture(autouse=True)
def law(office):
    return make.a_type()


@pytest.fixture
def head(app, office) -> Browser:
    """The head's browser."""
    return Browser(app).as_person(office.head)


def opened(browser: Browser, case) -> Page:
    return browser.open(f"/perizinan/desk/{case.spoken_code}")


def confirmed(page: Page) -> Page:
    """The password given again, and the interrupted form sent on by its one button."""
    assert page.status == 401 and page.has("form[action*='/confirm']")
    return page.form("/confirm").send(password=people.PASSWORD).form("/desk/").send()


def test_the_head_sees_what_is_signed_gives_the_password_and_signs(office, siti, head):
    case = make.a_case_to_sign(siti, office)
    page = opened(head, case)
    assert "Siti Contoh" in page.find(".card-first").get_text() and page.has('form[action$="/sign"] .button-large')
    asked = page.form("/sign").send()
    assert queries.case_of(case.code).state == "signing", "not before the password"
    after = confirmed(asked)
    case = queries.case_of(case.code)
    assert case.state == "issued" and permits.permit_of(case).number in after.text


def test_a_wrong_password_signs_nothing(office, siti, head):
    case = make.a_case_to_sign(siti, office)
    asked = opened(head, case).form("/sign").send()
    assert asked.form("/confirm").send(password="bukan kata sandinya").status == 422
    assert queries.case_of(case.code).state == "signing"


def test_within_five_minutes_several_are_signed(office, siti, budi, head):
    cases = [make.a_case_to_sign(person, office) for person in (siti, budi)]
    confirmed(opened(head, cases[0]).form("/sign").send())
    assert opened(head, cases[1]).form("/sign").send().status == 200
    assert [queries.case_of(case.code).state for case in cases] == ["issued", "issued"]


def test_what_changed_while_the_password_was_asked_for_is_shown_first(office, siti, head):
    case = make.a_case_to_sign(siti, office)
    asked = opened(head, case).form("/sign").send()
    filing.write(None, case.code, "Alamat saya berubah", by=siti)
    told = confirmed(asked)
    assert told.status == 409 and told.has("[data-changes]") and "Alamat saya berubah" in told.text
    assert queries.case_of(case.code).state == "signing"
    assert told.form("/sign").send().status == 200
    assert queries.case_of(case.code).state == "issued"


def test_a_refusal_begins_with_the_proposed_words_and_may_make_them_clearer(office, siti, head, browser):
    case = make.a_case_to_sign(siti, office, opinion=make.UNFIT)
    page = opened(head, case)
    assert not page.has('form[action$="/sign"]')
    assert page.find("[name=refuse-reason] [selected]")["value"] == "spatial"
    assert page.find("[name=refuse-evidence]").get_text() == "Peta rencana kota"
    words = {
        "refuse-reason": "spatial",
        "refuse-evidence": "Peta rencana kota, zona hijau",
        "refuse-cure": "Pilih zona lain",
    }
    shown = page.form("/refuse").send(preview="1", **words)
    assert shown.status == 200 and "zona hijau" in shown.find(".preview").get_text()
    confirmed(shown.form("/refuse").send(**words))
    assert queries.case_of(case.code).state == "refused"
    own = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}")
    assert "zona hijau" in own.text and "Pilih zona lain" in own.text


@pytest.mark.parametrize("missing", ["refuse-reason", "refuse-evidence", "refuse-cure"])
def test_a_refusal_without_law_evidence_or_cure_is_not_sent(office, siti, head, missing):
    case = make.a_case_to_sign(siti, office, opinion=make.UNFIT)
    words = {"refuse-reason": "spatial", "refuse-evidence": "Peta", "refuse-cure": "Pilih zona lain", missing: ""}
    told = confirmed(opened(head, case).form("/refuse").send(**words))
    assert told.status == 422 and told.has(f"#{missing}-error")
    assert queries.case_of(case.code).state == "signing"


def test_sent_back_with_a_word_why(office, siti, head, browser):
    case = make.a_case_to_sign(siti, office)
    assert opened(head, case).form("/send-back").send(**{"back-note": ""}).status == 422
    head.page.form("/send-back").send(**{"back-note": "Periksa lagi alamatnya"})
    assert queries.case_of(case.code).state == "verifying"
    assert "Periksa lagi alamatnya" in opened(browser.as_person(office.back), case).text


def test_an_objection_is_answered(office, siti, head):
    case = make.a_refused_case(siti, office)
    filing.object_to(case.code, "Petanya lama", by=siti)
    page = opened(head, case)
    assert "Petanya lama" in page.text
    told = page.form("/objection").send(**{"objection-note": "Benar, peta sudah baru"})
    assert told.status == 422 and told.find("[name=objection-note]").get_text() == "Benar, peta sudah baru"
    told.form("/objection").send(**{"objection-verdict": "uphold", "objection-note": "Benar, peta sudah baru"})
    assert queries.case_of(case.code).state == "verifying"


def test_a_permit_is_revoked_with_reasons_and_the_password(office, siti, head):
    case = make.an_issued_case(siti, office)
    confirmed(opened(head, case).form("/revoke").send(**{"revoke-note": "Keterangan palsu"}))
    case = queries.case_of(case.code)
    assert case.state == "revoked" and permits.standing_of(permits.permit_of(case)) == "revoked"


def test_a_late_defect_carries_the_heads_name(office, siti, head):
    case = make.a_case_to_verify(siti, office)
    page = opened(head, case)
    assert page.form("/late-defect").send(**{"late-item": "ktp", "late-note": ""}).status == 422
    head.page.form("/late-defect").send(**{"late-item": "ktp", "late-note": "KTP orang lain"})
    case = queries.case_of(case.code)
    assert (case.state, case.late_defects) == ("returned", 1)


@pytest.mark.parametrize("act", ["sign", "refuse", "send-back", "objection", "revoke", "late-defect", "redraw"])
def test_nobody_below_the_head_sends_the_heads_forms(office, siti, head, browser, act):
    case = make.a_case_to_sign(siti, office)
    token = opened(browser.as_person(office.back), case).find("input[name=csrf_token]")["value"]
    answer = browser.http.post(f"/perizinan/desk/{case.spoken_code}/{act}", data={"csrf_token": token},
                               headers={"Sec-Fetch-Site": "same-origin"})  # fmt: skip
    assert answer.status_code == 404
