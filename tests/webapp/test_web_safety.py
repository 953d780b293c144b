"""What every route must hold to, proved by walking the URL map."""

import hashlib
import re

import pytest
from sqlalchemy import select

from blueprints.dokter import actions
from tests import people
from tests.factories import clinics as make
from tests.factories import permits
from tests.pages import Browser
from webapp import csrf
from webapp.db import Base, db
from webapp.live.feed import current_feed
from webapp.viewing import Viewing

EVERYBODY = ["nobody", "siti", "ani", "rudi", "fitri", "kartika", "indra"]
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def city(app, signing_key, quick_signature, prepared):
    return prepared.begin(a_city)


def a_city() -> dict:
    """A clinic with a shift, a ticket of Siti's, an application of hers, one that was issued, and staff."""
    clinic = make.a_clinic()
    make.a_unit("KOMINFO")
    shift = make.a_shift(make.a_ward(clinic))
    siti, budi = people.siti(), people.budi()
    ticket = make.a_ticket(shift, siti)
    office = permits.Office()
    permits.a_type()
    issued, case = permits.an_issued_case(siti, office), permits.a_submitted_case(siti)
    return {"clinic": clinic, "shift": shift, "ticket": ticket, "siti": siti, "budi": budi, "ani": people.ani(),
            "rudi": people.rudi(), "fitri": office.front, "kartika": office.head, "indra": office.inspector,
            "case": case, "issued": issued}  # fmt: skip


def filled(rule, city) -> str:
    """The rule's path with things that exist."""
    values = {
        "code": city["ticket"].code,
        "shift_id": city["shift"].id,
        "step": "serve",
        "filename": "dist/manifest.json",
        "payment_id": 1,
        "part": "applicant",
        "requirement": "ktp",
        "token": "ABCDEFGHJKLMNPQRSTUV",
        "photo_id": 1,
        "subscription_id": 1,
        "message_id": 1,
    }
    if rule.endpoint.startswith("perizinan."):
        values["code"] = "UJI" if "/types/" in rule.rule else city["case"].spoken_code
    if "/clinics/" in rule.rule:
        values["code"] = city["clinic"].unit.code
    if rule.endpoint == "live.watch":
        return f"/live?watch=dokter-shift-{city['shift'].id}"
    return re.sub(r"<(?:[^:<>]+:)?([a-z_]+)>", lambda match: str(values[match[1]]), rule.rule)


def routes(app, methods):
    return [rule for rule in app.url_map.iter_rules() if rule.methods & methods and rule.endpoint != "static"]


def digest() -> str:
    """Everything that the database holds, in one line, except who opened what: that is what opening a file writes."""
    tables = [table for table in Base.metadata.sorted_tables if table is not Viewing.__table__]
    rows = [repr(row) for table in tables for row in db.session.execute(select(table)).all()]
    db.session.rollback()
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


# What comes without a token, and what it is answered: the first writes nothing, the second lacks a signature.
WITHOUT_TOKEN = {"platform.content_policy_report": 204, "payments.callback": 403}


