"""One application from the first answer to the decision, and every way it can go."""

from datetime import time, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.cases import queries, story
from blueprints.perizinan.cases.desks import draw
from blueprints.perizinan.cases.life import Overtaken
from blueprints.perizinan.cases.workflow import LATE
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.deciding import actions as deciding
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.permits import queries as permits
from blueprints.perizinan.watching import actions as watching
from tests import people
from tests.factories import permits as make
from webapp import clock, deadlines, notify, signing
from webapp.db import db
from webapp.errors import NotAllowed, Refusal


def test_a_plain_permit_goes_from_the_first_answer_to_a_signed_document(office, siti):
    make.a_type()
    case = make.a_submitted_case(siti)
    assert (case.state, case.number, case.fee, case.officer_id) == ("checking", "IZN/2026/000001", 0, office.front.id)
    case = make.accept(case, office)
    assert (case.state, case.officer_id) == ("verifying", office.back.id)
    case = make.verify(case, office)
    assert (case.state, case.officer_id) == ("signing", office.head.id)
    case = make.sign(case, office)
    permit = permits.permit_of(case)
    assert (case.state, permit.number, permit.valid_until.year) == ("issued", "UJI/0001/2026", 2027)
    assert signing.verify(permit.pdf).kind == "valid"
    assert case.officer_id is None
    assert (case.in_time, case.days_used) == (True, 0)


def test_an_inspected_permit_meets_the_technical_team_twice(office, siti):
    make.a_type("POHON", ("check", "verify", "inspect", "recommend", "sign"))
    case = make.verify(make.accept(make.a_submitted_case(siti, "POHON"), office), office)
    assert (case.state, case.officer_id) == ("inspecting", office.technical.id)
    case = make.inspect(case, office)
    assert case.state == "recommending"
    assert make.sign(make.recommend(case, office), office).state == "issued"


def test_numbers_have_no_gaps_although_a_signature_fails(office, siti, budi, monkeypatch):
    make.a_type()
    case = make.verify(make.accept(make.a_submitted_case(siti), office), office)
    with monkeypatch.context() as broken:
        broken.setattr("blueprints.perizinan.permits.actions.signer", lambda: (_ for _ in ()).throw(Refusal("kunci")))
        with pytest.raises(Refusal):
            make.sign(case, office)
    assert make.sign(queries.case_of(case.code), office).state == "issued"
    other = make.an_issued_case(budi, office)
    assert [permits.permit_of(each).serial for each in (case, other)] == [1, 2]


def test_pressing_send_twice_sends_once(office, siti):
    make.a_type()
    draft = make.a_draft(siti)
    first = filing.submit(draft.code, declared=True, by=siti)
    assert filing.submit(draft.code, declared=True, by=siti).number == first.number
    assert [event.name for event in queries.history_of(first)].count("perizinan.application.submit") == 1


def test_nothing_is_sent_while_something_is_missing(office, siti):
    make.a_type()
    draft = make.a_draft(siti)
    filing.remove_paper(draft.code, "ktp", by=siti)
    with pytest.raises(Refusal):
        filing.submit(draft.code, declared=True, by=siti)
    assert queries.case_of(draft.code).state == "draft"


def test_beginning_twice_finds_what_was_begun(office, siti):
    make.a_type()
    assert filing.start(None, "UJI", "self", by=siti).id == filing.start(None, "UJI", "self", by=siti).id


# --- the completeness check


def test_a_file_comes_back_once_with_one_complete_list(office, siti):
    make.a_type()
    case = make.send_back_for(make.a_submitted_case(siti), office)
    assert (case.state, case.returns, [item.key for item in story.defects_of(case)]) == ("returned", 1, ["ktp"])
    with pytest.raises(Refusal):
        filing.resubmit(case.code, by=siti)
    filing.give_paper(case.code, "ktp", make.an_upload(siti), by=siti)
    case = filing.resubmit(case.code, by=siti)
    assert (case.state, case.officer_id) == ("checking", office.front.id)
    with pytest.raises(Refusal, match=r"supervisor|atasan"):
        make.send_back_for(case, office)


