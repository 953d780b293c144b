"""What a feed reads of the event log: every event once, however late and in whatever order they become visible."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import delete

from webapp import clock
from webapp.db import db, transactional
from webapp.events import Event
from webapp.live import log as live_log
from webapp.live.log import LOOK_BACK, Log, Replaced


@pytest.fixture
def log(app) -> Log:
    """It has read one old event."""
    write(1, seconds_ago=100)
    made = Log()
    assert ids(made) == []
    return made


@transactional
def write(*numbers: int, seconds_ago: float = 0) -> None:
    at = clock.now() - timedelta(seconds=seconds_ago)
    for number in numbers:
        db.session.add(
            Event(id=number, name="dokter.ticket.take", subject_type="ticket", subject_id=1, at=at, facts={})
        )


@transactional
def restore_up_to(number: int) -> None:
    db.session.execute(delete(Event).where(Event.id > number))


def ids(log: Log) -> list[int]:
    return [event.id for event in log.fresh()]


@pytest.fixture
def later(monkeypatch):
    """Lets so many seconds pass by the clock of this process."""
    now = time.monotonic()

    def pass_by(seconds: float) -> None:
        monkeypatch.setattr(live_log.time, "monotonic", lambda: now + seconds)

    return pass_by


def test_it_begins_with_what_is_young(app):
    write(1, seconds_ago=LOOK_BACK + 1)
    write(2, seconds_ago=LOOK_BACK - 1)
    log = Log()
    assert ids(log) == [2] and log.last == 2


def test_two_that_waited_long_and_come_in_the_wrong_order_are_both_read(log):
    """As after a stall of the database; or from a machine whose clock is late."""
    write(12, seconds_ago=LOOK_BACK + 10)
    assert ids(log) == [12]
    write(11, seconds_ago=LOOK_BACK + 11)
    assert ids(log) == [11] and log.last == 12


def test_a_late_one_has_as_long_as_this_feed_looks_back(log, later):
    write(12)
    assert ids(log) == [12]
    later(LOOK_BACK - 1)
    write(11)
    assert ids(log) == [11] and ids(log) == []


def test_what_it_holds_stays_little(log, later):
    write(*range(2, 100))
    assert len(ids(log)) == 98
    later(LOOK_BACK + 1)
    assert ids(log) == [] and log._seen == {99} and not log._looks
    write(100)
    assert ids(log) == [100]


@pytest.mark.parametrize("settled", [False, True], ids=["young", "settled"])
def test_another_log_is_noticed(log, later, settled):
    """After a restore the numbers of events are given out a second time."""
    write(*range(2, 20))
    log.fresh()
    if settled:
        later(LOOK_BACK + 1)
        log.fresh()
    restore_up_to(10)
    write(11)
    with pytest.raises(Replaced):
        log.fresh()


def test_a_whole_log_at_once_is_another_one_too(log, monkeypatch):
    """While a restore fills the table: it would not fit into one look."""
    monkeypatch.setattr(live_log, "MANY", 5)
    write(*range(2, 7))
    assert len(ids(log)) == 5
    write(*range(7, 13))
    with pytest.raises(Replaced):
        log.fresh()
