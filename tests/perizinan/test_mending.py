"""What was found defective: a part of the form and a paper alike must be dealt with before the file goes back."""

import pytest

from blueprints.perizinan.cases import items
from blueprints.perizinan.filing import actions as filing
from tests.factories import permits as make
from webapp.errors import Refusal

PART, PURPOSE = "part.applicant", {"purpose": "Rumah tinggal"}


def sent_back(siti, office, **defects: str):
    return make.send_back_for(make.a_submitted_case(siti), office, **defects)


def test_a_part_of_the_form_found_wrong_is_not_sent_again_as_it_was(office, siti):
    make.a_type()
    case = sent_back(siti, office, **{PART: "Keperluan kurang jelas"})
    with pytest.raises(Refusal):
        filing.resubmit(case.code, by=siti)
    filing.save_part(case.code, "applicant", PURPOSE, by=siti)
    assert filing.resubmit(case.code, by=siti).state == "checking"


def test_whoever_was_right_may_say_the_same_again(office, siti):
    """An officer can be wrong: the applicant looks at it, saves it as it is, and writes why."""
    make.a_type()
    case = sent_back(siti, office, **{PART: "Keperluan kurang jelas"})
    filing.save_part(case.code, "applicant", dict(items.answers(case).typed), by=siti)
    assert filing.resubmit(case.code, by=siti).state == "checking"


def test_every_defect_on_the_list_must_be_dealt_with(office, siti):
    make.a_type()
    case = sent_back(siti, office, **{PART: "Kurang jelas", "ktp": "Gelap"})
    for mend in (
        lambda: filing.save_part(case.code, "applicant", PURPOSE, by=siti),
        lambda: filing.give_paper(case.code, "ktp", make.an_upload(siti), by=siti),
    ):
        with pytest.raises(Refusal):
            filing.resubmit(case.code, by=siti)
        mend()
    assert filing.resubmit(case.code, by=siti).state == "checking"


def test_the_list_says_what_is_left_to_mend(office, siti, browser):
    make.a_type()
    case = sent_back(siti, office, **{PART: "Kurang jelas", "ktp": "Gelap"})
    page = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}")
    assert len(page.html.select(".card-first .row .badge-late")) == 2
    filing.save_part(case.code, "applicant", PURPOSE, by=siti)
    assert len(browser.open(page.path).html.select(".card-first .row .badge-late")) == 1
    filing.give_paper(case.code, "ktp", make.an_upload(siti), by=siti)
    assert not browser.open(page.path).has(".card-first .row .badge-late")


def test_a_paper_that_need_not_be_there_may_stay_away(office, siti):
    """Else somebody who has no such paper could neither go on nor be refused."""
    papers = [{"key": "ktp", "name": "KTP"}, {"key": "foto", "name": "Foto", "optional": True}]
    make.a_type(requirements=papers)
    draft = make.a_draft(siti)
    filing.remove_paper(draft.code, "foto", by=siti)
    case = filing.submit(draft.code, declared=True, by=siti)
    case = make.send_back_for(case, office, foto="Sebaiknya ada foto")
    assert filing.resubmit(case.code, by=siti).state == "checking"
