"""The wire between a browser and the server: counts the streams that are open on it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.servers import Server, free_port

CHUNK = 65_536
STREAM = b"GET /live?"


class Wire:
    """Passes everything on to the server. `url` is where the browser finds it, `streams` how many it holds open."""

    def __init__(self, server: Server) -> None:
        self.server, self.port = server, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.streams = 0
        self.most = 0
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", self.port))

    def open(self) -> None:
        threading.Thread(target=self._welcome, daemon=True).start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _welcome(self) -> None:
        with suppress(OSError):
            while True:
                browser, _address = self._door.accept()
                threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        with browser, suppress(OSError), socket.create_connection(("127.0.0.1", self.server.port)) as server:
            back = threading.Thread(target=_pass_on, args=(server, browser), daemon=True)
            back.start()
            is_stream = False
            try:
                while said := browser.recv(CHUNK):
                    if said.startswith(STREAM) and not is_stream:
                        is_stream = True
                        self._count(1)
                    server.sendall(said)
            finally:
                self._count(-is_stream)
                with suppress(OSError):
                    server.shutdown(socket.SHUT_RDWR)
                back.join()

    def _count(self, more: int) -> None:
        with self._lock:
            self.streams += more
            self.most = max(self.most, self.streams)


def _pass_on(server: socket.socket, browser: socket.socket) -> None:
    with suppress(OSError):
        while said := server.recv(CHUNK):
            browser.sendall(said)
    with suppress(OSError):
        browser.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire_to(server: Server) -> Iterator[Wire]:
    wire = Wire(server)
    wire.open()
    try:
        yield wire
    finally:
        wire.close()
