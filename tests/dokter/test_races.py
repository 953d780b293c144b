"""Many people at the same moment, on both databases.

Each defence has a control: the same story with the defence off must go wrong, or the story would prove nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from blueprints.dokter import actions, queries
from blueprints.dokter.actions import Overtaken
from blueprints.dokter.models import Shift, ShiftShare, Ticket
from tests import people
from tests.crowd import Act, meeting, rounds, together, troubles
from tests.dokter.conftest import make
from webapp import clock
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.events import Event

PLACES, CROWD = 300, 500
RACES = 1000
KEY = "0a1b2c3d-0000-4000-8000-0000000000"

pytestmark = pytest.mark.usefixtures("threads_change_places_often")


# --- what people press


def takes(shift: Shift, person: Person, key: str | None = None) -> Act:
    """A citizen asks for a number; the answer is the number and its code."""
    shift_id, person_id = shift.id, person.id

    def act() -> tuple[int, str]:
        ticket = actions.take_ticket(key, shift_id, "jkn", by=db.session.get_one(Person, person_id))
        return ticket.number, ticket.code

    return act


def cancels(ticket: Ticket) -> Act:
    """The holder gives the number up; the answer is the ticket's state."""
    code, person_id = ticket.code, ticket.person_id
    return lambda: actions.cancel_ticket(code, "other", by=db.session.get_one(Person, person_id)).state


def calls(shift: Shift, seen: int, nurse: Person) -> Act:
    """A tablet that shows this revision presses "call next"; the answer is the number called."""
    shift_id, nurse_id = shift.id, nurse.id

    def act() -> int | None:
        ticket = actions.call_next(shift_id, seen, by=db.session.get_one(Person, nurse_id))
        return ticket.number if ticket else None

    return act


@transactional
def everybody_waits(shift: Shift, crowd: Sequence[Person]) -> None:
    """The whole crowd holds numbers of this shift; written as rows, because a thousand presses take their time."""
    tariff = queries.tariff_for("puskesmas", "jkn", shift.day)
    shared = {
        "shift_id": shift.id, "clinic_id": shift.clinic_id, "ward_id": shift.ward_id, "day": shift.day,
        "share": "jkn", "tariff_id": tariff.id, "taken_at": clock.now(), "state": "waiting", "version": 1,
    }  # fmt: skip
    rows = [{"code": f"{n:06d}", "number": n, "person_id": person.id, **shared} for n, person in enumerate(crowd, 1)]
    db.session.execute(insert(Ticket), rows)
    db.session.execute(update(Shift).where(Shift.id == shift.id).values(last_number=len(crowd)))
    jkn = (ShiftShare.shift_id == shift.id, ShiftShare.share == "jkn")
    db.session.execute(update(ShiftShare).where(*jkn).values(taken=len(crowd)))


# --- what must be true afterwards


