"""On the way, and here: the holder says so or the counter reads the code; the order of the queue stays as it is."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from blueprints.dokter import actions, arriving, queries
from blueprints.dokter.models import Ticket
from tests import people
from tests.dokter.conftest import make
from tests.pages import Browser
from webapp import clock
from webapp.db import db
from webapp.errors import NotAllowed, Refusal
from webapp.events import Event


@pytest.fixture
def ticket(shift, siti) -> Ticket:
    return make.a_ticket(shift, siti)


def at(moment):
    return clock.frozen(moment)


def events(name: str) -> int:
    return db.session.scalar(select(func.count()).where(Event.name == f"dokter.ticket.{name}"))


def afresh(ticket) -> Ticket:
    db.session.expire_all()
    return queries.ticket_on_show(ticket.code)


def test_whoever_is_here_says_so_once(ticket, siti):
    with at(ticket.shift.starts_at):
        first = arriving.arrive(ticket.code, by=siti).arrived_at
        with at(clock.now() + timedelta(minutes=5)):
            assert arriving.arrive(ticket.code, by=siti).arrived_at == first
    assert events("arrive") == 1


def test_whoever_is_on_the_way_says_so_once(ticket, siti):
    for _press in range(2):
        arriving.set_out(ticket.code, by=siti)
    assert events("set_out") == 1 and afresh(ticket).on_way_at == clock.now()


def test_nobody_is_called_sooner_for_it(shift, siti, budi, ani):
    first, second = make.a_ticket(shift, siti), make.a_ticket(shift, budi)
    with at(shift.starts_at):
        arriving.arrive(second.code, by=budi)
        assert actions.call_next(shift.id, shift.revision, by=ani).code == first.code


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (lambda shift: shift.starts_at - timedelta(minutes=61), r"terlalu awal|too early"),
        (lambda shift: shift.ends_at, r"sudah selesai|is over"),
        (lambda shift: shift.starts_at + timedelta(days=1), r"untuk|is for"),
        (lambda shift: shift.starts_at - timedelta(days=1), r"untuk|is for"),
    ],
    ids=["too early", "too late", "a day late", "a day early"],
)
def test_outside_the_window_the_answer_is_plain(ticket, siti, moment, told):
    with at(moment(ticket.shift)), pytest.raises(Refusal, match=told):
        arriving.arrive(ticket.code, by=siti)
    assert afresh(ticket).arrived_at is None


@pytest.mark.parametrize("edge", [lambda s: s.starts_at - arriving.WINDOW, lambda s: s.ends_at - timedelta(seconds=1)])
def test_the_window_is_open_to_its_edges(ticket, siti, edge):
    with at(edge(ticket.shift)):
        assert arriving.may_arrive(ticket) and arriving.arrive(ticket.code, by=siti).arrived_at


def test_a_cancelled_number_is_told_so(ticket, siti):
    actions.cancel_ticket(ticket.code, "other", by=siti)
    for act in (arriving.arrive, arriving.set_out):
        with at(ticket.shift.starts_at), pytest.raises(Refusal, match=r"dibatalkan|cancelled"):
            act(ticket.code, by=siti)


def test_a_missed_number_is_sent_to_the_nurse(shift, ticket, siti, ani):
    with at(shift.starts_at):
        actions.call_next(shift.id, shift.revision, by=ani)
        actions.move_ticket(ticket.code, "skip", shift.revision, by=ani)
        with pytest.raises(Refusal, match=r"perawat|nurse"):
            arriving.arrive(ticket.code, by=siti)


def test_nobody_arrives_for_somebody_else(ticket, budi):
    for act in (arriving.arrive, arriving.set_out):
        with at(ticket.shift.starts_at), pytest.raises(NotAllowed):
            act(ticket.code, by=budi)


# --- the counter reads the code


@pytest.mark.parametrize("spoken", [str.lower, lambda code: f"{code[:3]}-{code[3:]}", lambda code: f" {code} "])
def test_the_counter_reads_the_code_however_it_is_typed(shift, ticket, ani, spoken):
    with at(shift.starts_at):
        assert arriving.arrive_at_counter(shift.id, spoken(ticket.code), by=ani).arrived_at
    assert db.session.scalar(select(Event.actor_id).where(Event.name == "dokter.ticket.arrive")) == ani.id


def test_a_code_of_another_room_says_where_to_go(ward, shift, siti, ani):
    other = make.a_shift(ward, letter="B", room="R9")
    ticket = make.a_ticket(other, siti)
    with at(shift.starts_at), pytest.raises(Refusal, match="R9"):
        arriving.arrive_at_counter(shift.id, ticket.code, by=ani)


@pytest.mark.parametrize("ending", ["cancel", "miss"])
def test_the_counter_is_told_of_a_number_that_has_ended_though_its_holder_was_here(shift, ticket, siti, ani, ending):
    with at(shift.starts_at):
        arriving.arrive(ticket.code, by=siti)
        if ending == "cancel":
            actions.cancel_ticket(ticket.code, "other", by=siti)
        else:
            actions.call_next(shift.id, shift.revision, by=ani)
            actions.move_ticket(ticket.code, "skip", shift.revision, by=ani)
        with pytest.raises(Refusal):
            arriving.arrive_at_counter(shift.id, ticket.code, by=ani)
        assert arriving.arrive(ticket.code, by=siti), "what waited on their phone may arrive late all the same"


def test_the_counter_notes_whoever_comes_while_their_number_still_waits(shift, ticket, ani):
    """The doctor goes on after the planned end."""
    with at(shift.ends_at + timedelta(minutes=5)):
        assert arriving.arrive_at_counter(shift.id, ticket.code, by=ani).arrived_at


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (lambda shift: shift.starts_at - timedelta(minutes=61), r"terlalu awal|too early"),
        (lambda shift: shift.starts_at + timedelta(days=1), r"untuk|is for"),
    ],
)
def test_the_counter_too_is_answered_plainly_outside_the_window(shift, ticket, ani, moment, told):
    with at(moment(shift)), pytest.raises(Refusal, match=told):
        arriving.arrive_at_counter(shift.id, ticket.code, by=ani)


@pytest.mark.parametrize("typed", ["", "ZZZZZZ", "x" * 5000, "<b>"])
def test_a_code_that_nobody_has_is_told_plainly(shift, ani, typed):
    with pytest.raises(Refusal):
        arriving.arrive_at_counter(shift.id, typed, by=ani)


def test_a_code_of_another_clinic_tells_nothing_of_it(shift, siti, ani):
    elsewhere = make.a_shift(make.a_ward(make.a_clinic("PKM-B", "Puskesmas Contoh B")))
    ticket = make.a_ticket(elsewhere, siti)
    with at(shift.starts_at), pytest.raises(Refusal) as told:
        arriving.arrive_at_counter(shift.id, ticket.code, by=ani)
    assert ticket.label not in str(told.value)


def test_only_the_clinics_own_staff_reads_codes(app, shift, ticket):
    make.a_clinic("PKM-B", "Puskesmas Contoh B")
    stranger = people.staff("Lain Contoh", "lain@contoh.invalid", "PKM-B", "nurse")
    with at(shift.starts_at), pytest.raises(NotAllowed):
        arriving.arrive_at_counter(shift.id, ticket.code, by=stranger)


# --- on the pages


@pytest.mark.parametrize("htmx", [True, False])
def test_from_the_phone_to_the_tablet(app, ticket, siti, ani, htmx):
    phone, tablet, shift = Browser(app).as_person(siti), Browser(app).as_person(ani), ticket.shift
    page = phone.open(f"/dokter/tickets/{ticket.spoken_code}")
    page.form("/set-out").send(htmx=htmx)
    assert tablet.open(f"/dokter/shifts/{shift.id}/tablet").has(".waiting-list .badge-info")
    with at(shift.starts_at):
        page = phone.open(f"/dokter/tickets/{ticket.spoken_code}")
        after = page.form("/arrive").send(htmx=htmx)
        assert after.status == 200 and after.has(".note-good")
        assert tablet.open(f"/dokter/shifts/{shift.id}/tablet").has(".waiting-list .badge-good")


def test_the_button_is_there_only_while_it_would_work(app, shift, ticket, siti):
    phone = Browser(app).as_person(siti)
    path = f"/dokter/tickets/{ticket.spoken_code}"
    with at(shift.starts_at - timedelta(minutes=61)):
        assert not phone.open(path).has('form[action$="/arrive"]')
    with at(shift.starts_at):
        page = phone.open(path)
    with at(shift.ends_at):
        told = page.form("/arrive").send()
        assert told.status == 409 and told.has(".summary")


def test_the_tablet_reads_a_code(app, shift, ticket, ani):
    page = Browser(app).as_person(ani).open(f"/dokter/shifts/{shift.id}/tablet")
    assert page.form("/arrivals").send(code="ZZZ-ZZZ").status == 409
    with at(shift.starts_at):
        after = page.form("/arrivals").send(htmx=True, code=ticket.spoken_code)
        assert after.has(".waiting-list .badge-good")
        assert ticket.label in after.find("[role=status]").text
