"""A file whose answer was lost is sent once more: it is handed in once."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from blueprints.perizinan.cases.models import Paper
from blueprints.perizinan.filing import actions
from tests.factories import permits as make
from tests.webapp.uploads.files import photo_as
from webapp import uploads
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.uploads.actions import Kept

KEY = "0a1b2c3d-0000-4000-8000-000000000001"


@pytest.fixture
def draft(app, siti):
    make.Office()
    make.a_type()
    return make.a_draft(siti)


def a_file(name: str = "ktp.jpg") -> Kept:
    return uploads.keep(FileStorage(BytesIO(photo_as("JPEG")), name))


def papers_given(draft) -> int:
    return db.session.query(Paper).filter_by(application_id=draft.id, requirement="ktp").count()


def test_the_same_form_hands_a_file_in_once(draft, siti):
    before = papers_given(draft)
    first, second = (actions.hand_in(KEY, draft.code, "ktp", a_file(), by=siti) for _time in range(2))
    assert first.id == second.id
    assert papers_given(draft) == before + 1


def test_control_without_the_memory_of_its_key_it_is_handed_in_twice(draft, siti):
    forgetful = transactional(actions.hand_in.__wrapped__.__wrapped__)
    before = papers_given(draft)
    for _time in range(2):
        forgetful(draft.code, "ktp", a_file(), by=siti)
    assert papers_given(draft) == before + 2


def test_another_file_with_a_used_key_is_refused_and_not_taken_for_the_first(draft, siti):
    actions.hand_in(KEY, draft.code, "ktp", a_file(), by=siti)
    with pytest.raises(Refusal):
        actions.hand_in(KEY, draft.code, "ktp", a_file("lain.jpg"), by=siti)
