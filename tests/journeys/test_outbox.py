"""What is pressed without a network waits on the phone and has one effect when the network is back.

Each story has its control: the same with that defence off, which must end otherwise.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from blueprints.dokter.models import Ticket
from blueprints.perizinan.cases.models import Message, Paper
from blueprints.perizinan.filing import actions as filing
from tests.factories import permits as make
from tests.journeys.between import Between, between, worker_without
from tests.journeys.browsers import TABLET, WORKER
from tests.journeys.town import BUDI, DEWI, Town
from tests.servers import eventually, serving
from tests.webapp.uploads.files import photo_as
from webapp.db import db
from webapp.settings import SERVICES

WHO = DEWI
HERE = "Halo dari pasar"
SOON = 15.0
NO_MATTER = 4.0  # seconds in which what must not happen would have happened


# A worker that sends only when it is told to: else what waits might be gone before its story begins.
PATIENT = (
    ("sw.js", "if (event.data.flush)", "if (event.data.now)"),
    ("outbox.js", "self.registration.sync?.", "undefined?."),
)


class Matters:
    """What Dewi has to do with the city: a case that is looked at, a draft, and numbers."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.case = town.aside(lambda: make.a_submitted_case(town.person(WHO), "AK1").spoken_code)
        self.page = f"/perizinan/applications/{self.case}"
        self.messages = "/messages"

    def words(self) -> list[str]:
        """Her messages as the city has them."""
        rows = select(Message.body).where(Message.from_staff.is_(False)).order_by(Message.id)
        with self.town.inside():
            case = filing.queries.case_of(self.case.replace("-", ""))
            return list(db.session.scalars(rows.where(Message.application_id == case.id)))


@pytest.fixture
def matters(town: Town) -> Matters:
    return Matters(town)


@pytest.fixture
def line(server, guard):
    """The network between phone and city, which may break."""
    guard.forgive_silence()
    guard.forgive_cut_streams()
    guard.forgive(
        r"console: htmx:(sendError|responseError|afterRequest)",
        r"status of (4\d\d|507)",
        r"Status Error Code (4\d\d|507)",
    )
    with between(server) as found:
        yield found


@pytest.fixture
def phone(visit, line):
    """Dewi's, behind that network, with the worker awake: `phone(without=[…])` has a defence off."""

    def open_it(*defences: tuple[str, str, str], folder: Path | None = None, by: str = WHO) -> Page:
        if defences:
            line.instead["GET /sw.js"] = worker_without(folder, *defences)
        page = visit(by=by, at=line)
        page.goto("/")
        assert page.evaluate(WORKER) == "ready"
        return page

    return open_it


def write(page: Page, words: str) -> None:
    page.get_by_role("textbox").fill(words)
    page.get_by_role("button", name="Kirim pesan").click()


def kept_is_said(page: Page) -> None:
    expect(page.locator("[data-unsent]")).to_be_focused()


def waiting_rows(page: Page):
    page.goto("/outbox")
    return page.locator("[data-rows] article")


def away(page: Page, on: bool = True) -> None:
    page.context.set_offline(on)


def back(page: Page) -> None:
    away(page, False)


# --- kept by htmx and by the browser itself


def waits_and_goes_out(page: Page, town: Town, shift: int, other: int) -> tuple[bool, bool]:
    """She is on her way to one clinic, and gives up her number for another, both without a network."""
    first, second = town.take(shift, WHO), town.take(other, WHO)
    for path in (f"/dokter/tickets/{second}/cancel", f"/dokter/tickets/{first}"):
        page.goto(path)
    away(page)
    page.get_by_role("button", name="Saya di jalan").click()
    said = page.get_by_text("Belum terkirim, tersimpan di HP ini")
    if not eventually(said.is_visible, NO_MATTER):
        return False, False
    page.goto(f"/dokter/tickets/{second}/cancel")
    page.locator("[name=reason]").first.check()
    page.locator("#cancel button").click()
    expect(page.locator("[data-rows] article")).to_have_count(2)
    back(page)
    expect(page.locator("[data-nothing]")).to_be_visible()
    with town.inside():
        tickets = {each.spoken_code: each for each in db.session.scalars(select(Ticket))}
        return tickets[first].on_way_at is not None, tickets[second].state == "cancelled"


