"""Something that looks like a node: it takes a request and does with it what the story wants."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Act = Callable[[socket.socket, str], None]  # on this line, after this head


class Stub:
    """Listens on a port of its own; `heard` holds the head of each request that came whole."""

    def __init__(self, act: Act) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.heard: list[str] = []
        self._act = act
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):  # closed by stop()
            while True:
                line, _address = self._listener.accept()
                threading.Thread(target=self._take, args=(line,), daemon=True).start()

    def _take(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            while head := read_head(line):
                self.heard.append(head)
                self._act(line, head)

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def read_head(line: socket.socket) -> str:
    """The request as far as it matters here: all that comes at once, which holds the small forms of these stories."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = line.recv(65536)
        if not part:
            return ""
        received += part
    return received.decode("latin-1")


def answers(status: str, body: str = "", **headers: str) -> Act:
    told = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    answer = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{told}\r\n{body}".encode()
    return lambda line, _head: line.sendall(answer)


def hangs_up(line: socket.socket, _head: str) -> None:
    """Takes the request and dies."""
    line.shutdown(socket.SHUT_RDWR)


def full(line: socket.socket, head: str) -> None:
    """Has room for pages, but for no further stream."""
    answers("503 Service Unavailable" if head.startswith("GET /live") else "200 OK")(line, head)


def loses_power(line: socket.socket, _head: str) -> None:
    """Begins a stream and says no more, and nobody hangs up. Ends when nginx does."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: beat\ndata: x\n\n")
    line.recv(1)


@contextmanager
def stubs(*acts: Act) -> Iterator[list[Stub]]:
    standing = [Stub(act) for act in acts]
    try:
        yield standing
    finally:
        for stub in standing:
            stub.stop()
