"""Random histories of random permit types, held step by step against a plain oracle of what is lawful (T57).

Each seed is a town of its own: three types of chance, its offices, citizens and officers with two accounts, and a
hundred and more attempts by anybody at anything. The seed and the last steps are told when something does not hold.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.cases import queries, story
from blueprints.perizinan.cases.models import Application, Assignment
from blueprints.perizinan.cases.workflow import LATE
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.permits import queries as permits
from blueprints.perizinan.permits.models import Permit
from blueprints.perizinan.watching import actions as watching
from tests.conftest import empty_database
from tests.perizinan.acts import went_through
from tests.perizinan.oracle import ENDED, RATE, ROLE, Twin
from tests.perizinan.town import CITIZENS, Act, Town
from webapp import clock, deadlines, signing, viewing
from webapp.accounts import actions as accounts
from webapp.accounts.models import Membership
from webapp.db import db
from webapp.errors import Refusal

STEPS = 200


class OneChance:
    """The seeds of desks come from the history's own chance, so that it can be told again."""

    def __init__(self, town: Town) -> None:
        self.token_hex = lambda size: f"{town.chance.getrandbits(8 * size):0{2 * size}x}"


@pytest.fixture
def hours(app) -> Iterator[ExitStack]:
    """Each further moment in which the clock stands still, until the end of the test."""
    with ExitStack() as passed:
        yield passed


@pytest.fixture
def town_of(app, monkeypatch) -> Callable[[int], Town]:
    """Founds the town of a seed, in an empty city."""

    def found(seed: int) -> Town:
        db.session.remove()
        empty_database()
        town = Town(seed)
        monkeypatch.setattr("blueprints.perizinan.cases.desks.secrets", OneChance(town))
        return town

    return found


@pytest.mark.usefixtures("quick_signature")
@pytest.mark.parametrize("seed", range(6))
def test_no_history_reaches_what_is_not_lawful(town_of, hours, seed):
    tell(town_of(seed), hours, STEPS)


DEFENCES = {
    "what was accepted is locked": ("blueprints.perizinan.cases.items.may_change", lambda _case, _key: True),
    "the second officer is told": ("blueprints.perizinan.cases.life.refuse_overtaken", lambda _case, _seen: None),
    "the clock stands still": ("webapp.deadlines.pause", lambda *_what: None),
    "nobody has their own case": ("blueprints.perizinan.cases.desks.barred_from", lambda _case, _role: set()),
    "all papers are there": ("blueprints.perizinan.cases.items.is_complete", lambda _case: True),
}


@pytest.mark.usefixtures("quick_signature")
@pytest.mark.parametrize("defence", DEFENCES)
def test_control_without_a_defence_some_history_goes_wrong(town_of, hours, monkeypatch, defence):
    monkeypatch.setattr(*DEFENCES[defence])
    with pytest.raises(AssertionError, match="after:"):
        for seed in range(8):
            tell(town_of(seed), hours, STEPS)


def test_with_real_signatures_every_issued_permit_is_a_valid_document(town_of, hours, signing_key):
    issued: list[Permit] = []
    for seed in range(100, 110):
        tell(town_of(seed), hours, STEPS)
        if issued := list(db.session.scalars(select(Permit))):
            break
    assert {signing.verify(permit.pdf).kind for permit in issued} == {"valid"}


def tell(town: Town, hours: ExitStack, steps: int) -> None:
    """One history: chance chooses, the oracle judges, the product acts, and the two are compared."""
    told: list[str] = []
    for _step in range(steps):
        try:
            one_step(town, hours, told)
        except Exception as wrong:
            raise AssertionError(f"{wrong!r}\nafter:\n" + "\n".join(told[-15:])) from wrong
    assert_numbers_have_no_gaps()
    for t in town.oracle.twins:
        assert_same(town, t)


def one_step(town: Town, hours: ExitStack, told: list[str]) -> None:
    luck = town.chance.random()
    if luck < 0.08 or not town.oracle.twins:
        told.append(begin(town))
    elif luck < 0.13:
        told.append(let_time_pass(town, hours))
    elif luck < 0.16:
        told.append(change_staff(town))
    elif luck < 0.19:
        told.append(find_officers(town))
    else:
        act = town.try_something()
        told.append(str(act))
        try_it(town, act)


