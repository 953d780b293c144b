"""Two thousand browsers in one thread: each keeps one stream, and comes back after a break when it was told to."""

import re
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

RETRY = re.compile(rb"retry: (\d+)\n")
AGAIN = 3.0  # seconds; what a browser takes when nobody told it
AT_ONCE = 100  # connections that are being opened


@dataclass(eq=False)
class Browser:
    retry: float = AGAIN
    due: float = 0.0  # when it opens its stream
    line: socket.socket | None = None
    said: bytes = b""
    opened: list[float] = field(default_factory=list)


class Browsers:
    """All of them watch one channel, as an EventSource does it."""

    def __init__(self, port: int, channel: str, many: int) -> None:
        self.port = port
        self.request = f"GET /live?watch={channel} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        self.all = [Browser() for _browser in range(many)]
        self.away = list(self.all)
        self.ears = selectors.EpollSelector()

    def until(self, holds: Callable[[Browser], bool], patience: float) -> bool:
        """Let them live until this is true of every one."""
        deadline = time.monotonic() + patience
        while not all(map(holds, self.all)):
            if time.monotonic() > deadline:
                return False
            self._open_those_due()
            for key, _event in self.ears.select(0.05):
                self._listen(key.data)
        return True

    def _open_those_due(self) -> None:
        now = time.monotonic()
        due = [browser for browser in self.away if browser.due <= now][:AT_ONCE]
        for browser in due:
            self.away.remove(browser)
            self._open(browser)

    def _open(self, browser: Browser) -> None:
        try:
            browser.line = socket.create_connection(("127.0.0.1", self.port), timeout=20)
            browser.line.sendall(self.request)
        except OSError:
            self._leave(browser)
            return
        browser.said = b""
        browser.opened.append(time.monotonic())
        self.ears.register(browser.line, selectors.EVENT_READ, browser)

    def _listen(self, browser: Browser) -> None:
        try:
            heard = browser.line.recv(1 << 16)
        except OSError:
            heard = b""
        browser.said += heard
        if found := RETRY.search(browser.said):
            browser.retry = int(found[1]) / 1000
        if not heard:
            self.ears.unregister(browser.line)
            self._leave(browser)

    def _leave(self, browser: Browser) -> None:
        if browser.line:
            browser.line.close()
        browser.line, browser.due, browser.said = None, time.monotonic() + browser.retry, b""
        self.away.append(browser)

    def close(self) -> None:
        for browser in self.all:
            if browser.line:
                browser.line.close()
        self.ears.close()