def test_what_was_accepted_once_cannot_be_called_incomplete_later(office, siti):
    make.a_type()
    case = make.send_back_for(make.a_submitted_case(siti), office)
    filing.give_paper(case.code, "ktp", make.an_upload(siti), by=siti)
    case = filing.resubmit(case.code, by=siti)
    with pytest.raises(Refusal):
        checking.check_file(case.code, {"surat": "Kurang jelas"}, make.seen(case), by=office.front)
    with pytest.raises(Refusal):
        filing.give_paper(case.code, "surat", make.an_upload(siti), by=siti)


def test_a_late_defect_needs_the_supervisor_and_is_counted(office, siti):
    make.a_type()
    case = make.accept(make.a_submitted_case(siti), office)
    with pytest.raises(NotAllowed):
        checking.find_late_defect(case.code, "ktp", "Palsu", by=office.back)
    case = checking.find_late_defect(case.code, "ktp", "Bukan KTP pemohon", by=office.head)
    assert (case.state, case.late_defects, case.returns) == ("returned", 1, 1)
    assert any("late defect" in notice.message for notice in notify.inbox(office.inspector.id))


def test_the_database_itself_refuses_a_second_return(office, siti):
    make.a_type()
    case = make.send_back_for(make.a_submitted_case(siti), office)
    with pytest.raises(IntegrityError):
        db.session.execute(db.text("UPDATE perizinan_application SET returns = 2 WHERE id = :id"), {"id": case.id})
    db.session.rollback()


# --- desks


def test_a_case_falls_to_the_least_burdened_by_a_seed_that_anybody_can_check(office, siti, budi):
    make.a_type()
    colleague = people.officer("Gita Contoh", "DPMPTSP", "front_office")
    first, second = make.a_submitted_case(siti), make.a_submitted_case(budi)
    assert {first.officer_id, second.officer_id} == {office.front.id, colleague.id}
    row = queries.assignments_of(first)[0]
    assert draw(sorted(int(person) for person in row.loads), row.seed) == row.person_id


def test_nobody_but_its_officer_acts_on_a_case(office, siti):
    make.a_type()
    case = make.a_submitted_case(siti)
    colleague = people.officer("Gita Contoh", "DPMPTSP", "front_office")
    with pytest.raises(NotAllowed):
        checking.check_file(case.code, {}, make.seen(case), by=colleague)


def test_no_officer_decides_their_own_application(office):
    make.a_type()
    fitri = people.a_citizen("Fitri Contoh", "1275030101900003", "081234567899")
    twin = people.officer("Wati Dinas", "DPMPTSP", "front_office", nik="1275030101900003")
    people_there = {office.front.id, twin.id}
    assert make.a_submitted_case(fitri).officer_id in people_there - {twin.id}


def test_who_verified_does_not_sign_whatever_the_account(office, siti):
    """T73: the same human being with two accounts."""
    make.a_type()
    human = "1275030101900004"
    back = people.officer("Dua Contoh", "DPMPTSP", "back_office", nik=human)
    head = people.officer("Lain Kepala", "DPMPTSP", "head", nik=human)
    case = make.accept(make.a_submitted_case(siti), office)
    watching.redraw(case.code, "cuti", by=office.head) if case.officer_id != back.id else None
    case = queries.case_of(case.code)
    assert case.officer_id == back.id
    case = examining.find(case.code, make.FIT, make.seen(case), by=back)
    assert case.officer_id == office.head.id
    with pytest.raises((NotAllowed, Refusal)):
        deciding.sign(case.code, make.seen(case), by=head)
    with pytest.raises(IntegrityError):
        db.session.execute(
            db.text("UPDATE perizinan_application SET signer_human = verifier_human WHERE id = :id"), {"id": case.id}
        )
    db.session.rollback()


def test_a_case_that_finds_nobody_waits_and_falls_later(office, siti):
    make.a_type("LAIN", office="INSP")
    case = make.a_submitted_case(siti, "LAIN")
    assert case.officer_id is None
    newcomer = people.officer("Hana Contoh", "INSP", "front_office")
    assert watching.find_officers() == 1
    assert queries.case_of(case.code).officer_id == newcomer.id


