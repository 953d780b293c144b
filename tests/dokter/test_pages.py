"""The citizen's way: clinic, shift, ticket; and each plain answer on it."""

from datetime import time, timedelta

import pytest

from blueprints.dokter import actions, availability, queries
from tests import people
from tests.dokter.conftest import make
from webapp import clock
from webapp.calendar import Holiday
from webapp.db import db, transactional


def test_from_the_clinic_to_the_ticket_in_five_pages(shift, siti, browser):
    browser.as_person(siti)
    clinics = browser.open("/dokter/")
    clinic = clinics.click("Puskesmas Contoh A")
    ticket = clinic.click("dr. Contoh").form("/ticket").send(share="jkn")
    assert ticket.path.startswith("/dokter/tickets/")
    ticket.check()
    assert "A-001" in ticket.text and "Rp0" in ticket.text and "Ruang 2" in ticket.text
    assert ticket.has("svg.qr, .qr svg")


def test_a_stranger_sees_the_shift_and_is_asked_to_sign_in_only_to_take(shift, browser):
    page = browser.open(f"/dokter/shifts/{shift.id}")
    assert not page.has("form[action$='/ticket'] button")
    assert page.has("main a[href*='/sign-in']")


def test_not_choosing_how_to_pay_is_told_and_takes_nothing(shift, siti, browser):
    page = browser.as_person(siti).open(f"/dokter/shifts/{shift.id}").form("/ticket").send(share="")
    assert page.status == 422 and "Pilih cara bayar" in page.find("[role=alert]").get_text()
    assert queries.live_tickets_of(siti.id) == []


def test_the_same_form_pressed_twice_is_one_ticket(shift, siti, browser):
    form = browser.as_person(siti).open(f"/dokter/shifts/{shift.id}").form("/ticket")
    assert form.send(share="jkn").path == form.send(share="jkn").path
    assert len(queries.live_tickets_of(siti.id)) == 1


def test_a_full_shift_says_so_and_where_else_to_go(ward, siti, browser):
    full = make.a_shift(ward, jkn=1, non_jkn=0)
    make.a_ticket(full, people.a_crowd(1)[0])
    make.a_shift(ward, letter="B", doctor="dr. Contoh Lain")
    page = browser.as_person(siti).open(f"/dokter/shifts/{full.id}")
    assert "Penuh" in page.text and "loket" in page.text and "dr. Contoh Lain" in page.text
    assert not page.has("form[action$='/ticket']")


def test_losing_the_last_place_while_reading_is_a_plain_answer(ward, siti, budi, browser):
    shift = make.a_shift(ward, jkn=1, non_jkn=0)
    form = browser.as_person(siti).open(f"/dokter/shifts/{shift.id}").form("/ticket")
    make.a_ticket(shift, budi)
    page = form.send(share="jkn")
    assert page.status == 409 and page.text.count("Penuh") == 1, "said once"
    page.check()


def test_what_costs_nothing_is_free_and_a_share_that_is_full_cannot_be_chosen(ward, siti, budi, browser):
    shift = make.a_shift(ward, jkn=1, non_jkn=2)
    page = browser.as_person(siti).open(f"/dokter/shifts/{shift.id}")
    notes = [note.get_text() for note in page.html.select(".choice-face small")]
    assert notes == ["Gratis (Rp0)\u00a0· 1 nomor lagi", "Rp10.000\u00a0· 2 nomor lagi"]
    make.a_ticket(shift, budi)
    page = browser.open(f"/dokter/shifts/{shift.id}")
    assert page.find(".choice-face small").get_text() == "Penuh"
    assert [radio["value"] for radio in page.html.select("input[type=radio][disabled]")] == ["jkn"]


@pytest.mark.parametrize(
    ("hour", "way"), [(time(7, 30), "mulai 08.00 WIB"), (time(8), "sekarang"), (time(9), "sekarang")]
)
def test_a_full_shift_says_when_the_counter_can_be_asked(ward, siti, browser, hour, way):
    full = make.a_shift(ward, jkn=0, non_jkn=0)
    with clock.frozen(clock.at(full.day, hour)):
        text = browser.as_person(siti).open(f"/dokter/shifts/{full.id}").text
    assert f"datang ke loket {way}." in text


