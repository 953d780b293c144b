"""Nobody has their own case on the desk, nobody signs what they have worked on, and nobody keeps a desk they left."""

import pytest

from blueprints.perizinan.cases import queries
from blueprints.perizinan.deciding import actions as deciding
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.permits import queries as permits
from blueprints.perizinan.watching import actions as watching
from tests import people
from tests.factories import permits as make
from webapp.accounts import actions as accounts
from webapp.accounts.models import Person
from webapp.errors import NotAllowed, Refusal

HUMAN, PRINCIPAL = "1275030101900004", "1275030101900007"


def leaves(person: Person) -> None:
    for membership in person.memberships:
        accounts.end_membership(membership.id, None)


def file_for(principal_nik: str, proxy: Person) -> str:
    """The proxy sends an application for somebody else."""
    case = filing.start(None, "UJI", "proxy", by=proxy)
    typed = {"purpose": "Rumah", "principal_name": "Ibu Contoh", "principal_nik": principal_nik}
    filing.save_part(case.code, "applicant", typed, by=proxy)
    filing.save_part(case.code, "location", {"kelurahan": "12.75.01.1005"}, by=proxy)
    for requirement in ("ktp", "surat", "surat_kuasa"):
        filing.give_paper(case.code, requirement, make.an_upload(proxy), by=proxy)
    return filing.submit(case.code, declared=True, by=proxy).code


def test_an_officer_does_not_check_what_somebody_files_for_them(office, siti):
    """T74: the application is a friend's by name only."""
    make.a_type()
    people.officer("Wati Dinas", "DPMPTSP", "front_office", nik=PRINCIPAL)
    for _application in range(4):
        assert queries.case_of(file_for(PRINCIPAL, siti)).officer_id == office.front.id


def test_a_head_does_not_sign_what_somebody_files_for_them(office, siti):
    make.a_type()
    leaves(office.head)
    head = people.officer("Kepala Baru", "DPMPTSP", "head", nik=PRINCIPAL)
    case = make.verify(make.accept(queries.case_of(file_for(PRINCIPAL, siti)), office), office)
    assert (case.state, case.officer_id) == ("signing", None)
    with pytest.raises((NotAllowed, Refusal)):
        deciding.sign(case.code, make.seen(case), by=head)


def test_whoever_has_ever_verified_it_does_not_sign_it_although_another_verified_it_later(office, siti):
    """T73: verified by one account, sent back, verified by a colleague; the other account of the first is a head."""
    make.a_type()
    back = people.officer("Dua Contoh", "DPMPTSP", "back_office", nik=HUMAN)
    people.officer("Lain Kepala", "DPMPTSP", "head", nik=HUMAN)
    case = make.accept(make.a_submitted_case(siti), office)
    if case.officer_id != back.id:
        case = watching.redraw(case.code, "cuti", by=office.head)
    case = examining.find(case.code, make.FIT, make.seen(case), by=back)
    leaves(back)
    case = deciding.send_back(case.code, "Periksa lagi", make.seen(case), by=office.head)
    case = examining.find(case.code, make.FIT, make.seen(case), by=office.back)
    assert case.verifier_human == office.back.human
    assert case.officer_id == office.head.id
    with pytest.raises(Refusal, match="petugas lain"):
        watching.redraw(case.code, "cuti", by=office.head)


def test_an_upheld_objection_does_not_make_the_verifier_a_signer(office, siti):
    make.a_type()
    back = people.officer("Dua Contoh", "DPMPTSP", "back_office", nik=HUMAN)
    leaves(office.back)
    case = make.accept(make.a_submitted_case(siti), office)
    case = examining.find(case.code, make.UNFIT, make.seen(case), by=back)
    deciding.refuse(case.code, make.seen(case), by=office.head, why=make.WHY)
    filing.object_to(case.code, "Petanya lama", by=siti)
    leaves(back)
    newcomer = people.officer("Nia Contoh", "DPMPTSP", "back_office")
    people.officer("Lain Kepala", "DPMPTSP", "head", nik=HUMAN)
    deciding.answer_objection(case.code, True, "Benar", by=office.head)
    case = queries.case_of(case.code)
    case = examining.find(case.code, make.FIT, make.seen(case), by=newcomer)
    assert case.officer_id == office.head.id


def test_the_case_of_an_officer_who_left_falls_to_another(office, siti):
    """T20: whoever works there no more has no access, and nobody has to notice it."""
    make.a_type()
    case = make.a_submitted_case(siti)
    leaves(office.front)
    assert watching.find_officers() == 0
    newcomer = people.officer("Hana Contoh", "DPMPTSP", "front_office")
    assert watching.find_officers() == 1
    assert queries.case_of(case.code).officer_id == newcomer.id
    assert watching.find_officers() == 0


