"""Everything works without JavaScript: an old telephone, a strict browser, a script that did not arrive."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import TABLET
from tests.journeys.town import NURSE, PASSWORD

NIK, SENTENCE = "1275015507900078", "hujan sebentar di kebun"


def test_a_citizen_registers_takes_sees_and_cancels(visit, town):
    page = visit(java_script_enabled=False)
    page.goto("/register")
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.locator(".summary li")).to_have_count(5)
    page.locator("#nik").fill(NIK)
    page.locator("#name").fill("Joko Percobaan")
    page.locator("#phone").fill("081370007001")
    page.locator("#password").fill(SENTENCE)
    page.locator("#consent").check()
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.get_by_text("Silakan masuk")).to_be_visible()
    page.locator("#login").fill("0813-7000-7001")
    page.locator("#password").fill(SENTENCE)
    page.get_by_role("button", name="Masuk", exact=True).click()

    shift = town.shift("B")
    page.goto(f"/dokter/shifts/{shift}")
    page.get_by_role("button", name="Ambil nomor").click()
    expect(page.locator(".summary")).to_contain_text("Pilih cara bayar")
    page.get_by_role("radio", name="JKN / BPJS").check()
    page.get_by_role("button", name="Ambil nomor").click()
    expect(page.locator(".ticket-number")).to_contain_text("B-001")
    expect(page.locator(".ticket svg.qr")).to_be_visible()

    town.call_next(shift)
    page.get_by_role("link", name="Muat ulang").click()
    expect(page.locator(".ticket-call")).to_have_text("Giliran Anda")
    page.get_by_role("link", name="Antrean saya").first.click()
    page.get_by_role("link", name="B-001").click()
    page.get_by_role("link", name="Batalkan nomor ini").click()
    page.get_by_role("button", name="Ya, batalkan nomor").click()
    expect(page.locator(".summary")).to_contain_text("Pilih satu alasan")
    page.get_by_role("radio", name="Alasan lain").check()
    page.get_by_role("button", name="Ya, batalkan nomor").click()
    expect(page.locator(".ticket")).to_contain_text("Dibatalkan")
    assert town.states(shift) == {"B-001": "cancelled"}

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out")).to_be_visible()


@pytest.fixture(autouse=True)
def told_by_status(guard):
    guard.forgive_answers(422, 409)


def test_the_nurse_runs_the_queue(visit, town):
    shift = town.extra_shift("Z")
    town.wait_in_line(shift, 3)
    page = visit(TABLET, java_script_enabled=False)
    page.goto(f"/dokter/shifts/{shift}/tablet")
    page.locator("#login").fill(NURSE)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()

    number = page.locator(".calling-number")
    page.get_by_role("button", name="Panggil berikutnya").click()
    expect(number).to_have_text("Z-001")
    page.get_by_role("button", name="Mulai layani").click()
    expect(page.locator(".calling-now")).to_contain_text("Dilayani")
    page.get_by_role("button", name="Selesai").click()
    expect(page.locator(".waiting .head")).to_contain_text("1 selesai")
    page.get_by_role("button", name="Panggil berikutnya").click()
    page.get_by_role("button", name="Panggil ulang").click()
    expect(number).to_have_text("Z-002")
    page.get_by_role("button", name="Lewati").click()
    page.get_by_role("button", name="Panggil", exact=True).click()
    expect(number).to_have_text("Z-002")

    town.step(shift, "skip")  # on another tablet
    page.get_by_role("button", name="Panggil berikutnya").click()
    expect(page.locator(".calling [role=status]")).to_contain_text("Tablet lain lebih dulu")
    page.get_by_role("button", name="Panggil berikutnya").click()
    expect(number).to_have_text("Z-003")
    assert town.states(shift) == {"Z-001": "done", "Z-002": "missed", "Z-003": "called"}
