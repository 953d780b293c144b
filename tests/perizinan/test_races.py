"""Officers, applicants and the bank at the same moment, on both databases.

Each defence has a control: the same story with the defence off must go wrong, or the story would prove nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.cases import life, numbers, queries
from blueprints.perizinan.cases.life import Overtaken
from blueprints.perizinan.cases.models import Application, Counter, Message, Objection, Paper
from blueprints.perizinan.cases.workflow import LATE
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.deciding import actions as deciding
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.permits.models import Permit
from blueprints.perizinan.talking import actions as talking
from blueprints.perizinan.watching import actions as watching
from tests import people
from tests.crowd import Act, meeting, rounds, together, troubles
from tests.factories import permits as make
from tests.factories.permits import Office
from webapp import clock, deadlines
from webapp.accounts.models import Person
from webapp.db import db
from webapp.errors import NotAllowed, Refusal
from webapp.payments import actions as payments
from webapp.payments.models import Payment
from webapp.payments.word import Word

PRESSES, HEADS, CROWD, ROUNDS = 20, 30, 20, 15
KEY = "0a1b2c3d-0000-4000-8000-0000000000"

pytestmark = pytest.mark.usefixtures("threads_change_places_often")


# --- what people press


def acts(use_case: Callable[..., Any], *args: object, by: Person, **named: object) -> Act:
    """Somebody uses this use case; the answer is the state of what it returns, or its id."""
    person_id = by.id

    def act() -> object:
        found = use_case(*args, by=db.session.get_one(Person, person_id), **named)
        return getattr(found, "state", None) or getattr(found, "id", found)

    return act


def pays(reference: str, code: str, amount: int) -> Act:
    word = Word(reference, code, amount, clock.now())
    return lambda: payments.receive(word).state


def look_again() -> None:
    """Others have written since this context looked."""
    db.session.rollback()
    db.session.expire_all()


def afresh(case: Application) -> Application:
    """The case as it is now."""
    look_again()
    return queries.case_of(case.code)


def officer_of(case: Application) -> Person:
    return db.session.get_one(Person, case.officer_id)


def steps_of(case: Application) -> list[str]:
    """The changes of state in the log."""
    return [event.name.rpartition(".")[2] for event in queries.history_of(case) if "before" in event.facts]


def count_of(model: type) -> int:
    look_again()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def serials() -> list[int]:
    look_again()
    return sorted(db.session.scalars(select(Permit.serial)))


def a_case_to_sign(person: Person, office: Office, code: str = "UJI") -> Application:
    return make.verify(make.accept(make.a_submitted_case(person, code), office), office)


def to_decide(office: Office, crowd: Sequence[Person]) -> list[Application]:
    return [a_case_to_sign(person, office) for person in crowd]


# --- signing


def test_pressing_sign_twenty_times_at_once_is_one_permit_with_one_number(app, office, siti):
    make.a_type()
    case = a_case_to_sign(siti, office)
    answers = together(app, [acts(deciding.sign, case.code, make.seen(case), by=office.head)] * PRESSES)
    assert answers == ["issued"] * PRESSES
    assert (serials(), steps_of(afresh(case)).count("issue")) == ([1], 1)
    assert db.session.scalar(select(Counter.last).where(Counter.name == "permits UJI")) == 1


@pytest.mark.usefixtures("quick_signature")
def test_thirty_heads_who_sign_thirty_cases_at_once_use_the_numbers_one_to_thirty(app, office, deadlocks):
    make.a_type()
    heads = [office.head, *(people.officer(f"Kepala{n} Contoh", "DPMPTSP", "head") for n in range(HEADS - 1))]
    cases = to_decide(office, people.a_crowd(HEADS))
    assert {case.officer_id for case in cases} == {head.id for head in heads}
    signing = [acts(deciding.sign, case.code, make.seen(case), by=officer_of(case)) for case in cases]
    assert together(app, signing) == ["issued"] * HEADS
    assert (serials(), deadlocks) == (list(range(1, HEADS + 1)), [])


@pytest.mark.usefixtures("quick_signature", "no_write_lock")
def test_control_numbers_that_are_read_and_written_in_two_steps_come_twice(app, office, monkeypatch):
    make.a_type()
    cases = to_decide(office, people.a_crowd(2))
    meet = meeting()

    def in_two_steps(name: str, year: int) -> int:
        last = db.session.scalar(select(Counter.last).where(Counter.name == name, Counter.year == year)) or 0
        meet()
        db.session.merge(Counter(name=name, year=year, last=last + 1))
        return last + 1

    monkeypatch.setattr(numbers, "next_number", in_two_steps)
    monkeypatch.setattr("webapp.db.TRIES", 1)
    answers = together(app, [acts(deciding.sign, case.code, make.seen(case), by=officer_of(case)) for case in cases])
    assert troubles(answers, Refusal), "IntegrityError or a locked database"


@pytest.mark.usefixtures("quick_signature")
def test_an_applicant_withdraws_while_the_head_signs_and_exactly_one_wins(app, office):
    make.a_type()
    cases = to_decide(office, people.a_crowd(ROUNDS))
    answers = rounds(app, [
        [acts(deciding.sign, case.code, make.seen(case), by=office.head) for case in cases],
        [acts(filing.withdraw, case.code, by=case.person) for case in cases],
    ])  # fmt: skip
    for case, both in zip(cases, answers, strict=True):
        assert not troubles(both, Refusal)
        now = afresh(case)
        assert [answer for answer in both if isinstance(answer, str)] == [now.state]
        assert len({"issue", "withdraw"} & {*steps_of(now)}) == 1
        assert deadlines.of(now, LATE).ended_at is not None
    issued = sum(afresh(case).state == "issued" for case in cases)
    assert serials() == list(range(1, issued + 1)), "a signature that lost has used no number"


# --- money


def a_billed_case(person: Person, office: Office) -> Application:
    return make.verify(make.accept(make.a_submitted_case(person, "PBG"), office), office)


@pytest.fixture
def paid_type(office) -> None:
    make.a_type("PBG", ("check", "verify", "pay", "sign"), fee=make.PAID)


def test_two_payments_of_one_bill_at_once_are_one_paid_and_one_held(app, office, paid_type):
    bills = [bill_of(a_billed_case(person, office)) for person in people.a_crowd(ROUNDS)]
    answers = rounds(app, [[pays(f"{side}{bill.id}", bill.code, bill.amount) for bill in bills] for side in "AB"])
    assert [sorted(both) for both in answers] == [["accepted", "held"]] * ROUNDS
    held = select(Payment.reason).where(Payment.state == "held")
    look_again()
    assert set(db.session.scalars(held)) == {"already_paid"}


def test_money_that_comes_while_the_applicant_withdraws_is_settled_or_held(app, office, paid_type):
    cases = [a_billed_case(person, office) for person in people.a_crowd(ROUNDS)]
    bills = [bill_of(case) for case in cases]
    answers = rounds(app, [
        [pays(f"R{bill.id}", bill.code, bill.amount) for bill in bills],
        [acts(filing.withdraw, case.code, by=case.person) for case in cases],
    ])  # fmt: skip
    for case, (payment, withdrawn) in zip(cases, answers, strict=True):
        assert withdrawn == "withdrawn" and not troubles([payment])
        bill = bill_of(afresh(case))
        assert (payment, bill.state) in (("accepted", "paid"), ("held", "cancelled"))


# --- sending


def test_the_same_application_sent_twenty_times_at_once_has_one_number(app, office, siti):
    make.a_type()
    draft = make.a_draft(siti)
    assert together(app, [acts(filing.submit, draft.code, declared=True, by=siti)] * PRESSES) == ["checking"] * PRESSES
    case = afresh(draft)
    assert (case.number, steps_of(case)) == ("IZN/2026/000001", ["submit"])


def all_send_at_once(app: Flask, drafts: Sequence[Application]) -> None:
    """The first applications of a year: somebody has to make the row that counts them."""
    answers = together(app, [acts(filing.submit, draft.code, declared=True, by=draft.person) for draft in drafts])
    assert not troubles(answers)
    look_again()
    assert sorted(db.session.scalars(select(Application.number))) == [
        f"IZN/2026/{number:06d}" for number in range(1, len(drafts) + 1)
    ]


def test_the_first_twenty_applications_of_a_year_sent_at_once(app, office, deadlocks):
    make.a_type()
    people.officer("Gita Contoh", "DPMPTSP", "front_office")
    all_send_at_once(app, [make.a_draft(person) for person in people.a_crowd(CROWD)])
    assert deadlocks == []


@pytest.mark.usefixtures("no_second_try")
def test_control_without_a_second_try_somebody_makes_the_row_in_vain(app, office, monkeypatch):
    """On SQLite the lock at the start of each use case keeps them apart already."""
    make.a_type()
    drafts = [make.a_draft(person) for person in people.a_crowd(4)]
    meet, real = meeting(4), numbers.next_number
    monkeypatch.setattr(numbers, "next_number", lambda name, year: (meet(), real(name, year))[1])
    apart = db.engine.dialect.name == "sqlite"
    with nullcontext() if apart else pytest.raises(AssertionError, match="IntegrityError"):
        all_send_at_once(app, drafts)


def begin_at_once(app: Flask, siti: Person) -> None:
    """Twenty forms, in whatever letters: all are answered with the one draft."""
    codes = ["UJI", "uji"] * (PRESSES // 2)
    answers = together(app, [
        acts(filing.start, f"{KEY}{n:02d}", code, "self", by=siti) for n, code in enumerate(codes)
    ])  # fmt: skip
    assert not troubles(answers)
    assert count_of(Application) == 1


def test_twenty_beginnings_of_one_permit_at_once_are_one_draft(app, office, siti):
    make.a_type()
    begin_at_once(app, siti)


@pytest.fixture
def no_rule_of_one_draft(app) -> Iterator[None]:
    rule = next(index for index in Application.__table__.indexes if index.name == "one_draft_per_type")
    with db.engine.begin() as connection:
        rule.drop(connection)
    yield
    db.session.rollback()
    with db.engine.begin() as connection:
        for table in ("event", "replay", "perizinan_application"):
            connection.execute(db.metadata.tables[table].delete())
        rule.create(connection)


@pytest.mark.usefixtures("no_rule_of_one_draft", "no_write_lock")
def test_control_without_the_rule_in_the_database_there_are_two_drafts(app, office, siti, monkeypatch):
    make.a_type()
    meet, real = meeting(), queries.live_draft
    monkeypatch.setattr(queries, "live_draft", lambda *whose: (real(*whose), meet())[0])
    with pytest.raises(AssertionError, match=r"== 1|database is locked"):
        begin_at_once(app, siti)


# --- the desk


def test_of_two_checks_drawn_from_the_same_page_one_wins_and_the_other_is_told(app, office):
    """The same officer at two tablets: one sends the file on, the other sends it back (T53)."""
    make.a_type()
    cases = [make.a_submitted_case(person) for person in people.a_crowd(ROUNDS)]
    answers = rounds(app, [
        [acts(checking.check_file, case.code, defects, make.seen(case), by=office.front) for case in cases]
        for defects in ({}, {"ktp": "Gelap"})
    ])  # fmt: skip
    for case, both in zip(cases, answers, strict=True):
        assert not troubles(both, Overtaken, NotAllowed)  # who lost the case with it may not even look any more
        now = afresh(case)
        assert [answer for answer in both if isinstance(answer, str)] == [now.state]
        assert len(steps_of(now)) == 2
        states = {check.item: check.state for check in now.checks}
        assert ("defective" in states.values()) == (now.state == "returned")


def test_of_two_who_write_down_a_finding_at_once_one_is_told_and_nothing_is_doubled(app, office, siti, deadlocks):
    make.a_type()
    case = make.accept(make.a_submitted_case(siti), office)
    both = [
        acts(examining.find, case.code, opinion, make.seen(case), by=office.back) for opinion in (make.FIT, make.UNFIT)
    ]
    answers = together(app, both)
    assert not troubles(answers, Refusal)
    assert sum(answer == "signing" for answer in answers) == 1
    assert len(queries.findings_of(afresh(case))) == 1
    assert deadlocks == []


def test_the_clock_never_runs_while_the_applicant_pays(app, office, paid_type):
    """A supervisor lets a stopped clock go on at the very moment at which the bill is made."""
    cases = [make.accept(make.a_submitted_case(person, "PBG"), office) for person in people.a_crowd(ROUNDS)]
    for case in cases:
        watching.stop_clock(case.code, "elsewhere", "Menunggu BPN", by=office.head)
    answers = rounds(app, [
        [acts(examining.find, case.code, make.FIT, make.seen(case), by=office.back) for case in cases],
        [acts(watching.go_on, case.code, by=office.head) for case in cases],
    ])  # fmt: skip
    for case, both in zip(cases, answers, strict=True):
        assert not troubles(both, Refusal)
        now, pause = afresh(case), deadlines.of(case, LATE).open_pause
        assert (now.state == "billed") == (pause is not None and pause.reason == "paying")


@pytest.mark.usefixtures("no_write_lock")
def test_control_without_holding_the_case_its_clock_runs(app, office, siti, paid_type, monkeypatch):
    """On SQLite whoever has looked before another has written may not write any more: nothing goes wrong there."""
    case = make.accept(make.a_submitted_case(siti, "PBG"), office)
    done = meeting()
    monkeypatch.setattr(life, "hold", lambda _case: (done(), done()))
    monkeypatch.setattr(examining, "find", after(done, examining.find))
    together(app, [
        acts(examining.find, case.code, make.FIT, make.seen(case), by=office.back),
        acts(watching.go_on, case.code, by=office.head),
    ])  # fmt: skip
    assert afresh(case).state == "billed"
    assert (deadlines.of(case, LATE).open_pause is None) == (db.engine.dialect.name == "postgresql")


def after(meet: Callable[[], None], use_case: Callable[..., Any]) -> Callable[..., Any]:
    """The use case, begun when the other has looked and before the other goes on."""

    def run(*args: object, **named: object) -> object:
        meet()
        found = use_case(*args, **named)
        meet()
        return found

    return run


def test_a_time_that_the_applicant_has_chosen_is_not_overwritten(app, office):
    make.a_type("POHON", ("check", "verify", "inspect", "sign"))
    chosen, other = make.next_morning() + timedelta(hours=1), make.next_morning() + timedelta(hours=2)
    cases = [
        make.verify(make.accept(make.a_submitted_case(p, "POHON"), office), office) for p in people.a_crowd(ROUNDS)
    ]
    for case in cases:
        examining.make_appointment(case.code, make.next_morning(), make.seen(case), by=office.technical)
    answers = rounds(app, [
        [acts(examining.make_appointment, case.code, other, make.seen(case), by=office.technical) for case in cases],
        [acts(filing.move_visit, case.code, chosen, by=case.person) for case in cases],
    ])  # fmt: skip
    for case, both in zip(cases, answers, strict=True):
        assert not troubles(both, Refusal)
        visit = queries.visit_of(afresh(case))
        assert (visit.starts_at, visit.moves) == (chosen, 1)


def test_two_sweeps_and_an_officer_at_once_put_each_case_on_one_desk(app, office):
    make.a_type("LAIN", office="INSP")
    cases = [make.a_submitted_case(person, "LAIN") for person in people.a_crowd(5)]
    for name in ("Hana", "Heri"):
        people.officer(f"{name} Contoh", "INSP", "front_office")
    answers = together(app, [watching.find_officers] * 4)
    assert not troubles(answers)
    for case in cases:
        assert afresh(case).officer_id is not None
        assert len(queries.assignments_of(case)) == 1


# --- papers, words and objections


def test_two_files_for_one_requirement_at_once_leave_one(app, office, siti):
    make.a_type()
    case = filing.start(None, "UJI", "self", by=siti)
    uploads = [make.an_upload(siti) for _file in range(6)]
    answers = together(app, [acts(filing.give_paper, case.code, "ktp", upload, by=siti) for upload in uploads])
    assert not troubles(answers, Refusal)
    standing = select(func.count()).where(Paper.application_id == case.id, Paper.replaced_at.is_(None))
    look_again()
    assert db.session.scalar(standing) == 1


def test_an_objection_made_twice_at_once_is_one_and_answered_once(app, office, siti):
    make.a_type()
    case = make.a_refused_case(siti, office)
    made = together(app, [acts(filing.object_to, case.code, "Petanya lama", by=siti)] * 6)
    assert (made, count_of(Objection)) == (["open"] * 6, 1)
    answers = together(app, [
        acts(deciding.answer_objection, case.code, upheld, "Dilihat", by=office.head) for upheld in (True, False) * 3
    ])  # fmt: skip
    assert not troubles(answers, Refusal)
    assert sum(isinstance(answer, str) for answer in answers) == 1
    upheld = queries.objection_of(afresh(case)).state == "upheld"
    assert afresh(case).state == ("verifying" if upheld else "refused")


def test_of_two_inspectors_who_judge_a_message_one_is_told(app, office, siti):
    make.a_type()
    case = make.a_submitted_case(siti)
    message = talking.write(None, case.code, "Rp 50.000 saja", by=office.front)
    answers = together(app, [acts(talking.judge, message.id, kind, by=office.inspector) for kind in (True, False) * 3])
    assert not troubles(answers, Refusal)
    assert sum(isinstance(answer, str) for answer in answers) == 1
    look_again()
    assert db.session.get_one(Message, message.id).state in ("released", "stopped")