@pytest.mark.parametrize("code", ["UJI", "uji", "Uji"])
def test_a_permit_has_one_name_however_it_is_asked_for(office, siti, code):
    """Else its numbers would be counted twice, and one person could have two drafts."""
    make.a_type()
    assert filing.start(None, code, "self", by=siti).type_code == "UJI"
    case = make.sign(make.verify(make.accept(make.a_submitted_case(siti, code), office), office), office)
    assert permits.permit_of(case).number == "UJI/0001/2026"


def test_a_type_whose_code_is_like_the_number_of_applications_counts_on_its_own(office, siti):
    make.a_type("IZN")
    case = make.an_issued_case(siti, office, "IZN")
    assert (case.number, permits.permit_of(case).serial) == ("IZN/2026/000001", 1)


def test_nobody_else_throws_a_draft_away_not_even_one_that_is_gone(office, siti, budi):
    make.a_type()
    case = filing.start(None, "UJI", "self", by=siti)
    for _again in range(2):
        with pytest.raises(NotAllowed):
            filing.discard(case.code, by=budi)
        filing.discard(case.code, by=siti)


def test_the_counter_may_press_send_twice(office, siti, browser):
    """The officer who has entered it has the receipt, whatever the first press has done to the form."""
    make.a_type()
    case = filing.start(None, "UJI", "self", by=office.front, whose=siti)
    filled = {"purpose": "Rumah", "kelurahan": "12.75.01.1005"}
    for part in ("applicant", "location"):
        filing.save_part(case.code, part, filled, by=office.front)
    for needed in case.type.definition.requirements:
        filing.give_paper(case.code, needed.key, make.an_upload(office.front), by=office.front)
    page = browser.as_person(office.front).open(f"/perizinan/applications/{case.spoken_code}/check")
    for _press in range(2):
        answer = page.form("/submit").send(declared="y")
        assert (answer.status, answer.path) == (200, f"/perizinan/applications/{case.spoken_code}/receipt")
    case = make.send_back_for(queries.case_of(case.code), office)
    filing.give_paper(case.code, "ktp", make.an_upload(office.front), by=office.front)
    page = browser.open(f"/perizinan/applications/{case.spoken_code}")
    for _press in range(2):
        answer = page.form("/resubmit").send()
        assert (answer.status, answer.path) == (200, f"/perizinan/applications/{case.spoken_code}/receipt")
    steps = [event.name.rpartition(".")[2] for event in queries.history_of(queries.case_of(case.code))]
    assert (steps.count("submit"), steps.count("resubmit")) == (1, 1)


def entered_by(officer, citizen):
    """The officer fills in an application for a citizen at the counter, and sends it."""
    case = filing.start(None, "UJI", "self", by=officer, whose=citizen)
    for part, typed in (("applicant", {"purpose": "Rumah"}), ("location", {"kelurahan": "12.75.01.1005"})):
        filing.save_part(case.code, part, typed, by=officer)
    for needed in case.type.definition.requirements:
        filing.give_paper(case.code, needed.key, make.an_upload(officer), by=officer)
    return filing.submit(case.code, declared=True, by=officer)


def test_whoever_entered_it_at_the_counter_does_not_check_it_where_a_colleague_can(office, siti, budi):
    make.a_type()
    colleague = people.officer("Gita Contoh", "DPMPTSP", "front_office")
    assert [entered_by(office.front, citizen).officer_id for citizen in (siti, budi)] == [colleague.id] * 2


def test_in_an_office_of_one_person_the_case_does_not_lie_about(office, siti):
    make.a_type()
    assert entered_by(office.front, siti).officer_id == office.front.id


def test_nobody_presses_until_a_case_falls_to_the_one_whom_they_want(office, siti):
    """T75: each officer from whom it was taken is out; when all have had it, there is nobody else."""
    make.a_type()
    for name in ("Gita Contoh", "Lia Contoh"):
        people.officer(name, "DPMPTSP", "front_office")
    case = make.a_submitted_case(siti)
    had = [case.officer_id]
    for _press in range(2):
        had.append(watching.redraw(case.code, "cuti", by=office.head).officer_id)
    assert len(set(had)) == 3
    with pytest.raises(Refusal, match="petugas lain"):
        watching.redraw(case.code, "cuti", by=office.head)
