"""Several workers alive (T61): however many run the sweeps at the same moment, each thing is done once."""

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from blueprints.dokter.models import Shift
from tests import people
from tests.conftest import TUESDAY
from tests.factories import clinics as make
from tests.factories import permits
from webapp import clock, deadlines, jobs
from webapp.db import db
from webapp.deadlines import Deadline
from webapp.events import Event

pytestmark = pytest.mark.only("postgresql")
WORKERS, WAITING = 4, 12


def sweep_together(app: Flask) -> None:
    """All sweeps, by so many workers at the same moment, each with connections of its own."""
    together = Barrier(WORKERS)

    def work() -> None:
        for entry in jobs.sweeps_of(app):
            together.wait(60)
            jobs.run(app, entry)

    with ThreadPoolExecutor(WORKERS) as workers:
        for worker in [workers.submit(work) for _number in range(WORKERS)]:
            worker.result()


def done_since(last: int) -> Counter[tuple[str, int]]:
    db.session.rollback()
    rows = db.session.execute(select(Event.name, Event.subject_id).where(Event.id > last))
    return Counter((name, subject) for name, subject in rows)


@pytest.fixture
def yesterday(app: Flask) -> list[int]:
    """A queue of yesterday in which people still wait. Their tickets."""
    with clock.frozen(clock.at(TUESDAY - timedelta(days=1), time(9))):
        shift = make.a_shift(jkn=WAITING)
        return [make.a_ticket(shift, person).id for person in people.a_crowd(WAITING)]


@pytest.fixture
def late(yesterday) -> int:
    """Something whose time was over yesterday."""
    subject = make.a_unit("DPMPTSP-CONTOH")
    deadlines.start(subject, "contoh.case.late", 1, at=clock.at(TUESDAY - timedelta(days=7), time(9)))
    return subject.id


def test_each_thing_that_is_due_is_done_once(app: Flask, yesterday: list[int], late: int, caplog):
    last = db.session.scalar(select(func.max(Event.id))) or 0
    with caplog.at_level(logging.ERROR):
        sweep_together(app)
    assert caplog.records == []
    done = done_since(last)
    assert {done["dokter.ticket.lapse", ticket] for ticket in yesterday} == {1}
    assert done["contoh.case.late", late] == 1
    assert set(done.values()) == {1}
    rows = db.session.execute(select(Shift.schedule_id, Shift.day, func.count()).group_by(Shift.schedule_id, Shift.day))
    made = [count for _schedule, _day, count in rows]
    assert len(made) > 1 and set(made) == {1}, "the shifts of the coming days"


def test_a_case_finds_one_officer(app: Flask, siti, caplog):
    """It came when nobody was there."""
    permits.Office()
    permits.a_type("LAIN", office="INSP")
    case = permits.a_submitted_case(siti, "LAIN")
    assert case.officer_id is None
    for name in ("Hana", "Gina", "Joko", "Lina"):
        people.officer(f"{name} Contoh", "INSP", "front_office")
    last = db.session.scalar(select(func.max(Event.id))) or 0
    with caplog.at_level(logging.ERROR):
        sweep_together(app)
    assert caplog.records == []
    assert done_since(last)["perizinan.application.assign", case.id] == 1


def careless(deadline: Deadline) -> int:
    """What the claim of a report would be if it did not ask whether another worker was first."""
    return deadline.reports + 1


@pytest.mark.parametrize("claim, reports", [(deadlines._claim, 1), (careless, WORKERS)])
def test_when_all_see_the_same_late_thing_one_reports_it(app: Flask, late: int, monkeypatch, claim, reports):
    """All have looked before one of them writes. The control claims carelessly."""
    together = Barrier(WORKERS)

    def meet(deadline: Deadline) -> int | None:
        together.wait(60)
        return claim(deadline)

    monkeypatch.setattr(deadlines, "_claim", meet)
    last = db.session.scalar(select(func.max(Event.id))) or 0
    sweep_together(app)
    assert done_since(last)["contoh.case.late", late] == reports
