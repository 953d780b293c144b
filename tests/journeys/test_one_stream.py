"""One stream per browser, however many tabs: HTTP/1.1 has room for six connections, and a stream keeps one."""

from string import ascii_uppercase

import pytest
from playwright.sync_api import Error, Page, expect

from tests.journeys.between import Between, between
from tests.journeys.browsers import ALONE, PHONE, SCREEN, TABLET, WITHOUT_WORKER, is_marked, mark
from tests.journeys.town import BUDI, OPERATOR, Town
from tests.servers import Server, eventually, serving

TABS = 8
CUT = "[data-cut]"
CLINIC = "PKM-RAMBUNG"
QUICK = """const own = window.setInterval;
window.setInterval = (act, every, ...more) => own(act, every === 15000 ? 500 : every, ...more);"""  # asks more often
LETTERS = (f"S{letter}" for letter in ascii_uppercase)  # every story has a queue of its own


@pytest.fixture
def server(mortal: Server) -> Server:
    return mortal


@pytest.fixture
def wire(server: Server):
    with between(server) as wire:
        yield wire


@pytest.fixture
def story(town: Town):
    """A queue of its own with a ticket that has two before it: the shift, who holds it, and the ticket's page."""
    shift, nik = town.extra_shift(next(LETTERS), CLINIC), BUDI
    town.wait_in_line(shift, 2)
    code = town.take(shift, nik)
    yield shift, nik, f"/dokter/tickets/{code}"
    town.cancel(code, nik)


@pytest.fixture(params=[None, WITHOUT_WORKER], ids=["SharedWorker", "leading tab"])
def tabs(visit, wire: Between, story, request) -> list[Page]:
    """Eight tabs of one browser, each on the ticket."""
    _shift, nik, path = story
    first = visit(PHONE, by=nik, at=wire)
    if request.param:
        first.context.add_init_script(request.param)
    pages = [first, *(first.context.new_page() for _tab in range(TABS - 1))]
    for page in pages:
        page.goto(path)
        mark(page)
    return pages


def all_show(pages: list[Page], ahead: int) -> None:
    """Sooner than a page that is cut off asks by itself, which is every 30 s."""
    for page in pages:
        expect(page.locator("[data-ahead]")).to_have_text(str(ahead), timeout=25_000)
        assert is_marked(page), "it moved by itself"


def test_eight_tabs_hold_one_connection_and_each_moves(tabs, wire, story, town):
    assert eventually(lambda: wire.streams == 1)
    all_show(tabs, 2)
    town.call_next(story[0])
    all_show(tabs, 1)
    assert (wire.streams, wire.most) == (1, 1)


def test_without_sharing_the_browser_has_no_connection_left(visit, wire, story):
    """The control: every tab for itself, and the seventh page hangs."""
    _shift, nik, path = story
    first = visit(PHONE, by=nik, at=wire)
    first.context.add_init_script(ALONE)
    for page in [first, *(first.context.new_page() for _tab in range(5))]:
        page.goto(path)
        expect(page.locator("[data-ahead]")).to_have_text("2")
    assert eventually(lambda: wire.streams == 6)
    with pytest.raises(Error, match="Timeout"):
        first.context.new_page().goto(path, timeout=3000)


def test_after_a_restart_all_tabs_move_again(tabs, wire, story, server, town):
    assert eventually(lambda: wire.streams == 1)
    server.stop()
    for page in tabs:
        expect(page.locator(CUT)).to_be_visible()
    town.call_next(story[0])
    server.start()
    all_show(tabs, 1)
    for page in tabs:
        expect(page.locator(CUT)).to_be_hidden()
    town.call_next(story[0])
    all_show(tabs, 0)
    assert eventually(lambda: wire.streams == 1)


def test_when_tabs_are_closed_the_others_go_on_and_the_last_one_ends_it(tabs, wire, story, town):
    """The first is the one that led, where a tab leads."""
    assert eventually(lambda: wire.streams == 1)
    home = tabs[0].context.new_page()
    home.goto("/")
    for page in tabs[:3]:
        page.close()
    town.call_next(story[0])
    all_show(tabs[3:], 1)
    assert eventually(lambda: wire.streams == 1)
    for page in tabs[3:]:
        page.close()
    assert eventually(lambda: wire.streams == 0)