def test_of_two_who_act_at_once_the_second_is_told(office, siti):
    make.a_type()
    case = make.a_submitted_case(siti)
    drawn = make.seen(case)
    checking.check_file(case.code, {}, drawn, by=office.front)
    with pytest.raises((Overtaken, NotAllowed)):
        checking.check_file(case.code, {"ktp": "Gelap"}, drawn, by=office.front)


# --- money


def test_a_paid_permit_waits_for_the_money_and_the_clock_stands_still(office, siti):
    make.a_type("PBG", ("check", "verify", "pay", "sign"), fee=make.PAID)
    case = make.verify(make.accept(make.a_submitted_case(siti, "PBG"), office), office)
    bill = bill_of(case)
    assert (case.state, case.fee, bill.amount, bill.state) == ("billed", 150_000, 150_000, "open")
    assert deadlines.of(case, LATE).open_pause.reason == "paying"


def test_a_free_permit_cannot_carry_a_bill_even_by_a_plain_insert(office, siti):
    """T64, on both databases."""
    make.a_type()
    case = make.a_submitted_case(siti)
    for kind in ("free", "retribution"):
        with pytest.raises(IntegrityError):
            db.session.execute(
                db.text(
                    "INSERT INTO perizinan_bill (application_id, type_id, fee_kind, code, amount, basis, made_at,"
                    " state, version) VALUES (:case, :type, :kind, 'IZ-AAAA-AAAA', 1000, '', :at, 'open', 1)"
                ),
                {"case": case.id, "type": case.type_id, "kind": kind, "at": clock.now()},
            )
        db.session.rollback()


def test_the_fee_is_that_of_the_day_of_submission(office, siti):
    make.a_type("PBG", ("check", "verify", "pay", "sign"), fee=make.PAID)
    case = make.a_submitted_case(siti, "PBG")
    dearer = {**make.PAID, "amount": {"product": [{"field": "area"}, {"value": 9000}]}}
    with clock.frozen(clock.now() + timedelta(days=1)):
        newer = make.a_type("BARU", ("check", "verify", "pay", "sign"), fee=dearer)
        db.session.execute(
            db.text("UPDATE perizinan_type SET code = 'PBG', valid_from = :day WHERE id = :id"),
            {"day": clock.today(), "id": newer.id},
        )
        db.session.commit()
        case = make.verify(make.accept(queries.case_of(case.code), office), office)
    assert bill_of(case).amount == 150_000


# --- refusal, objection, withdrawal, revocation


def test_a_refusal_says_why_and_can_be_objected_to_once(office, siti):
    make.a_type()
    case = make.a_refused_case(siti, office)
    assert (case.state, queries.decision_of(case).reason) == ("refused", "spatial")
    objection = filing.object_to(case.code, "Petanya lama", by=siti)
    assert filing.object_to(case.code, "Petanya lama", by=siti).id == objection.id, "pressed twice"
    with pytest.raises(Refusal):
        filing.object_to(case.code, "Lagi", by=siti)
    deciding.answer_objection(case.code, True, "Benar", by=office.head)
    case = queries.case_of(case.code)
    assert (case.state, case.officer_id) == ("verifying", office.back.id)
    assert deadlines.of(case, LATE).ended_at is None
    assert make.sign(make.verify(case, office), office).state == "issued"


def test_the_time_to_object_ends(office, siti):
    make.a_type()
    case = make.a_refused_case(siti, office)
    with clock.frozen(clock.at(clock.today() + timedelta(days=40), time(9))), pytest.raises(Refusal):
        filing.object_to(case.code, "Terlambat", by=siti)


def test_no_refusal_without_law_evidence_and_cure(office, siti):
    make.a_type()
    case = make.accept(make.a_submitted_case(siti), office)
    for why in (
        None,
        make.Refusing("", "a", "b"),
        make.Refusing("spatial", " ", "b"),
        make.Refusing("spatial", "a", ""),
    ):
        with pytest.raises(Refusal):
            make.verify(case, office, make.Opinion("unfit", "Tidak", why))
    assert queries.case_of(case.code).state == "verifying"


@pytest.mark.parametrize("stage", ["checking", "verifying", "signing"])
def test_an_applicant_may_withdraw_until_the_decision(office, siti, stage):
    make.a_type()
    case = make.a_submitted_case(siti)
    if stage != "checking":
        case = make.accept(case, office)
    if stage == "signing":
        case = make.verify(case, office)
    assert filing.withdraw(case.code, by=siti).state == "withdrawn"
    assert deadlines.of(case, LATE).ended_at is not None


