"""A session ends while somebody types: they sign in, press once, and it is done."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.journeys.test_every_page import AXE, RUN

CLINIC = "PKM-BINJAI-ESTATE"
scripts = pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])


@pytest.fixture(autouse=True)
def told_by_status(guard):
    guard.forgive_answers(401, 403, 422)
    guard.forgive("Response Status Error Code 40[13]")


def sign_in(page: Page, nik: str, password: str = people.PASSWORD) -> None:
    page.locator("#login").fill(nik)
    page.locator("#password").fill(password)
    page.locator("main").get_by_role("button", name="Masuk", exact=True).click()


@scripts
def test_giving_up_a_number(visit, town, scripts):
    nik, shift = town.citizen("Rini Percobaan", 601 + scripts), town.extra_shift("GH"[scripts], CLINIC)
    code = town.take(shift, nik)
    page = visit(by=nik, java_script_enabled=scripts)
    page.goto(f"/dokter/tickets/{code}/cancel")
    page.get_by_role("radio", name="Alasan lain").check()
    town.end_sessions(nik)
    page.get_by_role("button", name="Ya, batalkan nomor").click()
    expect(page.get_by_role("heading", name="Sesi Anda berakhir")).to_be_visible()
    expect(page.get_by_text("Isian Anda tidak hilang")).to_be_visible()
    sign_in(page, nik, "not the password")
    expect(page.locator(".summary")).to_contain_text("Tidak cocok")
    sign_in(page, nik)
    expect(page.get_by_text("Anda masuk sebagai Rini Percobaan")).to_be_visible()
    assert set(town.states(shift).values()) == {"waiting"}, "not before the button is pressed"
    page.get_by_role("button", name="Lanjutkan").click()
    expect(page).to_have_url(re.compile(f"/dokter/tickets/{code}$"))
    expect(page.locator(".ticket")).to_contain_text("Dibatalkan")


@scripts
def test_taking_a_number(visit, town, scripts):
    """With scripts the question comes by htmx into the page that is open."""
    nik, shift = town.citizen("Yanto Percobaan", 603 + scripts), town.extra_shift("JK"[scripts], CLINIC)
    page = visit(by=nik, java_script_enabled=scripts)
    page.goto(f"/dokter/shifts/{shift}")
    page.get_by_role("radio", name="JKN / BPJS").check()
    town.end_sessions(nik)
    page.get_by_role("button", name="Ambil nomor").click()
    heading = page.get_by_role("heading", name="Sesi Anda berakhir")
    expect(heading).to_be_visible()
    if scripts:
        expect(heading).to_be_focused()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(RUN, None)["told"] == []
    sign_in(page, nik)
    page.get_by_role("button", name="Lanjutkan").click()
    expect(page).to_have_url(re.compile("/dokter/tickets/"))
    expect(page.locator(".ticket")).to_contain_text("JKN")


@scripts
def test_a_long_form_without_its_cookie(visit, scripts):
    page = visit(java_script_enabled=scripts)
    page.goto("/register")
    page.locator("#nik").fill("12750245049")
    page.locator("#name").fill("Agus Percobaan")
    page.locator("#phone").fill("0813-7000-7009")
    page.locator("#password").fill("hujan sebentar di kebun")
    page.context.clear_cookies()
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.get_by_text("Isian Anda tidak hilang")).to_be_visible()
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.locator("#nik")).to_have_value("12750245049")
    expect(page.locator("#name")).to_have_value("Agus Percobaan")
    expect(page.locator("#phone")).to_have_value("0813-7000-7009")
    expect(page.locator("#password")).to_have_value("")
