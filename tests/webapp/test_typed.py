"""An expired session never loses what was typed, and nobody else's words are sent."""

import io

import pytest
from flask_wtf import FlaskForm
from sqlalchemy import delete, update
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField

from blueprints.dokter import queries
from tests import people
from tests.factories import clinics as make
from tests.pages import Browser, Page
from webapp import clock, typed
from webapp.accounts.models import SignIn
from webapp.db import db, transactional

HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def shift(app):
    return make.a_shift()


@pytest.fixture
def browser(app, siti):
    """Siti's, who is signed in."""
    return Browser(app).as_person(siti)


@transactional
def forget_sessions() -> None:
    db.session.execute(delete(SignIn))


@transactional
def let_sessions_pass() -> None:
    db.session.execute(update(SignIn).values(expires_at=clock.machine()))


def lose_the_cookie(browser) -> None:
    browser.http.client.delete_cookie("session")


def sign_in(page: Page, nik: str = people.SITI_NIK, password: str = people.PASSWORD) -> Page:
    return page.form("/sign-in").send(login=nik, password=password)


def carried(page: Page) -> list[tuple[str, str]]:
    return [(tag["name"], tag["value"]) for tag in page.html.select("main [name^='typed']")]


@pytest.mark.parametrize("end", [forget_sessions, let_sessions_pass])
def test_whoever_was_signed_out_meanwhile_signs_in_and_presses_once(browser, shift, siti, end):
    ticket = make.a_ticket(shift, siti)
    form = browser.open(f"/dokter/tickets/{ticket.code}/cancel").form("/cancel")
    end()
    ended = form.send(reason="other").check()
    assert ended.status == 401
    assert "Sesi Anda berakhir" in ended.text and "Isian Anda tidak hilang" in ended.text
    again = sign_in(ended).check()
    assert "Lanjutkan" in again.text and "Siti Contoh" in again.text
    assert queries.ticket_on_show(ticket.code).state == "waiting", "nothing is sent by itself"
    assert "Dibatalkan" in again.form("/cancel").send().text


def test_without_carrying_it_would_be_lost(browser, shift, siti, monkeypatch):
    """The control: what the same press did before."""
    monkeypatch.setattr(typed, "interrupted", lambda: None)
    form = browser.open(f"/dokter/tickets/{make.a_ticket(shift, siti).code}/cancel").form("/cancel")
    forget_sessions()
    page = form.send(reason="other")
    assert page.path == "/sign-in" and carried(page) == []
    assert not sign_in(page).has("main [type=hidden][value=other]")


def test_with_htmx_the_question_takes_the_place_of_the_page(browser, shift, siti):
    form = browser.open(f"/dokter/shifts/{shift.id}").form("/ticket")
    forget_sessions()
    ended = form.send(htmx=True, share="jkn").check_fragment("sign_in")
    assert ended.status == 401
    assert (ended.response.headers["HX-Retarget"], ended.response.headers["HX-Reswap"]) == ("#main", "innerHTML")
    assert sign_in(ended).form("/ticket").send().path.startswith("/dokter/tickets/")


def test_the_forms_own_key_goes_along_so_that_nothing_is_done_twice(browser, shift, siti):
    form = browser.open(f"/dokter/shifts/{shift.id}").form("/ticket")
    forget_sessions()
    ready = sign_in(form.send(share="jkn")).form("/ticket")
    assert ready.values()["idempotency_key"] == form.values()["idempotency_key"]
    assert len(ready.tag.select("[name=idempotency_key]")) == 1
    assert ready.send().path == ready.send().path
    assert len(queries.live_tickets_of(siti.id)) == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_without_its_cookie_a_form_is_offered_again(browser, shift, siti, htmx):
    """The token is no longer known: nothing was sent, and the same can be sent again."""
    form = browser.open(f"/dokter/shifts/{shift.id}").form("/ticket")
    lose_the_cookie(browser)
    old = form.send(htmx=htmx, share="jkn")
    assert old.status == 403 and "Isian Anda tidak hilang" in old.text
    if htmx:
        old.check_fragment("notice")
    nobody = old.form("/ticket").send().check()
    assert nobody.status == 401 and "berakhir" not in nobody.text, "for a browser without a cookie no session ended"
    assert sign_in(nobody).form("/ticket").send().path.startswith("/dokter/tickets/")
    assert len(queries.live_tickets_of(siti.id)) == 1


def test_after_signing_in_elsewhere_one_press_is_enough(browser, shift, siti):
    form = browser.open(f"/dokter/shifts/{shift.id}").form("/ticket")
    lose_the_cookie(browser)
    browser.as_person(siti)
    assert form.send(share="jkn").form("/ticket").send().path.startswith("/dokter/tickets/")


def test_a_slip_in_the_password_loses_nothing(browser, siti):
    ended = interrupted(browser, MultiDict({"note": "tulisan panjang"}))
    slip = sign_in(ended, password="not the password").check()
    assert slip.status == 422 and carried(slip) == carried(ended)