def test_what_is_pressed_by_htmx_or_by_the_browser_itself_waits_and_goes_out(phone, town, visit):
    shift = town.extra_shift("V")
    tablet = visit(TABLET, by=town.nurse_of(shift))
    assert waits_and_goes_out(phone(), town, shift, town.extra_shift("U", "PKM-JATI-MAKMUR")) == (True, True)
    tablet.goto(f"/dokter/shifts/{shift}/tablet")
    expect(tablet.locator(".waiting-list li").first).to_contain_text("Di jalan")


def test_control_a_worker_that_lets_such_forms_pass_keeps_nothing(phone, town, tmp_path):
    broken = ("routes.js", 'return "later"', 'return "other"')
    shifts = town.extra_shift("W", "PKM-TANAH-TINGGI"), town.extra_shift("Y", "PKM-HAH-HASAN")
    assert waits_and_goes_out(phone(broken, folder=tmp_path), town, *shifts) == (False, False)


def arrives_without_a_network(page: Page, town: Town, shift: int) -> bool:
    """She stands at the counter, and the clinic's walls are thick. Returns whether the city learns of it."""
    code = town.take(shift, WHO)
    page.goto(f"/dokter/tickets/{code}")
    away(page)
    page.get_by_role("button", name="Saya sudah tiba").click()
    page.wait_for_timeout(500)
    back(page)

    def is_here() -> bool:
        with town.inside():
            found = next(each for each in db.session.scalars(select(Ticket)) if each.spoken_code == code)
            return found.arrived_at is not None

    return eventually(lambda: page.evaluate("1") and is_here(), NO_MATTER * 2)


def test_that_somebody_has_arrived_waits_and_goes_out(phone, town, visit):
    shift = town.extra_shift("SI", "RS-SYLVANI")
    tablet = visit(TABLET, by=town.nurse_of(shift))
    tablet.goto(f"/dokter/shifts/{shift}/tablet")
    assert arrives_without_a_network(phone(), town, shift)
    expect(tablet.locator(".waiting-list li").first).to_contain_text("Hadir")


def test_control_without_the_outbox_nobody_learns_of_it(phone, town, tmp_path):
    broken = ("routes.js", 'return "later"', 'return "other"')
    assert not arrives_without_a_network(phone(broken, folder=tmp_path), town, town.extra_shift("SJ", "RS-SYLVANI"))


def test_taking_a_number_is_never_kept_and_says_so(phone, town):
    page = phone()
    page.goto(f"/dokter/shifts/{town.extra_shift('X', 'PKM-RAMBUNG')}")
    away(page)
    page.locator("#ticket form button").last.click()
    expect(page.locator("#notice")).to_contain_text("hanya bisa diambil saat ada sambungan")
    expect(waiting_rows(page)).to_have_count(0)


# --- two, once each


def two_messages(page: Page, matters: Matters) -> list[str]:
    page.goto(matters.page)
    away(page)
    for words in ("satu", "dua"):
        write(page, words)
        kept_is_said(page)
        expect(page.get_by_role("textbox")).to_have_value("")
    back(page)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=SOON * 1000)
    return matters.words()


def test_two_that_wait_are_sent_once_each_in_their_order(phone, matters):
    assert two_messages(phone(), matters) == ["satu", "dua"]


def test_control_with_one_key_for_both_only_one_arrives(phone, matters):
    page = phone()
    page.context.add_init_script("crypto.getRandomValues = (bytes) => bytes.fill(7);")
    page.goto(matters.page)
    page.evaluate(
        "(one) => document.querySelectorAll('[name=idempotency_key]').forEach((key) => { key.value = one; })",
        "07" * 16,
    )
    away(page)
    for words in ("satu", "dua"):
        write(page, words)
        kept_is_said(page)
        expect(page.get_by_role("textbox")).to_have_value("")
    back(page)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=SOON * 1000)
    assert matters.words() == ["dua"]


