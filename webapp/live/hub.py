"""One thread per process that owns the sockets of all streams, and hands every message to those who watch."""

import logging
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial

from webapp.live.streams import Line, Stream

log = logging.getLogger(__name__)

TICK = 0.5
PATIENCE = 10.0  # seconds without taking anything, then a slow reader is let go: it comes back to the present state
HANG_UP = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR


class Hub:
    """Others only leave work for its thread, which alone touches the sockets. `gone` is told of every stream that ends.

    What a reader says is never read: all that may come from it is that it hangs up.
    """

    def __init__(self, gone: Callable[[Stream], None], serving: Callable[[], bool]) -> None:
        self._gone, self._serving = gone, serving
        self._work: deque[Callable[[], None]] = deque()
        self._lines: dict[int, Line] = {}
        self._slow: set[Line] = set()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._tidied_at = 0.0

    def tell(self, streams: Iterable[Stream], name: str, message: bytes) -> None:
        """All of them get these very bytes."""
        self._leave(partial(self._tell, streams, name, message))

    def take(self, line: Line, fd: int, head: bytes) -> None:
        """From here on this socket is the hub's."""
        self._leave(partial(self._take, line, fd, head))

    def end(self, streams: Iterable[Stream]) -> None:
        """Close them; whoever may, will come again."""
        self._leave(partial(self._end, streams))

    def _leave(self, work: Callable[[], None]) -> None:
        """Whoever leaves work calls the thread, whatever waits there already: its look may have been just before."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._start()
        self._work.append(work)  # only where somebody will do it
        os.eventfd_write(self._bell, 1)

    def _start(self) -> None:
        """Not before the process has forked. Where it fails, the next caller tries again."""
        self._epoll, self._bell = select.epoll(), os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._bell, select.EPOLLIN)
        self._thread = threading.Thread(target=self._run, name="hub", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while self._serving():
            try:
                self._turn()
            except Exception:
                log.exception("the hub stumbled")
        self._end(list(self._lines.values()))

    def _turn(self) -> None:
        for fd, event in self._epoll.poll(TICK):
            if fd == self._bell:
                os.eventfd_read(self._bell)
            elif event & HANG_UP:
                self._end([self._lines[fd]])
            else:
                self._send(self._lines[fd], Line.go_on)
        while self._work:
            self._work.popleft()()
        if time.monotonic() - self._tidied_at > 1:
            self._tidy()

    def _tell(self, streams: Iterable[Stream], name: str, message: bytes) -> None:
        for stream in streams:
            try:
                if not stream.put(name, message) and isinstance(stream, Line):
                    self._wait_for(stream)
            except OSError:
                self._end([stream])

    def _take(self, line: Line, fd: int, head: bytes) -> None:
        self._lines[fd] = line
        self._epoll.register(fd, HANG_UP)
        self._send(line, lambda taken: taken.begin(fd, head))

    def _send(self, line: Line, write: Callable[[Line], bool]) -> None:
        try:
            done = write(line)
        except OSError:
            self._end([line])
            return
        if not done:
            self._wait_for(line)
        elif line in self._slow:
            self._slow.discard(line)
            self._epoll.modify(line.fd, HANG_UP)

    def _wait_for(self, line: Line) -> None:
        if line not in self._slow:
            self._slow.add(line)
            self._epoll.modify(line.fd, HANG_UP | select.EPOLLOUT)

    def _tidy(self) -> None:
        now = self._tidied_at = time.monotonic()
        self._end([line for line in self._slow if now - line.moved_at > PATIENCE])
        self._end([line for line in self._lines.values() if line.ends_at < now])

    def _end(self, streams: Iterable[Stream]) -> None:
        for stream in streams:
            if isinstance(stream, Line):
                self._lines.pop(stream.fd, None)
                self._slow.discard(stream)
            stream.end()
            self._gone(stream)
