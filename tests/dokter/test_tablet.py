"""The doctor's tablet: calling, and being told when the screen is behind."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.dokter import actions, queries
from blueprints.dokter.models import Shift, Ticket
from tests import people
from tests.dokter.conftest import make
from tests.pages import Browser
from webapp import clock
from webapp.db import db
from webapp.errors import NotAllowed, Refusal
from webapp.events import Event
from webapp.notify import Notice


@pytest.fixture
def three(shift) -> list[Ticket]:
    """Three people wait."""
    return [make.a_ticket(shift, person) for person in people.a_crowd(3)]


def states(shift) -> list[str]:
    return list(db.session.scalars(select(Ticket.state).where(Ticket.shift_id == shift.id).order_by(Ticket.number)))


def call(shift, by) -> Ticket | None:
    return actions.call_next(shift.id, db.session.get(Shift, shift.id).revision, by=by)


def step(ticket, name, by) -> Ticket:
    return actions.move_ticket(ticket.code, name, db.session.get(Shift, ticket.shift_id).revision, by=by)


def test_calling_takes_them_in_the_order_of_their_numbers(shift, three, ani):
    assert [call(shift, ani).number for _press in range(3)] == [1, 2, 3]
    assert states(shift) == ["done", "done", "called"]


def test_when_nobody_waits_any_more_the_last_one_is_finished(shift, three, ani):
    for _press in range(3):
        call(shift, ani)
    assert call(shift, ani) is None
    assert states(shift) == ["done", "done", "done"]


def test_served_and_finished(shift, three, ani):
    first = call(shift, ani)
    step(first, "serve", ani)
    step(first, "finish", ani)
    assert states(shift) == ["done", "waiting", "waiting"]
    assert first.finished_at and first.called_at


def test_who_was_not_there_is_skipped_and_can_be_called_back_later(shift, three, ani):
    first = call(shift, ani)
    step(first, "recall", ani)
    step(first, "skip", ani)
    call(shift, ani)
    step(first, "call_back", ani)
    assert states(shift) == ["called", "done", "waiting"]


def test_who_was_skipped_and_took_a_new_number_is_not_called_back(shift, ani, siti):
    first = make.a_ticket(shift, siti)
    call(shift, ani)
    step(first, "skip", ani)
    newer = make.a_ticket(shift, siti)
    with pytest.raises(Refusal, match=newer.label):
        step(first, "call_back", ani)


def test_a_step_that_the_table_does_not_have_changes_nothing(shift, three, ani):
    with pytest.raises(Refusal):
        step(three[0], "finish", ani)
    assert states(shift) == ["waiting"] * 3


def test_a_screen_that_is_behind_calls_nobody(shift, three, ani):
    seen = shift.revision
    actions.call_next(shift.id, seen, by=ani)
    with pytest.raises(actions.Overtaken):
        actions.call_next(shift.id, seen, by=ani)
    assert states(shift) == ["called", "waiting", "waiting"]


def test_a_role_in_another_clinic_opens_nothing(shift, three):
    make.a_clinic("PKM-B", "Puskesmas Contoh B")
    nurse_elsewhere = people.ani("PKM-B")
    with pytest.raises(NotAllowed):
        call(shift, nurse_elsewhere)
    assert states(shift) == ["waiting"] * 3


def test_a_citizen_cannot_call_even_their_own_number(shift, three, siti):
    with pytest.raises(NotAllowed):
        call(shift, siti)


def test_every_step_is_in_the_log_with_who_did_it(shift, three, ani):
    step(call(shift, ani), "serve", ani)
    rows = db.session.execute(select(Event.name, Event.actor_id).where(Event.actor_id == ani.id).order_by(Event.id))
    assert [tuple(row) for row in rows] == [("dokter.ticket.call", ani.id), ("dokter.ticket.serve", ani.id)]


def test_the_called_are_told_in_their_inbox_in_their_own_language(shift, ani, siti, browser):
    make.a_ticket(shift, siti)
    call(shift, ani)
    notice = db.session.scalar(select(Notice).where(Notice.person_id == siti.id))
    page = browser.as_person(siti).open("/inbox")
    assert "Giliran Anda: nomor A-001. Silakan ke Ruang 2." in page.text
    assert notice.href == f"/dokter/tickets/{queries.live_tickets_of(siti.id)[0].spoken_code}"


def test_the_page_of_the_tablet_calls_with_one_press(shift, three, ani, browser):
    page = browser.as_person(ani).open(f"/dokter/shifts/{shift.id}/tablet")
    after = page.form("/call").send(htmx=True)
    after.check_fragment("queue")
    assert after.status == 200 and "A-001" in after.text
    assert states(shift) == ["called", "waiting", "waiting"]


def test_without_scripts_too(shift, three, ani, browser):
    page = browser.as_person(ani).open(f"/dokter/shifts/{shift.id}/tablet")
    after = page.form("/call").send()
    assert after.path == f"/dokter/shifts/{shift.id}/tablet"
    assert after.check().form("/steps/serve").send().status == 200
    assert states(shift) == ["serving", "waiting", "waiting"]


@pytest.mark.parametrize("htmx", [True, False])
def test_two_tablets_one_is_told_politely_and_shown_the_present(shift, three, ani, app, htmx):
    path = f"/dokter/shifts/{shift.id}/tablet"
    mine, theirs = (Browser(app).as_person(ani).open(path) for _tablet in range(2))
    mine.form("/call").send()
    told = theirs.form("/call").send(htmx=htmx)
    assert told.status == 409
    assert "Tablet lain lebih dulu" in told.text and "A-001" in told.text
    assert states(shift) == ["called", "waiting", "waiting"]
    assert told.form("/call").send(htmx=htmx).status == 200, "the screen it was shown is up to date"


def test_a_press_that_says_nothing_of_what_it_saw_calls_nobody(shift, three, ani, browser):
    page = browser.as_person(ani).open(f"/dokter/shifts/{shift.id}/tablet")
    assert page.form("/call").send(seen="").status == 409
    assert states(shift) == ["waiting"] * 3


def test_the_desk_lists_the_shifts_of_ones_own_clinic_only(shift, ani, browser):
    elsewhere = make.a_ward(make.a_clinic("PKM-B", "Puskesmas Contoh B"))
    make.a_shift(elsewhere)
    page = browser.as_person(ani).open("/dokter/desk")
    assert "Puskesmas Contoh A" in page.text and "Puskesmas Contoh B" not in page.text
    opened = page.form(f"/dokter/shifts/{shift.id}/open").send()
    assert opened.path == f"/dokter/shifts/{shift.id}/tablet"
    assert db.session.get(Shift, shift.id).operator_id == ani.id


def test_nobody_of_another_day_is_called(ward, siti, ani):
    tomorrow = make.a_shift(ward, clock.today() + timedelta(days=1), letter="B")
    ticket = make.a_ticket(tomorrow, siti)
    for act in (lambda: call(tomorrow, ani), lambda: step(ticket, "recall", ani),
                lambda: actions.open_shift(tomorrow.id, by=ani)):  # fmt: skip
        with pytest.raises(Refusal, match="hari ini"):
            act()
    assert states(tomorrow) == ["waiting"]


def test_opening_the_queue_on_a_second_tablet_makes_the_first_one_stale(shift, three, ani):
    doctor = people.staff("dr. Contoh", "dokter@contoh.invalid", "PKM-A", "doctor")
    seen = shift.revision
    actions.open_shift(shift.id, by=doctor)
    with pytest.raises(actions.Overtaken):
        actions.call_next(shift.id, seen, by=ani)
