"""Many open streams in one process, for whatever server: how long they take to open, and what they hear when.

    python -m bench._listeners PORT PATH [PATH…] --streams 10000

Tells in one line of JSON when all are open. From then on notes when each stream first hears of each number: the last in
`data-waiting="1 2 3"`, or with `--called` that in `data-called="3"`. What a stream hears twice counts once, so that it
cannot hide what another one has not heard. Ends with its input, and tells all it has heard.
"""

import argparse
import json
import re
import select
import socket
import sys
import time
from collections import defaultdict
from itertools import cycle
from statistics import median

AT_ONCE = 128  # connections on which an answer is awaited
PATIENCE = 120.0
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")  # from which they come: one alone may run out of ports
WAITING = re.compile(rb'data-waiting="(?:\d+ )*(\d+)"')
CALLED = re.compile(rb'data-called="(\d+)"')


class Listeners:
    def __init__(self, port: int, paths: list[str], state: re.Pattern[bytes]) -> None:
        self.port, self.paths, self.state = port, cycle(paths), state
        self.epoll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.rests: dict[int, bytes] = {}
        self.opening: dict[int, float] = {}
        self.opened: list[float] = []  # how long each took
        self.heard: defaultdict[int, dict[int, float]] = defaultdict(dict)  # each number: by which stream, when first
        self.closed = 0

    def open(self, many: int) -> float:
        """Open so many streams. Returns the seconds until all have their answer and the present state."""
        began = time.monotonic()
        while len(self.opened) < many:
            while len(self.sockets) < many and len(self.opening) < AT_ONCE:
                self._begin()
            if time.monotonic() > began + PATIENCE or self.closed:
                sys.exit(f"{len(self.opened)} of {many} streams opened, {self.closed} were closed")
            self._turn(1.0)
        return time.monotonic() - began

    def _begin(self) -> None:
        line = socket.socket()
        line.bind((ADDRESSES[len(self.sockets) % len(ADDRESSES)], 0))
        line.connect(("127.0.0.1", self.port))
        line.setblocking(False)
        number = line.fileno()
        self.sockets[number], self.opening[number] = line, time.monotonic()
        accept = "Accept: text/event-stream"
        line.send(f"GET {next(self.paths)} HTTP/1.1\r\nHost: 127.0.0.1\r\n{accept}\r\n\r\n".encode())
        self.epoll.register(number, select.EPOLLIN)

    def _turn(self, patience: float) -> None:
        for number, _event in self.epoll.poll(patience):
            if number in self.sockets:
                self._listen(number)

    def _listen(self, number: int) -> None:
        said, now, end = self.rests.pop(number, b"") + self._received(number), time.monotonic(), 0
        for state in self.state.finditer(said):
            self.heard[int(state[1])].setdefault(number, now)
            end = state.end()
        if number in self.opening and b"data-waiting" in said:
            if not said.startswith(b"HTTP/1.1 200"):
                sys.exit(f"refused: {said[:200]!r}")
            self.opened.append(now - self.opening.pop(number))
        elif not end:
            self.rests[number] = said  # a beat, or half a message

    def _received(self, number: int) -> bytes:
        try:
            heard = self.sockets[number].recv(1 << 16)
        except ConnectionError:
            heard = b""
        if not heard:
            self.closed += 1
            self.epoll.unregister(number)
            self.sockets.pop(number).close()
        return heard

    def listen(self) -> None:
        """Until our input ends."""
        self.epoll.register(sys.stdin.fileno(), select.EPOLLIN)
        ended = False
        while not ended:
            for number, _event in self.epoll.poll(1.0):
                ended = ended or number == sys.stdin.fileno()
                if number in self.sockets:
                    self._listen(number)


def main() -> None:
    wanted = argparse.ArgumentParser()
    wanted.add_argument("port", type=int)
    wanted.add_argument("paths", nargs="+")
    wanted.add_argument("--streams", type=int, required=True)
    wanted.add_argument("--called", action="store_true")
    told = wanted.parse_args()
    listeners = Listeners(told.port, told.paths, CALLED if told.called else WAITING)
    seconds = listeners.open(told.streams)
    tell({"seconds": seconds, "median": median(listeners.opened), "slowest": max(listeners.opened)})
    listeners.heard.clear()
    listeners.listen()
    tell({"closed": listeners.closed, "heard": {number: [*by.values()] for number, by in listeners.heard.items()}})


def tell(what: dict) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
