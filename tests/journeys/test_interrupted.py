"""A session is delayed and then closed at the desk: the open ticket says so by itself."""

from playwright.sync_api import expect

from tests.journeys.browsers import TABLET, is_marked, mark
from tests.journeys.town import DEWI


def test_the_open_ticket_hears_of_a_delay_and_of_the_end(visit, town):
    shift = town.extra_shift("Z", "RS-SYLVANI")
    town.wait_in_line(shift, 5)
    code = town.take(shift, DEWI)
    phone, tablet = visit(by=DEWI), visit(TABLET, by=town.nurse_of(shift))
    phone.goto(f"/dokter/tickets/{code}")
    mark(phone)
    tablet.goto(f"/dokter/shifts/{shift}/tablet")
    tablet.get_by_role("link", name="Tunda atau tutup").tap()
    tablet.get_by_role("radio", name="30 menit").check()
    tablet.get_by_role("radio", name="Ada keadaan darurat").check()
    tablet.get_by_role("button", name="Kabari semua yang menunggu").tap()
    expect(tablet.locator(".calling")).to_contain_text("Ditunda sampai kira-kira pukul 08.")
    expect(phone.locator("#status")).to_contain_text("Ditunda sampai kira-kira pukul 08.")
    tablet.get_by_role("link", name="Tunda atau tutup").tap()
    tablet.get_by_role("checkbox").check()
    tablet.get_by_role("button", name="Tutup hari ini").tap()
    expect(tablet.locator(".calling")).to_contain_text("Praktik ini ditutup")
    expect(phone.locator("#status")).to_contain_text("Klinik menutup praktik ini")
    assert is_marked(phone), "without being loaded anew"
    assert set(town.states(shift).values()) == {"cancelled"}