# --- back, but not quite

GIVES_UP = (
    "{ const timer = setTimeout; setTimeout = (act, pause, more) => timer(act, pause === 3000 ? 1e9 : pause, more); }"
)


def sent_though_the_first_try_fails(page: Page, line: Between, matters: Matters, patience: float = SOON) -> bool:
    """The phone says that it has a network a moment before it has."""
    page.goto(matters.page)
    away(page)
    write(page, HERE)
    kept_is_said(page)
    line.lose, line.lost = 99, "GET /session"
    back(page)
    page.wait_for_timeout(2000)  # a browser asks once or twice more by itself
    line.lose = 0
    return eventually(matters.words, patience)


def test_it_is_tried_again_when_the_first_try_fails(phone, line, matters):
    assert sent_though_the_first_try_fails(phone(), line, matters)


def test_control_a_page_that_tries_once_leaves_it_waiting(phone, line, matters):
    page = phone()
    page.context.add_init_script(GIVES_UP)
    assert not sent_though_the_first_try_fails(page, line, matters, NO_MATTER)


# --- a network by name only


def kept_though_nothing_says_that_there_is_no_network(page: Page, line: Between) -> bool:
    """Two bars, and nothing gets through."""
    line.swallows = True
    write(page, HERE)
    return eventually(page.locator("[data-unsent]").is_visible, NO_MATTER)


def test_what_nobody_answers_in_time_is_kept_and_arrives_once(phone, line, matters, tmp_path):
    page = phone(("later.js", "PATIENCE = 15_000", "PATIENCE = 1_000"), folder=tmp_path)
    page.goto(matters.page)
    assert kept_though_nothing_says_that_there_is_no_network(page, line)
    line.swallows = False
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=SOON * 1000)
    assert matters.words() == [HERE]


def test_control_without_a_limit_it_hangs(phone, line, matters, tmp_path):
    page = phone(("later.js", "isSoonAnswered(request) ?", "false ?"), folder=tmp_path)
    page.goto(matters.page)
    assert not kept_though_nothing_says_that_there_is_no_network(page, line)
    line.swallows = False


def test_what_the_browser_itself_sends_into_such_a_network_ends_on_the_page_of_what_waits(phone, line, town, tmp_path):
    page = phone(("later.js", "PATIENCE = 15_000", "PATIENCE = 1_000"), *PATIENT, folder=tmp_path)
    page.goto(f"/dokter/tickets/{town.take(town.extra_shift('T', 'PKM-JATI-MAKMUR'), WHO)}/cancel")
    page.locator("[name=reason]").first.check()
    line.swallows = True
    page.locator("#cancel button").click()
    expect(page.locator("[data-rows] article")).to_have_count(1, timeout=SOON * 1000)
    line.swallows = False


# --- the answer is lost


def sent_into_a_hole(page: Page, line: Between, matters: Matters, times: int) -> int:
    """The city does what is asked, and its answer is lost so many times. How many messages it has in the end."""
    page.goto(matters.page)
    line.lose, line.lost = times, f"POST {matters.page}{matters.messages}"
    write(page, HERE)
    assert eventually(lambda: line.lose == 0, SOON)
    assert eventually(matters.words, SOON)
    expect(page.get_by_role("textbox")).to_have_value("")
    page.wait_for_load_state("load")
    page.goto(matters.page)
    assert eventually(lambda: waiting_rows(page).count() == 0, SOON)
    return len(matters.words())


@pytest.mark.parametrize("times", [1, 3])
def test_an_answer_that_is_lost_gives_one_effect(phone, line, matters, times):
    assert sent_into_a_hole(phone(), line, matters, times) == 1
    assert line.forms("/messages") > times, "it was sent more than once"


