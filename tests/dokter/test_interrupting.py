"""A session that begins later, or does not go on: on the tablet, on the ticket, in the inbox."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select, update

from blueprints.dokter import actions, availability, interrupting
from blueprints.dokter.models import Shift, ShiftShare, Ticket
from tests import people
from tests.crowd import meeting, together, troubles
from tests.dokter.conftest import make
from tests.pages import Browser
from webapp import clock
from webapp.accounts.models import Person
from webapp.db import db
from webapp.errors import NotAllowed, Refusal
from webapp.events import Event
from webapp.notify import Notice


@pytest.fixture
def crowd(app) -> list[Person]:
    return people.a_crowd(4)


@pytest.fixture
def waiting(shift, crowd) -> list[Ticket]:
    """Three people wait."""
    return [make.a_ticket(shift, person) for person in crowd[:3]]


def revision(shift) -> int:
    return db.session.get_one(Shift, shift.id).revision


def delay(shift, by, minutes=30, reason="emergency") -> Shift:
    return interrupting.delay(shift.id, revision(shift), minutes, reason, by=by)


def close(shift, by) -> int:
    return interrupting.close(shift.id, revision(shift), by=by)


def words_for(ticket) -> list[str]:
    rows = select(Notice).where(Notice.person_id == ticket.person_id).order_by(Notice.id)
    return [notice.text for notice in db.session.scalars(rows)]


def names() -> list[str]:
    return list(db.session.scalars(select(Event.name).where(Event.name.startswith("dokter.shift"))))


def test_a_delay_is_told_to_all_who_wait_and_to_nobody_else(shift, waiting, ani):
    actions.call_next(shift.id, revision(shift), by=ani)
    delay(shift, ani)
    assert [len([word for word in words_for(ticket) if "08.30" in word]) for ticket in waiting] == [0, 1, 1]
    assert names() == ["dokter.shift.delay"]


@pytest.mark.parametrize(("hour", "goes_on"), [(-1, 0.5), (2, 2.5)], ids=["before it begins", "in the middle"])
def test_a_delay_counts_from_the_beginning_or_from_now(shift, ani, hour, goes_on):
    with clock.frozen(shift.starts_at + timedelta(hours=hour)):
        assert delay(shift, ani).delayed_until == shift.starts_at + timedelta(hours=goes_on)


def test_whoever_calls_the_next_number_ends_the_delay(shift, waiting, ani):
    delay(shift, ani)
    actions.call_next(shift.id, revision(shift), by=ani)
    assert db.session.get_one(Shift, shift.id).delayed_until is None


@pytest.mark.parametrize(("minutes", "reason"), [(45, "late"), (15, "weather"), (0, "late"), (-15, "late")])
def test_only_what_can_be_chosen_is_taken(shift, ani, minutes, reason):
    with pytest.raises(Refusal):
        delay(shift, ani, minutes, reason)


def test_closing_cancels_whoever_waits_and_gives_no_more_numbers(shift, waiting, crowd, ani):
    actions.call_next(shift.id, revision(shift), by=ani)
    assert close(shift, ani) == 2
    assert [db.session.get_one(Ticket, each.id).state for each in waiting] == ["called", "cancelled", "cancelled"]
    assert [sum("ditutup" in word or "menutup" in word for word in words_for(each)) for each in waiting] == [0, 1, 1]
    with pytest.raises(Refusal, match="ditutup"):
        make.a_ticket(db.session.get_one(Shift, shift.id), crowd[3])
    assert db.session.get_one(ShiftShare, (shift.id, "jkn")).taken == 1, "their places are given back"
    assert not availability.of(db.session.get_one(Shift, shift.id), None).is_open
    done = list(db.session.scalars(select(Event.actor_id).where(Event.name == "dokter.ticket.call_off")))
    assert done == [ani.id, ani.id], "the log says who"


def test_it_is_closed_once(shift, ani):
    close(shift, ani)
    for act in (close, delay):
        with pytest.raises(Refusal, match="ditutup"):
            act(shift, ani)


def test_a_screen_that_is_behind_closes_and_delays_nothing(shift, waiting, ani):
    seen = revision(shift)
    actions.call_next(shift.id, seen, by=ani)
    with pytest.raises(actions.Overtaken):
        interrupting.close(shift.id, seen, by=ani)
    with pytest.raises(actions.Overtaken):
        interrupting.delay(shift.id, seen, 15, "late", by=ani)
    assert names() == []


def test_only_the_clinics_own_staff_may(shift, siti):
    make.a_clinic("PKM-B", "Puskesmas Contoh B")
    for stranger in (siti, people.staff("Lain Contoh", "lain@contoh.invalid", "PKM-B", "nurse")):
        with pytest.raises(NotAllowed):
            close(shift, stranger)
        with pytest.raises(NotAllowed):
            delay(shift, stranger)


def test_another_day_is_left_alone(ward, ani):
    tomorrow = make.a_shift(ward, clock.today() + timedelta(days=1), letter="B")
    with pytest.raises(Refusal, match="hari ini"):
        close(tomorrow, ani)


# --- on the pages


@pytest.mark.parametrize("htmx", [True, False])
def test_from_the_tablet_to_the_ticket(app, shift, siti, ani, htmx):
    ticket = make.a_ticket(shift, siti)
    phone, tablet = Browser(app).as_person(siti), Browser(app).as_person(ani)
    path, page = f"/dokter/tickets/{ticket.spoken_code}", tablet.open(f"/dokter/shifts/{shift.id}/interrupt")
    assert page.form("/delay").send(htmx=htmx).status == 422
    assert page.form("/delay").send(htmx=htmx, minutes="60", reason="power").status in (200, 204)
    assert "09.00" in tablet.open(f"/dokter/shifts/{shift.id}/tablet").text
    told = phone.open(path)
    assert "Ditunda sampai kira-kira pukul 09.00. Listrik" in told.text
    assert told.find("[data-ticket]")["data-standing"] == told.find("[data-waiting]")["data-standing"] == "09.00"
    page = tablet.open(f"/dokter/shifts/{shift.id}/interrupt")
    assert page.form("/close").send(htmx=htmx).status == 422, "not without a sign that it is meant"
    assert page.form("/close").send(htmx=htmx, sure="y").status in (200, 204)
    assert "Klinik menutup praktik ini" in phone.open(path).text
    assert "ditutup" in phone.open(f"/dokter/shifts/{shift.id}").text
    assert "ditutup" in tablet.open(f"/dokter/shifts/{shift.id}/tablet").text
    assert page.form("/close").send(htmx=htmx, sure="y").status == 409


# --- at the same moment


def test_nobody_takes_a_number_of_a_session_that_is_being_closed(app, shift, crowd, ani, monkeypatch):
    """All have looked before anybody acts: whoever gets a number is cancelled with the others, or gets none."""
    meet, real = meeting(5), actions.refuse_unless_open
    monkeypatch.setattr(actions, "refuse_unless_open", lambda shift: (real(shift), meet()))
    shift_id, nurse, seen = shift.id, ani.id, shift.revision

    def closes() -> int:
        meet()
        return interrupting.close(shift_id, seen, by=db.session.get_one(Person, nurse))

    def takes(person_id: int):
        return lambda: actions.take_ticket(None, shift_id, "jkn", by=db.session.get_one(Person, person_id)).number

    answers = together(app, [closes, *(takes(person.id) for person in crowd)])
    assert not troubles(answers, Refusal)
    db.session.rollback()
    states = Counter(db.session.scalars(select(Ticket.state)))
    assert states["waiting"] == 0 and states["cancelled"] == sum(isinstance(each, int) for each in answers[1:])
    assert db.session.get_one(ShiftShare, (shift_id, "jkn")).taken == 0


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("guarded", [True, False])
def test_who_looked_before_it_was_closed_gets_a_number_only_unguarded(shift, siti, ani, monkeypatch, guarded):
    closed, real = threading.Event(), actions.refuse_unless_open
    monkeypatch.setattr(actions, "refuse_unless_open", lambda shift: (real(shift), closed.wait(30)))
    if not guarded:
        rise = update(Shift).where(Shift.id == shift.id).values(last_number=Shift.last_number + 1)
        monkeypatch.setattr(actions, "next_number", lambda _shift: db.session.scalar(rise.returning(Shift.last_number)))
    shift_id, nurse, holder, seen = shift.id, ani.id, siti.id, shift.revision

    def closes() -> None:
        interrupting.close(shift_id, seen, by=db.session.get_one(Person, nurse))
        closed.set()

    def takes() -> int:
        return actions.take_ticket(None, shift_id, "jkn", by=db.session.get_one(Person, holder)).number

    answers = together(current_app._get_current_object(), [closes, takes])
    assert isinstance(answers[1], Refusal) is guarded
