"""Somebody who watches a queue: reads the stream as a browser does, and comes back when it breaks off."""

from __future__ import annotations

import http.client
import random
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

LINE_TIMEOUT = 25.0  # a beat comes every 15 s


class Reader(threading.Thread):
    """An EventSource: it honours `retry:`, and gives up at an answer that is no stream."""

    def __init__(self, line: Callable[[], http.client.HTTPConnection], path: str, **headers: str) -> None:
        super().__init__(daemon=True)
        self._line, self._path, self._headers = line, path, headers
        self.called: list[str] = []  # the number on show, each time it was told
        self.refused: int | None = None
        self.breaks, self.opened = 0, 0
        self._retry, self._ended, self._socket = 3.0, threading.Event(), None

    def sees(self, number: str) -> bool:
        return bool(self.called) and self.called[-1] == number

    def run(self) -> None:
        while not self._ended.is_set() and self.refused is None:
            with suppress(OSError, http.client.HTTPException, ValueError):  # ValueError: our own stop closed the file
                self._watch()
            if not self._ended.is_set() and self.refused is None:
                self.breaks += 1
                self._ended.wait(self._retry)

    def _watch(self) -> None:
        with closing(self._line()) as line:
            line.request("GET", self._path, headers={"Accept": "text/event-stream", **self._headers})
            self._socket = line.sock
            response = line.getresponse()
            if response.status != 200:
                self.refused = response.status
                return
            self.opened += 1
            for told in lines(response):
                self._hear(told)

    def _hear(self, told: str) -> None:
        if told.startswith("retry: "):
            self._retry = int(told.removeprefix("retry: ")) / 1000 * random.uniform(1, 1.1)  # noqa: S311
        if found := re.search(r'data-called="(\d*)"', told):
            self.called.append(found[1])

    def end(self) -> None:
        self._ended.set()
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self.join(LINE_TIMEOUT)


def lines(response: http.client.HTTPResponse) -> Iterator[str]:
    """Line by line as they come; ends with the stream."""
    while line := response.readline():
        yield line.decode().rstrip("\n")
