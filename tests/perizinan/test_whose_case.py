"""Whose business a case is, proved by walking the URL map: for everybody else it does not exist (T16, T17, T19)."""

import hashlib
import re

import pytest
from flask import Flask
from sqlalchemy import select

from blueprints.perizinan.cases.models import Application
from tests import people
from tests.factories import clinics
from tests.factories import permits as make
from tests.factories.permits import Office
from tests.pages import Browser
from webapp.accounts import actions as accounts
from webapp.accounts.queries import person_by_nik
from webapp.db import Base, db

UNKNOWN = "2222-2222"
STATES = ("draft", "checking", "inspecting", "returned", "billed", "signing", "issued", "refused")
STRANGERS = {
    "another citizen": ("budi",),
    "staff of something else": ("nurse", "operator", "admin"),
    "officers of another office": ("front_office@LAIN", "back_office@LAIN", "technical@LAIN", "head@LAIN"),
    "a role at the wrong unit": ("front_office@DLH", "head@DLH", "technical@DPMPTSP"),
    "who works there no more": ("left",),
}
STRANGE = tuple(who for group in STRANGERS.values() for who in group)
SOME = ("draft", "signing", "issued")
READ_BY_OFFICERS = {"perizinan.paper_file", "perizinan.permit_file"}
VALUES = {"part": "applicant", "requirement": "ktp", "photo_id": "1"}


@pytest.fixture
def town(app, signing_key, quick_signature, prepared) -> tuple[dict, dict]:
    return prepared.begin(a_town)


@pytest.fixture
def cast(town) -> dict:
    return town[0]


@pytest.fixture
def cases(town) -> dict[str, Application]:
    return town[1]


def a_town() -> tuple[dict, dict]:
    office = make.Office()
    return a_cast(office), some_cases(office)


def a_cast(office: Office) -> dict:
    """Everybody who has nothing to do with Siti's cases, by what they are; and who has."""
    siti, budi = people.siti(), people.budi()
    clinics.a_clinic()
    clinics.a_unit("LAIN")
    found = {"siti": siti, "budi": budi, "nurse": people.ani(), "operator": people.rudi("LAIN")}
    found["admin"] = people.staff("Ade Contoh", "ade@contoh.invalid", "LAIN", "admin")
    for who in STRANGE:
        role, at, unit = who.partition("@")
        if at:
            found[who] = people.staff(who, f"{role}.{unit}@contoh.invalid".lower(), unit, role)
    found["left"] = people.officer("Lusi Contoh", "DPMPTSP", "front_office")
    accounts.end_membership(found["left"].memberships[0].id, None)
    return found | {"front_office": office.front, "back_office": office.back, "technical": office.technical,
                    "head": office.head, "inspector": office.inspector}  # fmt: skip


def some_cases(office: Office) -> dict[str, Application]:
    """Cases of Siti's in every state that matters."""
    siti = person_by_nik(people.SITI_NIK)
    make.a_type()
    make.a_type("POHON", ("check", "verify", "inspect", "recommend", "sign"))
    make.a_type("PBG", ("check", "verify", "pay", "sign"), fee=make.PAID)
    found = {"issued": make.an_issued_case(siti, office), "refused": make.a_refused_case(siti, office)}
    found["signing"] = make.verify(make.accept(make.a_submitted_case(siti), office), office)
    found["returned"] = make.send_back_for(make.a_submitted_case(siti), office)
    found["billed"] = make.verify(make.accept(make.a_submitted_case(siti, "PBG"), office), office)
    seen = make.verify(make.accept(make.a_submitted_case(siti, "POHON"), office), office)
    make.inspect(seen, office)
    found["inspecting"] = make.verify(make.accept(make.a_submitted_case(siti, "POHON"), office), office)
    found["checking"] = make.a_submitted_case(siti)
    found["draft"] = make.a_draft(siti)
    return found


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Method, endpoint and path of everything that is about one case."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("perizinan.")]
    mine = [rule for rule in rules if "code" in rule.arguments and "/types/" not in rule.rule]
    return sorted((m, rule.endpoint, rule.rule) for rule in mine for m in rule.methods & {"GET", "POST"})


def path_of(rule: str, code: str) -> str:
    return re.sub(r"<(?:[^<>]+:)?([a-z_]+)>", lambda part: {**VALUES, "code": code}[part[1]], rule)


