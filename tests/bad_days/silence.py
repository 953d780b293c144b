"""How the other end of a connection falls silent: as when a machine loses its power, or a phone its network.

Every packet that comes over this machine's own network carries a lifetime of 64 hops. A socket that demands more drops
them all, before its kernel would acknowledge any. It needs no rights.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

IP_MINTTL = 21
HOPS = 255
CHUNK = 1 << 16


def fall_silent(end: socket.socket) -> None:
    """From now on nothing reaches it, and it says nothing by itself."""
    end.setsockopt(socket.IPPROTO_IP, IP_MINTTL, HOPS)


def be_back(end: socket.socket) -> None:
    end.setsockopt(socket.IPPROTO_IP, IP_MINTTL, 0)


class Wire:
    """A way to a server that can fall silent, for those who are connected and for those who come."""

    def __init__(self, to: tuple[str, int]) -> None:
        self.to = to
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.near: list[socket.socket] = [self.listener]
        self.far: list[socket.socket] = []
        threading.Thread(target=self._take_calls, daemon=True).start()

    @contextmanager
    def silent(self) -> Iterator[None]:
        for end in self.near:
            fall_silent(end)
        try:
            yield
        finally:
            for end in self.near:
                be_back(end)

    def _take_calls(self) -> None:
        with suppress(OSError):  # the listener is closed
            while True:
                near, _address = self.listener.accept()
                far = socket.create_connection(self.to)
                self.near.append(near)
                self.far.append(far)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    @staticmethod
    def _pass_on(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(CHUNK):
                other.sendall(said)
            other.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        for end in (*self.near, *self.far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