def test_two_routes_need_no_token_and_no_more():
    assert set(csrf.EXCEPTIONS) == set(WITHOUT_TOKEN)


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_unsafe_route_works_without_its_token(app, city, who):
    """T09: no token, a foreign token: refused, and not a row has changed."""
    browser = Browser(app) if who == "nobody" else Browser(app).as_person(city[who])
    foreign = token_of(Browser(app))
    genuine, before = {"csrf_token": token_of(browser)}, digest()
    for rule in routes(app, UNSAFE):
        for typed in ({}, {"csrf_token": "no token at all"}, {"csrf_token": foreign}):
            answer = browser.http.post(filled(rule, city), data=typed)
            expected = WITHOUT_TOKEN.get(rule.endpoint, 403)
            assert answer.status_code == expected, (rule.rule, typed)
        answer = browser.http.post(filled(rule, city), data=genuine, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == expected, rule.rule
    assert digest() == before


def token_of(browser) -> str:
    return browser.open("/privacy").find("[name=csrf_token]")["value"]


def test_the_same_walk_with_the_defence_off_gets_through(app, city):
    """The control: without the token check some of these routes would act."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    try:
        browser = Browser(app).as_person(city["ani"])
        before = digest()
        for rule in routes(app, UNSAFE):
            browser.http.post(filled(rule, city), data={"seen": 0})
        assert digest() != before
    finally:
        app.config["WTF_CSRF_CHECK_DEFAULT"] = True


@pytest.mark.parametrize("who", EVERYBODY)
def test_looking_changes_nothing(app, city, who):
    """T10: GET and HEAD of every route leave the whole database as it was."""
    browser = Browser(app) if who == "nobody" else Browser(app).as_person(city[who])
    before = digest()
    for rule in routes(app, {"GET"}):
        for method in ("get", "head"):
            answer = getattr(browser.http, method)(filled(rule, city), buffered=False)
            assert answer.status_code < 500, rule.rule
            answer.close()
    assert digest() == before
    assert not current_feed()._open, "a look at a stream leaves no place taken"


EVIL = ["//evil.example", "/\\evil.example", "https://evil.example", "\\\\evil", "javascript:1"]


@pytest.mark.parametrize("evil", EVIL)
def test_no_road_leads_out(app, city, evil):
    """T14: whatever stands in next=, sign-in and preferences stay on this site."""
    browser = Browser(app)
    page = browser.open("/sign-in?next=" + evil)
    answer = browser.http.post("/sign-in?next=" + evil, data={
        **page.form("/sign-in").values(), "login": people.SITI_NIK, "password": people.PASSWORD})  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/") and "evil" not in answer.headers["Location"]
    token = {"csrf_token": browser.open("/").find("[name=csrf_token]")["value"]}
    answer = browser.http.post("/preferences", data={**token, "next": evil})
    assert answer.headers["Location"] == "/"


def test_a_forged_host_makes_no_link_of_ours_point_elsewhere(app, city):
    answer = Browser(app).http.get("/", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert b"evil.example" not in answer.data


TICKET = ["/dokter/tickets/{code}", "/dokter/tickets/{code}/part/status", "/dokter/tickets/{code}/cancel"]
APPLICATION = "/perizinan/applications/{code}"
CASE = [APPLICATION, *(f"{APPLICATION}/{page}" for page in ("receipt", "withdraw", "papers/ktp/file", "permit.pdf"))]
PRIVATE = [*((path, "ticket") for path in TICKET), *((path, "issued") for path in CASE)]


@pytest.mark.parametrize(("path", "what"), PRIVATE)
def test_the_things_of_another_are_like_ones_that_do_not_exist(app, city, path, what):
    """T17: the same answer to the letter, for the owner's neighbour and for staff elsewhere."""
    for who in ("budi", "rudi"):
        browser = Browser(app).as_person(city[who])
        code = city[what].spoken_code
        foreign = browser.http.get(path.format(code=code))
        unknown = browser.http.get(path.format(code="222-222"))
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert without_tokens(foreign, code) == without_tokens(unknown, "222-222")


def without_tokens(answer, code) -> str:
    text = re.sub(r'name="(csrf_token|idempotency_key)" value="[^"]*"', "", answer.get_data(as_text=True))
    return re.sub(r'server-time" content="[^"]*"', "", text.replace(code, "CODE"))


def test_another_cannot_cancel_either(app, city):
    browser = Browser(app).as_person(city["budi"])
    token = browser.open("/").find("[name=csrf_token]")["value"]
    answer = browser.http.post(
        f"/dokter/tickets/{city['ticket'].code}/cancel", data={"csrf_token": token, "reason": "other"}
    )
    assert answer.status_code == 404


def test_the_tablet_of_another_clinic_is_like_one_that_does_not_exist(app, city):
    elsewhere = make.a_shift(make.a_ward(make.a_clinic("PKM-B", "Puskesmas Contoh B")))
    browser = Browser(app).as_person(city["ani"])
    assert browser.http.get(f"/dokter/shifts/{city['shift'].id}/tablet").status_code == 200
    assert browser.http.get(f"/dokter/shifts/{elsewhere.id}/tablet").status_code == 404
    token = browser.open("/").find("[name=csrf_token]")["value"]
    answer = browser.http.post(f"/dokter/shifts/{elsewhere.id}/call", data={"csrf_token": token, "seen": 0})
    assert answer.status_code == 404


def test_every_answer_carries_the_strict_policy(app, city):
    for path in ("/", "/dokter/", "/nothing-here", "/sign-in", "/healthz"):
        policy = Browser(app).http.get(path).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy and "nonce" not in policy


def test_private_pages_are_kept_nowhere(app, city):
    siti = Browser(app).as_person(city["siti"])
    for path in ("/", "/account", "/inbox", "/dokter/tickets", f"/dokter/tickets/{city['ticket'].code}"):
        assert siti.http.get(path).headers["Cache-Control"] == "no-store", path
    assert Browser(app).http.get("/dokter/").headers["Cache-Control"] == "no-cache"


def test_a_huge_form_is_refused_and_the_process_lives(app, city):
    browser = Browser(app)
    answer = browser.http.post("/sign-in", data={"login": "x" * 2_000_000})
    assert answer.status_code == 413
    assert browser.http.get("/healthz").status_code == 200


def test_actions_know_their_own_permissions(app, city):
    """A view that forgot to ask would still be stopped by the use case."""
    with pytest.raises(Exception, match="tidak boleh"):
        actions.call_next(city["shift"].id, 0, by=city["rudi"])


@pytest.mark.parametrize(
    "path",
    ["/dokter/shifts/99999999999999999999", "/dokter/shifts/3000000000", "/dokter/shifts/0", "/dokter/clinics/%00",
     "/dokter/tickets/%00", "/dokter/?q=%00", "/live?watch=dokter-shift-9999999999", "/live?watch=%00"],
)  # fmt: skip
def test_what_cannot_exist_does_not_exist(app, city, path):
    assert Browser(app).as_person(city["siti"]).http.get(path).status_code == 404


def test_a_nul_in_a_form_is_not_understood_and_nothing_breaks(app, city):
    browser = Browser(app)
    answer = browser.http.post("/sign-in", data={"csrf_token": token_of(browser), "login": "a\0b", "password": "x"})
    assert answer.status_code == 400


def test_a_report_of_the_content_policy_tells_the_log_the_rule_and_no_more(app, city, caplog):
    told = {"effective-directive": "script-src", "blocked-uri": "https://evil.example/a?b"}
    told["document-uri"] = "http://x/dokter/tickets/K7P-3QM?nik=1275024504900001"
    assert Browser(app).http.post("/csp-report", json={"csp-report": told}).status_code == 204
    assert "script-src" in caplog.text and "evil.example" in caplog.text
    assert "1275024504900001" not in caplog.text and "K7P-3QM" not in caplog.text
    for nonsense in (b"", b"[]", b'{"csp-report": 1}', b"\xff"):
        assert Browser(app).http.post("/csp-report", data=nonsense).status_code == 204


def test_a_missing_file_is_not_kept_for_a_year(app):
    answer = Browser(app).http.get("/static/dist/app-ABCD2345.js")
    assert answer.status_code == 404 and "immutable" not in answer.headers.get("Cache-Control", "")


def test_the_language_can_be_changed_on_a_page_that_only_a_form_has(app, city):
    """After a 422 without scripts the address knows no GET: the way back is the page of the form."""
    browser = Browser(app).as_person(city["budi"])
    page = browser.open(f"/dokter/shifts/{city['shift'].id}")
    answer = browser.http.post(
        f"/dokter/shifts/{city['shift'].id}/ticket", data=page.form("/ticket").values(),
        headers={"Referer": f"http://localhost/dokter/shifts/{city['shift'].id}"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert f'name="next" value="/dokter/shifts/{city["shift"].id}"' in answer.get_data(as_text=True)


def test_a_fragment_asked_for_after_the_session_has_ended_leads_back_to_its_page(app, city):
    answer = Browser(app).http.get(
        f"/dokter/shifts/{city['shift'].id}/part/queue",
        headers={"HX-Request": "true", "HX-Current-URL": f"http://localhost/dokter/shifts/{city['shift'].id}/tablet"},
    )
    assert answer.headers["HX-Redirect"].endswith(f"next=/dokter/shifts/{city['shift'].id}/tablet")
