"""Ten before you, three before you: each said once to each person, however the queue moves, on both databases."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from blueprints.dokter import actions, notices
from blueprints.dokter.models import Shift, Ticket
from tests import people
from tests.crowd import Act, meeting, together, troubles
from tests.dokter.conftest import make
from webapp import clock, notify
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.events import Event
from webapp.notify import Notice


@pytest.fixture
def queue(shift) -> list[Ticket]:
    """Fifteen people wait."""
    return [make.a_ticket(shift, person) for person in people.a_crowd(15)]


def call(shift, by) -> None:
    actions.call_next(shift.id, db.session.get_one(Shift, shift.id).revision, by=by)


def cancel(ticket) -> None:
    actions.cancel_ticket(ticket.code, "other", by=db.session.get_one(Person, ticket.person_id))


def told(ticket) -> list[int]:
    """How many were before this ticket when its holder was told so, in the order of the telling."""
    rows = select(Notice).where(Notice.person_id == ticket.person_id, Notice.message == notices.FEW_BEFORE)
    return [notice.facts["ahead"] for notice in db.session.scalars(rows.order_by(Notice.id))]


def test_who_waits_is_told_at_ten_and_at_three(shift, queue, ani):
    for _press in range(15):
        call(shift, ani)
    assert told(queue[14]) == [10, 3]
    assert told(queue[11]) == [10, 3]
    assert told(queue[4]) == [3], "there were fewer than ten before them from the start"
    assert [told(ticket) for ticket in queue[:4]] == [[], [], [], []], "they knew it when they took the number"


def test_those_who_give_up_move_the_queue_too(shift, queue):
    for ticket in queue[:5]:
        cancel(ticket)
    assert told(queue[14]) == [10] and told(queue[13]) == [10]
    for ticket in queue[5:12]:
        cancel(ticket)
    assert told(queue[14]) == [10, 3]


def test_whoever_was_not_told_at_ten_is_told_of_three_only(shift, queue, ani, monkeypatch):
    with monkeypatch.context() as quiet:
        quiet.setattr(notices.queries, "first_waiting", lambda *_any: [])
        for _press in range(12):
            call(shift, ani)
    call(shift, ani)
    assert told(queue[14]) == [1]


def test_the_day_before_nobody_is_told(ward):
    tomorrow = make.a_shift(ward, clock.today() + timedelta(days=1), letter="B")
    first, *_rest, last = [make.a_ticket(tomorrow, person) for person in people.a_crowd(12)]
    cancel(first)
    assert told(last) == []


def test_the_database_tells_nobody_the_same_twice(shift, queue, ani):
    """The control of the rule itself: without having looked, the second row is refused."""
    for _press in range(5):
        call(shift, ani)
    row = db.session.scalars(select(Notice).where(Notice.person_id == queue[14].person_id)).one()
    event = db.session.get_one(Event, row.event_id)
    for news in (notify.News("another word", fact=row.fact), notify.News(row.message)):
        with pytest.raises(IntegrityError):
            twice(row.person_id, news, event)


@transactional
def twice(person_id, news, event) -> None:
    notify.tell(person_id, news, event, "/")


# --- at the same moment


def gives_up(ticket) -> Act:
    code, person_id = ticket.code, ticket.person_id
    return lambda: actions.cancel_ticket(code, "other", by=db.session.get_one(Person, person_id)).state


def presses(shift, nurse) -> Act:
    shift_id, nurse_id, seen = shift.id, nurse.id, shift.revision
    return lambda: bool(actions.call_next(shift_id, seen, by=db.session.get_one(Person, nurse_id)))


def facts() -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(select(Notice.fact).where(Notice.fact.is_not(None))))


def near(ticket, limit: int) -> str:
    return f"dokter.ticket {ticket.id} {limit} before"


def many_at_once(app, shift, queue, ani) -> None:
    """Four give up, two tablets press: the queue moves by five, and each who comes within ten is told so once."""
    answers = together(app, [*map(gives_up, queue[1:5]), presses(shift, ani), presses(shift, ani)])
    assert not troubles(answers, actions.Overtaken)
    found = facts()
    assert found[near(queue[14], 10)] == 1
    assert set(found.values()) == {1}


def test_many_move_the_queue_at_once(app, shift, queue, ani):
    many_at_once(app, shift, queue, ani)


def two_give_up_at_once(app, queue, monkeypatch) -> int:
    """The last one had twelve before them, and has ten now. Both look before anybody is done, and neither sees anybody
    else whom the other tells too: that would send one of them through it again.

    Returns how often the last one was told.
    """
    for ticket in queue[:2]:
        cancel(ticket)
    meet, real = meeting(), notices.queries.first_waiting
    monkeypatch.setattr(actions, "give_place_back", lambda _ticket: None)  # it makes them wait for one another, too
    monkeypatch.setattr(notices.queries, "first_waiting", lambda *args: (real(*args), meet())[0])
    assert not troubles(together(app, [gives_up(queue[4]), gives_up(queue[13])]))
    return facts()[near(queue[14], 10)]


def test_two_who_give_up_at_once_wait_for_each_other(app, queue, monkeypatch):
    assert two_give_up_at_once(app, queue, monkeypatch) == 1


@pytest.mark.only("postgresql")
def test_control_without_the_shifts_row_nobody_is_told(app, queue, monkeypatch):
    """Each sees a queue in which the other still waits. SQLite has one writer at a time."""
    monkeypatch.setattr(actions, "hold", lambda _shift_id: None)
    assert two_give_up_at_once(app, queue, monkeypatch) == 0
