"""The one door for changes: commit, roll back, try again."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tests.factories import clinics as make
from webapp.db import TRIES, db, transactional
from webapp.regions.models import Unit


def units() -> int:
    return db.session.scalar(select(func.count()).select_from(Unit))


@transactional
def add(code: str) -> None:
    db.session.add(Unit(code=code, name=code, kind="agency"))


def test_what_raises_leaves_no_trace(app):
    @transactional
    def half_done() -> None:
        add("X")
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="middle"):
        half_done()
    assert units() == 0


def test_an_inner_use_case_joins_the_outer_one(app):
    @transactional
    def both() -> None:
        add("A")
        add("B")

    both()
    assert units() == 2


def test_writing_outside_a_use_case_fails_loudly(app):
    db.session.add(Unit(code="A", name="A", kind="agency"))
    with pytest.raises(RuntimeError, match="outside a use case"):
        add("B")
    db.session.rollback()
    assert units() == 0


@pytest.mark.parametrize("lost", [StaleDataError, lambda: IntegrityError("unique", None, Exception())])
def test_who_lost_a_race_goes_through_it_again_at_most_three_times(app, lost):
    tries = []

    @transactional
    def unlucky(times: int) -> str:
        tries.append(1)
        if len(tries) <= times:
            raise lost()
        return "done"

    assert unlucky(TRIES - 1) == "done"
    tries.clear()
    with pytest.raises((StaleDataError, IntegrityError)):
        unlucky(TRIES)
    assert len(tries) == TRIES


def test_rows_read_before_are_read_again_inside(app):
    unit = make.a_unit("A")
    with db.engine.connect().execution_options(writes=True) as other:
        other.execute(Unit.__table__.update().values(name="changed elsewhere"))
        other.commit()

    @transactional
    def seen() -> str:
        return unit.name

    assert unit.name == "Dinas Contoh"
    assert seen() == "changed elsewhere"
