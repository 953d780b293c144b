"""The whole story: from the telephone at home to the nurse's tablet and the wall of the city, and back."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.browsers import SCREEN, TABLET, is_marked, mark, settled
from tests.journeys.town import KEBUN_LADA, NURSE, OPERATOR, PASSWORD

NIK, NAME, SENTENCE = "1275015507900077", "Rina Percobaan", "sore di bawah rambutan"


def test_from_registering_to_signing_out(visit, town):
    shift, before = town.shift("A"), 3
    town.wait_in_line(shift, before)

    phone = visit()
    registers(phone)
    signs_in(phone, NIK, SENTENCE)
    takes_a_number(phone)
    label = phone.locator(".ticket-number .number").inner_text()
    ahead = phone.locator("[data-ahead]")
    expect(ahead).to_have_text(str(before))
    mark(phone)

    screen = visit(SCREEN)
    signs_in(screen, OPERATOR, PASSWORD)
    screen.locator("main").get_by_role("link", name="Pusat komando").click()
    waiting, served = figures_of(screen)
    mark(screen)

    tablet = visit(TABLET)
    signs_in(tablet, NURSE, PASSWORD)
    opens_the_shift(tablet)
    call = tablet.locator("[data-key=next]")
    now = tablet.locator(".calling-number")
    for turn in range(before):
        settled(tablet, call.tap if turn % 2 else lambda: tablet.keyboard.press("Space"))
        expect(now).to_have_text(f"A-{turn + 1:03d}")
        expect(ahead).to_have_text(str(before - turn - 1))
    expect(phone.locator("#live")).to_have_text("Anda berikutnya")
    call.tap()
    expect(now).to_have_text(label)

    expect(phone.locator(".ticket-call")).to_have_text("Giliran Anda")
    expect(phone.locator(".ticket-room")).to_contain_text("Ruang")
    expect(phone).to_have_title(re.compile("Giliran Anda"))
    assert is_marked(phone), "the ticket moved by itself, the page was never reloaded"

    expect(screen.locator("#dokter-queue .figure-value").nth(1)).not_to_have_text(served)
    assert figures_of(screen)[0] != waiting
    assert is_marked(screen), "the wall moved by itself, the page was never reloaded"

    phone.get_by_role("link", name="Kabar").first.click()
    expect(phone.locator("#notices")).to_contain_text(label)
    cancels_another_number(phone, town)
    signs_out_and_looks_back(phone)


def registers(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Daftar dengan NIK").click()
    page.get_by_label("NIK", exact=True).fill(NIK)
    page.get_by_label("Nama lengkap").fill(NAME)
    page.get_by_label("Nomor HP").fill("0813-7000-7000")
    page.get_by_label("Kata sandi", exact=True).fill(SENTENCE)
    page.get_by_label("Saya sudah membaca").check()
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(page.get_by_text("Silakan masuk")).to_be_visible()
    expect(page.locator("header").get_by_role("link", name="Akun")).to_have_count(0)


def signs_in(page: Page, login: str, password: str) -> None:
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    page.locator("#login").fill(login)
    page.get_by_label("Kata sandi", exact=True).fill(password)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Selamat pagi")


def takes_a_number(page: Page) -> None:
    page.locator(".door[href='/dokter/']").click()
    page.get_by_role("link", name="Puskesmas Kebun Lada").click()
    page.get_by_role("link", name="dr. Contoh Mawar").click()
    page.get_by_role("radio", name="JKN / BPJS").check()
    page.get_by_role("button", name="Ambil nomor").click()
    expect(page).to_have_url(re.compile("/dokter/tickets/"))
    expect(page.locator(".ticket")).to_contain_text("Puskesmas Kebun Lada")


def opens_the_shift(page: Page) -> None:
    card = page.locator("section.card", has_text="Tablet antrean")
    card.get_by_role("link", name="Buka").click()
    settled(page, page.get_by_role("button", name=re.compile("Buka .*, dr. Contoh Mawar")).click)
    expect(page.locator("h1")).to_contain_text("Umum")


def figures_of(screen: Page) -> tuple[str, str]:
    """How many wait and how many were served, as the wall says it."""
    figures = screen.locator("#dokter-queue .figure-value")
    expect(figures).to_have_count(2)
    return figures.nth(0).inner_text(), figures.nth(1).inner_text()


def cancels_another_number(page: Page, town) -> None:
    shift = town.shift("C", KEBUN_LADA, days_ahead=1)
    left = town.places_left(shift)
    page.goto(f"/dokter/shifts/{shift}")
    page.get_by_role("radio", name="Tanpa JKN").check()
    page.get_by_role("button", name="Ambil nomor").click()
    expect(page.locator(".ticket-number")).to_contain_text("C-001")
    assert town.places_left(shift) == left - 1
    page.get_by_role("link", name="Batalkan nomor ini").click()
    page.get_by_role("radio", name="Saya sudah sembuh").check()
    page.get_by_role("button", name="Ya, batalkan nomor").click()
    expect(page.locator(".ticket")).to_contain_text("Dibatalkan")
    assert town.places_left(shift) == left, "the place was given back"


def signs_out_and_looks_back(page: Page) -> None:
    page.get_by_role("link", name="Akun").first.click()
    expect(page.locator("h1")).to_have_text(NAME)
    page.get_by_role("button", name="Keluar").click()
    expect(page.locator("main")).to_contain_text("Anda sudah keluar")
    for _step in range(3):
        page.go_back()
        page.wait_for_load_state()
        seen = page.locator("body").inner_text()
        assert NAME not in seen and "C-001" not in seen, f"Back shows something private at {page.url}"
