"""What the log tells of a failure: enough to find it, and nothing of the person whose data it was about."""

import json
import logging
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from blueprints.dokter.models import Clinic
from tests import people
from tests.factories import clinics as make
from webapp.accounts.models import Person
from webapp.db import db
from webapp.logs import JsonLines

EMAIL = "ani@contoh.invalid"


@pytest.fixture
def clinic(app) -> Clinic:
    return make.a_clinic()


def logged_when(act: Callable[[], object]) -> tuple[str, str]:
    """What the exception of this act says by itself, and the line that the log has of it."""
    try:
        act()
    except Exception as error:
        record = logging.LogRecord("webapp", logging.ERROR, __file__, 1, "incident", (), sys.exc_info())
        return f"{error!r} {error}", JsonLines().format(record)
    finally:
        db.session.rollback()
    raise AssertionError("nothing failed")


def add_ani() -> Person:
    return people.staff("Ani", EMAIL, "PKM-A", "nurse")


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def test_a_row_that_is_there_already(clinic):
    add_ani()
    says, line = logged_when(add_ani)
    assert (EMAIL in says) is is_postgresql(), "the control: PostgreSQL tells the value"
    assert EMAIL not in line
    trace = json.loads(line)["trace"]
    assert trace.startswith("Traceback") and "IntegrityError" in trace
    assert "INSERT INTO person" in trace, "which statement it was"
    assert "23505" in trace or "SQLITE_CONSTRAINT_UNIQUE" in trace, "and what was wrong"


@pytest.mark.only("postgresql")
def test_a_value_that_the_database_cannot_read(app):
    """SQLite reads everything."""
    says, line = logged_when(lambda: db.session.execute(text("SELECT CAST(:nik AS date)"), {"nik": people.SITI_NIK}))
    assert people.SITI_NIK in says and people.SITI_NIK not in line


def test_a_failure_that_comes_back_later(clinic):
    """The session repeats the words of the first failure in the second."""

    def fail_twice() -> None:
        try:
            db.session.add(Person(name="Ani", email=EMAIL, created_at=None))
            db.session.flush()
        except DBAPIError:
            db.session.execute(text("SELECT 1"))

    says, line = logged_when(fail_twice)
    assert PendingRollbackError.__name__ in says and EMAIL not in line


def test_other_exceptions_keep_their_words_and_their_causes(app):
    def fail() -> None:
        try:
            raise ValueError("the roof leaks")
        except ValueError as why:
            raise RuntimeError("it rains") from why

    _says, line = logged_when(fail)
    trace = json.loads(line)["trace"]
    assert trace.index("ValueError: the roof leaks") < trace.index("RuntimeError: it rains")
    assert "in fail" in trace