def two_quick_tabs(visit, wire: Between, story, *scripts: str) -> list[Page]:
    """Two tabs on the ticket that notice in 2 s what otherwise takes them 45 s."""
    _shift, nik, path = story
    first = visit(PHONE, by=nik, at=wire)
    for script in (QUICK, *scripts):
        first.context.add_init_script(script)
    pages = [first, first.context.new_page()]
    for page in pages:
        page.goto(path)
        mark(page)
    all_show(pages, 2)
    assert eventually(lambda: wire.streams == 1)
    return pages


def test_a_shared_worker_that_dies_is_replaced(visit, wire, story, town):
    pages = two_quick_tabs(visit, wire, story)
    inspector = pages[0].context.browser.new_browser_cdp_session()
    targets = inspector.send("Target.getTargets")["targetInfos"]
    for worker in [target for target in targets if target["type"] == "shared_worker"]:
        inspector.send("Target.closeTarget", {"targetId": worker["targetId"]})
    assert eventually(lambda: wire.streams == 0)
    assert eventually(lambda: wire.streams == 1, 10)
    town.call_next(story[0])
    all_show(pages, 1)
    assert wire.most == 1, "one for both, as before"


def test_a_leading_tab_that_is_frozen_is_replaced_and_ends_its_stream_when_it_is_thawed(visit, wire, story, town):
    """A thread that is busy stands for a tab that the phone has frozen: both still hold the lock."""
    leader, follower = two_quick_tabs(visit, wire, story, WITHOUT_WORKER)
    leader.evaluate("() => setTimeout(() => { const end = Date.now() + 15000; while (Date.now() < end); }, 100)")
    assert eventually(lambda: wire.streams == 2, 10), "the other tab has a stream now"
    town.call_next(story[0])
    all_show([follower], 1)
    all_show([leader], 1)
    assert eventually(lambda: wire.streams == 1)
    town.call_next(story[0])
    all_show([leader, follower], 0)


def test_what_tabs_watch_is_united(visit, wire, town):
    """Two queues of one clinic on one tablet: each tab shows its own."""
    shifts = [town.extra_shift(next(LETTERS), CLINIC) for _tab in range(2)]
    first = visit(TABLET, by=town.nurse_of(shifts[0]), at=wire)
    tablets = [first, first.context.new_page()]
    for page, shift in zip(tablets, shifts, strict=True):
        town.wait_in_line(shift, 2)
        page.goto(f"/dokter/shifts/{shift}/tablet")
    assert eventually(lambda: wire.streams == 1)
    for page, shift in zip(tablets, shifts, strict=True):
        expect(page.locator(".calling-number")).to_have_text("–")
        town.call_next(shift)
        (label,) = (label for label, state in town.states(shift).items() if state == "called")
        expect(page.locator(".calling-number")).to_have_text(label)
    assert wire.streams == 1 and wire.most <= 2, "the larger one is open before the smaller ends"


def test_another_persons_page_ends_the_stream_of_the_one_before(visit, wire, story, town):
    """The operator's wall stays open in a tab; in another one Budi signs in on the same browser."""
    shift, nik, path = story
    wall = visit(SCREEN, by=OPERATOR, at=wire)
    wall.goto("/command-center/")
    tiles = wall.locator("[data-tile]").count()
    expect(wall.locator("[data-overall]")).not_to_be_empty()
    figure = wall.locator("#dokter-queue .figure-value").first
    before = figure.inner_text()
    wall.context.add_cookies([town.cookie(wire.url, nik)])
    ticket = wall.context.new_page()
    ticket.goto(path)
    town.call_next(shift)
    expect(ticket.locator("[data-ahead]")).to_have_text("1")
    expect(wall.locator("[data-tile].tile-stale")).to_have_count(tiles, timeout=40_000)
    expect(figure).to_have_text(before)
    assert wire.streams == 1


def test_a_city_without_room_is_asked_as_before(visit, town, log, guard, story):
    """Refused streams: both tabs say so, and move when they ask for themselves."""
    guard.forgive_cut_streams()
    guard.forgive_answers(503)
    shift, nik, path = story
    with serving(town.environ(MAX_STREAMS="0"), log) as full:
        first = visit(PHONE, by=nik, at=full)
        pages = [first, first.context.new_page()]
        for page in pages:
            page.clock.install()
            page.goto(path)
            expect(page.locator(CUT)).to_be_visible()
        town.call_next(shift)
        for page in pages:
            page.clock.fast_forward(31_000)
            expect(page.locator("[data-ahead]")).to_have_text("1")