def test_control_a_city_that_forgets_the_keys_of_forms_has_it_twice(visit, town, log, guard, matters):
    guard.forgive_silence()
    guard.forgive(r"console: htmx:(sendError|afterRequest)")
    services = ",".join((*SERVICES, "tests.journeys.forgetful"))
    with serving(town.environ(SERVICES=services), log) as forgetful, between(forgetful) as line:
        page = visit(by=WHO, at=line)
        page.goto("/")
        assert page.evaluate(WORKER) == "ready"
        assert sent_into_a_hole(page, line, matters, 3) > 1


# --- three at once


def flushed_three_times_at_once(page: Page, line: Between, matters: Matters) -> int:
    line.slow = 0.5
    kept_by(page, matters)
    back(page)
    page.evaluate(
        "async () => { const { active } = await navigator.serviceWorker.ready;"
        " for (let time = 0; time < 3; time++) active.postMessage({ flush: true, now: true }); }"
    )
    assert eventually(matters.words, SOON)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=SOON * 1000)
    return line.forms("/messages")


def test_three_flushes_at_once_send_once(phone, line, matters, tmp_path):
    assert flushed_three_times_at_once(phone(*PATIENT, folder=tmp_path), line, matters) == 1


def test_control_without_the_lock_it_goes_out_more_often(phone, line, matters, tmp_path):
    broken = ("outbox.js", 'locked("outbox", () => sendAll(now))', "sendAll(now)")
    assert flushed_three_times_at_once(phone(*PATIENT, broken, folder=tmp_path), line, matters) > 1


# --- the tab is closed


def sent_with_the_tab_closed(page: Page, matters: Matters, patience: float) -> bool:
    kept_by(page, matters)
    context = page.context
    context.new_page()  # about:blank: the browser runs on
    page.close()
    context.set_offline(False)
    return eventually(matters.words, patience)


@pytest.mark.whole_browser
def test_it_goes_out_though_its_tab_is_closed(phone, matters):
    assert sent_with_the_tab_closed(phone(), matters, SOON)


@pytest.mark.whole_browser
def test_control_without_background_sync_it_waits_for_a_page(phone, matters, tmp_path):
    broken = ("later.js", "await askForSync();", "")
    assert not sent_with_the_tab_closed(phone(broken, folder=tmp_path), matters, NO_MATTER)


# --- whose it is


EVERYBODYS = ("outbox.js", "let sent = 0;", "let sent = 0; session.reader = (await readers())[0];")


def kept_by(page: Page, matters: Matters, words: str = HERE) -> None:
    page.goto(matters.page)
    away(page)
    write(page, words)
    kept_is_said(page)


def test_a_session_that_has_ended_keeps_it_and_asks_to_sign_in(phone, line, town, matters):
    page = phone()
    kept_by(page, matters)
    town.end_sessions(WHO)
    back(page)
    rows = waiting_rows(page)
    expect(page.locator("[data-others]")).to_contain_text("sedang tidak masuk")
    expect(rows).to_have_count(0)
    assert matters.words() == [] and line.forms("/messages") == 0
    expect(page.get_by_role("link", name="Masuk", exact=True)).to_be_visible()
    page.context.add_cookies([town.cookie(line.url, WHO)])
    page.goto("/")
    assert eventually(matters.words, SOON)


def test_control_without_asking_whose_session_it_is_it_is_given_up(phone, line, town, matters, tmp_path):
    page = phone(EVERYBODYS, folder=tmp_path)
    kept_by(page, matters)
    town.end_sessions(WHO)
    back(page)
    page.goto("/")
    assert eventually(lambda: line.forms("/messages") > 0, SOON), "it was sent in nobody's name"