def test_the_question_itself_may_be_too_old(browser, siti, shift):
    """Carried within what is carried."""
    form = browser.open(f"/dokter/shifts/{shift.id}").form("/ticket")
    forget_sessions()
    ended = form.send(share="jkn")
    lose_the_cookie(browser)
    asked = sign_in(ended).form("/sign-in").send()
    assert asked.status == 422, "the password is asked for again"
    assert sign_in(asked).form("/ticket").send().path.startswith("/dokter/tickets/")


def test_somebody_else_who_signs_in_sends_nothing_without_pressing(browser, shift, siti, budi):
    form = browser.open(f"/dokter/shifts/{shift.id}").form("/ticket")
    forget_sessions()
    page = sign_in(form.send(share="jkn"), people.BUDI_NIK)
    assert "Anda masuk sebagai Budi Contoh" in page.text
    assert queries.live_tickets_of(budi.id) == queries.live_tickets_of(siti.id) == []


def interrupted(browser, fields: MultiDict, headers=HERE) -> Page:
    """Send this to a page of one's own after the session has ended."""
    fields.add("csrf_token", browser.open("/privacy").find("[name=csrf_token]")["value"])
    forget_sessions()
    return Page(browser, browser.http.post("/inbox/read?a=1", data=fields, headers=headers))


def test_every_value_is_kept_in_its_order(browser):
    fields = MultiDict([("room", "2"), ("kind", "b"), ("room", "1"), ("words", 'a "b"\r\n<c>'), ("empty", "")])
    slip = sign_in(interrupted(browser, fields), password="not the password")
    page = sign_in(slip)
    sent = page.form("/inbox/read?a=1").tag.select("input:not([name=csrf_token])")
    assert [(tag["name"], tag["value"]) for tag in sent] == [
        ("room", "2"), ("room", "1"), ("kind", "b"), ("words", 'a "b"\r\n<c>'), ("empty", ""),
    ]  # fmt: skip


def test_a_file_is_not_kept_and_that_is_said(browser):
    without = interrupted(browser, MultiDict([("note", "x"), ("photo", (io.BytesIO(b""), ""))]))
    assert "berkasnya" not in without.text
    browser.as_person(people.budi())
    page = interrupted(browser, MultiDict([("note", "x"), ("photo", (io.BytesIO(b"JPEG"), "ktp.jpg"))]))
    assert "Hanya berkasnya yang tidak tersimpan" in page.text
    assert "Hanya berkasnya" in sign_in(page).text and "ktp.jpg" not in page.text


def test_no_password_and_no_token_is_carried(app):
    browser = Browser(app)
    form = browser.open("/register").form("/register")
    lose_the_cookie(browser)
    page = form.send(name="Dewi Contoh", password="kopi pagi hari")
    assert page.status == 403 and "Dewi Contoh" in str(page.html) and "kopi pagi hari" not in str(page.html)
    assert form.values()["csrf_token"] not in str(page.html)
    assert page.response.headers["Cache-Control"] == "no-store"
    again = page.form("/register").send()
    assert again.status == 422 and again.find("[name=name]")["value"] == "Dewi Contoh"


def test_every_password_field_is_known_by_its_name(app):
    named = {name for form in FlaskForm.__subclasses__() for name in dir(form)
             if getattr(getattr(form, name), "field_class", None) is PasswordField}  # fmt: skip
    assert named and all(typed._is_secret(name) for name in named)


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://evil.example/localhost"}, {},
]  # fmt: skip


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_what_comes_from_elsewhere_is_never_offered(browser, headers):
    """Another site cannot put words into a citizen's mouth, neither with a token nor without."""
    page = interrupted(browser, MultiDict({"note": "kata orang lain"}), headers)
    assert page.status in (303, 403) and "kata orang lain" not in str(page.html)
    answer = browser.http.post("/inbox/read", data={"note": "kata orang lain"}, headers=headers)
    assert answer.status_code == 403 and "kata orang lain" not in answer.text


@pytest.mark.parametrize("name", ["Origin", "Referer"])
def test_old_browsers_say_it_in_another_header(browser, name):
    assert carried(interrupted(browser, MultiDict({"note": "x"}), {name: "http://localhost/inbox"}))


@pytest.mark.parametrize(
    "to",
    ["//evil.example/", "https://evil.example/inbox/read", "/\\evil", "/nothing/here", "/account", "inbox/read", ""],
)
def test_it_goes_only_to_what_this_site_takes(app, siti, to):
    browser = Browser(app)
    page = browser.open("/sign-in").form("/sign-in").send(
        login=people.SITI_NIK, password=people.PASSWORD, typed_to=to, **{"typed.note": "x"}
    )  # fmt: skip
    assert page.path == "/" and "evil" not in str(page.html)


def test_what_is_too_large_for_two_forms_is_not_carried(browser):
    page = interrupted(browser, MultiDict({"note": "x" * (typed.LARGEST + 1)}))
    assert page.status == 303
