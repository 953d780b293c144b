"""Above the cap of streams a page is told so, asks for itself instead, and still moves."""

import re

from playwright.sync_api import expect

from tests.journeys.browsers import PHONE, SCREEN, alone, is_marked, mark
from tests.journeys.town import OPERATOR
from tests.servers import serving

ASKS_EVERY = 30_000
LIVE = re.compile(r"/live\?watch=")


def test_a_refused_page_refreshes_itself(visit, town, log, guard):
    guard.forgive_answers(503)
    guard.forgive_cut_streams()
    clinic = "PKM-TANAH-TINGGI"
    shift, nik = town.shift("A", clinic), town.citizen("Lina Percobaan", 401)
    town.wait_in_line(shift, 1)
    code = town.take(shift, nik)
    with serving(town.environ(MAX_STREAMS="1"), log, workers=1) as small:
        browsers = ((PHONE, nik), (PHONE, nik), (SCREEN, OPERATOR))
        first, second, screen = (alone(visit(device, by, small)) for device, by in browsers)
        with first.expect_response(LIVE) as accepted:
            first.goto(f"/dokter/tickets/{code}")
        assert accepted.value.status == 200
        for page, path in ((second, f"/dokter/tickets/{code}"), (screen, "/command-center/")):
            page.clock.install()
            with page.expect_response(LIVE) as refused:
                page.goto(path)
            assert refused.value.status == 503
            assert int(refused.value.headers["retry-after"]) > 0
            mark(page)
        expect(second.locator("[data-ahead]")).to_have_text("1")
        waiting = screen.locator("#dokter-queue .figure-value").first.inner_text()
        town.call_next(shift)
        expect(first.locator("[data-ahead]")).to_have_text("0")
        expect(second.get_by_text("Sambungan terputus")).to_be_visible()
        for page in (second, screen):
            page.clock.fast_forward(ASKS_EVERY)
        expect(second.locator("[data-ahead]")).to_have_text("0")
        expect(second.get_by_text("Sambungan terputus")).to_be_visible()
        expect(screen.locator("#dokter-queue .figure-value").first).not_to_have_text(waiting)
        expect(screen.locator("[data-tile].tile-stale")).to_have_count(0)
        assert is_marked(second) and is_marked(screen), "without a reload"
