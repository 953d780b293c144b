"""`make shots`: a picture of every page as each role, in a lively moment, for people to look at.

Three sizes, light and dark, into shots/: ticket-citizen-360-dark.png.
"""

import sys
import tempfile
import time as real_time
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, Page

from tests.journeys import tour
from tests.journeys.browsers import PHONE, SCREEN, TABLET, browsers, light_browser
from tests.journeys.town import TUESDAY, Town
from tests.servers import Server, serving
from webapp import clock
from webapp.errors import Refusal
from webapp.settings import ROOT

FOLDER = ROOT / "shots"
MOMENT = time(9, 40)
SIZES = (PHONE, TABLET, SCREEN)


def main() -> None:
    began = real_time.perf_counter()
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder), MOMENT, crowd=1200)
        live_the_morning(town)
        stops = tour.stops_of(town, desk=town.shift("A"), empty_desk=town.extra_shift("X"))
        with serving(town.environ(), Path(folder) / "server.log") as server, browsers() as browser:
            photograph_all(browser(light_browser()), town, server, stops)
        town.end()
    count, took = len(list(FOLDER.glob("*.png"))), real_time.perf_counter() - began
    sys.stdout.write(f"{count} pictures in {FOLDER} ({took:.0f} s)\n")


def live_the_morning(town: Town) -> None:
    """Since seven people have taken numbers, and since half past seven nurses have called them."""
    chance = Random(4)  # noqa: S311 - the same morning each time
    for shift in town.shifts_today():
        for happens, act in sorted(morning_of_a_shift(chance)):
            play(town, shift, act, happens)


def morning_of_a_shift(chance: Random) -> Iterator[tuple[datetime, str]]:
    """What happens in one room, minute by minute: somebody takes a number, the nurse calls, begins, finds nobody."""
    seven, now = clock.at(TUESDAY, time(7)), clock.at(TUESDAY, MOMENT)
    for _visitor in range(int(chance.uniform(5, 18))):
        yield seven + timedelta(minutes=chance.triangular(0, 155, 40)), "take"
    moment = seven + timedelta(minutes=45 + chance.uniform(0, 12))
    while moment < now - timedelta(minutes=2):
        yield moment, "call"
        yield moment + timedelta(minutes=1), "skip" if chance.random() < 0.08 else "serve"
        moment += timedelta(minutes=chance.lognormvariate(2.6, 0.4))


def play(town: Town, shift: int, act: str, happens: datetime) -> None:
    try:
        if act == "take":
            town.take(shift, None, "non_jkn" if shift % 5 == 0 else "jkn", at=happens)
        elif act == "call":
            town.call_next(shift, at=happens)
        else:
            town.step(shift, act, at=happens)
    except (AssertionError, Refusal):
        pass  # nobody is there to be called, or all places are gone


def photograph_all(browser: Browser, town: Town, server: Server, stops: list[tour.Stop]) -> None:
    """One browser for each role; each page is opened once and then seen in every size and light."""
    for role, who in tour.ROLES.items():
        context = browser.new_context(
            base_url=server.url, reduced_motion="reduce", locale="id-ID", service_workers="block", has_touch=True
        )
        context.set_default_timeout(10_000)
        context.add_cookies([town.cookie(server.url, who)])
        page = context.new_page()
        tour.show_errors(page, town)
        for stop in stops:
            if stop.role == role:
                page.set_viewport_size(stop.home["viewport"])
                stop.open(page)
                photograph(page, stop)
        context.close()


def photograph(page: Page, stop: tour.Stop) -> None:
    for size in SIZES:
        viewport = size["viewport"]
        page.set_viewport_size(viewport)
        if stop.device == "citizen":  # a screen as long as the page: what is fixed to its foot then covers nothing
            height = page.evaluate("() => document.documentElement.scrollHeight")
            page.set_viewport_size({**viewport, "height": max(height, viewport["height"])})
        for light in ("dark",) if stop.device == "wall" else ("light", "dark"):  # the wall is dark by day, too
            page.emulate_media(color_scheme=light)
            page.screenshot(path=FOLDER / f"{stop.name}-{stop.role}-{viewport['width']}-{light}.png")


if __name__ == "__main__":
    main()