def test_not_open_yet_counts_down_by_the_servers_clock(ward, siti, browser):
    shift = make.a_shift(ward, clock.today() + timedelta(days=2), letter="B")
    page = browser.as_person(siti).open(f"/dokter/shifts/{shift.id}")
    assert "Dibuka Rab" in page.text and "07.00" in page.text
    assert page.find("[data-until]")["data-until"].startswith("2026-11-25T00:00")
    assert page.find("meta[name=server-time]")["content"].startswith("2026-11-24T01:00")


def test_over_for_today(shift, siti, browser):
    with clock.frozen(clock.at(shift.day, time(15))):
        page = browser.as_person(siti).open(f"/dokter/shifts/{shift.id}")
        assert "sudah selesai" in page.text and not page.has("form[action$='/ticket']")


@transactional
def declare_holiday(day) -> None:
    db.session.add(Holiday(day=day, name="Hari Contoh", joint_leave=False, certain=True))


def test_a_holiday_is_named(shift, siti, browser):
    declare_holiday(shift.day)
    assert "Hari Contoh" in browser.as_person(siti).open(f"/dokter/shifts/{shift.id}").text
    assert "Hari Contoh" in browser.open("/dokter/clinics/PKM-A").text


def test_a_day_that_is_no_day_is_today(shift, browser):
    for nonsense in ("", "x", "2026-02-31", "0000-00-00", "9999-12-31", "2020-01-01"):
        assert "dr. Contoh" in browser.open(f"/dokter/clinics/PKM-A?day={nonsense}").text


def test_a_search_finds_clinics_by_name_and_by_ward(shift, browser):
    make.a_ward(make.a_clinic("PKM-B", "Puskesmas Contoh B"), "002", "Poli Gigi")
    assert "Contoh B" in browser.open("/dokter/?q=gigi").find("main").get_text()
    assert "Puskesmas Contoh A" not in browser.open("/dokter/?q=gigi").find("main").get_text()
    assert "Puskesmas Contoh A" not in browser.open("/dokter/?q=%25%27--").find("main").get_text()


def test_cancelling_asks_why_and_gives_the_place_back(shift, siti, browser):
    ticket = make.a_ticket(shift, siti)
    page = browser.as_person(siti).open(f"/dokter/tickets/{ticket.spoken_code}").click("Batal")
    refused = page.form("/cancel").send()
    assert refused.status == 422 and "Pilih satu alasan" in refused.find("[role=alert]").get_text()
    after = refused.form("/cancel").send(reason="recovered")
    assert after.status == 200 and "Dibatalkan" in after.text
    assert availability.left_online(queries.shift_on_show(shift.id)) == 36


def test_my_queue_lists_mine_so_that_a_closed_tab_loses_nothing(shift, siti, budi, browser):
    make.a_ticket(shift, budi)
    ticket = make.a_ticket(shift, siti)
    page = browser.as_person(siti).open("/dokter/tickets")
    assert ticket.label in page.text and "A-001" not in page.text
    assert page.has(f"a[href='/dokter/tickets/{ticket.spoken_code}']")


def test_without_numbers_my_queue_says_how_to_get_one(app, siti, browser):
    page = browser.as_person(siti).open("/dokter/tickets")
    assert page.has(".empty") and "Sebelumnya" not in page.text


