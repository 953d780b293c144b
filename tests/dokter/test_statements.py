"""How often a page asks the database: each question is a journey to another machine in a large city."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from tests.dokter.conftest import make
from webapp.db import db


@pytest.fixture
def asked(app) -> Iterator[list[str]]:
    """Every statement that is sent."""
    found: list[str] = []

    def sent(_connection, _cursor, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", sent)
    yield found
    event.remove(db.engine, "before_cursor_execute", sent)


def questions(asked: list[str]) -> list[str]:
    """Without the manners of SQLite and the drivers."""
    return [statement for statement in asked if statement.startswith(("SELECT", "UPDATE", "INSERT", "DELETE"))]


def test_who_is_reading_and_where_they_work_is_one_question(ani, shift, browser, asked):
    browser.as_person(ani)
    asked.clear()
    assert browser.http.get(f"/dokter/shifts/{shift.id}/tablet").status_code == 200
    who = [statement for statement in questions(asked) if "sign_in" in statement or "membership" in statement]
    assert len(who) == 1


def test_a_ticket_page_asks_little(shift, siti, browser, asked):
    """Who is reading, the ticket with all that hangs on it, the queue; and for a whole page the inbox."""
    code = make.a_ticket(shift, siti).spoken_code
    browser.as_person(siti)
    for path, most in {"": 4, "/part/status": 3, "/cancel": 4}.items():
        asked.clear()
        assert browser.http.get(f"/dokter/tickets/{code}{path}").status_code == 200
        assert len(questions(asked)) <= most, questions(asked)


def test_a_stranger_is_not_looked_for(shift, browser, asked):
    assert browser.http.get("/privacy").status_code == 200
    assert questions(asked) == []
