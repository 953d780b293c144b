"""A small load generator: a few connections that are kept open, each sending its next request when it has its answer.

One thread and bare sockets, so that on a small machine the measuring takes little from what is measured.
"""

import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: (\S+)\r\n", re.IGNORECASE)
PATIENCE = 30.0


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
        self.port = port
        self.socket = self._connected()
        self.heard, self.sent_at = b"", 0.0

    def _connected(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, request: bytes) -> None:
        self.heard, self.sent_at = b"", time.perf_counter()
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


def drive(port: int, requests: Iterator[bytes], seconds: float, connections: int) -> Load:
    """Send these requests for so many seconds, or until there are no more of them."""
    load, ears = Load(), selectors.DefaultSelector()
    began = time.perf_counter()
    for line, request in zip([Line(port) for _n in range(connections)], requests, strict=False):
        ears.register(line, selectors.EVENT_READ)
        line.send(request)
    while ears.get_map():
        ready = ears.select(PATIENCE)
        if not ready:
            raise TimeoutError(f"no answer within {PATIENCE:.0f} s")
        for key, _events in ready:
            line = key.fileobj
            if (answer := line.listen()) is None:
                continue
            load.answers.append(answer)
            more = next(requests, None) if time.perf_counter() - began < seconds else None
            if more is None:
                ears.unregister(line)
                line.socket.close()
            else:
                line.send(more)
    load.seconds = time.perf_counter() - began
    return load


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()


def post(path: str, body: str, cookie: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
