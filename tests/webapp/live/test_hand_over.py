"""gunicorn gives its sockets away: open streams hold no threads, and nothing else about the server changes."""

import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.bad_days.silence import fall_silent
from tests.bad_days.visitors import ask
from tests.servers import Server, eventually, serving
from tests.webapp.live.readers import Reader
from webapp import local_tls
from webapp.headers import FIXED
from webapp.live import answer
from webapp.live.answer import GONE_AFTER
from webapp.live.feed import BEAT
from webapp.live.streams import RETRY, Line, Told
from webapp.settings import ROOT

MANY = 200
THREADS = 2 * 72  # of two processes: gunicorn's pool, the feed, the hub, the main one


def threads(server: Server) -> int:
    return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in server.workers())


def sockets(server: Server) -> list[str]:
    """Their names, by the kernel's numbers: socket:[123]."""
    found = []
    for pid in server.workers():
        for file in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                found.append(os.readlink(file))
    return [name for name in found if name.startswith("socket:")]


def other_end(reader: Reader) -> str:
    """The server's end of this connection, by the same name."""
    ours, theirs = (f":{end[1]:04X}" for end in (reader.socket.getsockname(), reader.socket.getpeername()))
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    (inode,) = (line[9] for line in lines if line[1].endswith(theirs) and line[2].endswith(ours))
    return f"socket:[{inode}]"


def test_open_streams_hold_no_threads(server, channel, read, take_number):
    """The proof that sockets still change hands: it fails with a gunicorn that keeps them to itself."""
    opened = [read(server.port, [channel]) for _reader in range(MANY)]
    assert all(reader.hears(f"event: {channel}") for reader in opened)
    assert threads(server) <= THREADS < MANY
    words = take_number()
    assert all(reader.hears(words) for reader in opened)
    assert ask(server, "GET", "/healthz").status == 200


