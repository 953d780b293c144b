"""One reader's stream: over a socket of its own, or as a generator where the server keeps its sockets."""

import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from os import write
from random import uniform

from webapp.live.topics import Channel

LIFETIME = (20 * 60, 30 * 60)  # seconds, then whoever still wants it asks anew
RETRY = (1000, 8000)  # milliseconds; spread, so that a city that was cut off does not come back in one moment
BY_THREAD = 48  # streams that each hold a thread: fewer than gunicorn.conf.py's threads, so that pages are served


def greeting() -> bytes:
    """The first words of a stream: when to come back after a break."""
    return f"retry: {int(uniform(*RETRY))}\n\n".encode()  # noqa: S311 - spreads reconnects, guards nothing


class Stream:
    """Who watches what. A message is the newest state of its channel: one not sent yet is out of date by the next."""

    __slots__ = ("asked_at", "channels", "ends_at", "language", "person_id")
    most: int | None = None

    def __init__(self, channels: tuple[Channel, ...], language: str, person_id: int | None, asked_at: datetime) -> None:
        self.channels, self.language, self.person_id, self.asked_at = channels, language, person_id, asked_at
        self.ends_at = time.monotonic() + uniform(*LIFETIME)  # noqa: S311 - the same

    @property
    def keys(self) -> list[tuple[Channel, str]]:
        """What is drawn for it: each channel in its reader's language."""
        return [(channel, self.language) for channel in self.channels]

    def put(self, name: str, message: bytes) -> bool:
        """The newest state of a channel. Returns False when it now waits for the reader. Raises OSError without one."""
        raise NotImplementedError

    def end(self) -> None:
        """Tell the reader that there is no more."""
        raise NotImplementedError


class Line(Stream):
    """A stream over a socket that is the hub's own: only the hub's thread uses it. A slow reader's backlog is bounded:
    the rest of the message being sent, and the newest state of each channel.
    """

    __slots__ = ("_free", "_pending", "_rest", "fd", "moved_at")

    def __init__(self, channels: tuple[Channel, ...], language: str, person_id: int | None, asked_at: datetime) -> None:
        super().__init__(channels, language, person_id, asked_at)
        self.fd = -1  # until the head of the answer is there
        self.moved_at = 0.0  # while it waits: when the reader last took something
        self._free = False  # nothing waits: what comes is written at once
        self._rest = b""
        self._pending: dict[str, bytes] | None = None

    def begin(self, fd: int, head: bytes) -> bool:
        """From here on it can be written to."""
        self.fd, self._rest = fd, head
        return self.go_on()

    def put(self, name: str, message: bytes) -> bool:
        if not self._free:
            if self._pending is None:
                self._pending = {}
            self._pending[name] = message
            return True
        try:
            sent = write(self.fd, message)
        except BlockingIOError:
            sent = 0
        return sent == len(message) or self._wait(message[sent:], sent)

    def go_on(self) -> bool:
        """Write as much of what waits as the reader takes."""
        while self._rest:
            try:
                sent = write(self.fd, self._rest)
            except BlockingIOError:
                sent = 0
            if sent < len(self._rest):
                return self._wait(self._rest[sent:], sent)
            self._rest = self._pending.pop(next(iter(self._pending))) if self._pending else b""
        self._pending, self.moved_at, self._free = None, 0.0, True
        return True

    def _wait(self, rest: bytes, sent: int) -> bool:
        self._rest, self._free = rest, False
        if sent or not self.moved_at:
            self.moved_at = time.monotonic()
        return False

    def end(self) -> None:
        self.ends_at, self._free = 0.0, False  # also when its socket is still on the way
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


class Told(Stream):
    """A stream as a generator: it holds a thread of the server for as long as it is open."""

    __slots__ = ("_ear", "_pending", "_there")
    most = BY_THREAD

    def __init__(self, channels: tuple[Channel, ...], language: str, person_id: int | None, asked_at: datetime) -> None:
        super().__init__(channels, language, person_id, asked_at)
        self._pending: dict[str, bytes] = {}
        self._there = threading.Condition()
        self._ear = select.poll()

    def listen_to(self, theirs: socket.socket) -> None:
        """Whether the reader hangs up, or the kernel gives them up: else it would show only when the next is said."""
        self._ear.register(theirs, select.POLLRDHUP)

    def put(self, name: str, message: bytes) -> bool:
        with self._there:
            self._pending[name] = message
            self._there.notify()
        return True

    def end(self) -> None:
        self.ends_at = 0.0

    def messages(self, serving: Callable[[], bool]) -> Iterator[bytes]:
        """What the server sends, until it ends."""
        yield greeting()
        while time.monotonic() < self.ends_at and serving() and not self._ear.poll(0):
            yield from self.taken()

    def taken(self) -> list[bytes]:
        """What waits, or nothing after a second."""
        with self._there:
            self._there.wait_for(lambda: bool(self._pending), timeout=1)
            messages, self._pending = list(self._pending.values()), {}
        return messages