def test_my_queue_begins_with_the_most_urgent_and_so_does_the_home_page(clinic, siti, ani, browser):
    def ticket(code, letter, ahead=0, **changes):
        shift = make.a_shift(make.a_ward(clinic, code, f"Poli {letter}"), letter=letter, **changes)
        for person in crowd[:ahead]:
            make.a_ticket(shift, person)
        return shift, make.a_ticket(shift, siti).label

    crowd, tomorrow = people.a_crowd(3), clock.today() + timedelta(days=1)
    _, next_day = ticket("001", "A", day=tomorrow, starts=time(7))
    _, at_ten = ticket("002", "B", starts=time(10))
    _, three_before = ticket("003", "C", ahead=3, starts=time(7))
    _, one_before = ticket("004", "D", ahead=1)
    done_shift, done = ticket("005", "E")
    called_shift, called = ticket("006", "F", starts=time(7, 45))
    actions.call_next(called_shift.id, 0, by=ani)
    actions.call_next(done_shift.id, 0, by=ani)
    actions.call_next(done_shift.id, 1, by=ani)
    labels = [called, one_before, three_before, at_ten, next_day]
    page = browser.as_person(siti).open("/dokter/tickets")
    assert [number.get_text() for number in page.html.select(".row-number")] == [*labels, done]
    home = browser.open("/")
    assert home.find(".card-first .now-number").get_text() == called
    assert [row.get_text() for row in home.html.select("main .rows b")] == labels[1:]


def test_the_ticket_on_the_home_page(shift, siti, browser):
    ticket = make.a_ticket(shift, siti)
    home = browser.as_person(siti).open("/")
    assert ticket.label in home.text and home.has(f"a[href='/dokter/tickets/{ticket.spoken_code}']")


def test_the_ticket_page_says_who_is_served_and_how_many_are_before(shift, siti, ani, browser):
    for person in people.a_crowd(3):
        make.a_ticket(shift, person)
    ticket = make.a_ticket(shift, siti)
    actions.call_next(shift.id, 0, by=ani)
    page = browser.as_person(siti).open(f"/dokter/tickets/{ticket.spoken_code}")
    assert "A-001" in page.text
    assert page.find("[data-ahead]").get_text(strip=True).startswith("2")


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_in_both_languages(shift, siti, browser, language):
    ticket = make.a_ticket(shift, siti)
    browser.as_person(siti)
    with browser.http.session_transaction() as session:
        session["language"] = language
    mine = f"/dokter/tickets/{ticket.spoken_code}"
    public = ["/", "/dokter/", "/dokter/clinics/PKM-A", f"/dokter/shifts/{shift.id}", "/privacy", "/gaya", "/offline"]
    for path in [*public, mine, f"{mine}/cancel", "/dokter/tickets", "/account", "/inbox"]:
        assert browser.open(path).find("html")["lang"] == language


def test_one_share_full_does_not_say_that_all_is(ward, siti, budi, browser):
    shift = make.a_shift(ward, jkn=1, non_jkn=2)
    form = browser.as_person(siti).open(f"/dokter/shifts/{shift.id}").form("/ticket")
    make.a_ticket(shift, budi)
    page = form.send(share="jkn")
    assert page.status == 409 and "Penuh untuk JKN" in page.find("[role=alert]").get_text()
    assert page.form("/ticket").send(share="non_jkn").path.startswith("/dokter/tickets/")


def test_on_a_holiday_nothing_is_offered_as_open(ward, siti, browser):
    shift = make.a_shift(ward)
    make.a_shift(ward, letter="B", doctor="dr. Contoh Lain")
    declare_holiday(shift.day)
    assert "dr. Contoh Lain" not in browser.as_person(siti).open(f"/dokter/shifts/{shift.id}").text
    assert "0 nomor hari ini" in browser.open("/").text


def test_many_cancelled_numbers_of_tomorrow_do_not_hide_todays(shift, ward, siti, browser):
    ticket = make.a_ticket(shift, siti)
    tomorrow = make.a_shift(ward, clock.today() + timedelta(days=1), letter="B")
    for _number in range(9):
        actions.cancel_ticket(make.a_ticket(tomorrow, siti).code, "other", by=siti)
    assert ticket.label in browser.as_person(siti).open("/").text


def test_the_number_one_holds_stands_on_the_clinics_page(shift, siti, browser):
    ticket = make.a_ticket(shift, siti)
    assert ticket.label in browser.as_person(siti).open("/dokter/clinics/PKM-A").text
