"""Whatever the staff write that an applicant reads: no sum, no account, no phone number gets through (T65)."""

import pytest

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.money import SpeaksOfMoney
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.deciding import actions as deciding
from blueprints.perizinan.examining.actions import Opinion, Refusing
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.watching import actions as watching
from tests.factories import permits as make
from tests.pages import Browser
from webapp import notify

BRIBE = "Transfer Rp250.000 ke BRI 1234567890123 supaya cepat"


def refused(office, siti):
    return make.a_refused_case(siti, office)


def objected(office, siti):
    case = refused(office, siti)
    filing.object_to(case.code, "Petanya lama", by=siti)
    return case


WAYS = {
    "a defect": lambda office, siti: make.send_back_for(make.a_submitted_case(siti), office, ktp=BRIBE),
    "a late defect": lambda office, siti: checking.find_late_defect(
        make.accept(make.a_submitted_case(siti), office).code, "ktp", BRIBE, by=office.head
    ),
    "the evidence of a refusal": lambda office, siti: make.verify(
        make.accept(make.a_submitted_case(siti), office), office, Opinion("unfit", "x", Refusing("spatial", BRIBE, "x"))
    ),
    "the cure": lambda office, siti: make.verify(
        make.accept(make.a_submitted_case(siti), office), office, Opinion("unfit", "x", Refusing("spatial", "x", BRIBE))
    ),
    "what the head says of it": lambda office, siti: refuse_with(office, siti, Refusing("spatial", "x", BRIBE)),
    "the answer to an objection": lambda office, siti: deciding.answer_objection(
        objected(office, siti).code, False, BRIBE, by=office.head
    ),
    "why the clock stops": lambda office, siti: watching.stop_clock(
        make.a_submitted_case(siti).code, "elsewhere", BRIBE, by=office.head
    ),
    "why a permit is revoked": lambda office, siti: deciding.revoke(
        make.an_issued_case(siti, office).code, BRIBE, by=office.head
    ),
}


def refuse_with(office, siti, why):
    case = make.verify(make.accept(make.a_submitted_case(siti), office), office, make.UNFIT)
    return deciding.refuse(case.code, make.seen(case), by=office.head, why=why)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_way_leads_around_the_message_that_is_held(office, siti, way):
    make.a_type()
    with pytest.raises(SpeaksOfMoney):
        way(office, siti)
    assert BRIBE not in {case.person.name for case in queries.cases_of(siti.id)}


def test_honest_words_go_through(office, siti):
    """The control: what an officer has to say of papers, days and sizes is no talk of money."""
    make.a_type()
    note = "Foto KTP gelap. Luas di formulir 36 m2, di sertifikat 40 m2. Lengkapi sampai 12 Desember 2026."
    assert make.send_back_for(make.a_submitted_case(siti), office, ktp=note).state == "returned"


def test_the_officer_is_told_keeps_what_was_typed_and_the_inspektorat_hears_of_it(app, office, siti):
    make.a_type()
    case = make.a_submitted_case(siti)
    page = Browser(app).as_person(office.front).open(f"/perizinan/desk/{case.spoken_code}")
    marks = {f"mark-{key}": "accepted" for key in ("part.applicant", "part.location", "surat")}
    told = page.form("/check").send(**marks, **{"mark-ktp": "defective", "note-ktp": BRIBE})
    assert told.status == 422 and told.has(".summary")
    assert told.find("[name=note-ktp]").get_text() == BRIBE
    assert queries.case_of(case.code).state == "checking"
    assert [notice.href for notice in notify.inbox(office.inspector.id)] == [f"/perizinan/desk/{case.spoken_code}"]
    story = Browser(app).as_person(siti).open(f"/perizinan/applications/{case.spoken_code}").text
    assert "250.000" not in story and "Inspektorat" in story
