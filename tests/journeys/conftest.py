"""One town and one server for all journeys, one browser or two; each story opens its own telephones and tablets."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsers import PHONE, WORKER, Guard, browsers, light_browser, whole_browser
from tests.journeys.town import DEWI, Town
from tests.servers import Server, serving

Visit = Callable[..., Page]
PATIENCE = 15_000  # several browsers share few processors
LAST = 4000  # characters
expect.set_options(timeout=PATIENCE)
LONGEST = [  # begun first, in this order: what begins last should be short
    f"test_{name}.py" for name in (
        "outbox", "every_page", "push", "one_stream", "wall_at_night", "wall_stays_honest", "permits", "updates",
        "behind_nginx", "no_network", "nothing_left", "too_many_streams",
    )
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A story that fails shows what the servers and workers wrote last."""
    report = yield
    log = getattr(item, "funcargs", {}).get("log")
    if report.failed and log and log.exists():
        report.sections.append(("what the servers wrote last", log.read_text(errors="replace")[-LAST:]))
    return report


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("town"))
    yield town
    town.end()


@pytest.fixture(scope="session")
def log(town: Town) -> Path:
    """What all servers of the town write to standard error."""
    return town.settings.instance / "server.log"


@pytest.fixture(scope="session")
def server(town: Town, log: Path) -> Iterator[Server]:
    with serving(town.environ(), log) as running:
        yield running


@pytest.fixture(scope="session")
def second_server(town: Town, log: Path) -> Iterator[Server]:
    with serving(town.environ(), log) as running:
        yield running


@pytest.fixture
def mortal(second_server: Server, guard: Guard) -> Server:
    """A server that may go away in a story; for the next one it is there again, at the same address."""
    guard.forgive_silence()
    guard.forgive_cut_streams()
    if second_server.process is None:
        second_server.start()
    return second_server


@pytest.fixture(scope="session")
def browser_of() -> Iterator[Callable[[str], Browser]]:
    with browsers() as browser_of:
        yield browser_of


@pytest.fixture
def browser_program(browser_of: Callable[[str], Browser], request: pytest.FixtureRequest) -> Browser:
    whole = request.node.get_closest_marker("whole_browser")
    return browser_of(whole_browser() if whole else light_browser())


@pytest.fixture
def guard(log: Path) -> Guard:
    return Guard(log)


@pytest.fixture
def visit(browser_program: Browser, town: Town, server: Server, guard: Guard) -> Iterator[Visit]:
    """Open a fresh browser: `visit(TABLET, by=NURSE, theme="dark")`. Afterwards the guard tells what it saw."""
    contexts = []

    def begin(device: dict[str, Any] = PHONE, by: str | None = None, at: Server = server, **more: Any) -> Page:
        preferences = {name: more.pop(name) for name in ("language", "theme", "text_size") if name in more}
        options = {"base_url": at.url, "reduced_motion": "reduce", "locale": "id-ID", **device, **more}
        context = browser_program.new_context(**options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        guard.watch(context)
        if by or preferences:
            context.add_cookies([town.cookie(at.url, by, **preferences)])
        return context.new_page()

    yield begin
    try:
        guard.check()
    finally:
        for context in contexts:
            context.close()


@pytest.fixture
def phone(visit: Visit, server: Server) -> Page:
    """Dewi's, with the app's worker awake."""
    page = visit(by=DEWI, at=server)
    page.goto("/")
    assert page.evaluate(WORKER) == "ready"
    return page
