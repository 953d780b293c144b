"""Browsers as people hold them, and the guard that no journey may alarm."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, sync_playwright

from tests.servers import PATIENCE, eventually

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 800}, "has_touch": True}
TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
SCREEN: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
WORKER = """() => Promise.race([
  (async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
    return "ready";
  })(),
  new Promise((late) => setTimeout(() => late("no worker after 10 s"), 10000)),
])"""
LEFT_THE_PAGE = "net::ERR_ABORTED"
REPLACED = re.compile(r"console: htmx:(afterRequest|sendAbort), ")  # a newer request took the place of an older one
LOG_TROUBLE = re.compile(r"content policy report|incident|Traceback|stumbled|could not read")


def whole_browser() -> str:
    """Debian's Chromium, or the browser named in CHROMIUM."""
    return _program("chromium")


def light_browser() -> str:
    """The same without windows of its own, and so without what they bring: installing, push, sync with no tab open.

    Pages cannot tell, and a third of the work is gone. The browser named in CHROMIUM serves for both.
    """
    return _program("chromium-headless-shell")


def _program(package: str) -> str:
    program = os.environ.get("CHROMIUM") or shutil.which(package)
    assert program, f"No {package} here. Install Debian's package of this name, or name a browser in CHROMIUM."
    return program


@contextmanager
def browsers() -> Iterator[Callable[[str], Browser]]:
    """Browsers by their program; each is started when it is first asked for."""
    with sync_playwright() as playwright:
        running: dict[str, Browser] = {}

        def browser(program: str) -> Browser:
            if program not in running:
                running[program] = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            return running[program]

        try:
            yield browser
        finally:
            for each in running.values():
                each.close()


@contextmanager
def phone_with(profile: Path, url: str, *cookies: Any) -> Iterator[BrowserContext]:
    """A telephone that keeps its memory in this folder, and pages that were left for Back, as people's phones do. To be
    used in a thread of its own: see Town.aside.
    """
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=whole_browser(), args=ARGUMENTS, base_url=url, locale="id-ID",
            ignore_default_args=["--disable-back-forward-cache"], **PHONE,
        )  # fmt: skip
        context.add_cookies([*cookies])
        yield context
        context.close()


WITHOUT_WORKER = "delete window.SharedWorker"
ALONE = f"{WITHOUT_WORKER}; delete window.BroadcastChannel"  # every tab has a stream of its own, as before


def alone(page: Page) -> Page:
    """A tab that holds its own stream: what a SharedWorker asks for, a test neither sees nor stops."""
    page.add_init_script(ALONE)
    return page


class Guard:
    """Sees what people do not: errors in the console, requests that fail or go elsewhere, refusals by the policy."""

    def __init__(self, log: Path) -> None:
        self.troubles: list[str] = []
        self._forgiven: list[str] = []
        self._log, self._read = log, log.stat().st_size if log.exists() else 0

    def watch(self, context: BrowserContext) -> None:
        context.on("console", lambda message: message.type == "error" and self._note(f"console: {message.text}"))
        context.on("weberror", lambda error: self._note(f"page error: {error.error}"))
        context.on("request", lambda request: self._see(request.url))
        context.on("requestfailed", lambda request: self._failed(request.url, request.failure))

    def forgive(self, *patterns: str) -> None:
        """Troubles that belong to this story, as regular expressions."""
        self._forgiven.extend(patterns)

    def forgive_answers(self, *statuses: int) -> None:
        """Chromium writes each answer of such a status to the console."""
        for status in statuses:
            self.forgive(f"console: Failed to load resource: the server responded with a status of {status}")

    def forgive_silence(self) -> None:
        """The server is away for a while in this story."""
        self.forgive(
            r"net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|SOCKET_NOT_CONN)",
            r"net::ERR_(FAILED|NETWORK_CHANGED|CONNECTION_CLOSED|NETWORK_IO_SUSPENDED|INTERNET_DISCONNECTED)",
            r"the FetchEvent for .* resulted in a network error",
        )

    def forgive_cut_streams(self) -> None:
        """What htmx's extension writes when a stream is refused or breaks off."""
        self.forgive(r"^console: htmx:sseError", r"^console: \[object Event\]$")

    def alarms(self) -> list[str]:
        """What nobody has forgiven, with what the server wrote meanwhile."""
        written = self._log.read_text(encoding="utf-8", errors="replace")[self._read :] if self._log.exists() else ""
        told = [f"server: {line}" for line in written.splitlines() if LOG_TROUBLE.search(line)]
        return [one for one in self.troubles + told if not any(re.search(known, one) for known in self._forgiven)]

    def check(self) -> None:
        assert not self.alarms(), "\n".join(self.alarms())

    def _note(self, text: str) -> None:
        if not REPLACED.match(text):
            self.troubles.append(text)

    def _see(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self._note(f"third party: {url}")
        if parts.path == "/csp-report":
            self._note(f"content policy report from {url}")

    def _failed(self, url: str, why: str | None) -> None:
        if why != LEFT_THE_PAGE:
            self._note(f"failed: {url} {why}")


def mark(page: Page) -> None:
    """Leave a sign in the page that a reload would wipe away."""
    page.evaluate("() => { window.neverReloaded = true; }")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("() => window.neverReloaded === true"))


def tab_to(page: Page, goal: Locator, most: int = 60) -> None:
    """Press Tab until the goal has the focus, as somebody does who has no mouse."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if goal.evaluate("element => element === document.activeElement"):
            assert goal.evaluate("element => element.matches(':focus-visible')"), "the focus can be seen"
            return
    where = page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"{goal} is not reached by Tab on {page.url}; the focus is now on {where}")


def settled(tablet: Page, act: Callable[[], object]) -> None:
    """Do this at the desk, then wait as a person would: for its answer, and for the news of it by the stream."""
    with tablet.expect_response("**/part/queue"):
        act()
    tablet.wait_for_timeout(150)


def becomes(page: Page, holds: Callable[[Page], bool], patience: float = PATIENCE) -> bool:
    """Whether this comes true; the page may be reloading while it is asked."""

    def asked() -> bool:
        try:
            return holds(page)
        except Error:
            return False

    return eventually(asked, patience)