def test_somebody_else_signs_in_and_it_is_kept_for_its_owner(phone, line, town, matters):
    page = phone()
    kept_by(page, matters, "rahasia Dewi")
    page.context.add_cookies([town.cookie(line.url, BUDI)])
    back(page)
    expect(waiting_rows(page)).to_have_count(0)
    expect(page.locator("[data-others]")).to_be_visible()
    assert "Pesan" not in page.locator("main").inner_text()
    page.goto("/dokter/")
    assert not eventually(lambda: line.forms("/messages"), NO_MATTER)
    page.context.add_cookies([town.cookie(line.url, WHO)])
    page.goto("/")
    assert eventually(matters.words, SOON)


def test_control_a_worker_that_sends_everybodys_sends_it_in_anothers_name(phone, line, town, matters, tmp_path):
    page = phone(EVERYBODYS, folder=tmp_path)
    kept_by(page, matters)
    page.context.add_cookies([town.cookie(line.url, BUDI)])
    back(page)
    page.goto("/")
    assert eventually(lambda: line.forms("/messages") > 0, SOON)


# --- signing out with something unsent


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Keluar").click()


@pytest.fixture
def leaving(phone, matters, tmp_path) -> Page:
    """She has signed out while something waits; the phone asks."""
    page = phone(*PATIENT, folder=tmp_path)
    kept_by(page, matters)
    back(page)
    sign_out(page)
    expect(page.get_by_role("heading", name="Anda mau keluar")).to_be_visible()
    expect(page.get_by_text("masih bisa dibaca di HP ini")).to_be_visible()
    return page


def is_signed_out(page: Page) -> None:
    expect(page.locator("h1")).to_contain_text("antre")
    page.goto("/account")
    expect(page.get_by_role("textbox", name="Kata sandi")).to_be_visible()


def test_who_signs_out_may_send_first(leaving, matters):
    leaving.get_by_role("button", name="Kirim dulu, lalu keluar").click()
    is_signed_out(leaving)
    assert matters.words() == [HERE]


def test_who_signs_out_may_delete(leaving, matters):
    leaving.get_by_role("button", name="Hapus, lalu keluar").click()
    is_signed_out(leaving)
    leaving.goto("/outbox")
    expect(leaving.locator("[data-nothing]")).to_be_visible()
    expect(leaving.locator("[data-others]")).to_be_hidden()
    assert matters.words() == []


def test_who_signs_out_may_keep_it_until_the_next_time(leaving, line, town, matters):
    leaving.get_by_role("button", name="Simpan untuk saya, lalu keluar").click()
    is_signed_out(leaving)
    leaving.goto("/outbox")
    expect(leaving.locator("[data-others]")).to_be_visible()
    leaving.context.add_cookies([town.cookie(line.url, WHO)])
    expect(waiting_rows(leaving)).to_have_count(1)
    leaving.get_by_role("button", name="Kirim sekarang").click()
    expect(leaving.get_by_text("Semuanya sudah terkirim")).to_be_visible()
    assert matters.words() == [HERE]


def test_what_cannot_be_sent_before_signing_out_is_not_lost(leaving, matters):
    away(leaving)
    leaving.get_by_role("button", name="Kirim dulu, lalu keluar").click()
    expect(leaving.get_by_text("semuanya masih menunggu di sini")).to_be_visible()
    expect(leaving.locator("[data-rows] article")).to_have_count(1)


def test_control_a_worker_that_does_not_ask_signs_out_at_once(phone, matters, tmp_path):
    page = phone(*PATIENT, ("sign_out.js", "if (asked) return asked;", ""), folder=tmp_path)
    kept_by(page, matters)
    back(page)
    sign_out(page)
    is_signed_out(page)


# --- the city says no


def refused_meanwhile(page: Page, town: Town, matters: Matters) -> None:
    """She writes; before it arrives the application is taken back on another phone."""
    kept_by(page, matters)
    town.aside(lambda: filing.withdraw(matters.case.replace("-", ""), by=town.person(WHO)))
    back(page)
    expect(waiting_rows(page)).to_have_count(1)