def try_it(town: Town, act: Act) -> None:
    effect = town.oracle.effect(act)
    done = went_through(town, act)
    assert done == (effect is not None), f"{act}: {'done' if done else 'refused'} against the oracle"
    before = act.twin.officer
    if effect:
        effect()
    assert_same(town, act.twin)
    if act.name == "redraw" and done:
        assert act.twin.officer not in {before} | {who for state, who in act.twin.taken if state == act.twin.state}


def begin(town: Town) -> str:
    """Anybody begins anything, in whatever letters; what the same person has begun already is found again."""
    law, who = town.chance.choice(town.laws), town.chance.choice([*CITIZENS, *CITIZENS, *town.ids])
    mine = [t for t in town.oracle.twins if (t.owner, t.law, t.state) == (who, law, "draft")]
    try:
        case = filing.start(None, town.chance.choice([law.code, law.code.lower()]), "self", by=town.person(who))
    except Refusal:
        assert who not in CITIZENS, f"{who} may apply"
        return f"{who} may not begin"
    assert who in CITIZENS, f"{who} may not apply"
    assert not mine or case.code == mine[0].code, "begun twice"
    if not mine:
        town.oracle.twins.append(Twin(case.code, law, who))
    if town.chance.random() < 0.7:
        fill_in(town, mine[0] if mine else town.oracle.twins[-1])
    return f"{who} begins {law.code}"


def fill_in(town: Town, t: Twin) -> None:
    """Everything that is asked for."""
    for part in ("applicant", "location", "details"):
        try_it(town, Act("save_part", t, t.owner, {"part": part, "how": "well", "area": 100}))
    for paper in ("ktp", "surat"):
        try_it(town, Act("give_paper", t, t.owner, {"paper": paper, "whose": t.owner}))


def let_time_pass(town: Town, hours: ExitStack) -> str:
    """Some hours, some days or a whole month; what is late reports itself."""
    passed = timedelta(hours=town.chance.choice([2, 5, 26, 24 * 4, 24 * 33]))
    hours.enter_context(clock.frozen(clock.now() + passed))
    town.oracle.today = clock.today()
    deadlines.report_late()
    return f"{passed} pass: {clock.today()}"


def change_staff(town: Town) -> str:
    """Somebody leaves, or somebody new comes."""
    unit, role = town.chance.choice(sorted({(unit, role) for _who, unit, role in town.oracle.works}))
    busy = [entry for entry in sorted(town.oracle.works) if any(entry[0] == t.officer for t in town.oracle.twins)]
    if town.chance.random() < 0.5 or not busy:
        who = f"{role}-{unit}-{len(town.ids)}"
        town.hire(who, unit, role)
        return f"{who} comes"
    who, unit, role = town.chance.choice(busy)
    rows = select(Membership.id).where(Membership.person_id == town.ids[who], Membership.role == role)
    accounts.end_membership(db.session.scalars(rows).one(), None)
    town.oracle.works.remove((who, unit, role))
    return f"{who} leaves, and {find_officers(town)}" if town.chance.random() < 0.7 else f"{who} leaves"


def find_officers(town: Town) -> str:
    """The sweep: whoever waits for an officer, or has one who works there no more, falls to somebody who does."""
    watching.find_officers()
    for t in town.oracle.twins:
        role = ROLE.get(t.state)
        t.may_fall = bool(role) and (t.officer, t.law.unit(role or ""), role) not in town.oracle.works
        assert_same(town, t)
    return "the sweep finds officers"


# --- what must hold after every step


def assert_same(town: Town, t: Twin) -> None:
    """The product's case and its twin agree, and everything that hangs on the case is in order."""
    db.session.rollback()
    db.session.expire_all()
    case = queries.case_of(t.code)
    assert case.state == t.state
    assert_money(case, t)
    assert_desk(town, case, t)
    assert_clock(case, t)
    assert_file(case, t)
    assert_permit(case, t)
    assert_story(case, t)


