"""A wall takes a newer build at three at night, never by day, and is not lost where the server is away just then."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsers import SCREEN, WORKER, becomes, is_marked, mark
from tests.journeys.releases import next_release
from tests.journeys.test_updates import TOAST, WAITS, look, style_of
from tests.journeys.test_wall_stays_honest import start_anew
from tests.journeys.town import OPERATOR, PASSWORD, TUESDAY
from tests.servers import Server, serving
from webapp import clock

# Not up to ten minutes later; and what a wall does twice a minute it does every two seconds.
HASTE = """Math.random = () => 0;
const every = window.setInterval;
window.setInterval = (act, time) => every(act, time === 30000 ? 2000 : time);"""
LOOKS = 5000  # milliseconds in which a wall has then looked at the clock, and asked
LONG = 60.0  # seconds: a whole release is fetched meanwhile
WALL = "[data-wall]"


@pytest.fixture
def city_at(town, log, guard, tmp_path) -> Callable[[time], AbstractContextManager[Server]]:
    """The same city at this hour of the night; it may go away."""
    guard.forgive_silence()
    guard.forgive_cut_streams()

    def at(hour: time) -> AbstractContextManager[Server]:
        clock.store_offset(tmp_path, clock.at(TUESDAY, hour))
        return serving(town.environ(INSTANCE=str(tmp_path)), log)

    return at


@pytest.fixture
def newer(tmp_path) -> Path:
    return next_release(tmp_path / "next")


@pytest.fixture
def open_wall(visit) -> Callable[[Server], Page]:
    """A wall with the app's worker at work. Its clocks are real: all that leaps is what it believes of the server's."""

    def begin(server: Server) -> Page:
        screen = visit(SCREEN, by=OPERATOR, at=server)
        screen.add_init_script(HASTE)
        screen.goto("/command-center/")
        assert screen.evaluate(WORKER) == "ready"
        screen.goto("/command-center/")
        expect(screen.locator("[data-overall]")).not_to_be_empty()
        mark(screen)
        return screen

    return begin


def release(server: Server, product: Path) -> None:
    server.product = product
    start_anew(server)


def has_reloaded(page: Page) -> bool:
    return not is_marked(page)


def leap(page: Page, minutes: int) -> None:
    """The wall believes that the server's clock has gone on; the stream is not silent for that."""
    page.evaluate("minutes => { document.documentElement.dataset.clock -= -60000 * minutes; }", minutes)


def test_it_takes_it_by_itself_at_three(city_at, open_wall, newer):
    with city_at(time(2, 30)) as server:
        screen = open_wall(server)
        before = style_of(screen)
        release(server, newer)
        look(screen)
        screen.wait_for_timeout(LOOKS)
        assert is_marked(screen) and screen.evaluate(WAITS), "not before three"
        leap(screen, 30)
        assert becomes(screen, lambda page: has_reloaded(page) and style_of(page) != before, LONG)
        assert not screen.evaluate(WAITS)


def test_what_comes_by_day_waits_also_after_a_night_with_nothing_new(city_at, open_wall, newer):
    with city_at(time(2, 30)) as server:
        screen = open_wall(server)
        leap(screen, 30)
        screen.wait_for_timeout(LOOKS)
        leap(screen, 5 * 60)
        release(server, newer)
        look(screen)
        screen.wait_for_timeout(LOOKS)  # a reload would follow at once
        assert is_marked(screen) and screen.evaluate(WAITS)


def test_where_the_server_is_away_at_three_it_stays_and_takes_it_later(city_at, open_wall, newer):
    with city_at(time(2, 30)) as server:
        screen = open_wall(server)
        before = style_of(screen)
        release(server, newer)
        look(screen)
        assert becomes(screen, lambda page: page.evaluate(WAITS), LONG)
        server.stop()
        leap(screen, 30)
        screen.wait_for_timeout(LOOKS)
        assert is_marked(screen), "it shows what it has"
        server.start()

        def has_taken_it_later(page: Page) -> bool:
            leap(page, 6)
            return has_reloaded(page) and style_of(page) != before

        assert becomes(screen, has_taken_it_later, LONG)
        expect(screen.locator(WALL)).to_be_visible()
        assert not screen.evaluate(WAITS)


def test_a_wall_that_has_come_to_the_offline_page_comes_back_by_itself(city_at, open_wall):
    """The power was cut, and the screen was quicker than the server. A page that nobody left alone keeps still."""
    with city_at(time(9)) as server:
        screen = open_wall(server)
        other = screen.context.new_page()
        server.stop()
        screen.reload()
        other.goto("/account")
        for page in (screen, other):
            expect(page.locator("h1")).to_have_text("Tidak ada sambungan")
            mark(page)
        server.start()
        assert becomes(screen, lambda page: page.locator(WALL).count() == 1, LONG)
        assert is_marked(other)


def test_whoever_signs_a_wall_in_again_has_the_new_build(city_at, open_wall, newer, town):
    """After twelve hours a wall is a form to sign in: an old page like any other, which asks and takes nothing."""
    with city_at(time(19)) as server:
        screen = open_wall(server)
        before = style_of(screen)
        town.end_sessions(OPERATOR)
        screen.reload()
        release(server, newer)
        look(screen)
        expect(screen.locator(TOAST)).to_contain_text("Versi baru sudah siap.")
        screen.get_by_role("textbox", name="NIK").fill(OPERATOR)
        screen.locator("#password").fill(PASSWORD)
        screen.get_by_role("button", name="Masuk", exact=True).click()
        expect(screen.locator(WALL)).to_be_visible()
        assert style_of(screen) != before