def test_what_the_city_refuses_is_shown_with_its_reason_and_can_be_deleted(phone, town, matters):
    page = phone()
    refused_meanwhile(page, town, matters)
    row = page.locator("[data-rows] article")
    expect(row).to_contain_text("Tidak diterima")
    expect(row.locator("[data-reason]")).to_contain_text("permohonan ini")
    row.get_by_role("button", name="Hapus").click()
    expect(page.locator("[data-nothing]")).to_be_visible()


def test_control_a_worker_that_drops_what_is_refused_shows_nothing(phone, town, matters, tmp_path):
    broken = (
        "outbox.js",
        'await mark(reader, form, { state: "rejected", answer });',
        "await done(reader, form);",
    )
    page = phone(broken, folder=tmp_path)
    kept_by(page, matters)
    town.aside(lambda: filing.withdraw(matters.case.replace("-", ""), by=town.person(WHO)))
    back(page)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=SOON * 1000)
    expect(waiting_rows(page)).to_have_count(0)


def test_a_row_in_which_nothing_has_changed_is_not_drawn_anew_under_a_finger(phone, matters, tmp_path):
    page = phone(*PATIENT, folder=tmp_path)
    kept_by(page, matters)
    row = waiting_rows(page)
    row.evaluate("row => { row.dataset.same = 'yes'; }")
    page.evaluate(
        "() => navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: { outbox: { sent: 0 } } }))"
    )
    page.wait_for_timeout(500)
    assert row.get_attribute("data-same") == "yes"


# --- changed while it waits


def has_gone(page: Page) -> None:
    """The city has answered, and the page is drawn anew."""
    expect(page.get_by_role("textbox")).to_have_value("")
    expect(page.locator("main")).to_contain_text("baru")
    page.wait_for_load_state("load")


def changed_while_the_network_comes_back(page: Page, matters: Matters) -> list[str]:
    """She opens what waits to change it; the network is back before she has typed the new words."""
    kept_by(page, matters, "lama")
    waiting_rows(page).get_by_role("link", name="Ubah").click()
    words = page.get_by_role("textbox")
    expect(words).to_have_value("lama")
    back(page)
    assert not eventually(matters.words, NO_MATTER)
    write(page, "baru")
    has_gone(page)
    expect(waiting_rows(page)).to_have_count(0)
    return matters.words()


def test_what_is_being_changed_is_not_sent_as_it_was(phone, matters):
    assert changed_while_the_network_comes_back(phone(), matters) == ["baru"]


def test_control_a_worker_that_does_not_look_sends_it_meanwhile(phone, matters, tmp_path):
    page = phone(("outbox.js", "name === changing(key)", "false"), folder=tmp_path)
    with pytest.raises(AssertionError):
        changed_while_the_network_comes_back(page, matters)
    assert matters.words()[0] == "lama"


def test_what_had_arrived_unseen_and_is_changed_is_another_message(phone, line, matters, tmp_path):
    """Its answers were lost: the phone does not know. What she has changed it to is not refused for that."""
    page = phone(*PATIENT, folder=tmp_path)
    page.goto(matters.page)
    line.lose = 99
    write(page, "lama")
    kept_is_said(page)
    line.lose = 0
    assert matters.words() == ["lama"]
    waiting_rows(page).get_by_role("link", name="Ubah").click()
    expect(page.get_by_role("textbox")).to_have_value("lama")
    write(page, "baru")
    assert eventually(lambda: matters.words() == ["lama", "baru"], SOON)
    has_gone(page)
    expect(waiting_rows(page)).to_have_count(0)


# --- documents and drafts


def test_a_document_is_kept_and_sent(phone, town, draft, tmp_path):
    page = phone()
    page.goto(f"/perizinan/applications/{draft}/papers")
    before = papers_of(town, draft)
    away(page)
    page.locator("details.more summary").first.click()
    page.locator("input[type=file]").first.set_input_files(a_photo_file(tmp_path))
    kept_is_said(page)
    back(page)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=SOON * 1000)
    assert papers_of(town, draft) == before + 1


