"""One town and one server for all journeys, one browser; each story opens its own telephones and tablets."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsers import PHONE, Guard, chromium
from tests.journeys.town import Town
from tests.servers import Server, serving

Visit = Callable[..., Page]
PATIENCE = 10_000
expect.set_options(timeout=PATIENCE)
LONGEST = ("test_every_page.py", "test_permits.py")  # begun first: what begins last should be short


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)


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
def browser_program() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


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
