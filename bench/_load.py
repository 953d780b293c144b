"""A small load generator: a few connections, each sending its next request when it has its answer.

A connection is kept for some requests and then replaced, as visitors come and go; kept for ever, all of them may sit
on one worker while the other has nothing to do. One thread and bare sockets, so that on a small machine the measuring
takes little from what is measured.
"""

import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: (\S+)\r\n", re.IGNORECASE)
PATIENCE = 30.0
KEPT_FOR = 10  # requests


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    seconds: float


@dataclass
class Load:
    """Answers, and how long it took to get them all."""

    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0

    def __iadd__(self, other: "Load") -> "Load":
        self.answers += other.answers
        self.seconds += other.seconds
        return self

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    def milliseconds(self, percent: float) -> float:
        """No more than so many of a hundred took longer than what is left."""
        times = sorted(answer.seconds for answer in self.answers)
        return times[min(len(times) - 1, int(len(times) * percent / 100))] * 1000


class Line:
    """One connection, with one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.heard, self.sent_at, self.left = b"", 0.0, KEPT_FOR

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, request: bytes) -> None:
        self.heard, self.sent_at, self.left = b"", time.perf_counter(), self.left - 1
        self.socket.sendall(request)

    def listen(self) -> Answer | None:
        """Read what is there. Returns the answer when it is complete."""
        said = self.socket.recv(1 << 16)
        if not said:
            raise ConnectionError("the server closed the connection")
        self.heard += said
        head, found, body = self.heard.partition(b"\r\n\r\n")
        if not found:
            return None
        length = LENGTH.search(head + b"\r\n")
        if length and len(body) < int(length[1]):
            return None
        location = LOCATION.search(head + b"\r\n")
        passed = time.perf_counter() - self.sent_at
        return Answer(int(STATUS.match(head)[1]), location[1].decode() if location else "", passed)


class Visitors:
    """Those who send these requests, one after the other, until it is late or there are no more of them."""

    def __init__(self, port: int, requests: Iterator[bytes], seconds: float) -> None:
        self.port, self.requests = port, requests
        self.late = time.perf_counter() + seconds
        self.ears = selectors.DefaultSelector()

    def begin(self, line: Line, request: bytes) -> None:
        self.ears.register(line, selectors.EVENT_READ)
        line.send(request)

    def go_on(self, line: Line) -> None:
        self.ears.unregister(line)
        more = next(self.requests, None) if time.perf_counter() < self.late else None
        if not line.left or more is None:
            line.socket.close()
        if more is not None:
            self.begin(line if line.left else Line(self.port), more)

    def answers(self) -> Iterator[Answer]:
        while self.ears.get_map():
            ready = self.ears.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"no answer within {PATIENCE:.0f} s")
            for key, _events in ready:
                if answer := key.fileobj.listen():
                    yield answer
                    self.go_on(key.fileobj)


def drive(port: int, requests: Iterator[bytes], seconds: float, connections: int) -> Load:
    """Send these requests over so many connections at once."""
    began, visitors = time.perf_counter(), Visitors(port, requests, seconds)
    for request in islice(requests, connections):
        visitors.begin(Line(port), request)
    answers = list(visitors.answers())
    return Load(answers, time.perf_counter() - began)


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()


def post(path: str, body: str, cookie: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