STREET, ELSEWHERE = "Jalan Dewi 1", "Jalan Lain 2"


def a_part_is_saved_without_a_network(page: Page, draft: str, typed: str = STREET) -> None:
    page.goto(f"/perizinan/applications/{draft}/parts/applicant")
    page.locator("[name=address]").fill(typed)
    away(page)
    page.get_by_role("button", name="Simpan").click()
    kept_is_said(page)


@pytest.fixture
def draft(town: Town) -> str:
    return str(town.aside(lambda: make.a_draft(town.person(WHO), "AK1").spoken_code))


def street(town: Town, draft: str) -> str:
    """What the city has."""
    with town.inside():
        return str(filing.queries.case_of(draft.replace("-", "")).answers["address"])


def save_elsewhere(town: Town, draft: str) -> None:
    """She goes on at home, on another telephone, while this one has no network."""
    new = {"address": ELSEWHERE}
    town.aside(lambda: filing.save_part(draft.replace("-", ""), "applicant", new, by=town.person(WHO)))


def test_a_part_of_a_draft_is_kept_and_sent(phone, town, draft):
    page = phone()
    a_part_is_saved_without_a_network(page, draft)
    assert street(town, draft) != STREET
    back(page)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=SOON * 1000)
    assert street(town, draft) == STREET


def test_a_part_in_which_something_is_wrong_is_saved_and_not_called_refused(phone, town, draft):
    page = phone()
    a_part_is_saved_without_a_network(page, draft, "D" * 400)
    back(page)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=SOON * 1000)
    assert street(town, draft) == "D" * 400
    expect(waiting_rows(page)).to_have_count(0)


def test_what_was_saved_elsewhere_meanwhile_is_not_overwritten_unasked(phone, town, draft):
    page = phone()
    a_part_is_saved_without_a_network(page, draft)
    save_elsewhere(town, draft)
    back(page)
    expect(waiting_rows(page).locator("[data-reason]")).to_contain_text("sudah diubah di halaman atau HP lain")
    assert street(town, draft) == ELSEWHERE
    page.get_by_role("link", name="Ubah").click()
    expect(page.locator("[name=address]")).to_have_value(STREET)
    page.get_by_role("button", name="Simpan").click()
    expect(page).to_have_url(re.compile(rf"/perizinan/applications/{draft}$"))
    assert street(town, draft) == STREET
    expect(waiting_rows(page)).to_have_count(0)


def test_control_a_form_that_does_not_say_what_stood_there_overwrites(phone, town, draft):
    page = phone()
    page.context.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.querySelector('[name=standing]')?.remove());"
    )
    a_part_is_saved_without_a_network(page, draft)
    save_elsewhere(town, draft)
    back(page)
    expect(page.locator("[data-unsent]")).to_be_hidden(timeout=SOON * 1000)
    assert street(town, draft) == STREET


def test_a_file_that_is_too_large_to_be_kept_is_not_said_to_be(phone, draft, tmp_path):
    page = phone()
    page.goto(f"/perizinan/applications/{draft}/papers")
    away(page)
    page.locator("details.more summary").first.click()
    heavy = tmp_path / "surat.pdf"
    heavy.write_bytes(b"%PDF-1.7\n" + b"0" * (6 * 1024 * 1024))
    page.locator("input[type=file]").first.set_input_files(heavy)
    expect(page.locator("[data-upload-error]").first).to_contain_text("hanya bisa menyimpan berkas sampai 5 MB")
    expect(waiting_rows(page)).to_have_count(0)


def papers_of(town: Town, draft: str) -> int:
    with town.inside():
        case = filing.queries.case_of(draft.replace("-", ""))
        return len(list(db.session.scalars(select(Paper).where(Paper.application_id == case.id))))


def a_photo_file(folder: Path) -> Path:
    path = folder / "ktp.jpg"
    path.write_bytes(photo_as("JPEG"))
    return path
