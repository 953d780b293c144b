"""The officer's inbox: one's own cases by time left, and nothing of other offices (T19)."""

from datetime import timedelta

import pytest
from sqlalchemy import event as sql

from blueprints.perizinan.desk import queries as desks
from blueprints.perizinan.watching import actions as watching
from tests import people
from tests.factories import permits as make
from tests.pages import Browser, Page
from webapp import clock
from webapp.db import db


def numbers(page: Page) -> list[str]:
    return [row.get_text() for row in page.html.select(".case-name .number")]


def counts(page: Page, name: str = "") -> list[int]:
    return [int(count.get_text()) for count in page.html.select(f".side{name} b")]


@pytest.mark.parametrize(
    ("who", "status"),
    [("front", 200), ("back", 200), ("technical", 200), ("head", 200), ("inspector", 404)],
)
def test_whoever_works_on_permits_has_a_desk(office, browser, who, status):
    browser.as_person(getattr(office, who)).open("/perizinan/desk", status)


def test_a_citizen_has_none_and_a_stranger_signs_in_first(office, siti, app, browser):
    browser.as_person(siti).open("/perizinan/desk", 404)
    assert Browser(app).open("/perizinan/desk").path == "/sign-in"


def test_ones_own_cases_stand_there_by_time_left(office, siti, budi, browser):
    make.a_type()
    make.a_type("LAMA", stages=("check", "verify", "recommend", "sign"))
    first, second = make.a_submitted_case(siti, "LAMA"), make.a_submitted_case(budi)
    page = browser.as_person(office.front).open("/perizinan/desk")
    assert numbers(page) == [second.number, first.number], "the shorter time first, though it came later"
    assert page.find(".case-row")["href"] == f"/perizinan/desk/{second.spoken_code}"
    assert numbers(browser.open("/perizinan/desk")) == numbers(page), "the same order on every reload"


def test_a_case_on_a_colleagues_desk_is_in_the_list_of_the_unit_only(office, siti, budi, browser):
    make.a_type()
    colleague = people.officer("Gita Contoh", "DPMPTSP", "front_office")
    cases = {case.officer_id: case for case in (make.a_submitted_case(siti), make.a_submitted_case(budi))}
    page = browser.as_person(colleague).open("/perizinan/desk")
    assert numbers(page) == [cases[colleague.id].number] and counts(page)[:2] == [1, 2]
    unit = page.click("Seluruh unit" if "Seluruh unit" in page.text else "The whole unit")
    assert len(numbers(unit)) == 2 and "Fitri Contoh" in unit.text


def test_an_officer_of_another_office_finds_nothing(office, siti, browser):
    """T19: neither in a list nor in a number; the control is the office's own officer."""
    make.a_type()
    case = make.a_submitted_case(siti)
    other = make.OtherOffice()
    for who in (other.front, other.back, other.technical, other.head):
        for address in ("", "?scope=unit", "?scope=unit&standing=safe", "?scope=unit&page=2"):
            page = Browser(browser.app).as_person(who).open(f"/perizinan/desk{address}")
            assert numbers(page) == [] and set(counts(page)) == {0} and case.number not in page.text
    assert numbers(browser.as_person(office.back).open("/perizinan/desk?scope=unit")) == [case.number]


def test_a_role_at_the_wrong_unit_opens_nothing(office, siti):
    """The technical team is that of the case; the front desk of the same agency does not see it."""
    make.a_type()
    make.a_submitted_case(siti)
    front_elsewhere = people.officer("Lila Contoh", "DLH", "front_office")
    assert desks.counts(front_elsewhere, desks.UNIT)["all"] == 0
    assert desks.counts(office.technical, desks.UNIT)["all"] == 1


def test_filters_stand_in_the_address_and_count_what_they_show(office, siti, budi, browser):
    make.a_type()
    late, paused = make.a_submitted_case(siti), make.a_submitted_case(budi)
    watching.stop_clock(paused.code, "elsewhere", "Menunggu BPN", by=office.head)
    with clock.frozen(clock.now() + timedelta(days=9)):
        page = browser.as_person(office.front).open("/perizinan/desk")
        assert counts(page) == [2, 2, 2, 1, 0, 0, 1]
        assert page.has(f'.case-row.clock-late[href="/perizinan/desk/{late.spoken_code}"]')
        only = browser.open("/perizinan/desk?standing=paused")
        assert numbers(only) == [paused.number]
        assert (
            only.find('.side a[aria-current][href*="standing"]')["href"] == "/perizinan/desk?scope=mine&standing=paused"
        )
        assert numbers(browser.open("/perizinan/desk?standing=nonsense&page=-3")) == numbers(page)


def test_a_long_list_has_pages_and_says_how_many(office, browser, monkeypatch):
    monkeypatch.setattr(desks, "PER_PAGE", 2)
    make.a_type()
    for person in people.a_crowd(3):
        make.a_submitted_case(person)
    page = browser.as_person(office.front).open("/perizinan/desk")
    assert len(numbers(page)) == 2 and "2" in page.find(".pages").get_text()
    assert len(numbers(browser.open(page.find('a[rel="next"]')["href"]))) == 1
    assert len(numbers(browser.open("/perizinan/desk?page=99"))) == 1, "behind the last page is the last page"


@pytest.mark.parametrize("address", ["", "?scope=unit", "?standing=late"])
def test_an_empty_desk_teaches(office, browser, address):
    page = browser.as_person(office.front).open(f"/perizinan/desk{address}")
    assert page.has("#list .empty") and not page.has(".case-row")


def test_a_list_asks_the_database_the_same_few_times_however_long_it_is(office, browser):
    make.a_type()
    browser.as_person(office.front)
    asked: list[int] = []
    for person in people.a_crowd(6):
        make.a_submitted_case(person)
        asked.append(questions_of(browser))
    assert asked[0] == asked[-1]


def questions_of(browser: Browser) -> int:
    asked: list[str] = []

    def sent(_connection, _cursor, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sql.listen(db.engine, "before_cursor_execute", sent)
    browser.open("/perizinan/desk")
    sql.remove(db.engine, "before_cursor_execute", sent)
    return len(asked)
