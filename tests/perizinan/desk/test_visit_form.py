"""The field inspection end to end: appointment, pictures, position, and what follows from it."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Photo
from tests.factories import permits as make
from tests.pages import Browser, Page
from tests.webapp.uploads import files
from webapp import clock
from webapp.db import db
from webapp.uploads.models import Upload

RECORD = {"item-0": "yes", "visit-latitude": "3,6002", "visit-longitude": "98.4892", "visit-verdict": "fit",
          "visit-note": "Pohon ada di tepi jalan"}  # fmt: skip


@pytest.fixture
def case(office, siti):
    make.a_type("POHON", make.INSPECTED)
    return make.a_case_to_visit(siti, office)


@pytest.fixture
def page(office, case, app) -> Iterator[Page]:
    """The case at the hour of its appointment."""
    page = Browser(app).as_person(office.technical).open(f"/perizinan/desk/{case.spoken_code}")
    page = page.form("/appointment").send(day=page.find("select[name=day] option")["value"], hour="10.00")
    with clock.frozen(queries.visit_of(case).starts_at):
        yield Browser(app).as_person(office.technical).open(page.path)


def a_photo(name: str = "pohon.jpg") -> tuple[BytesIO, str]:
    return BytesIO(files.jpeg()), name


def uploads_of(person) -> int:
    return db.session.scalar(select(func.count()).where(Upload.owner_id == person.id)) or 0


def test_nobody_writes_down_a_visit_before_its_day(office, page, case):
    """The control is the next story: on the day it works. The applicant's choice of a day would be worth nothing."""
    with clock.frozen(clock.now() - timedelta(days=1)):
        told = page.form("/visit").send(photos=a_photo(), **RECORD)
    assert told.status == 409 and queries.visit_of(case).done_at is None
    assert told.find("[name=visit-note]").get_text() == RECORD["visit-note"], "nothing typed is lost"


def test_a_visit_is_arranged_recorded_and_sends_the_case_on(page, case):
    assert page.status == 200 and page.has('form[action$="/visit"]')
    after = page.form("/visit").send(photos=a_photo(), **RECORD)
    assert after.status == 200 and after.path == f"/perizinan/desk/{case.spoken_code}"
    case = queries.case_of(case.code)
    visit = queries.visit_of(case)
    assert (case.state, visit.latitude, visit.longitude) == ("recommending", 3.6002, 98.4892)
    assert visit.checklist == {"Ada di tempat": True} and len(visit.photos) == 1
    assert "Pohon ada di tepi jalan" in after.text and after.has('form[action$="/finding"]')
    picture = after.browser.http.get(after.find("img.evidence")["src"])
    assert (picture.status_code, picture.content_type) == (200, "image/jpeg")


def test_an_appointment_needs_a_day_and_an_hour(office, case, browser):
    page = browser.as_person(office.technical).open(f"/perizinan/desk/{case.spoken_code}")
    assert page.form("/appointment").send(day="2026-11-28", hour="10.00").status == 422, "a Saturday is not offered"
    assert queries.visit_of(case) is None


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"visit-note": ""}, 422), ({"visit-verdict": "unfit"}, 422), ({"item-0": ""}, 409), ({"seen": "1"}, 409),
     ({"visit-latitude": "98.4"}, 409), ({"visit-longitude": "timur"}, 409)],
)  # fmt: skip
def test_whatever_is_wrong_no_picture_has_to_be_chosen_again(office, page, case, wrong, status):
    told = page.form("/visit").send(photos=a_photo(), **{**RECORD, **wrong}).check()
    assert told.status == status and queries.case_of(case.code).state == "inspecting"
    assert told.has("[data-kept]") and len(told.html.select("input[name=kept]")) == 1
    assert told.find("[name=visit-longitude]")["value"] == {**RECORD, **wrong}["visit-longitude"]
    told.form("/visit").send(**RECORD)
    assert len(queries.visit_of(queries.case_of(case.code)).photos) == 1 and uploads_of(office.technical) == 1


def test_several_pictures_at_once_and_later(page, case):
    told = page.form("/visit").send(photos=a_photo(), **{**RECORD, "visit-note": ""})
    told.form("/visit").send(photos=a_photo("lagi.jpg"), **RECORD)
    assert len(queries.visit_of(queries.case_of(case.code)).photos) == 2


def test_without_a_picture_there_was_no_visit(page, case):
    told = page.form("/visit").send(**RECORD)
    assert told.status == 409 and queries.case_of(case.code).state == "inspecting"


def test_a_paper_is_no_picture_of_a_place(page, case):
    told = page.form("/visit").send(photos=(BytesIO(files.a_pdf()), "surat.pdf"), **RECORD)
    assert told.status == 409 and queries.case_of(case.code).state == "inspecting"


def test_a_file_that_is_none_is_told_and_the_rest_is_kept(page, case):
    told = page.form("/visit").send(photos=(BytesIO(b"MZ nonsense"), "virus.jpg"), **RECORD)
    assert told.status == 422 and told.find("[name=visit-latitude]")["value"] == "3,6002"
    assert queries.case_of(case.code).state == "inspecting"


def test_the_pictures_of_others_and_of_other_visits_cannot_be_handed_in(office, page, case, siti, budi):
    foreign = make.an_upload(siti)
    assert page.form("/visit").send(kept=foreign.token, **RECORD).status == 409
    other = make.a_case_to_visit(budi, office)
    make.inspect(other, office)
    used = db.session.scalar(select(Upload).join(Photo).limit(1))
    assert (
        page.browser.open(f"/perizinan/desk/{case.spoken_code}").form("/visit").send(kept=used.token, **RECORD).status
        == 409
    )


def test_an_unfit_place_says_why_and_goes_to_the_head_to_be_refused(page, case):
    why = {
        "visit-verdict": "unfit",
        "visit-reason": "safety",
        "visit-evidence": "Akar rapuh",
        "visit-cure": "Pangkas saja",
    }
    shown = page.form("/visit").send(photos=a_photo(), preview="1", **{**RECORD, **why})
    assert shown.status == 200 and "Pangkas saja" in shown.find(".preview").get_text()
    assert queries.case_of(case.code).state == "inspecting"
    shown.form("/visit").send(**{**RECORD, **why})
    case = queries.case_of(case.code)
    assert (case.state, queries.decision_of(case).kind) == ("signing", "refuse")


def test_there_is_room_for_several_pictures_at_once(page, case):
    """More than one file's room: what is told is that it is no picture, not that it is too much to send."""
    form = page.form("/visit")
    filled = {**form.values(), **RECORD, "photos": FileStorage(BytesIO(bytes(11 * files.MEGA)), "besar.jpg")}
    boundary, body = encode_multipart(filled)
    kind, headers = f"multipart/form-data; boundary={boundary}", {"Sec-Fetch-Site": "same-origin"}
    told = page.browser.http.post(form.tag["action"], data=body, content_type=kind, headers=headers)
    assert told.status_code == 422