def assert_money(case: Application, t: Twin) -> None:
    """Free stays free; what is charged is what the law of the day of submission says of the answers as last sent."""
    bill = bill_of(case)
    assert case.fee == t.fee
    assert (bill.state if bill else None) == t.bill
    if not t.law.is_paid:
        assert (bill, case.fee or 0) == (None, 0)
    if bill:
        assert (bill.amount, bill.amount % RATE) == (case.fee, 0)


def assert_desk(town: Town, case: Application, t: Twin) -> None:
    """Exactly where somebody may have it, somebody has it; who did not have to be chosen anew is still there."""
    officer = town.name_of(case.officer_id)
    if t.may_fall:
        able = town.oracle.able(t)
        assert officer in able if able else officer is None, f"{officer} of {able}"
        t.officer, t.may_fall = officer, False
    assert officer == t.officer


def assert_clock(case: Application, t: Twin) -> None:
    """It stands still while the applicant must act or a supervisor says so, and ends with the decision."""
    found = deadlines.of(case, LATE)
    assert (found is None) == (t.fee is None)
    if found is None:
        return
    assert (found.open_pause.reason if found.open_pause else None) == t.pause
    over = t.state in ENDED or t.state == "revoked"
    assert (found.ended_at is not None) == over
    assert (case.decided_at is not None) == (case.days_used is not None) == (case.in_time is not None) == over
    assert sum(pause.ended_at is None for pause in found.pauses) <= 1


def assert_file(case: Application, t: Twin) -> None:
    """What was accepted stays accepted; the file came back at most once more than supervisors answer for."""
    marks = {check.item: check.state for check in case.checks}
    assert {item for item, mark in marks.items() if mark == "accepted"} == t.accepted
    assert {item for item, mark in marks.items() if mark == "defective"} == t.defects
    assert (case.returns, case.late_defects) == (t.returns, t.late)
    assert case.returns <= 1 + case.late_defects
    assert {paper.requirement for paper in case.papers} == t.whole & (t.law.papers | {"denah"})


def assert_permit(case: Application, t: Twin) -> None:
    permit = permits.permit_of(case)
    assert (permit is not None) == (t.state in ("issued", "revoked"))
    if permit:
        assert (permit.revoked_at is not None) == (t.state == "revoked")
        assert permit.number.encode() in permit.pdf or permit.pdf.startswith(b"%PDF-")
        assert case.signer_human not in (None, case.verifier_human, case.examiner_human)
    assert (case.number is None) == (t.fee is None)


def assert_story(case: Application, t: Twin) -> None:
    """Every change of state is one event, and the story tells nothing that is not in the log."""
    log = queries.history_of(case)
    assert [event.facts["before"] for event in log if "before" in event.facts] == t.trail[:-1]
    lines = story.lines_of(case)
    words = {story.PREFIX + name: text for name, text in story.EVENTS.items()} | story.OBJECTED
    logged = [event for event in [*log, *queries.history_of_objection(case)] if event.name in words]
    expected = sorted((event.at, str(words[event.name])) for event in logged)
    assert sorted((line.at, line.text) for line in lines if line.kind == "event") == expected
    assert [line.at for line in lines if line.kind == "opening"] == [row.at for row in viewing.of(case)]


def assert_numbers_have_no_gaps() -> None:
    """Applications by year, permits by type and year; and whoever drew an officer again would draw the same."""
    numbers = sorted(number for number in db.session.scalars(select(Application.number)) if number)
    for year in {number[4:8] for number in numbers}:
        of_year = [int(number[9:]) for number in numbers if number[4:8] == year]
        assert of_year == list(range(1, len(of_year) + 1))
    series: dict[tuple[str, int], list[int]] = {}
    for permit in db.session.scalars(select(Permit).order_by(Permit.serial)):
        series.setdefault((permit.type_code, permit.year), []).append(permit.serial)
    assert all(row == list(range(1, len(row) + 1)) for row in series.values()), series
    for row in db.session.scalars(select(Assignment)):
        assert str(row.person_id) in row.loads
