"""Whoever of the staff looks into a file, by whatever address, is seen by its applicant."""

from datetime import timedelta

import pytest

from tests.factories import permits as make
from tests.pages import Browser
from webapp import clock, viewing

ADDRESSES = {
    "the case": "desk/{code}",
    "a paper": "applications/{code}/papers/ktp/file?inline=1",
    "a paper to download": "applications/{code}/papers/surat/file",
}


@pytest.fixture
def case(office, siti):
    make.a_type()
    return make.accept(make.a_submitted_case(siti), office)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("who", ["front", "back", "head", "inspector"])
def test_every_opening_is_written_down(app, office, case, who, address):
    person, path = getattr(office, who), ADDRESSES[address].format(code=case.spoken_code)
    assert Browser(app).as_person(person).http.get(f"/perizinan/{path}").status_code == 200
    assert [row.person_id for row in viewing.of(case)] == [person.id]


def test_an_answer_that_shows_the_case_again_is_an_opening_too(app, office, case):
    browser = Browser(app).as_person(office.back)
    page = browser.open(f"/perizinan/desk/{case.spoken_code}")
    with clock.frozen(clock.now() + timedelta(minutes=30)):
        assert page.form("/messages").send(body="").status == 422
    assert len(viewing.of(case)) == 2


def test_a_permit_that_is_downloaded_was_opened(app, office, siti):
    make.a_type()
    case = make.an_issued_case(siti, office)
    Browser(app).as_person(office.front).http.get(f"/perizinan/applications/{case.spoken_code}/permit.pdf")
    assert [row.person_id for row in viewing.of(case)] == [office.front.id]


def test_papers_that_are_looked_at_on_the_way_are_one_opening(app, office, case):
    browser = Browser(app).as_person(office.back)
    for _look in range(3):
        browser.open(f"/perizinan/desk/{case.spoken_code}")
        browser.http.get(f"/perizinan/applications/{case.spoken_code}/papers/ktp/file")
    assert len(viewing.of(case)) == 1


def test_ones_own_file_is_no_opening(app, case, siti):
    browser = Browser(app).as_person(siti)
    browser.open(f"/perizinan/applications/{case.spoken_code}")
    browser.http.get(f"/perizinan/applications/{case.spoken_code}/papers/ktp/file")
    assert viewing.of(case) == []
