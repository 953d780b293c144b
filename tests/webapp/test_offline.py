"""Whose phone it is and what it may keep: said by every page, opaque, and by an allow-list only."""

import pytest

from tests import people
from tests.factories import permits as make
from tests.pages import Browser
from webapp.accounts import actions
from webapp.offline import ANYBODY, KEEP, TAG, tag_of
from webapp.service import all_services


def headers_of(browser: Browser, path: str) -> dict[str, str]:
    return dict(browser.http.get(path).headers)


@pytest.mark.parametrize("path", ["/", "/dokter/", "/perizinan/", "/sign-in", "/gibt-es-nicht", "/account"])
def test_a_stranger_has_no_tag_on_any_page(app, path):
    said = headers_of(Browser(app), path)
    assert said[ANYBODY] == "1" and TAG not in said and KEEP not in said


@pytest.mark.parametrize("path", ["/", "/dokter/", "/perizinan/", "/account", "/gibt-es-nicht"])
def test_every_page_of_siti_says_that_it_is_hers_and_nothing_else_of_her(app, siti, budi, path):
    said = headers_of(Browser(app).as_person(siti), path)
    assert said[TAG] == tag_of(siti.id) != tag_of(budi.id) and ANYBODY not in said
    assert str(siti.id) != said[TAG] and len(said[TAG]) == 24


def test_the_tag_stays_the_same_over_sessions(app, siti):
    first, second = (headers_of(Browser(app).as_person(siti), "/")[TAG] for _session in range(2))
    assert first == second


def test_what_is_no_page_says_nothing(app, siti):
    said = headers_of(Browser(app).as_person(siti), "/manifest.webmanifest")
    assert not {TAG, ANYBODY, KEEP} & said.keys()


@pytest.fixture
def office(app) -> make.Office:
    return make.Office()


@pytest.fixture
def own_pages(office, siti) -> list[str]:
    make.a_type()
    code = make.a_submitted_case(siti).spoken_code
    own = f"/perizinan/applications/{code}"
    return [own, f"{own}/receipt", "/perizinan/applications", "/dokter/tickets"]


def test_only_pages_on_a_services_list_may_be_kept(app, siti, own_pages):
    browser = Browser(app).as_person(siti)
    assert all(headers_of(browser, path).get(KEEP) == "1" for path in own_pages)
    others = ["/", "/account", "/inbox", "/perizinan/", "/dokter/", f"{own_pages[0]}/withdraw"]
    assert not any(KEEP in headers_of(browser, path) for path in others)


def test_a_fault_or_an_answer_to_a_form_is_not_kept(app, siti, own_pages):
    browser = Browser(app).as_person(siti)
    page = browser.open(own_pages[0])
    assert KEEP not in page.form("/messages").send(body="").response.headers
    assert KEEP not in headers_of(browser, "/perizinan/applications/22222222")


def test_nothing_of_an_office_is_kept(app, office, own_pages, siti):
    """Not even a page on the list: the counter's machine is everybody's."""
    nurse = people.staff("Ani Contoh", "ani@contoh.invalid", "DPMPTSP", "front_office")
    paths = ["/perizinan/desk", "/perizinan/counter", own_pages[0].replace("applications", "desk")]
    assert not any(KEEP in headers_of(Browser(app).as_person(nurse), path) for path in paths)


def test_a_citizen_who_also_works_for_the_city_keeps_nothing(app, office, siti, own_pages):
    actions.begin_membership(siti, "DPMPTSP", "front_office", by=None)
    assert KEEP not in headers_of(Browser(app).as_person(siti), own_pages[0])


def test_the_list_names_pages_that_exist(app):
    named = {endpoint for service in all_services() for endpoint in service.offline}
    assert named and named <= app.view_functions.keys()
