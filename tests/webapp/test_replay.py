"""The same form sent twice: one effect; and with the defence off, two."""

import pytest
from sqlalchemy import func, select

from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.regions.models import Unit
from webapp.replay import once

KEY = "0a1b2c3d-0000-4000-8000-000000000001"


@transactional
@once(Unit)
def found_office(name: str, *, by: Person) -> Unit:
    """Nothing in it, nor in the database, minds a second office of the same name."""
    unit = Unit(code=f"{by.id}-{offices()}", name=name, kind="agency")
    db.session.add(unit)
    db.session.flush()
    return unit


def offices() -> int:
    return db.session.scalar(select(func.count()).select_from(Unit))


def test_the_same_form_has_one_effect_and_the_same_answer(siti):
    assert found_office(KEY, "Dinas", by=siti).id == found_office(KEY, "Dinas", by=siti).id
    assert offices() == 1


@pytest.mark.parametrize("key", [None, "", "short", "'; DROP TABLE"])
def test_control_without_a_key_it_has_two(siti, key):
    for _press in range(2):
        found_office(key, "Dinas", by=siti)
    assert offices() == 2


def test_control_without_once_it_has_two(siti):
    bare = transactional(found_office.__wrapped__.__wrapped__)
    for _press in range(2):
        bare("Dinas", by=siti)
    assert offices() == 2


def test_a_key_belongs_to_one_person_and_one_request(siti, budi):
    found_office(KEY, "Dinas", by=siti)
    found_office(KEY, "Dinas", by=budi)
    assert offices() == 2
    with pytest.raises(Refusal):
        found_office(KEY, "Badan", by=siti)
    assert offices() == 2
