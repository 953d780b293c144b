"""Opening an account."""

import pytest
from sqlalchemy import func, select

from tests import people
from webapp.accounts import queries
from webapp.accounts.models import Person, SignIn
from webapp.db import db

TYPED = {"nik": "1275 0562 0395 0003", "name": " Dewi   Contoh ", "phone": "+62 812-3456-7893",
         "password": "kopi pagi hari", "consent": "y"}  # fmt: skip
DEWI = "1275056203950003"


def people_known() -> int:
    return db.session.scalar(select(func.count()).select_from(Person))


def register(browser, **typed):
    return browser.open("/register").form("/register").send(**{**TYPED, **typed})


def test_dewi_registers_is_told_to_sign_in_and_can(browser):
    page = register(browser)
    assert page.path == "/sign-in" and "Silakan masuk" in page.text
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0, "registering never signs in"
    home = page.form("/sign-in").send(login=TYPED["nik"], password=TYPED["password"])
    assert home.path == "/" and "Dewi Contoh" in home.text


def test_a_nik_that_has_an_account_changes_nothing_and_gives_the_same_answer(browser, another_browser, siti):
    fresh = register(browser)
    before = people_known()
    known = register(another_browser, nik=people.SITI_NIK, name="Orang Lain", phone="081200001111")
    assert (fresh.status, fresh.path, without_tokens(fresh)) == (known.status, known.path, without_tokens(known))
    assert people_known() == before
    assert queries.person_by_nik(people.SITI_NIK).name == "Siti Contoh"
    assert queries.person_by_login("081200001111") is None


def without_tokens(page) -> str:
    for hidden in page.html.select("input[name=csrf_token], input[name=idempotency_key], meta[name=server-time]"):
        hidden.decompose()
    return str(page.html)


def test_nik_and_phone_are_kept_encrypted_and_shown_masked(browser, siti):
    """T41: neither stands in the database in clear, nor in any page."""
    register(browser)
    dewi = queries.person_by_nik(DEWI)
    kept = b"".join(value for value in (dewi.nik_sealed, dewi.nik_index, dewi.phone_sealed, dewi.phone_index))
    assert DEWI.encode() not in kept and b"081234567893" not in kept
    assert (dewi.nik_masked, dewi.phone_masked) == ("1275 •••• •••• 0003", "0812-••••-893")
    page = browser.as_person(dewi).open("/account")
    assert "1275 •••• •••• 0003" in page.text and DEWI not in str(page.html)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("nik", "12750245", "16 angka"),
        ("nik", "", "Tulis NIK"),
        ("name", "  ", "Tulis nama"),
        ("phone", "12345", "0812-3456-7890"),
        ("password", "pendek", "paling sedikit 10"),
        ("password", "1234567890", "terlalu mudah"),
        ("password", DEWI, "Jangan pakai NIK"),
        ("consent", None, "centang"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(browser, field, typed, told):
    filled = {**TYPED, field: typed}
    page = browser.open("/register").form("/register").send(**{name: v for name, v in filled.items() if v is not None})
    assert page.status == 422
    page.check()
    summary = page.find("[role=alert]")
    assert told in summary.get_text()
    target = summary.find("a")["href"].removeprefix("#")
    assert page.find(f"[id='{target}']").get("name", field) == field
    assert page.find("[name=name]")["value"] == ("" if field == "name" else "Dewi Contoh")
    assert page.find("[name=password]").get("value", "") == "", "a password is never sent back"
    assert people_known() == 0


def test_a_single_word_is_a_name(browser):
    assert register(browser, name="Suparman").path == "/sign-in"


def test_a_long_password_with_spaces_and_other_scripts_is_kept_whole(browser):
    """T01: 64 and more characters, never truncated."""
    long = "kereta api ke Medan pukul enam pagi 鉄道 и вода " * 3
    page = register(browser, password=long)
    almost = page.form("/sign-in").send(login=DEWI, password=long.strip()[:-1])
    assert almost.status == 422
    assert almost.form("/sign-in").send(login=DEWI, password=long).path == "/"