def ask(browser: Browser, token: str, method: str, path: str):
    if method == "GET":
        return browser.http.get(path)
    return browser.http.post(path, data={"csrf_token": token, "seen": "0"}, headers={"Sec-Fetch-Site": "same-origin"})


def token_of(browser: Browser) -> str:
    return browser.open("/").find("[name=csrf_token]")["value"]


def digest(*but: str) -> str:
    """All rows of all tables, or of all but these."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in but]
    rows = [repr(row) for table in tables for row in db.session.execute(select(table)).all()]
    db.session.rollback()
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def without_tokens(answer, code: str) -> str:
    text = re.sub(r'name="(csrf_token|idempotency_key)" value="[^"]*"', "", answer.get_data(as_text=True))
    return re.sub(r'server-time" content="[^"]*"', "", text).replace(code, "CODE")


def test_the_walk_meets_every_kind_of_act(app):
    walked = {endpoint.removeprefix("perizinan.") for _method, endpoint, _rule in routes(app)}
    assert len(walked) >= 30
    assert walked >= {
        "application",
        "save_part",
        "give_paper",
        "submit",
        "paper_file",
        "case_at_desk",
        "sign",
        "redraw",
    }


@pytest.mark.parametrize("group", STRANGERS)
def test_for_whom_it_does_not_concern_no_case_exists_and_nothing_changes(app, cast, cases, group):
    for who in STRANGERS[group]:
        browser = Browser(app).as_person(cast[who])
        token, before = token_of(browser), digest()
        for method, _endpoint, rule in routes(app):
            unknown = ask(browser, token, method, path_of(rule, UNKNOWN))
            for state in SOME:
                code = cases[state].spoken_code
                answer = ask(browser, token, method, path_of(rule, code))
                assert answer.status_code == unknown.status_code == 404, (
                    f"{who}: {method} {rule} of one that is {state}"
                )
                assert without_tokens(answer, code) == without_tokens(unknown, UNKNOWN)
        assert digest() == before


@pytest.mark.parametrize("who", ["front_office", "back_office", "technical", "head", "inspector"])
def test_officers_never_act_for_the_applicant(app, cast, cases, who):
    """Of all that is the applicant's they may read files, once they were sent; and that is written down."""
    browser = Browser(app).as_person(cast[who])
    token, before, unseen = token_of(browser), digest("viewing"), digest()
    for method, endpoint, rule in routes(app):
        if "/desk/" in rule:
            continue
        for state in STATES:
            answer = ask(browser, token, method, path_of(rule, cases[state].spoken_code))
            may = endpoint in READ_BY_OFFICERS and state != "draft"
            assert answer.status_code == 404 or (may and answer.status_code != 403), f"{method} {rule} {state}"
    assert digest("viewing") == before
    assert digest() != unseen


def test_the_applicant_never_sees_the_desk(app, cast, cases):
    browser = Browser(app).as_person(cast["siti"])
    token, before = token_of(browser), digest()
    for method, _endpoint, rule in routes(app):
        if "/desk/" in rule:
            for state in STATES:
                answer = ask(browser, token, method, path_of(rule, cases[state].spoken_code))
                assert answer.status_code == 404, f"{method} {rule} {state}"
    assert digest() == before


def test_a_draft_is_seen_by_nobody_who_works_there(app, cast, cases):
    code = cases["draft"].spoken_code
    for who in ("front_office", "back_office", "technical", "head", "inspector"):
        browser = Browser(app).as_person(cast[who])
        token = token_of(browser)
        for method, _endpoint, rule in routes(app):
            assert ask(browser, token, method, path_of(rule, code)).status_code == 404, f"{who} {method} {rule}"


def test_control_for_whom_it_concerns_it_exists(app, cast, cases):
    """The same walk opens doors for the right people: no typing error makes the others' 404."""
    opened = {}
    for who, state in (("siti", "checking"), ("siti", "draft"), ("head", "signing"), ("front_office", "checking")):
        browser = Browser(app).as_person(cast[who])
        answers = [ask(browser, "", "GET", path_of(rule, cases[state].spoken_code))
                   for method, _endpoint, rule in routes(app) if method == "GET"]  # fmt: skip
        opened[who, state] = sum(answer.status_code == 200 for answer in answers)
    assert opened["siti", "draft"] >= 4 and min(opened.values()) >= 2, opened
