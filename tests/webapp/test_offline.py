"""Whose phone it is and what it may keep: said by every page, opaque, and by an allow-list only."""

import pytest
from flask import session as flask_session

from tests import people
from tests.factories import permits as make
from tests.pages import Browser
from webapp.accounts import actions
from webapp.offline import ANYBODY, KEEP, TAG, later, tag_of
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


# --- what may wait on a phone to be sent


def test_only_forms_on_a_services_list_may_wait(app):
    """Taking a number, paying and signing are on no list."""
    named = {endpoint for service in all_services() for endpoint in service.later}
    assert named == {
        "dokter.set_out", "dokter.arrive", "dokter.cancel_ticket",
        "perizinan.write", "perizinan.save_part", "perizinan.give_paper",
    }  # fmt: skip
    assert named <= {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}


def test_a_form_that_must_not_wait_cannot_be_marked(app):
    with app.test_request_context(), pytest.raises(ValueError, match="no service lets"):
        later("/dokter/shifts/1/ticket")


def test_the_forms_of_a_citizen_that_may_wait_say_so(app, siti, own_pages):
    form = Browser(app).as_person(siti).open(own_pages[0]).form(f"/messages?later={tag_of(siti.id)}")
    assert form.values()["later"].startswith("Pesan tentang")
    assert "overwrites" not in str(form.tag["action"]), "another message is another one"


def test_a_part_of_a_draft_takes_the_place_of_an_older_one_that_waits(app, office, siti):
    make.a_type()
    case = make.a_draft(siti)
    page = Browser(app).as_person(siti).open(f"/perizinan/applications/{case.spoken_code}/parts/applicant")
    assert page.form(f"/parts/applicant?later={tag_of(siti.id)}&overwrites")


def test_on_an_offices_screen_nothing_waits(app, office):
    """A citizen who works for the city, too: their machine is an office's."""
    ani = people.staff("Ani Contoh", "ani@contoh.invalid", "DPMPTSP", "front_office")
    with Browser(app).as_person(ani).http.session_transaction() as session:
        held = dict(session)
    with app.test_request_context():
        flask_session.update(held)
        assert later("/dokter/tickets/ABCDEFGH/arrive") == "/dokter/tickets/ABCDEFGH/arrive"


def test_the_worker_is_told_whose_session_it_is_with_a_token_and_nobody_keeps_that(app, siti):
    mine, nobodys = Browser(app).as_person(siti).http.get("/session"), Browser(app).http.get("/session")
    assert mine.json["reader"] == tag_of(siti.id) and len(mine.json["token"]) > 40
    assert nobodys.json == {"reader": "", "token": ""}
    assert mine.headers["Cache-Control"] == nobodys.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/outbox", "/offline", "/offline/unsent"])
def test_the_pages_for_when_there_is_no_network_are_everybodys(app, siti, path):
    """They are kept with the app, so nothing of a person may stand on them."""
    assert siti.name not in Browser(app).as_person(siti).open(path).text
