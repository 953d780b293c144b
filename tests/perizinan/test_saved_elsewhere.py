"""Two pages of one draft: what was saved on one is not overwritten unseen by the other."""

import pytest

from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.cases.life import Overtaken
from blueprints.perizinan.filing import actions as filing
from tests.factories import permits as make
from webapp.db import db

HOME, SHOP = {"purpose": "Rumah"}, {"purpose": "Toko"}
PRINCIPAL = {"principal_name": "Ibu Contoh", "principal_nik": "1275024504900007"}


@pytest.fixture
def draft(office, siti):
    make.a_type()
    return filing.start(None, "UJI", "self", by=siti)


def purpose(draft) -> str:
    db.session.expire_all()
    return queries.case_of(draft.code).answers["purpose"]


def test_what_waited_on_a_phone_does_not_overwrite_what_is_newer(draft, siti):
    seen = items.standing(draft, "applicant")
    filing.save_part(draft.code, "applicant", HOME, seen, by=siti)
    with pytest.raises(Overtaken):
        filing.save_part(draft.code, "applicant", SHOP, seen, by=siti)
    assert purpose(draft) == "Rumah"


def test_the_same_again_is_no_matter_how_often_it_arrives(draft, siti):
    seen = items.standing(draft, "applicant")
    for _time in range(3):
        filing.save_part(draft.code, "applicant", HOME, seen, by=siti)
    assert purpose(draft) == "Rumah"


def test_another_part_that_was_saved_meanwhile_is_no_matter(office, siti):
    make.a_type()
    draft = filing.start(None, "UJI", "proxy", by=siti)
    seen = items.standing(draft, "location")
    filing.save_part(draft.code, "applicant", PRINCIPAL, items.standing(draft, "applicant"), by=siti)
    filing.save_part(draft.code, "location", {"kelurahan": "12.75.01.1005"}, seen, by=siti)


def test_the_sign_of_what_stands_there_does_not_change_with_a_nik_left_as_it_is_shown(office, siti):
    make.a_type()
    draft = filing.start(None, "UJI", "proxy", by=siti)
    filing.save_part(draft.code, "applicant", PRINCIPAL, by=siti)
    before = items.standing(draft, "applicant")
    shown = {**PRINCIPAL, "principal_nik": "1275 •••• •••• 0007"}
    filing.save_part(draft.code, "applicant", shown, "what stood there an hour ago", by=siti)
    assert items.standing(draft, "applicant") == before


def test_the_page_keeps_both_and_asks(draft, siti, browser):
    path = f"/perizinan/applications/{draft.spoken_code}/parts/applicant"
    page = browser.as_person(siti).open(path)
    filing.save_part(draft.code, "applicant", HOME, by=siti)
    told = page.form("/parts/applicant").send(purpose="Toko")
    assert told.status == 409
    assert "sudah diubah di halaman atau HP lain" in told.find("[role=alert]").text
    assert "Tersimpan sekarang: Rumah" in told.find(".field-bad").text
    assert "Toko" in str(told.find("[name=purpose]"))
    assert purpose(draft) == "Rumah"
    told.form("/parts/applicant").send(purpose="Toko")
    assert purpose(draft) == "Toko"


def test_a_page_of_an_earlier_release_saves_as_it_did(draft, siti, browser):
    """T92: it does not say what stood there."""
    page = browser.as_person(siti).open(f"/perizinan/applications/{draft.spoken_code}/parts/applicant")
    filing.save_part(draft.code, "applicant", HOME, by=siti)
    page.find("[name=standing]").decompose()
    page.form("/parts/applicant").send(purpose="Toko")
    assert purpose(draft) == "Toko"
