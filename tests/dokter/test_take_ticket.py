"""Taking a number."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from blueprints.dokter import actions
from blueprints.dokter.models import ShiftShare, Ticket
from tests.dokter.conftest import make
from webapp import clock
from webapp.calendar import Holiday
from webapp.db import db, transactional
from webapp.errors import NotAllowed, Refusal
from webapp.events import Event

KEY = "0a1b2c3d-0000-4000-8000-000000000001"


def taken(shift, share="jkn"):
    return db.session.get(ShiftShare, (shift.id, share)).taken


def names_of_events():
    return list(db.session.scalars(select(Event.name).where(Event.name.startswith("dokter.")).order_by(Event.id)))


def test_first_citizen_gets_number_one(shift, siti):
    ticket = make.a_ticket(shift, siti)
    assert (ticket.number, ticket.label, ticket.state) == (1, "A-001", "waiting")
    assert taken(shift) == 1
    assert names_of_events() == ["dokter.ticket.taken"]


def test_asking_twice_keeps_the_same_number(shift, siti):
    assert make.a_ticket(shift, siti).id == make.a_ticket(shift, siti).id
    assert taken(shift) == 1


def test_numbers_rise_over_both_shares_without_gaps(shift, siti, budi):
    assert [make.a_ticket(shift, siti, "jkn").number, make.a_ticket(shift, budi, "non_jkn").number] == [1, 2]


def test_full_share_is_refused_and_leaves_no_trace(ward, siti, budi):
    shift = make.a_shift(ward, jkn=1, non_jkn=1)
    make.a_ticket(shift, siti)
    with pytest.raises(Refusal, match="Penuh"):
        make.a_ticket(shift, budi)
    assert names_of_events() == ["dokter.ticket.taken"]
    assert make.a_ticket(shift, budi, "non_jkn").number == 2


def test_nobody_takes_a_counter_place_from_home(shift, siti):
    with pytest.raises(Refusal):
        make.a_ticket(shift, siti, "counter")


def test_a_nurse_has_no_nik_and_takes_no_number(shift, ani):
    with pytest.raises(NotAllowed):
        make.a_ticket(shift, ani)


def test_the_price_is_the_tariff_of_the_day(shift, siti, budi):
    assert make.a_ticket(shift, siti, "jkn").tariff.amount == 0
    assert make.a_ticket(shift, budi, "non_jkn").tariff.amount == 10_000


def test_a_second_doctor_of_the_same_ward_gives_the_number_already_held(shift, ward, siti):
    other = make.a_shift(ward, letter="B")
    assert make.a_ticket(shift, siti).id == make.a_ticket(other, siti).id


def test_another_ward_on_the_same_day_is_another_number(shift, clinic, siti):
    dentist = make.a_shift(make.a_ward(clinic, "002", "Poli Gigi"), letter="B")
    assert make.a_ticket(shift, siti).id != make.a_ticket(dentist, siti).id


def test_not_open_yet_says_when(ward, siti):
    shift = make.a_shift(ward, clock.today() + timedelta(days=3))
    with pytest.raises(Refusal, match="Kamis, 26 November 2026"):
        make.a_ticket(shift, siti)


def test_closed_after_the_last_hour(shift, siti):
    with clock.frozen(clock.at(shift.day, time(14))), pytest.raises(Refusal, match="sudah selesai"):
        make.a_ticket(shift, siti)


@transactional
def declare_holiday(day):
    db.session.add(Holiday(day=day, name="Hari Contoh", joint_leave=False, certain=True))


def test_a_holiday_declared_later_closes_the_shift(shift, siti):
    declare_holiday(shift.day)
    with pytest.raises(Refusal, match="Hari Contoh"):
        make.a_ticket(shift, siti)


def test_the_same_form_sent_again_gives_the_same_ticket(shift, siti):
    first = actions.take_ticket(KEY, shift.id, "jkn", by=siti)
    assert actions.take_ticket(KEY, shift.id, "jkn", by=siti).id == first.id


def test_the_same_form_sent_again_after_cancelling_takes_no_new_number(shift, siti):
    first = actions.take_ticket(KEY, shift.id, "jkn", by=siti)
    actions.cancel_ticket(first.code, "recovered", by=siti)
    again = actions.take_ticket(KEY, shift.id, "jkn", by=siti)
    assert (again.id, again.state, taken(shift)) == (first.id, "cancelled", 0)


def test_without_its_key_a_form_after_cancelling_would_take_a_new_number(shift, siti):
    first = make.a_ticket(shift, siti)
    actions.cancel_ticket(first.code, "recovered", by=siti)
    assert make.a_ticket(shift, siti).number == 2


def test_a_key_is_not_good_for_another_shift(shift, clinic, siti):
    other = make.a_shift(make.a_ward(clinic, "002", "Poli Gigi"), letter="B")
    actions.take_ticket(KEY, shift.id, "jkn", by=siti)
    with pytest.raises(Refusal):
        actions.take_ticket(KEY, other.id, "jkn", by=siti)


def test_cancelling_gives_the_place_back_and_the_number_is_never_reused(ward, siti, budi):
    shift = make.a_shift(ward, jkn=1)
    actions.cancel_ticket(make.a_ticket(shift, siti).code, "mistake", by=siti)
    assert taken(shift) == 0
    assert make.a_ticket(shift, budi).number == 2
    assert names_of_events() == ["dokter.ticket.taken", "dokter.ticket.cancel", "dokter.ticket.taken"]


def test_cancelling_twice_gives_one_place_back(shift, siti, budi):
    make.a_ticket(shift, budi)
    ticket = make.a_ticket(shift, siti)
    for _press in range(2):
        assert actions.cancel_ticket(ticket.code, "other", by=siti).state == "cancelled"
    assert taken(shift) == 1


def test_nobody_cancels_the_number_of_another(shift, siti, budi):
    ticket = make.a_ticket(shift, siti)
    with pytest.raises(NotAllowed):
        actions.cancel_ticket(ticket.code, "other", by=budi)
    assert db.session.get(Ticket, ticket.id).state == "waiting"