def test_a_revoked_permit_says_so(office, siti):
    make.a_type()
    case = make.an_issued_case(siti, office)
    deciding.revoke(case.code, "Keterangan tidak benar", by=office.head)
    assert permits.standing_of(permits.permit_of(case)) == "revoked"


# --- the clock


def test_a_late_case_reports_itself_to_the_inspektorat_and_to_its_applicant(office, siti):
    make.a_type()  # three working days from Tuesday: until Friday
    case = make.a_submitted_case(siti)
    friday, monday = (clock.today() + timedelta(days=days) for days in (3, 6))
    with clock.frozen(clock.at(friday, time(23, 58))):
        deadlines.report_late()
        assert notify.inbox(office.inspector.id) == []
    for day, reports in ((friday + timedelta(days=1), 1), (monday, 2), (monday + timedelta(days=1), 3)):
        with clock.frozen(clock.at(day, time(8))):
            deadlines.report_late()
            assert len(notify.inbox(office.inspector.id)) == reports
    assert sum("late" in notice.message for notice in notify.inbox(siti.id)) == 3
    assert [line.text for line in story.lines_of(case) if "Inspektorat" in line.text]


def test_an_overdue_permit_that_is_signed_counts_as_late(office, siti):
    make.a_type()
    case = make.a_submitted_case(siti)
    with clock.frozen(clock.at(clock.today() + timedelta(days=9), time(9))):
        case = make.sign(make.verify(make.accept(queries.case_of(case.code), office), office), office)
    assert case.in_time is False


# --- the way, as its applicant sees it


WAY = ("check", "verify", "inspect", "recommend", "sign")


def way_of(case) -> list[str]:
    return [stage.standing for stage in story.stages_of(queries.case_of(case.code))]


def test_the_way_tells_what_is_passed_what_is_now_and_what_comes(office, siti):
    make.a_type(stages=WAY)
    case = make.a_submitted_case(siti)
    assert way_of(case) == ["now", "next", "next", "next", "next"]
    with clock.frozen(clock.now() + timedelta(hours=2)):
        make.accept(case, office)
        passed = story.stages_of(queries.case_of(case.code))[0]
        assert (passed.standing, passed.done_at, passed.by is not None) == ("done", clock.now(), True)
    assert way_of(case) == ["done", "now", "next", "next", "next"]


def test_what_is_refused_at_once_has_not_been_visited(office, siti):
    """The back office finds that it does not fit: nobody goes there, and the way says so."""
    make.a_type(stages=WAY)
    case = make.verify(make.accept(make.a_submitted_case(siti), office), office, make.UNFIT)
    assert way_of(case) == ["done", "done", "skipped", "skipped", "now"]
    deciding.refuse(case.code, make.seen(case), by=office.head, why=make.WHY)
    assert way_of(case) == ["done", "done", "skipped", "skipped", "refused"]


def test_what_is_withdrawn_has_reached_what_it_has_reached(office, siti):
    make.a_type(stages=WAY)
    case = make.accept(make.a_submitted_case(siti), office)
    filing.withdraw(case.code, by=siti)
    assert way_of(case) == ["done", "next", "next", "next", "next"]


def test_what_is_sent_back_by_the_head_is_verified_anew(office, siti):
    make.a_type()
    case = make.verify(make.accept(make.a_submitted_case(siti), office), office)
    deciding.send_back(case.code, "Lihat lagi", make.seen(case), by=office.head)
    assert way_of(case) == ["done", "now", "next"]


def test_while_it_is_being_mended_it_lies_with_the_applicant(office, siti):
    make.a_type()
    case = make.send_back_for(make.a_submitted_case(siti), office)
    now = next(stage for stage in story.stages_of(case) if stage.standing == "now")
    assert now.desk in ("You", "Anda")


# --- what a fresh pair of eyes has found


def test_nothing_blank_is_an_objection_or_a_message(office, siti, browser):
    make.a_type()
    case = make.a_refused_case(siti, office)
    page = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}")
    assert page.form("/objection").send(**{"objection-body": "   "}).status == 422
    assert queries.objection_of(case) is None
    with pytest.raises(Refusal):
        filing.object_to(case.code, "  ", by=siti)


