"""The hub: many readers, one thread; a slow one neither delays the others nor fills the memory."""

import errno
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.servers import eventually
from webapp import clock
from webapp.live import hub as live_hub
from webapp.live.answer import take_over
from webapp.live.hub import Hub
from webapp.live.streams import Line

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
LARGE = b"x" * 20_000


class Peers:
    """A hub, and readers at the other end of real connections."""

    def __init__(self) -> None:
        self.gone: list[Line] = []
        self.working = True
        self.hub = Hub(self.gone.append, lambda: self.working)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.sockets: list[socket.socket] = []

    def reader(self, buffer: int = 0) -> tuple[socket.socket, Line]:
        reader = socket.socket()
        if buffer:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        reader.settimeout(20)
        reader.connect(self.listener.getsockname())
        theirs, _address = self.listener.accept()
        line = Line((), "id", None, clock.now())
        self.hub.take(line, take_over(theirs), HEAD)
        theirs.close()
        self.sockets.append(reader)
        return reader, line

    def close(self) -> None:
        self.working = False
        for reader in (*self.sockets, self.listener):
            reader.close()


@pytest.fixture
def peers() -> Iterator[Peers]:
    made = Peers()
    yield made
    made.close()
    if made.hub._thread:
        made.hub._thread.join(20)


def heard(reader: socket.socket, enough: Callable[[bytes], object]) -> bytes:
    said = b""
    while not enough(said):
        more = reader.recv(1 << 16)
        assert more, "the stream ended"
        said += more
    return said


def numbered(number: int, size: bytes = b"") -> bytes:
    return b"event: a\ndata: %d %s\n\n" % (number, size)


def test_everybody_gets_the_same_bytes(peers):
    readers = [peers.reader() for _reader in range(20)]
    peers.hub.tell([line for _reader, line in readers], "a", numbered(1))
    assert all(heard(reader, lambda said: b"data: 1" in said).startswith(HEAD) for reader, _line in readers)


def test_what_is_told_before_the_socket_is_there_comes_after_the_head(peers):
    line = Line((), "id", None, clock.now())
    peers.hub.tell([line], "a", numbered(1))
    peers.hub.tell([line], "a", numbered(2))
    ours, reader = socket.socketpair()
    with reader:
        reader.settimeout(20)
        peers.hub.take(line, ours.detach(), HEAD)
        said = heard(reader, lambda said: b"data: 2" in said)
    assert said.startswith(HEAD) and b"data: 1" not in said


def test_a_slow_reader_delays_nobody_and_gets_the_newest_state(peers):
    (slow, slow_line), (quick, quick_line) = peers.reader(buffer=4096), peers.reader()
    for number in range(200):
        peers.hub.tell([slow_line, quick_line], "a", numbered(number, LARGE))
        peers.hub.tell([slow_line, quick_line], "b", b"event: b\ndata: %d\n\n" % number)
        heard(quick, lambda said, number=number: b"event: b\ndata: %d\n" % number in said)
    held = len(slow_line._rest) + sum(map(len, slow_line._pending.values()))
    assert held < 3 * len(LARGE), "the rest of one message and one state for each channel"
    said = heard(slow, lambda said: b"data: 199 " in said and b"event: b\ndata: 199" in said)
    assert said.count(b"event: a") < 50, "the states between were not worth sending"
    assert all(part.endswith(LARGE) or b"event: a" not in part for part in said.split(b"\n\n")[:-1]), "whole messages"
    peers.hub.tell([slow_line], "a", numbered(200))
    assert heard(slow, lambda said: b"data: 200" in said)


def test_who_takes_nothing_for_long_is_let_go(peers, monkeypatch):
    monkeypatch.setattr(live_hub, "PATIENCE", 0.5)
    (_silent, slow_line), (quick, quick_line) = peers.reader(buffer=4096), peers.reader()
    peers.hub.tell([quick_line], "a", numbered(0))
    for number in range(1, 20):
        peers.hub.tell([slow_line], "a", numbered(number, LARGE))
        time.sleep(0.01)
    assert eventually(lambda: slow_line in peers.gone, 6), "long before the kernel gives it up"
    assert quick_line not in peers.gone
    heard(quick, lambda said: b"data: 0" in said)
    again, line = peers.reader()
    peers.hub.tell([line], "a", numbered(20))
    assert heard(again, lambda said: b"data: 20" in said)


def test_who_takes_little_by_little_stays(peers, monkeypatch):
    """The control: slow is not the same as gone."""
    monkeypatch.setattr(live_hub, "PATIENCE", 3.0)
    slow, line = peers.reader(buffer=4096)
    for number in range(20):
        peers.hub.tell([line], "a", numbered(number, LARGE))
    began = time.monotonic()
    while time.monotonic() < began + 6:
        slow.recv(1000)
        peers.hub.tell([line], "a", numbered(20, LARGE))
        time.sleep(0.05)
    assert line not in peers.gone


def test_streams_last_twenty_to_thirty_minutes_and_do_not_all_end_at_once():
    left = sorted(Line((), "id", None, clock.now()).ends_at - time.monotonic() for _line in range(200))
    assert left[0] > 20 * 60 - 1 and left[-1] < 30 * 60
    assert left[-1] - left[0] > 5 * 60


def test_a_stream_ends_after_its_time(peers):
    reader, line = peers.reader()
    heard(reader, lambda said: said.endswith(b"\n\n") or HEAD in said)
    line.ends_at = time.monotonic()
    assert eventually(lambda: line in peers.gone, 20)
    assert reader.recv(1000) == b""


def test_a_stream_that_was_ended_before_its_socket_came_does_not_stay_open(peers):
    line = Line((), "id", None, clock.now())
    peers.hub.end([line])
    ours, reader = socket.socketpair()
    with reader:
        reader.settimeout(20)
        peers.hub.take(line, ours.detach(), HEAD)
        assert heard(reader, lambda said: said == HEAD) and reader.recv(100) == b""


def test_when_the_process_is_told_to_stop_all_streams_end(peers):
    readers = [peers.reader() for _reader in range(5)]
    peers.hub.tell([line for _reader, line in readers], "a", numbered(1))
    for reader, _line in readers:
        heard(reader, lambda said: b"data: 1" in said)
    peers.working = False
    assert all(reader.recv(100) == b"" for reader, _line in readers)


def test_however_many_call_first_the_hub_starts():
    """Each of them may have left its work before any of them looks whether the thread is there."""
    working = threading.Event()
    working.set()
    hub = Hub(lambda _stream: None, working.is_set)
    left = threading.Barrier(2)

    class Meeting(deque):
        def append(self, work) -> None:
            super().append(work)
            with suppress(threading.BrokenBarrierError):
                left.wait(1)

    hub._work = Meeting()
    callers = [threading.Thread(target=hub.end, args=([],)) for _caller in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    done = eventually(lambda: not hub._work, 5)
    working.clear()
    assert done, "somebody does what was left"


def test_a_hub_that_could_not_start_starts_at_the_next_call(peers, monkeypatch):
    with monkeypatch.context() as full, pytest.raises(OSError, match="open files"):
        full.setattr(live_hub.select, "epoll", no_descriptor)
        peers.hub.end([])
    reader, line = peers.reader()
    peers.hub.tell([line], "a", numbered(1))
    assert heard(reader, lambda said: b"data: 1" in said)


def no_descriptor(*_args) -> None:
    raise OSError(errno.ENFILE, "Too many open files in system")


def test_one_thread_serves_all(peers):
    before = threading.active_count()
    for _reader in range(50):
        peers.reader()
    assert threading.active_count() <= before + 1
