"""What is not true any more is not said (T84), and nothing that asks for an act is pushed aside by mere news."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.dokter import actions, interrupting
from blueprints.dokter.models import Shift
from blueprints.dokter.notices import YOUR_TURN
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.notices import DECIDED, MOVED, NEEDED, OVERDUE, own_path
from tests import people
from tests.factories import clinics as make
from tests.factories import permits
from tests.webapp.push.conftest import SOON, later, tell
from webapp import clock
from webapp.db import db
from webapp.notify import Notice
from webapp.push.worker import send_what_is_due

CASE = "/perizinan/applications/X"
NEED = "Ada yang perlu Anda lengkapi. Buka aplikasi untuk melihatnya."


@pytest.fixture
def words(city, service, phone):
    """What this phone is told while the time passes: first the push service is away for a moment, then it is back."""

    def said(**passed: float) -> list[str]:
        with later(**passed or {"minutes": 5}):
            send_what_is_due(city)
        return [each["text"] for each in service.said_to(phone)]

    def away() -> None:
        service.answers["/siti"] = [503]
        send_what_is_due(city)

    said.away = away
    return said


@pytest.fixture
def shift(city):
    return make.a_shift()


@pytest.fixture
def nurse(shift):
    return people.ani()


@pytest.fixture
def ticket(shift, siti):
    return make.a_ticket(shift, siti)


def seen(ticket) -> int:
    db.session.expire_all()
    return db.session.get_one(Shift, ticket.shift_id).revision


def call(ticket, nurse) -> None:
    actions.call_next(ticket.shift_id, seen(ticket), by=nurse)


def delay(ticket, nurse, minutes: int = 15) -> None:
    interrupting.delay(ticket.shift_id, seen(ticket), minutes, "late", by=nurse)


def test_control_while_it_is_true_it_is_said(words, ticket, nurse):
    call(ticket, nurse)
    words.away()
    assert words() == ["Silakan masuk, Anda dipanggil."]


@pytest.mark.parametrize("steps", [["finish"], ["serve"], ["serve", "finish"]], ids="-".join)
def test_who_is_inside_is_not_called(words, ticket, nurse, steps):
    call(ticket, nurse)
    words.away()
    for step in steps:
        actions.move_ticket(ticket.code, step, seen(ticket), by=nurse)
    assert words() == []


def test_who_has_given_up_is_not_called(words, ticket, nurse, siti):
    call(ticket, nurse)
    words.away()
    actions.cancel_ticket(ticket.code, "other", by=siti)
    assert words() == []
    assert [notice.message for notice in db.session.scalars(select(Notice))], "what happened stays in the inbox"


def test_nobody_is_called_for_a_day_that_is_over(words, ticket, nurse):
    call(ticket, nurse)
    words.away()
    actions.lapse_tickets(ticket.day + timedelta(days=1))
    assert words() == []


def test_who_was_missed_hears_that_and_not_the_call(words, ticket, nurse):
    call(ticket, nurse)
    words.away()
    actions.move_ticket(ticket.code, "skip", seen(ticket), by=nurse)
    assert words() == ["Anda sudah dipanggil. Silakan temui petugas."]


@pytest.fixture
def behind(shift, siti):
    """Siti has three before her."""
    for person in people.a_crowd(3):
        make.a_ticket(shift, person)
    return make.a_ticket(shift, siti)


def test_a_delay_that_is_over_is_not_said(words, behind, nurse):
    delay(behind, nurse)
    words.away()
    call(behind, nurse)
    assert words() == []


def test_nor_where_somebody_is_called_back(words, behind, nurse):
    call(behind, nurse)
    first = actions.queries.current_ticket(behind.shift_id)
    actions.move_ticket(first.code, "skip", seen(behind), by=nurse)
    delay(behind, nurse)
    words.away()
    actions.move_ticket(first.code, "call_back", seen(behind), by=nurse)
    assert words() == []


def test_the_end_of_a_delay_takes_nothing_else_back(words, behind, nurse, siti):
    delay(behind, nurse)
    tell(siti, SOON, f"/dokter/tickets/{behind.spoken_code}")
    words.away()
    call(behind, nurse)
    assert words() == ["Giliran Anda sudah dekat. Bersiaplah."]


def test_a_delay_is_worth_saying_until_the_hour_that_it_names(city, service, phone, behind, nurse):
    with clock.frozen(behind.shift.starts_at):
        delay(behind, nurse)
        send_what_is_due(city)
    assert service.pushes[0].headers["ttl"] == str(15 * 60)


def test_before_the_session_that_is_until_it_begins(city, service, phone, behind, nurse):
    delay(behind, nurse)
    send_what_is_due(city)
    wanted = db.session.get_one(Shift, behind.shift_id).delayed_until - clock.now()
    assert service.pushes[0].headers["ttl"] == str(int(wanted.total_seconds()))


# --- one thing, several words


def test_what_is_needed_is_not_pushed_aside_by_news(words, siti):
    tell(siti, NEEDED, CASE)
    words.away()
    tell(siti, MOVED, CASE)
    tell(siti, OVERDUE, CASE)
    assert NEED in words() and len(words()) == 3


def test_nor_with_the_push_service_of_a_phone_that_is_off_or_on_its_screen(city, service, phone, siti):
    """Both put the newest in the place of all that have the same topic."""
    for alert in (NEEDED, MOVED, OVERDUE, DECIDED):
        tell(siti, alert, CASE)
        send_what_is_due(city)
    needed, moved, overdue, decided = (push.headers["topic"] for push in service.pushes)
    assert len({needed, moved, overdue}) == 3 and decided == needed
    assert [push.said["tag"] for push in service.pushes] == [needed, moved, overdue, decided]


def test_news_takes_the_place_of_older_news(words, siti):
    tell(siti, MOVED, CASE)
    words.away()
    tell(siti, MOVED, CASE)
    assert len(words()) == 1


def test_a_call_takes_the_place_of_what_was_said_before_it(words, siti):
    tell(siti, SOON, "/dokter/tickets/A")
    words.away()
    tell(siti, YOUR_TURN, "/dokter/tickets/A")
    assert words() == ["Silakan masuk, Anda dipanggil."]


# --- a permit


@pytest.fixture
def office(city, signing_key):
    return permits.Office()


def test_what_has_been_done_is_not_asked_for(words, office, siti):
    permits.a_type()
    case = permits.send_back_for(permits.a_submitted_case(siti), office, **{"part.location": "Salah"})
    words.away()
    filing.save_part(case.code, "location", {"kelurahan": "12.75.01.1005"}, by=siti)
    filing.resubmit(case.code, by=siti)
    assert words() == []


def test_of_what_is_decided_only_the_decision_is_said(words, office, siti):
    permits.a_type()
    case = permits.a_case_to_sign(siti, office)
    words.away()
    permits.sign(case, office)
    assert words() == ["Permohonan Anda sudah diputuskan. Buka aplikasi untuk membacanya."]


def test_nobody_is_told_to_wait_for_a_visit_that_has_been(words, office, siti):
    permits.a_type("POHON", permits.INSPECTED)
    case = permits.a_case_to_visit(siti, office)
    words.away()
    permits.inspect(case, office)
    assert words() == ["Ada kabar tentang permohonan Anda."]


def test_a_step_further_takes_nothing_back_that_is_needed(words, office, siti):
    permits.a_type()
    case = permits.a_submitted_case(siti)
    tell(siti, NEEDED, own_path(case))
    words.away()
    permits.accept(case, office)
    assert NEED in words()
