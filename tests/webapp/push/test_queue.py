"""What is to be brought to whom: written with the notice, brought at least once, dropped when it is not worth it."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from blueprints.dokter import actions as queue_actions
from tests import people
from tests.crowd import together, troubles
from tests.factories import clinics as make
from tests.servers import eventually
from tests.webapp.push.conftest import SOME_DAY, later, on_phone, subscribed, tell
from webapp import clock, notify
from webapp.accounts import actions as accounts
from webapp.accounts.models import SignIn
from webapp.db import db, transactional
from webapp.notify import Notice
from webapp.push import actions as push_actions
from webapp.push import jobs, lines, queue, sending, worker
from webapp.push.models import Delivery, Subscription
from webapp.push.queries import Room
from webapp.push.worker import Sender, send_what_is_due

ROOMY = Room(most=10, to_one=10)


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Delivery.id)))


def subscription() -> Subscription | None:
    db.session.rollback()  # others have written since this session looked
    db.session.expire_all()
    return db.session.scalar(select(Subscription))


def test_who_is_called_hears_it_on_the_phone(city, service, phone, siti):
    shift, nurse = make.a_shift(), people.ani()
    ticket = make.a_ticket(shift, siti)
    queue_actions.call_next(shift.id, shift.revision, by=nurse)
    send_what_is_due(city)
    [push] = service.pushes
    assert push.said == {
        "title": "Binjai", "text": "Silakan masuk, Anda dipanggil.", "tag": push.headers["topic"],
        "path": f"/dokter/tickets/{ticket.spoken_code}", "lang": "id",
    }  # fmt: skip
    assert push.headers["urgency"] == "high" and 0 < int(push.headers["ttl"]) <= 600
    assert waiting() == 0 and subscription().last_ok_at == clock.machine()


def test_every_phone_of_a_person_hears_it_and_nobody_elses(city, service, phone, siti, budi):
    tablet, strange = service.phone("tablet"), service.phone("budi")
    subscribed(siti, tablet)
    subscribed(budi, strange)
    tell(siti)
    send_what_is_due(city)
    assert len(service.said_to(phone)) == len(service.said_to(tablet)) == 1 and service.said_to(strange) == []


def test_what_did_not_happen_is_not_said(city, service, phone, siti):
    @transactional
    def stumbles() -> None:
        tell(siti)
        raise ValueError("after all not")

    with pytest.raises(ValueError, match="after all"):
        stumbles()
    send_what_is_due(city)
    assert service.asked == [] and not db.session.scalar(select(func.count(Notice.id)))


def test_every_push_has_its_line_in_the_inbox(city, service, phone, siti):
    tell(siti)
    [row] = db.session.scalars(select(Delivery))
    assert row.notice.person_id == siti.id


def test_it_is_said_in_the_language_that_was_chosen(city, service, phone, siti):
    @transactional
    def choose() -> None:
        subscription().language = "en"

    choose()
    tell(siti)
    send_what_is_due(city)
    [said] = service.said_to(phone)
    assert (said["text"], said["lang"]) == ("Your turn is near. Please be ready.", "en"), "and read aloud in it"


# --- what comes back


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(city, service, phone, siti, status):
    service.answers["/siti"] = [status]
    tell(siti)
    send_what_is_due(city)
    assert subscription() is None and waiting() == 0
    tell(siti)
    send_what_is_due(city)
    assert len(service.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_in_trouble_is_asked_again_later_and_not_at_once(city, service, phone, siti, status):
    service.answers["/siti"] = [status, status]
    tell(siti)
    send_what_is_due(city)
    send_what_is_due(city)
    assert len(service.asked) == 1 and subscription().fails == 1
    with later(seconds=3):
        send_what_is_due(city)
        assert len(service.asked) == 2 and subscription().fails == 2
        with later(seconds=3):
            send_what_is_due(city)
            assert len(service.asked) == 2, "the second pause is longer"
        with later(seconds=6):
            send_what_is_due(city)
            assert len(service.said_to(phone)) == 1 and subscription().fails == 0


def test_whoever_asks_for_a_pause_gets_it(city, service, phone, siti):
    service.answers["/siti"], service.more_headers = [429], {"Retry-After": "90"}
    tell(siti)
    send_what_is_due(city)
    with later(seconds=80):
        send_what_is_due(city)
        assert len(service.asked) == 1
    with later(seconds=91):
        send_what_is_due(city)
        assert len(service.said_to(phone)) == 1


def test_a_service_that_does_not_answer_is_left_and_asked_again(city, service, phone, siti, monkeypatch):
    monkeypatch.setattr(sending, "PATIENCE", sending.urllib3.Timeout(connect=0.2, read=0.2))
    service.delay = 1.0
    tell(siti)
    send_what_is_due(city)
    assert waiting() == 1 and subscription().fails == 1


def test_a_service_that_is_away_holds_up_nobody(city, siti, phone, monkeypatch):
    """T84: the ticket is taken and called all the same."""
    monkeypatch.setattr(sending, "_post", lambda *_any: (_ for _ in ()).throw(ConnectionError("away")))
    shift, nurse = make.a_shift(), people.ani()
    make.a_ticket(shift, siti)
    assert queue_actions.call_next(shift.id, shift.revision, by=nurse).state == "called"
    send_what_is_due(city)
    assert waiting() == 1


def test_what_a_service_does_not_want_is_not_sent_again(city, service, phone, siti):
    service.answers["/siti"] = [413]
    tell(siti)
    send_what_is_due(city)
    with later(minutes=5):
        send_what_is_due(city)
    assert len(service.asked) == 1 and waiting() == 0 and subscription().fails == 1


# --- what is not worth it any more (T84)


def test_a_call_that_is_over_is_not_said(city, service, phone, siti):
    tell(siti)
    with later(minutes=10):
        send_what_is_due(city)
    assert service.asked == [] and waiting() == 0


def test_the_service_is_told_how_long_it_is_worth(city, service, phone, siti):
    tell(siti)
    with later(minutes=4):
        send_what_is_due(city)
    assert service.pushes[0].headers["ttl"] == "360"


def test_the_newest_word_on_a_thing_takes_the_place_of_the_older(city, service, phone, siti):
    for _time in range(3):
        tell(siti)
    tell(siti, href="/dokter/tickets/B")
    send_what_is_due(city)
    topics = [push.headers["topic"] for push in service.pushes]
    assert len(topics) == len(set(topics)) == 2


def test_the_topic_says_nothing_and_is_another_one_for_each_person(city, service, phone, siti, budi):
    other = service.phone("budi")
    subscribed(budi, other)
    tell(siti)
    tell(budi)
    send_what_is_due(city)
    mine, theirs = (push.headers["topic"] for push in service.pushes)
    assert mine != theirs and "ticket" not in mine


# --- whose phone


def test_after_signing_out_nothing_comes(city, service, siti):
    token = accounts.open_session(siti)
    on_phone(token, siti, service.phone("siti"))
    tell(siti)
    assert waiting() == 1
    accounts.sign_out(token)
    tell(siti)
    send_what_is_due(city)
    assert service.asked == [] and subscription() is None and waiting() == 0


def test_a_session_that_has_ended_hears_nothing_and_is_swept_away(city, service, phone, siti):
    tell(siti, SOME_DAY)

    @transactional
    def ends() -> None:
        db.session.scalar(select(SignIn)).expires_at = clock.machine()

    ends()
    tell(siti, SOME_DAY)
    send_what_is_due(city)
    assert service.asked == [] and waiting() == 0
    accounts.forget_ended_sessions()
    assert subscription() is None


def test_what_its_reader_has_read_meanwhile_is_not_said(city, service, phone, siti):
    tell(siti)
    tell(siti, href="/dokter/tickets/B")
    newest = notify.unread(siti.id, here="/dokter/tickets/A").here
    notify.mark_opened(siti.id, "/dokter/tickets/A", newest)
    send_what_is_due(city)
    assert [said["path"] for said in service.said_to(phone)] == ["/dokter/tickets/B"]


# --- several at once, and killed in the middle


def test_what_a_killed_worker_had_taken_is_brought_by_another(city, service, phone, siti):
    tell(siti)
    assert len(queue.take(ROOMY)) == 1
    send_what_is_due(city)
    assert service.asked == [], "it is in somebody's hands"
    with later(seconds=queue.LEASE.total_seconds()):
        send_what_is_due(city)
        assert len(service.said_to(phone)) == 1


def test_a_late_answer_changes_nothing_of_what_another_does(city, phone, siti):
    tell(siti, SOME_DAY)
    [mine] = queue.take(ROOMY)
    first = answer_to(mine, "later", timedelta(hours=1))
    with later(seconds=queue.LEASE.total_seconds()):
        [theirs] = queue.take(ROOMY)
        due = theirs.due_at
        queue.settle(first)
        db.session.expire_all()
        assert db.session.get_one(Delivery, theirs.id).due_at == due


def answer_to(row: Delivery, kind: str, wait: timedelta = timedelta()) -> queue.Outcome:
    return queue.Outcome(row.notice_id, row.subscription_id, row.subscription.endpoint, row.tries, kind, wait)


def test_a_late_answer_is_not_taken_for_one_about_what_is_under_way_now(city, phone, siti):
    """What it answers was withdrawn meanwhile; SQLite has given its number to the next."""
    tell(siti, href="/a")
    [untrue] = queue.take(ROOMY)
    number, answer = untrue.id, answer_to(untrue, "done")
    transactional(notify.withdraw)(siti.id, "/a")
    tell(siti, href="/b")
    [present] = queue.take(ROOMY)
    assert present.id == number or db.engine.dialect.name != "sqlite"
    queue.settle(answer)
    assert waiting() == 1


def test_a_phone_that_has_gone_takes_no_other_with_it(city, service, phone, siti, budi):
    """It was switched off while its push service was being asked; SQLite has given its number to the next."""
    tell(siti)
    [row] = queue.take(ROOMY)
    number, answer = row.subscription_id, answer_to(row, "gone")
    push_actions.stop(number, by=siti)
    other = subscribed(budi, service.phone("budi"))
    assert other.id == number or db.engine.dialect.name != "sqlite"
    queue.settle(answer)
    assert subscription().person_id == budi.id


def test_two_workers_never_take_the_same(city, service, siti):
    for number in range(10):
        subscribed(siti, service.phone(f"siti{number}"))
    for number in range(4):
        tell(siti, href=f"/{number}")
    answers = together(city, [lambda: [row.id for row in queue.take(ROOMY)] for _worker in range(6)])
    assert not troubles(answers)
    taken = [each for answer in answers for each in answer]
    assert len(taken) == len(set(taken)) and len(taken) == 40


def test_control_without_the_lease_it_is_sent_twice(city, service, phone, siti, monkeypatch):
    monkeypatch.setattr(queue, "LEASE", timedelta())
    tell(siti)
    assert len(queue.take(ROOMY)) == len(queue.take(ROOMY)) == 1


def test_the_sweep_does_not_hold_up_the_others_and_sends_nothing_twice(city, service, siti):
    """Its time is over at once: what is under way is finished and written down, the rest is left."""
    for number in range(3):
        subscribed(siti, service.phone(f"siti{number}"))
    for number in range(10):
        tell(siti, href=f"/{number}")
    send_what_is_due(city, patience=0)
    assert 1 <= len(service.pushes) <= lines.TO_ONE and waiting() == 30 - len(service.pushes)


@pytest.mark.usefixtures("phone")
def test_a_city_without_a_key_sends_nothing(city, service, siti, monkeypatch):
    tell(siti)
    monkeypatch.setitem(city.extensions, "settings", replace(city.extensions["settings"], vapid_private_key=""))
    jobs.bring_what_is_due()
    assert service.asked == [] and waiting() == 1


def test_a_minutely_sweep_brings_what_is_due(city, service, phone, siti):
    tell(siti)
    jobs.bring_what_is_due()
    assert len(service.said_to(phone)) == 1


@pytest.mark.usefixtures("phone")
def test_the_worker_goes_on_after_it_has_stumbled(city, service, siti, monkeypatch, caplog):
    stopped, real, falls = threading.Event(), queue.take, [ValueError("once")]
    monkeypatch.setattr(worker, "PAUSE", 0.05)
    monkeypatch.setattr(queue, "take", lambda *args, **more: real(*args, **more) if not falls else throw(falls))
    tell(siti)
    thread = threading.Thread(target=Sender(city).run, args=(stopped,))
    thread.start()
    try:
        assert eventually(lambda: service.pushes)
    finally:
        stopped.set()
        thread.join(10)
    assert "stumbled" in caplog.text


def throw(falls: list[Exception]) -> None:
    raise falls.pop()