def test_another_objection_is_told_that_it_is_one_too_many(office, siti, browser):
    make.a_type()
    case = make.a_refused_case(siti, office)
    page = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}")
    assert page.form("/objection").send(**{"objection-body": "Petanya lama"}).status == 200
    told = page.form("/objection").send(**{"objection-body": "Dan juga ini"})
    assert told.status == 409 and queries.objection_of(case).body == "Petanya lama"


def test_a_visit_is_moved_to_a_day_that_leaves_the_office_its_time(office, siti):
    make.a_type("POHON", stages=("check", "verify", "inspect", "sign"))
    case = make.verify(make.accept(make.a_submitted_case(siti, "POHON"), office), office)
    examining.make_appointment(case.code, make.next_morning(), make.seen(case), by=office.technical)
    end = deadlines.of(case, LATE).standing(clock.now()).due_day
    for day in (end + timedelta(days=1), end + timedelta(days=7)):
        with pytest.raises(Refusal):
            filing.move_visit(case.code, clock.at(day, time(10)), by=siti)
    filing.move_visit(case.code, clock.at(end, time(10)), by=siti)


def test_a_paper_that_is_still_bad_is_the_heads_to_return(office, siti):
    """The one return is used up: the front office can only accept, the head returns it with their name."""
    make.a_type()
    case = make.send_back_for(make.a_submitted_case(siti), office)
    filing.give_paper(case.code, "ktp", make.an_upload(siti), by=siti)
    case = filing.resubmit(case.code, by=siti)
    case = checking.find_late_defect(case.code, "ktp", "Masih gelap", by=office.head)
    assert (case.state, case.returns, case.late_defects) == ("returned", 2, 1)
    filing.give_paper(case.code, "ktp", make.an_upload(siti), by=siti)
    assert make.accept(filing.resubmit(case.code, by=siti), office).state == "verifying"


def test_before_the_first_return_there_is_no_late_defect(office, siti):
    make.a_type()
    case = make.a_submitted_case(siti)
    with pytest.raises(Refusal):
        checking.find_late_defect(case.code, "ktp", "Gelap", by=office.head)


def test_whose_permit_is_revoked_reads_why(office, siti, browser):
    make.a_type()
    case = make.an_issued_case(siti, office)
    deciding.revoke(case.code, "Ijazahnya ternyata palsu", by=office.head)
    page = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}")
    assert "Ijazahnya ternyata palsu" in page.text and "UU 30/2014" in page.text


def test_an_answer_to_an_objection_that_is_late_says_so_to_whoever_objected(office, siti, browser):
    make.a_type()
    case = make.a_refused_case(siti, office)
    filing.object_to(case.code, "Petanya lama", by=siti)
    page = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}")
    assert "Selasa, 8 Desember 2026" in page.text, "until when it must be answered"
    with clock.frozen(clock.at(clock.today() + timedelta(days=30), time(9))):
        deadlines.report_late()
        assert any("objection" in notice.message for notice in notify.inbox(siti.id))
        texts = [line.text for line in story.lines_of(queries.case_of(case.code))]
    assert sum("keberatan" in text.lower() or "objection" in text.lower() for text in texts) == 2


def test_choosing_anew_for_whom_it_is_changes_the_draft(office, siti):
    make.a_type()
    case = filing.start(None, "UJI", "proxy", by=siti)
    filing.save_part(case.code, "applicant", {"purpose": "Rumah"}, by=siti)
    case = filing.start(None, "UJI", "self", by=siti)
    assert (case.role, case.answers["purpose"]) == ("self", "Rumah")


def test_after_the_decision_nobody_writes_into_the_void(office, siti, browser):
    make.a_type()
    case = make.a_submitted_case(siti)
    path = f"/perizinan/applications/{case.spoken_code}"
    assert browser.as_person(siti).open(path).has("#messages"), "the control"
    filing.withdraw(case.code, by=siti)
    assert not browser.open(path).has("#messages"), "nor is there a heading over nothing"
    with pytest.raises(Refusal):
        filing.write(None, case.code, "Halo?", by=siti)
