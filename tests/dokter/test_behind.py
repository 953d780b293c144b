"""Whoever acts on what they saw a moment ago: the shift's revision and the ticket's version, and life without them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from blueprints.dokter import actions
from blueprints.dokter.models import Shift, Ticket
from tests import people
from tests.dokter.conftest import make
from webapp.db import db

View = tuple[Session, Ticket]


@pytest.fixture
def seen(shift) -> int:
    """What both tablets show: the first of two people is to be called."""
    for person in people.a_crowd(2):
        make.a_ticket(shift, person)
    return shift.revision


def test_the_second_tablet_is_told(shift, seen, ani):
    assert actions.call_next(shift.id, seen, by=ani).number == 1
    with pytest.raises(actions.Overtaken):
        actions.call_next(shift.id, seen, by=ani)


def test_control_with_a_blind_update_the_second_tablet_calls_one_too_many(shift, seen, ani, monkeypatch):
    blind = update(Shift).values(revision=Shift.revision + 1)
    monkeypatch.setattr(actions, "take_the_turn", lambda *_what: db.session.execute(blind))
    assert [actions.call_next(shift.id, seen, by=ani).number for _press in range(2)] == [1, 2]


@pytest.fixture
def two_views(shift, siti) -> Iterator[list[View]]:
    """One ticket as two processes have read it before either of them acts."""
    one_ticket = select(Ticket).where(Ticket.id == make.a_ticket(shift, siti).id)
    with Session(db.engine, expire_on_commit=False) as one, Session(db.engine, expire_on_commit=False) as other:
        views = [(session, session.scalars(one_ticket).one()) for session in (one, other)]
        one.commit()
        other.commit()
        yield views


def state_now() -> str:
    db.session.rollback()
    return db.session.scalars(select(Ticket.state)).one()


def test_of_two_who_change_the_same_ticket_the_second_is_told(two_views):
    (one, mine), (other, theirs) = two_views
    mine.state, theirs.state = "called", "cancelled"
    one.commit()
    with pytest.raises(StaleDataError):
        other.commit()
    assert state_now() == "called"


def test_control_without_the_version_the_second_cancels_whom_the_first_has_called(two_views):
    for (session, ticket), state in zip(two_views, ("called", "cancelled"), strict=True):
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(state=state))
        session.commit()
    assert state_now() == "cancelled"
