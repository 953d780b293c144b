"""Forms under impatient and mistaken fingers."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import is_marked, mark

CLINIC = "PKM-BINJAI-ESTATE"


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_double_tap_is_one_ticket(visit, town, scripts):
    shift, nik = town.shift("AB"[scripts], CLINIC), town.citizen("Tono Percobaan", 501 + scripts)
    page = visit(by=nik, java_script_enabled=scripts)
    page.goto(f"/dokter/shifts/{shift}")
    page.get_by_role("radio", name="JKN / BPJS").check()
    page.get_by_role("button", name="Ambil nomor").dblclick()
    expect(page).to_have_url(re.compile("/dokter/tickets/"))
    expect(page.locator(".ticket-number")).to_contain_text("-001")
    assert list(town.states(shift).values()) == ["waiting"]


def test_a_form_sent_again_after_cancelling_is_the_same_ticket(visit, town):
    """Back to the form, once more: its key remembers."""
    shift, nik = town.shift("C", CLINIC), town.citizen("Wati Percobaan", 503)
    page = visit(by=nik, java_script_enabled=False)
    page.goto(f"/dokter/shifts/{shift}")
    form = page.content()
    page.get_by_role("radio", name="JKN / BPJS").check()
    page.get_by_role("button", name="Ambil nomor").click()
    code = page.url.rsplit("/", 1)[-1]
    town.cancel(code, nik)
    page.route(f"**/dokter/shifts/{shift}", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto(f"/dokter/shifts/{shift}")
    page.get_by_role("radio", name="JKN / BPJS").check()
    page.get_by_role("button", name="Ambil nomor").click()
    expect(page).to_have_url(re.compile(f"/dokter/tickets/{code}"))
    expect(page.locator(".ticket")).to_contain_text("Dibatalkan")
    assert list(town.states(shift).values()) == ["cancelled"]


def test_nothing_chosen_is_said_in_place(visit, town, guard):
    guard.forgive_answers(422)
    guard.forgive("Response Status Error Code 422")
    page = visit(by=town.citizen("Yuni Percobaan", 504))
    page.goto(f"/dokter/shifts/{town.shift('A', CLINIC, days_ahead=1)}")
    mark(page)
    page.get_by_role("button", name="Ambil nomor").click()
    summary = page.locator(".summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Pilih cara bayar")
    assert is_marked(page), "only the form was drawn anew"
    summary.get_by_role("link").first.click()
    expect(page.get_by_role("radio", name="JKN / BPJS")).to_be_focused()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Ambil nomor").click()
    expect(page).to_have_url(re.compile("/dokter/tickets/"))


def test_what_was_typed_is_kept_and_each_error_leads_to_its_field(visit, guard):
    guard.forgive_answers(422)
    page = visit()
    page.goto("/register")
    page.locator("#nik").fill("12750245049")
    page.locator("#name").fill("Agus Percobaan")
    page.locator("#phone").fill("0813-7000-7002")
    page.get_by_role("button", name="Daftar", exact=True).click()
    summary = page.locator(".summary")
    expect(summary).to_be_focused()
    expect(page.locator("#nik")).to_have_value("12750245049")
    expect(page.locator("#name")).to_have_value("Agus Percobaan")
    expect(page.locator("#phone")).to_have_value("0813-7000-7002")
    expect(page.locator("#nik")).to_have_attribute("aria-invalid", "true")
    for link, field in zip(summary.get_by_role("link").all(), ("#nik", "#password", "#consent"), strict=True):
        link.click()
        expect(page.locator(field)).to_be_focused()


def test_numbers_open_by_themselves(visit, town):
    shift = town.shift("A", CLINIC, days_ahead=2)
    town.open_in(shift, seconds=4)
    page = visit(by=town.citizen("Rudi Percobaan", 505))
    page.goto(f"/dokter/shifts/{shift}")
    expect(page.locator("[data-left]")).to_contain_text("detik")
    page.get_by_role("radio", name="JKN / BPJS").check()  # it appears by itself, within two seconds of the opening
    page.get_by_role("button", name="Ambil nomor").click()
    expect(page.locator(".ticket-number")).to_contain_text("A-001")
