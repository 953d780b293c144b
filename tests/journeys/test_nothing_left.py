"""After signing out, or when another person has the phone, its whole browser profile holds nothing of the first."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from blueprints.perizinan.filing import actions as filing
from tests.factories import permits as make
from tests.journeys.browsers import WORKER, is_marked, mark, phone_with
from tests.journeys.test_no_network import kept, see
from tests.journeys.town import BUDI, SITI, Town

CANARY = "Jalan Kenari Kuning Tujuh"
ALSO = "Siti Contoh"


@pytest.fixture
def own_case(town: Town) -> str:
    """An application of Siti with words on its page that stand nowhere else."""

    def apply() -> str:
        siti = town.person(SITI)
        case = make.a_submitted_case(siti, "AK1")
        filing.write(None, case.code, CANARY, by=siti)
        return case.spoken_code

    return f"/perizinan/applications/{town.aside(apply)}"


def holds(profile: Path, words: str) -> list[str]:
    """The files of the profile in which these words stand, as bytes of either kind that a browser writes."""
    wanted = (words.encode(), words.encode("utf-16-le"))
    files = [path for path in profile.rglob("*") if path.is_file()]
    return [str(path.relative_to(profile)) for path in files if any(each in path.read_bytes() for each in wanted)]


def read_own(page: Page, own_case: str) -> None:
    page.goto("/")
    assert page.evaluate(WORKER) == "ready"
    see(page, own_case, f"{own_case}/receipt", "/perizinan/applications", "/account")
    assert own_case in kept(page)


def test_the_profile_holds_nothing_after_signing_out(town, server, tmp_path, own_case):
    def story() -> None:
        with phone_with(tmp_path, server.url, town.cookie(server.url, SITI)) as context:
            page = context.new_page()
            read_own(page, own_case)
            page.get_by_role("button", name="Keluar").click()
            expect(page.locator("h1")).to_contain_text("antre")

    town.aside(story)
    assert (holds(tmp_path, CANARY), holds(tmp_path, ALSO)) == ([], [])


def test_the_control_without_signing_out_it_does(town, server, tmp_path, own_case):
    def story() -> None:
        with phone_with(tmp_path, server.url, town.cookie(server.url, SITI)) as context:
            read_own(context.new_page(), own_case)

    town.aside(story)
    assert any("CacheStorage" in path for path in holds(tmp_path, CANARY))


def test_the_profile_holds_nothing_of_whoever_had_the_phone_before(town, server, tmp_path, own_case):
    def story() -> None:
        with phone_with(tmp_path, server.url, town.cookie(server.url, SITI)) as context:
            page = context.new_page()
            read_own(page, own_case)
            context.add_cookies([town.cookie(server.url, BUDI)])
            page.goto("/dokter/")
            assert kept(page) == []

    town.aside(story)
    assert (holds(tmp_path, CANARY), holds(tmp_path, ALSO)) == ([], [])


# --- what Back brings


def what_back_brings(page: Page, pages: int) -> str:
    """What stands on the pages before this one, once they are drawn."""
    seen = ""
    for _page in range(pages):
        page.evaluate("history.back()")
        page.wait_for_timeout(1000)
        seen += page.locator("body").inner_text()
    return seen


def signs_out_without_a_network(page: Page, own_case: str) -> None:
    read_own(page, own_case)
    page.goto(own_case)
    expect(page.locator("main")).to_contain_text(CANARY)
    page.goto("/account")
    page.context.set_offline(True)
    page.get_by_role("button", name="Keluar").click()
    expect(page.locator("h1")).to_contain_text("Tidak ada sambungan")


def test_back_brings_nothing_after_signing_out_without_a_network(town, server, tmp_path, own_case):
    def story() -> str:
        with phone_with(tmp_path, server.url, town.cookie(server.url, SITI)) as context:
            page = context.new_page()
            signs_out_without_a_network(page, own_case)
            return what_back_brings(page, 2)

    seen = town.aside(story)
    assert CANARY not in seen and ALSO not in seen


def test_the_control_a_page_that_does_not_look_who_is_here_shows_it(town, server, tmp_path, own_case):
    def story() -> str:
        with phone_with(tmp_path, server.url, town.cookie(server.url, SITI)) as context:
            context.add_init_script("window.addEventListener('pageshow', (event) => event.stopImmediatePropagation());")
            context.add_init_script("window.addEventListener('pagehide', (event) => event.stopImmediatePropagation());")
            page = context.new_page()
            signs_out_without_a_network(page, own_case)
            return what_back_brings(page, 2)

    assert CANARY in town.aside(story)


def test_back_brings_whoever_is_still_here_their_page_as_it_was(town, server, tmp_path, own_case):
    def story() -> None:
        with phone_with(tmp_path, server.url, town.cookie(server.url, SITI)) as context:
            page = context.new_page()
            read_own(page, own_case)
            page.goto(own_case)
            page.get_by_role("textbox").fill("belum selesai")
            mark(page)
            page.goto("/dokter/")
            page.evaluate("history.back()")
            expect(page.get_by_role("textbox")).to_be_visible()
            expect(page.get_by_role("textbox")).to_have_value("belum selesai")
            assert is_marked(page), "it came out of the browser's memory"

    town.aside(story)


# --- with something typed that could not be sent

TYPED = "SarangWaletBiruSembilan"  # one word: a form may travel with + for each space


def type_without_network(page: Page, own_case: str) -> None:
    read_own(page, own_case)
    page.goto(own_case)
    page.context.set_offline(True)
    page.get_by_role("textbox").fill(TYPED)
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.locator("[data-unsent]")).to_be_focused()


def leave(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Keluar").click()


def send_and_leave(page: Page) -> None:
    page.context.set_offline(False)
    expect(page.locator("[data-unsent]")).to_be_hidden()
    leave(page)


def delete_and_leave(page: Page) -> None:
    page.goto("/outbox")
    page.get_by_role("button", name="Hapus").click()
    expect(page.locator("[data-nothing]")).to_be_visible()
    page.context.set_offline(False)
    leave(page)


@pytest.mark.parametrize("ending", [send_and_leave, delete_and_leave])
def test_the_profile_holds_nothing_of_what_waited_and_was_sent_or_deleted(town, server, tmp_path, own_case, ending):
    def story() -> None:
        with phone_with(tmp_path, server.url, town.cookie(server.url, SITI)) as context:
            page = context.new_page()
            type_without_network(page, own_case)
            ending(page)
            expect(page.locator("h1")).to_contain_text("antre")

    town.aside(story)
    assert (holds(tmp_path, TYPED), holds(tmp_path, CANARY), holds(tmp_path, ALSO)) == ([], [], [])


def test_the_control_what_waits_is_there(town, server, tmp_path, own_case):
    def story() -> None:
        with phone_with(tmp_path, server.url, town.cookie(server.url, SITI)) as context:
            type_without_network(context.new_page(), own_case)

    town.aside(story)
    assert any("CacheStorage" in path for path in holds(tmp_path, TYPED))
