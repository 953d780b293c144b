"""The wall never shows old numbers as if they were new, and needs nobody to reload it."""

import os
import signal
from datetime import time, timedelta
from time import monotonic

from playwright.sync_api import Page, expect

from tests.journeys.browsers import SCREEN, becomes, is_marked, mark
from tests.journeys.town import OPERATOR, TUESDAY
from tests.servers import Server, serving
from webapp import clock

LISTEN = """() => {
  window.heard = [];
  document.body.addEventListener("htmx:sseMessage", (event) => heard.push(event.detail.type));
}"""
STALE = "[data-tile].tile-stale"


def test_silence_is_seen_a_quiet_night_is_not_and_a_restart_needs_no_reload(visit, town, log, guard):
    guard.forgive_silence()
    guard.forgive_cut_streams()
    shift = town.shift("A", "PKM-BINJAI-KOTA")
    town.wait_in_line(shift, 2)
    with serving(town.environ(), log) as fragile:
        screen, quiet = open_wall(visit, fragile), open_wall(visit)
        tiles = screen.locator("[data-tile]").count()
        waiting = screen.locator("#dokter-queue .figure-value").first.inner_text()
        os.killpg(fragile.process.pid, signal.SIGSTOP)  # the line stays open, nothing is said any more
        silent = monotonic()
        expect(screen.locator(STALE)).to_have_count(tiles, timeout=25_000)
        assert monotonic() - silent > 4, "not by the first breath of silence"
        expect(screen.locator("[data-overall]")).to_have_text("terputus")
        expect(screen.locator("#dokter-queue [data-age]")).to_contain_text("data ")
        expect(quiet.locator(STALE)).to_have_count(0)

        start_anew(fragile)
        town.call_next(shift)
        expect(screen.locator(STALE)).to_have_count(0, timeout=20_000)
        expect(screen.locator("#dokter-queue .figure-value").first).not_to_have_text(waiting)
        assert is_marked(screen), "the page was never reloaded"

        quiet.wait_for_timeout(max(0, 22 - (monotonic() - silent)) * 1000)
        expect(quiet.locator(STALE)).to_have_count(0)
        assert quiet.evaluate("() => window.heard").count("beat") >= 1
        assert is_marked(quiet)


def test_at_midnight_the_wall_goes_on_to_the_next_day_by_itself(visit, town, log, tmp_path):
    clock.store_offset(tmp_path, clock.at(TUESDAY, time(23, 59, 40)))  # the same city, late at night
    with serving(town.environ(INSTANCE=str(tmp_path)), log) as late:
        screen = open_wall(visit, late)
        date = screen.locator(".wall-time span")
        expect(date).to_have_text("Sel, 24 Nov")
        expect(date).to_have_text("Rab, 25 Nov", timeout=30_000)
        expect(screen.locator("#dokter-queue .figure-value").nth(1)).to_have_text("0")
        expect(screen.locator("time[data-clock]")).to_contain_text("00.00.")


def test_at_midnight_a_wall_whose_server_is_away_stays_where_it_is(visit, town, log, guard, tmp_path):
    guard.forgive_silence()
    guard.forgive_cut_streams()
    clock.store_offset(tmp_path, clock.at(TUESDAY, time(23, 58)))
    with serving(town.environ(INSTANCE=str(tmp_path)), log) as late:
        screen = visit(SCREEN, by=OPERATOR, at=late)
        screen.clock.install()
        screen.goto("/command-center/")
        expect(screen.locator("[data-overall]")).not_to_be_empty()
        mark(screen)
        late.stop()
        screen.clock.fast_forward("02:30")
        expect(screen.locator("time[data-clock]")).to_contain_text("00.00.")
        screen.wait_for_timeout(3000)  # it looks at the date every second
        assert is_marked(screen)
        clock.store_offset(tmp_path, clock.at(TUESDAY + timedelta(days=1), time(0, 1)))  # its clock has gone on, too
        late.start()
        assert becomes(screen, lambda page: not is_marked(page))


def open_wall(visit, server: Server | None = None) -> Page:
    page = visit(SCREEN, by=OPERATOR, **({"at": server} if server else {}))
    page.goto("/command-center/")
    page.evaluate(LISTEN)
    mark(page)
    expect(page.locator("[data-overall]")).not_to_be_empty()
    expect(page.locator(STALE)).to_have_count(0)
    return page


def start_anew(server: Server) -> None:
    """Nobody says goodbye: the power was cut. Then the same address answers again."""
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    server.start()