def test_gunicorn_is_pinned():
    pinned = re.search(r"^gunicorn==(\S+)$", (ROOT / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    assert pinned and pinned[1] == version("gunicorn")


def test_the_head_is_that_of_any_answer_of_ours(server, channel, read):
    reader = read(server.port, [channel])
    assert reader.status == 200
    assert reader.header("Content-Type") == "text/event-stream; charset=utf-8"
    assert reader.header("Cache-Control") == "no-store, no-transform"
    assert reader.header("X-Accel-Buffering") == "no"
    assert reader.header("Connection") == "close" and reader.header("Transfer-Encoding") is None
    assert all(reader.header(name) == value for name, value in FIXED.items())
    assert reader.hears("retry: ")
    retry = int(re.search(rb"retry: (\d+)\n\n", reader.said)[1])
    assert RETRY[0] <= retry <= RETRY[1]


def test_what_a_reader_says_too_early_or_later_is_not_heard(server, channel, read, take_number):
    """A second request on the same connection, in one piece with the first or after it, gets no answer."""
    again = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    early, late = read(server.port, [channel], more=again), read(server.port, [channel])
    assert early.hears(f"event: {channel}") and late.hears(f"event: {channel}")
    late.socket.sendall(again)
    words = take_number()
    for reader in (early, late):
        assert reader.hears(words)
        assert reader.said.count(b"HTTP/1.1") == 1 and b'"status"' not in reader.said


def test_a_stream_on_a_connection_that_was_kept_alive(server, channel, read):
    line = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    with line:
        for _page in range(3):
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            heard = b""
            while not heard.endswith(b"}\n"):
                heard += line.recv(1 << 16)
        line.sendall(f"GET /live?watch={channel} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        heard = b""
        while b"data-waiting" not in heard:
            heard += line.recv(1 << 16)
    assert heard.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("reset", [False, True], ids=["closes", "resets"])
def test_who_hangs_up_is_gone_at_once(server, channel, read, reset):
    before = len(sockets(server))
    opened = [read(server.port, [channel]) for _reader in range(50)]
    assert all(reader.hears(channel) for reader in opened)
    assert len(sockets(server)) >= before + 40
    for reader in opened:
        if reset:
            reader.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        reader.close()
    assert eventually(lambda: len(sockets(server)) <= before + 5, 20)


@pytest.fixture
def nearby(environment, long_shift, tmp_path, log) -> Iterator[Server]:
    """It speaks https itself, so its streams are told by threads (`make run TLS=1`)."""
    local_tls.make_ready(tmp_path / "tls", [], "balai")
    files = local_tls.TlsFiles(tmp_path / "tls")
    paths = {"LOCAL_CA": files.authority, "TLS_CERTIFICATE": files.certificate, "TLS_KEY": files.key}
    with serving(environment | {name: str(path) for name, path in paths.items()}, log, workers=1) as running:
        yield running


def test_who_vanishes_without_a_word_is_soon_gone(server, nearby, channel, read, take_number):
    """As a phone without its network, or its battery: nothing that is said to them is ever acknowledged."""
    stay = [read(server.port, [channel]), read(nearby.port, [channel], trusting=nearby.trusting)]
    gone = [read(server.port, [channel]), read(nearby.port, [channel], trusting=nearby.trusting)]
    assert all(reader.hears(f"event: {channel}") for reader in stay + gone)
    ends = set(map(other_end, gone))
    for reader in gone:
        fall_silent(reader.socket)
    assert ends <= {*sockets(server), *sockets(nearby)}
    words = take_number()
    assert eventually(lambda: ends.isdisjoint(sockets(server) + sockets(nearby)), GONE_AFTER + 5)
    words_too = take_number()
    assert all(reader.hears(words) and reader.hears(words_too) for reader in stay)


def test_what_waits_for_a_reader_is_limited():
    """For so long nothing is taken, then the kernel gives the connection up; and something is said at every beat."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as reader:
        theirs, _address = listener.accept()
        with theirs, socket.socket(fileno=answer.take_over(theirs)) as ours:
            waits = ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) / 1000
            assert 0 < waits + BEAT <= 30
            assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 128 * 1024
            assert not os.get_blocking(ours.fileno())
            ours.send(b"ours")
            assert reader.recv(10) == b"ours"
            with pytest.raises(BrokenPipeError):
                theirs.send(b"what the server still says")
            theirs.shutdown(socket.SHUT_WR)
            theirs.close()
            ours.send(b" still")
            assert reader.recv(10) == b" still"


def test_above_the_cap_the_answer_is_clear(environment, channel, log, read):
    with serving(environment | {"MAX_STREAMS": "3"}, log, workers=1) as small:
        opened = [read(small.port, [channel]) for _reader in range(3)]
        assert all(reader.hears(channel) for reader in opened)
        refused = read(small.port, [channel])
        assert refused.status == 503 and int(refused.header("Retry-After")) > 0
        opened[0].close()
        assert eventually(lambda: read(small.port, [channel]).status == 200, 20)


@pytest.mark.parametrize(
    ("environ", "kind"),
    [({}, Told), ({"gunicorn.socket": object()}, Told), ({"gunicorn.socket": "socket", "HTTP_VERSION": "2"}, Told),
     ({"gunicorn.socket": "socket"}, Line)],
)  # fmt: skip
def test_only_a_plain_socket_of_its_own_is_taken(environ, kind):
    with socket.socket() as plain:
        known = {name: plain if value == "socket" else value for name, value in environ.items()}
        assert answer.kind_for(known) is kind


def test_a_server_that_is_told_to_stop_ends_its_streams(server, channel, read):
    """Comes last in this file."""
    opened = [read(server.port, [channel]) for _reader in range(20)]
    assert all(reader.hears(channel) for reader in opened)
    began = time.monotonic()
    server.stop()
    assert all(reader.ends() for reader in opened)
    assert time.monotonic() - began < 15, "nobody waited for them"