def afresh(shift_id: int) -> Shift:
    """The shift as it is now: others have written since this context looked."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Shift, shift_id)


def tickets_of(shift: Shift) -> list[Ticket]:
    rows = select(Ticket).where(Ticket.shift_id == shift.id).order_by(Ticket.number)
    return list(db.session.scalars(rows))


def assert_counters_equal_rows(shift_id: int) -> None:
    """Places and numbers are counted apart from the tickets; here the two are held against each other."""
    shift = afresh(shift_id)
    tickets = tickets_of(shift)
    held = Counter(ticket.share for ticket in tickets if ticket.state != "cancelled")
    assert {row.share: row.taken for row in shift.shares} == {row.share: held[row.share] for row in shift.shares}
    assert [ticket.number for ticket in tickets] == list(range(1, shift.last_number + 1)), "no gap, no number twice"


# --- defences, and how a control turns them off


@pytest.fixture
def no_rule_of_one_live_ticket(app) -> Iterator[None]:
    rule = next(index for index in Ticket.__table__.indexes if index.name == "one_live_ticket")
    with db.engine.begin() as connection:
        rule.drop(connection)
    yield
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(Ticket.__table__.delete())
        rule.create(connection)


@pytest.fixture
def all_look_before_anybody_acts(monkeypatch) -> None:
    meet, real = meeting(), actions.refuse_unless_open
    monkeypatch.setattr(actions, "refuse_unless_open", lambda shift: (meet(), real(shift)))


def in_two_steps(change: int) -> Callable[[int, str], bool]:
    """How one would count places without thinking of others: read, then write."""
    meet = meeting()

    def count(shift_id: int, share: str) -> bool:
        row = db.session.get_one(ShiftShare, (shift_id, share))
        if row.left < change:
            raise Refusal("Penuh")
        meet()
        row.taken += change
        db.session.flush()
        return True

    return count


# --- taking (T50)


def a_rush(app: Flask, shift: Shift, crowd: Sequence[Person]) -> None:
    """As many numbers as places, without gaps; everybody else reads "Penuh"."""
    places = next(row.places for row in shift.shares if row.share == "jkn")
    answers = together(app, [takes(shift, person) for person in crowd])
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    given = [answer for answer in answers if isinstance(answer, tuple)]
    assert not troubles(answers, Refusal)
    assert sorted(number for number, _code in given) == list(range(1, places + 1))
    assert len({code for _number, code in given}) == places
    assert len(refusals) == len(crowd) - places
    assert {str(refusal)[:5] for refusal in refusals} == {"Penuh"}
    assert_counters_equal_rows(shift.id)


def test_five_hundred_at_once_for_three_hundred_places(app, ward):
    shift = make.a_shift(ward, jkn=PLACES)
    a_rush(app, shift, people.a_crowd(CROWD))
    assert db.session.get_one(ShiftShare, (shift.id, "jkn")).taken == PLACES


@pytest.mark.usefixtures("no_write_lock")
def test_control_places_counted_in_two_steps_are_given_twice(app, ward, monkeypatch):
    shift = make.a_shift(ward, jkn=1)
    count = in_two_steps(+1)
    monkeypatch.setattr(actions, "occupy_place", lambda shift, share: count(shift.id, share))
    with pytest.raises(AssertionError, match=r"\[1, 2\] == \[1\]|database is locked"):
        a_rush(app, shift, people.a_crowd(2))


# --- one person who presses again and again (T49)


def one_person_one_ticket(app: Flask, shift: Shift, presses: Sequence[Act]) -> None:
    """Every press is answered with the same ticket, and there is one."""
    answers = together(app, presses)
    assert not troubles(answers)
    tickets = tickets_of(afresh(shift.id))
    assert len(tickets) == 1
    ticket = tickets[0]
    assert set(answers) == {(ticket.number, ticket.code)}
    assert_counters_equal_rows(shift.id)


def test_the_same_form_fifty_times_at_once_is_one_ticket(app, shift, siti):
    one_person_one_ticket(app, shift, [takes(shift, siti, KEY)] * 50)


def test_twenty_forms_of_one_person_at_once_are_one_ticket(app, shift, siti):
    one_person_one_ticket(app, shift, [takes(shift, siti, f"{KEY}{n:02d}") for n in range(20)])


@pytest.mark.parametrize("keys", [[KEY] * 10, [f"{KEY}{n:02d}" for n in range(10)]], ids=["one form", "ten forms"])
def test_a_double_tap_on_the_last_place_is_one_ticket_and_not_full(app, ward, siti, keys):
    shift = make.a_shift(ward, jkn=1)
    one_person_one_ticket(app, shift, [takes(shift, siti, key) for key in keys])


def test_two_doctors_of_one_ward_pressed_at_once_are_one_ticket(app, ward, siti):
    doctors = [make.a_shift(ward, letter=letter) for letter in "AB"]
    answers = together(app, [takes(shift, siti) for shift in doctors for _press in range(5)])
    assert not troubles(answers)
    assert len(set(answers)) == 1
    for shift in doctors:
        assert_counters_equal_rows(shift.id)
    assert len([ticket for shift in doctors for ticket in tickets_of(shift)]) == 1


def test_two_wards_pressed_at_once_are_two_tickets(app, clinic, siti):
    wards = [make.a_ward(clinic, code, f"Poli {code}") for code in ("001", "002")]
    shifts = [make.a_shift(ward, letter=letter) for ward, letter in zip(wards, "AB", strict=True)]
    answers = together(app, [takes(shift, siti) for shift in shifts])
    assert not troubles(answers)
    assert len({code for _number, code in answers}) == 2


@pytest.mark.usefixtures("no_write_lock", "no_rule_of_one_live_ticket", "all_look_before_anybody_acts")
def test_control_without_the_rule_in_the_database_one_person_gets_two(app, shift, siti):
    with pytest.raises(AssertionError, match=r"2 == 1|database is locked"):
        one_person_one_ticket(app, shift, [takes(shift, siti)] * 2)


@pytest.mark.usefixtures("no_second_try", "all_look_before_anybody_acts")
def test_control_without_a_second_try_the_loser_gets_an_error(app, shift, siti):
    """On SQLite the lock at the start of each use case keeps the two apart already."""
    apart = db.engine.dialect.name == "sqlite"
    with nullcontext() if apart else pytest.raises(AssertionError, match="IntegrityError"):
        one_person_one_ticket(app, shift, [takes(shift, siti)] * 2)


# --- two tablets (T52)


def two_tablets(app: Flask, shift: Shift, ani: Person, doctor: Person, races: int) -> None:
    """Both show the same queue and press at once, again and again: one calls, the other is told."""
    answers = rounds(app, [[calls(shift, seen, by) for seen in range(races)] for by in (ani, doctor)])
    for both in answers:
        assert not troubles(both, Overtaken)
        assert sum(isinstance(answer, Overtaken) for answer in both) == 1
    called = [answer for both in answers for answer in both if not isinstance(answer, Overtaken)]
    assert called == list(range(1, races + 1)), "everybody in their turn, nobody twice, nobody passed over"
    tickets = tickets_of(afresh(shift.id))
    assert [ticket.state for ticket in tickets] == ["done"] * (races - 1) + ["called"]
    told = list(db.session.scalars(select(Event.subject_id).where(Event.name == "dokter.ticket.call")))
    assert sorted(told) == sorted(ticket.id for ticket in tickets)


@pytest.fixture
def doctor(clinic) -> Person:
    return people.staff("dr. Contoh", "dokter@contoh.invalid", "PKM-A", "doctor")


def test_two_tablets_press_call_next_together_a_thousand_times(app, ward, ani, doctor):
    shift = make.a_shift(ward, jkn=RACES)
    everybody_waits(shift, people.a_crowd(RACES))
    two_tablets(app, shift, ani, doctor, RACES)


def test_control_without_taking_the_turn_both_tablets_call(app, ward, ani, doctor, monkeypatch):
    shift = make.a_shift(ward)
    everybody_waits(shift, people.a_crowd(6))
    monkeypatch.setattr(actions, "take_the_turn", lambda *_what: None)
    with pytest.raises(AssertionError, match=r"0 == 1|StaleDataError"):  # both have called, or fell over one another
        two_tablets(app, shift, ani, doctor, 3)


@pytest.mark.parametrize("steps", [("serve", "skip"), ("finish", "finish"), ("recall", "skip")])
def test_of_two_tablets_that_move_the_same_patient_one_is_told(app, shift, siti, ani, steps):
    code, nurse_id = make.a_ticket(shift, siti).code, ani.id
    actions.call_next(shift.id, 0, by=ani)

    def moves(step: str) -> Act:
        return lambda: actions.move_ticket(code, step, 1, by=db.session.get_one(Person, nurse_id)).state

    answers = together(app, [moves(step) for step in steps])
    assert not troubles(answers, Overtaken)
    assert sum(isinstance(answer, Overtaken) for answer in answers) == 1


# --- cancelling while something else happens


def test_one_takes_one_cancels_and_the_nurse_calls(app, ward, ani, deadlocks):
    """Nobody is called twice, nobody is passed over, and the three never wait for one another in a ring."""
    times = 40
    shift = make.a_shift(ward, jkn=2 * times)
    crowd = people.a_crowd(2 * times)
    everybody_waits(shift, crowd[:times])
    answers = rounds(app, [
        [calls(shift, seen, ani) for seen in range(times)],
        [cancels(ticket) for ticket in tickets_of(shift)],
        [takes(shift, person) for person in crowd[times:]],
    ])  # fmt: skip
    numbers, states, taken = zip(*answers, strict=True)
    assert not troubles([*numbers, *taken])
    assert not troubles(states, Refusal)  # who has been treated cannot cancel any more
    gone = [number for number, state in enumerate(states, 1) if state == "cancelled"]
    assert list(numbers) == sorted(set(numbers))
    assert set(range(1, max(numbers))) <= {*numbers, *gone}
    assert deadlocks == []
    assert_counters_equal_rows(shift.id)


def test_cancelling_while_others_take_in_a_full_shift(app, ward):
    places = 20
    shift = make.a_shift(ward, jkn=places)
    crowd = people.a_crowd(60)
    everybody_waits(shift, crowd[:places])
    leave = [cancels(ticket) for ticket in tickets_of(shift)]
    answers = together(app, leave + [takes(shift, person) for person in crowd[places:]])
    assert not troubles(answers, Refusal)
    assert answers[:places] == ["cancelled"] * places
    numbers = sorted(answer[0] for answer in answers if isinstance(answer, tuple))
    assert numbers == list(range(places + 1, places + 1 + len(numbers))) and len(numbers) <= places
    assert_counters_equal_rows(shift.id)


def all_leave(app: Flask, shift: Shift, presses: int = 1) -> None:
    """Everybody cancels at once: all places are free again."""
    answers = together(app, [cancels(ticket) for ticket in tickets_of(shift) for _press in range(presses)])
    assert not troubles(answers)
    assert set(answers) == {"cancelled"}
    assert_counters_equal_rows(shift.id)


def test_cancelling_twice_at_once_gives_one_place_back(app, shift):
    everybody_waits(shift, people.a_crowd(5))
    all_leave(app, shift, presses=4)


@pytest.mark.usefixtures("no_write_lock")
def test_control_places_given_back_in_two_steps_get_lost(app, shift, monkeypatch):
    count = in_two_steps(-1)
    everybody_waits(shift, people.a_crowd(2))
    monkeypatch.setattr(actions, "give_place_back", lambda ticket: count(ticket.shift_id, ticket.share))
    with pytest.raises(AssertionError, match=r"'jkn': 1|database is locked"):
        all_leave(app, shift)
