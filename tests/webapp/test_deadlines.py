"""Deadlines of things, with a moved clock. It is Tuesday, 24 November 2026; the things are units of the city."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event as sql
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound

from tests.cities import CONTOH, a_city, amend
from tests.factories.clinics import a_unit
from tests.webapp import plain_clock
from webapp import calendar, clock, deadlines, events
from webapp.calendar import Holiday
from webapp.db import db, transactional
from webapp.deadlines import Deadline, Pause
from webapp.events import Event
from webapp.i18n import in_language
from webapp.regions.loader import load_city
from webapp.regions.models import Unit

LATE = "contoh.case.late"
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (24, 25, 26, 27))
SATURDAY, MONDAY, NEXT_TUESDAY = date(2026, 11, 28), date(2026, 11, 30), date(2026, 12, 1)
HISTORIES, STEP = 12, timedelta(hours=6)


@pytest.fixture
def case(app: Flask) -> Unit:
    return a_unit("KASUS")


@contextmanager
def it_is(day: date, hour: int = 0, minute: int = 0) -> Iterator[datetime]:
    moment = clock.at(day, time(hour, minute))
    with clock.frozen(moment):
        yield moment


@contextmanager
def questions() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def sent(_connection, _cursor, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    sql.listen(db.engine, "before_cursor_execute", sent)
    yield asked
    sql.remove(db.engine, "before_cursor_execute", sent)


@transactional
def a_holiday(day: date) -> None:
    db.session.add(Holiday(day=day, name="Hari Contoh", joint_leave=False, certain=True))


def end_of(day: date) -> datetime:
    return clock.at(day + timedelta(days=1), time())


def reports(case: Unit | None = None) -> list[int]:
    """The numbers of all reports (of this thing), in the order in which they were made."""
    db.session.rollback()
    rows = select(Event).where(Event.name == LATE).order_by(Event.id)
    found = db.session.scalars(rows if case is None else rows.where(Event.subject_id == case.id))
    return [event.facts["report"] for event in found]


def swept(day: date, hour: int = 0, minute: int = 0) -> list[int]:
    """All reports there are after a sweep at this moment."""
    with it_is(day, hour, minute):
        deadlines.report_late()
    return reports()


# --- start, pause, resume, stop


def test_a_deadline_of_one_day_ends_with_the_next_working_day(case):
    deadline = deadlines.start(case, LATE, 1)
    assert (deadline.amber_at, deadline.due_at) == (clock.at(WEDNESDAY, time(18)), end_of(WEDNESDAY))
    assert deadlines.of(case, LATE) is deadline
    assert deadlines.of(case, "contoh.case.other") is None


def test_holidays_in_the_table_and_weekends_are_none(case):
    a_holiday(WEDNESDAY)
    assert deadlines.start(case, LATE, 3).due_at == end_of(MONDAY)


def test_it_may_begin_before_now(case):
    assert deadlines.start(case, LATE, 1, at=clock.at(date(2026, 11, 20), time(9))).due_at == end_of(date(2026, 11, 23))


def test_starting_twice_keeps_the_first(case):
    first = deadlines.start(case, LATE, 1)
    with it_is(FRIDAY, 9):
        assert deadlines.start(case, LATE, 9) is first
    assert first.due_at == end_of(WEDNESDAY)


def test_a_thing_may_have_a_deadline_for_each_event(case):
    deadlines.start(case, LATE, 1)
    assert deadlines.start(case, "contoh.case.survey_late", 2).due_at == end_of(THURSDAY)


def test_a_thing_that_is_not_saved_yet_can_have_one(app):
    @transactional
    def files() -> Unit:
        case = Unit(code="BARU", name="Baru", kind="agency")
        db.session.add(case)
        deadlines.start(case, LATE, 1)
        deadlines.pause(case, LATE, "papers")
        return case

    assert deadlines.of(files(), LATE).open_pause.reason == "papers"


def test_what_raises_takes_the_deadline_with_it(case):
    @transactional
    def half_done() -> None:
        deadlines.start(case, LATE, 1)
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="middle"):
        half_done()
    assert deadlines.of(case, LATE) is None


def test_a_pause_says_who_and_why_and_moves_the_end(case, budi):
    deadlines.start(case, LATE, 1)
    with it_is(WEDNESDAY, 10) as began:
        deadline = deadlines.pause(case, LATE, "papers", "KTP tidak terbaca", by=budi)
    pause = deadline.open_pause
    assert (pause.reason, pause.note, pause.by_id, pause.began_at) == ("papers", "KTP tidak terbaca", budi.id, began)
    assert (deadline.amber_at, deadline.due_at) == (None, None)

    with it_is(THURSDAY, 10):
        assert deadlines.resume(case, LATE).due_at == end_of(THURSDAY)
    assert deadline.open_pause is None


def test_a_pause_over_a_weekend(case):
    deadlines.start(case, LATE, 3)
    with it_is(FRIDAY, 12):
        deadlines.pause(case, LATE, "papers")
    with it_is(MONDAY, 12):
        assert deadlines.resume(case, LATE).due_at == end_of(MONDAY)


def test_pausing_and_resuming_twice_is_once(case):
    deadlines.start(case, LATE, 1)
    with it_is(WEDNESDAY, 10) as began:
        deadlines.pause(case, LATE, "papers")
    with it_is(WEDNESDAY, 11):
        deadlines.pause(case, LATE, "papers")
    with it_is(WEDNESDAY, 12) as ended:
        deadlines.resume(case, LATE)
    with it_is(WEDNESDAY, 13):
        deadlines.resume(case, LATE)
    assert deadlines.of(case, LATE).stops == [(began, ended)]


def test_another_reason_begins_a_pause_of_its_own(case):
    deadlines.start(case, LATE, 1)
    with it_is(WEDNESDAY, 10) as first:
        deadlines.pause(case, LATE, "papers")
    with it_is(WEDNESDAY, 12) as second:
        deadline = deadlines.pause(case, LATE, "flood", "Jalan terputus")
    assert deadline.stops == [(first, second), (second, None)]
    assert deadline.open_pause.reason == "flood"


def test_what_has_ended_stays_as_it_is(case):
    deadlines.start(case, LATE, 1)
    with it_is(WEDNESDAY, 10) as ended:
        deadlines.stop(case, LATE)
    with it_is(WEDNESDAY, 12):
        deadlines.pause(case, LATE, "papers")
        deadlines.resume(case, LATE)
        deadline = deadlines.stop(case, LATE)
    assert (deadline.ended_at, deadline.stops) == (ended, [])


def test_ending_ends_the_pause_too(case):
    deadlines.start(case, LATE, 1)
    with it_is(WEDNESDAY, 10) as began:
        deadlines.pause(case, LATE, "papers")
    with it_is(FRIDAY, 10) as ended:
        deadline = deadlines.stop(case, LATE)
    assert deadline.stops == [(began, ended)]
    assert not deadline.passed(ended)


def test_taken_up_anew_the_whole_time_runs_again_and_reports_anew(case):
    deadlines.start(case, LATE, 1)
    with it_is(WEDNESDAY, 10):
        deadlines.pause(case, LATE, "papers")
    swept(FRIDAY)
    with it_is(FRIDAY, 10):
        deadlines.stop(case, LATE)
    with it_is(MONDAY, 10):
        assert deadlines.begin_again(case, LATE).due_at == end_of(NEXT_TUESDAY)
    assert swept(date(2026, 12, 2)) == [1]


def test_what_has_not_ended_does_not_begin_again(case):
    deadlines.start(case, LATE, 1)
    assert swept(THURSDAY) == [1]
    with it_is(THURSDAY, 10):
        assert deadlines.begin_again(case, LATE).due_at == end_of(WEDNESDAY)
    assert swept(THURSDAY, 11) == [1]


def test_pausing_what_has_no_deadline_is_a_mistake_of_the_program(case):
    with pytest.raises(NoResultFound):
        deadlines.pause(case, LATE, "papers")


def test_the_database_itself_wants_a_reason_and_one_pause_at_a_time(case):
    deadline = deadlines.start(case, LATE, 1)

    @transactional
    def add(*reasons: str) -> None:
        db.session.add_all(Pause(deadline_id=deadline.id, reason=one, began_at=clock.now()) for one in reasons)

    with pytest.raises(IntegrityError):
        add("")
    with pytest.raises(IntegrityError):
        add("papers", "flood")


def test_a_change_elsewhere_is_seen_before_deciding(case):
    """A row that this use case had read before is read again under its lock."""
    deadline = deadlines.start(case, LATE, 1)

    @transactional
    def pause() -> None:
        assert deadlines.of(case, LATE).open_pause is None
        added = {"deadline_id": deadline.id, "reason": "papers", "note": "", "began_at": clock.now()}
        db.session.execute(Pause.__table__.insert().values(added))
        deadlines.pause(case, LATE, "papers")

    pause()
    assert len(deadlines.of(case, LATE).pauses) == 1


# --- how it stands


def test_its_word_and_its_time_left(case):
    deadline = deadlines.start(case, LATE, 4)  # until Monday

    def stands(day: date, hour: int) -> tuple[str, str, int, str]:
        with it_is(day, hour) as now, in_language("en"):
            standing = deadline.standing(now)
            return standing.kind, standing.tone, standing.left_days, standing.left

    assert stands(TUESDAY, 9) == ("safe", "good", 4, "4 working days left")
    assert stands(FRIDAY, 23) == ("safe", "good", 1, "1 working day left")
    assert stands(SATURDAY, 0) == ("near", "attention", 1, "1 working day left")
    assert stands(MONDAY, 23) == ("near", "attention", 0, "The last day")
    assert stands(NEXT_TUESDAY, 0) == ("late", "late", -1, "1 working day late")
    with it_is(WEDNESDAY, 0):
        deadlines.stop(case, LATE)
    assert stands(NEXT_TUESDAY, 0) == ("ended", "neutral", 3, "Took 1 working day")


def test_a_weekend_after_the_last_day_is_late_but_no_working_day_late(case):
    deadline = deadlines.start(case, LATE, 3)  # until Friday
    with it_is(SATURDAY, 9) as now, in_language("en"):
        assert (deadline.standing(now).kind, deadline.standing(now).left) == ("late", "The time is over")


def test_the_limit_is_shown_as_23_59(case):
    deadline = deadlines.start(case, LATE, 1)
    with in_language("en"):
        assert deadline.standing(clock.now()).limit == "until Wednesday, 25 November 2026, 23.59 WIB"
        assert deadline.standing(end_of(THURSDAY)).limit == "the limit was Wednesday, 25 November 2026, 23.59 WIB"
        deadlines.pause(case, LATE, "papers")
        assert deadline.standing(clock.now()).limit == ""


def test_a_pause_freezes_bar_and_time_left(case):
    deadline = deadlines.start(case, LATE, 4)
    with it_is(WEDNESDAY, 12):
        deadlines.pause(case, LATE, "papers")
    standings = [deadline.standing(clock.at(day, time(hour))) for day, hour in ((WEDNESDAY, 13), (MONDAY, 9))]
    assert standings[0] == standings[1]
    assert (standings[0].kind, standings[0].tone, standings[0].left_days) == ("paused", "neutral", 3)
    assert standings[0].share == 0.125


def test_the_bar_is_never_more_than_full(case):
    assert deadlines.start(case, LATE, 1).standing(end_of(MONDAY)).share == 1.0


def test_a_list_of_many_asks_for_the_holidays_once(app):
    for n in range(20):
        deadlines.start(a_unit(f"K{n}"), LATE, 5)
    db.session.expire_all()
    with questions() as asked:
        table = calendar.working_day_table()
        shown = [deadline.standing(clock.now(), table).kind for deadline in db.session.scalars(select(Deadline))]
    assert shown == ["safe"] * 20
    assert len(asked) == 3  # holidays, deadlines, pauses


# --- late: it reports itself


def test_it_reports_itself_at_the_end_of_its_last_day_and_on_each_further_working_day(case):
    a_holiday(NEXT_TUESDAY)
    deadlines.start(case, LATE, 3)  # until Friday
    assert swept(FRIDAY, 23, 59) == []
    assert swept(SATURDAY, 0, 0) == [1]  # at once, though no working day has begun
    assert swept(SATURDAY, 0, 5) == [1]
    assert swept(SATURDAY + timedelta(days=1), 9) == [1]
    assert swept(MONDAY, 0, 0) == [1, 2]
    assert swept(MONDAY, 23, 59) == [1, 2]
    assert swept(NEXT_TUESDAY, 9) == [1, 2]
    assert swept(date(2026, 12, 2), 0) == [1, 2, 3]


def test_a_report_is_an_event_about_the_thing_in_the_citys_name(case):
    deadline = deadlines.start(case, LATE, 1)
    swept(THURSDAY)
    report = db.session.scalars(select(Event).where(Event.name == LATE)).one()
    assert (report.subject_type, report.subject_id, report.actor_id) == ("unit", case.id, None)
    assert report.facts == {"deadline_id": deadline.id, "report": 1}


def test_days_that_the_worker_slept_through_are_not_made_up_for(case):
    deadlines.start(case, LATE, 1)
    assert swept(MONDAY, 9) == [1]
    assert swept(NEXT_TUESDAY, 9) == [1, 2]


def test_what_ended_in_time_or_stands_still_does_not_report(case):
    deadlines.start(case, LATE, 1)
    deadlines.start(a_unit("LAIN"), LATE, 1)
    with it_is(WEDNESDAY, 23, 59):
        deadlines.stop(case, LATE)
        deadlines.pause(db.session.query(Unit).filter_by(code="LAIN").one(), LATE, "papers")
    assert swept(THURSDAY) == swept(MONDAY) == []


def test_after_a_long_pause_it_reports_from_its_new_end_on(case):
    deadlines.start(case, LATE, 2)
    with it_is(THURSDAY, 12):
        deadlines.pause(case, LATE, "papers")
    february = date(2027, 2, 1)  # a Monday
    assert swept(february) == []
    with it_is(february, 12):
        assert deadlines.resume(case, LATE).due_at == end_of(february)
    assert swept(february, 23, 59) == []
    assert swept(february + timedelta(days=1)) == [1]


def test_a_pause_after_the_end_hides_nothing_but_stops_the_further_reports(case):
    deadlines.start(case, LATE, 1)
    with it_is(THURSDAY, 0, 0):  # before the sweep of this minute
        deadline = deadlines.pause(case, LATE, "papers")
    assert swept(THURSDAY, 0, 1) == [1]
    assert swept(FRIDAY, 9) == [1]
    with in_language("en"):
        standing = deadline.standing(clock.at(FRIDAY, time(9)))
        assert (standing.kind, standing.left) == ("late", "1 working day late")
    with it_is(FRIDAY, 10):
        deadlines.resume(case, LATE)
    assert swept(FRIDAY, 10) == [1, 2]


def test_who_decides_too_late_cannot_outrun_the_report(case):
    deadlines.start(case, LATE, 1)
    with it_is(THURSDAY, 0, 0):
        deadlines.stop(case, LATE)
    assert reports() == [1]
    assert swept(FRIDAY, 9) == [1]


def test_ending_after_a_report_does_not_report_again(case):
    deadlines.start(case, LATE, 1)
    swept(THURSDAY)
    with it_is(FRIDAY, 9):
        deadlines.stop(case, LATE)
    assert reports() == [1]


def test_a_listener_that_fails_does_not_stop_the_others(app, monkeypatch, caplog):
    bad, good = a_unit("BURUK"), a_unit("BAIK")
    for case in (bad, good):
        deadlines.start(case, LATE, 1)
    trouble = [True]

    def tell_the_inspectorate(event: Event) -> None:
        if event.subject_id == bad.id and trouble:
            raise ValueError("no such inbox")

    monkeypatch.setitem(events._listeners, LATE, [tell_the_inspectorate])
    swept(THURSDAY)
    assert (reports(bad), reports(good)) == ([], [1])
    assert "could not report itself" in caplog.text

    trouble.clear()
    swept(THURSDAY, 0, 1)
    assert (reports(bad), reports(good)) == ([1], [1])


def test_a_sweep_without_anything_late_asks_two_questions(case):
    deadlines.start(case, LATE, 1)
    with questions() as asked:
        deadlines.report_late()
    assert len(asked) == 2  # whether today is a holiday, and what is late


# --- two workers at once


def sweep_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers, of whom each has looked before one of them writes. SQLite lets them look one after the other."""
    gate, claim = threading.Barrier(2), deadlines._claim

    def looked(deadline: Deadline) -> int | None:
        with suppress(threading.BrokenBarrierError):
            gate.wait(1)
        return claim(deadline)

    def work() -> None:
        with app.app_context():
            deadlines.report_late()

    monkeypatch.setattr(deadlines, "_claim", looked)
    with it_is(THURSDAY):
        workers = [threading.Thread(target=work) for _n in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join(30)
            assert not one.is_alive()


def test_two_sweeps_at_once_report_once(app, case, monkeypatch):
    deadlines.start(case, LATE, 1)
    sweep_at_once(app, monkeypatch)
    assert reports() == [1]


@pytest.mark.only("postgresql")
def test_the_control_without_a_claim_two_sweeps_report_twice(app, case, monkeypatch):
    """SQLite lets one writer in at a time: there, the second looks only when the first has written."""

    def careless(deadline: Deadline) -> int:
        deadline.reports, deadline.reported_on = deadline.reports + 1, clock.today()
        return deadline.reports

    monkeypatch.setattr(deadlines, "_claim", careless)
    deadlines.start(case, LATE, 1)
    sweep_at_once(app, monkeypatch)
    assert reports() == [1, 1]


def test_two_who_pause_at_once_make_one_pause(app, case):
    deadlines.start(case, LATE, 1)
    gate, case_id = threading.Barrier(2), case.id

    def pause() -> None:
        with app.app_context():
            gate.wait(10)
            deadlines.pause(db.session.get(Unit, case_id), LATE, "papers")

    both = [threading.Thread(target=pause) for _n in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    db.session.rollback()
    db.session.expire_all()
    assert len(deadlines.of(case, LATE).pauses) == 1


# --- the holiday table changes


def test_a_holiday_that_is_loaded_later_moves_open_deadlines(app: Flask, tmp_path: Path):
    load_city(CONTOH)
    case, ended = a_unit("KASUS"), a_unit("SELESAI")
    deadline, over = deadlines.start(case, LATE, 1), deadlines.start(ended, LATE, 1)
    deadlines.stop(ended, LATE)
    city = a_city(tmp_path)
    amend(city, "holidays.csv", "2026-08-17", str(WEDNESDAY))

    load_city(city, dry_run=True)
    db.session.expire_all()
    assert deadline.due_at == end_of(WEDNESDAY)

    load_city(city)
    db.session.expire_all()
    assert (deadline.amber_at, deadline.due_at) == (clock.at(THURSDAY, time(18)), end_of(THURSDAY))
    assert over.due_at == end_of(WEDNESDAY)


# --- random histories, played with a moved clock and counted with a pencil


def pencilled_reports(history: plain_clock.History, due_at: datetime | None, until: datetime) -> int:
    """Once when it is over, and once on each further working day on which it ever runs."""
    if due_at is None:
        return 0
    days, moment, first = set(), due_at, (due_at + plain_clock.WIB).date()
    while moment <= until:
        here = (moment + plain_clock.WIB).date()
        if here != first and history.is_working_day(here) and not history.stands_still(moment):
            days.add(here)
        moment += STEP
    return 1 + len(days)


def kind_by_columns(deadline: Deadline, moment: datetime) -> str:
    """As lists sort and filter in the database."""
    if deadline.due_at is None:
        return "paused"
    if deadline.due_at <= moment:
        return "late"
    return "near" if deadline.amber_at and deadline.amber_at <= moment else "safe"


def play(case: Unit, history: plain_clock.History, moment: datetime) -> None:
    """What happens to the case at this moment, and the worker's sweep."""
    with clock.frozen(moment):
        for began, ended in history.pauses:
            if ended == moment:
                deadlines.resume(case, LATE)
            if began == moment != ended:
                deadlines.pause(case, LATE, "papers")
        deadlines.report_late()


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_random_histories_end_and_report_as_with_a_pencil(case, seed: int):
    history = plain_clock.a_history(plain_clock.chance_of(1000 + seed), STEP, longest=4)
    for day in history.holidays:
        a_holiday(day)
    until = history.began_at + timedelta(days=40)
    with clock.frozen(history.began_at):
        deadline = deadlines.start(case, LATE, history.days)
    for moment, _counted in plain_clock.steps(history, until, STEP):
        play(case, history, moment)
        assert deadline.standing(moment).kind == kind_by_columns(deadline, moment)
    amber_at, due_at = plain_clock.moments(history, until, STEP)
    assert (deadline.amber_at, deadline.due_at) == (amber_at, due_at)
    assert len(reports()) == pencilled_reports(history, due_at, until - STEP)
