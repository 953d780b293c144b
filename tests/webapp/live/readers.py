"""Readers of streams on bare sockets, so that a test decides what they read, and when."""

import re
import socket
import ssl
import time
from collections.abc import Sequence

PATIENCE = 20.0


class Reader:
    """One stream: what has been said on it so far."""

    def __init__(
        self,
        port: int,
        channels: Sequence[str],
        cookie: str = "",
        more: bytes = b"",
        trusting: ssl.SSLContext | None = None,
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        if trusting:
            self.socket = trusting.wrap_socket(self.socket, server_hostname="127.0.0.1")
        query = "&".join(f"watch={channel}" for channel in channels)
        head = f"GET /live?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
        self.socket.sendall(head.encode() + more)
        self.said = b""

    def hears(self, words: str, times: int = 1) -> bool:
        """Whether these words are said, so often, before the end of the stream or of our patience."""
        deadline = time.monotonic() + PATIENCE
        while self.said.count(words.encode()) < times:
            if time.monotonic() > deadline or not self._listen():
                return False
        return True

    def _listen(self) -> bool:
        try:
            heard = self.socket.recv(1 << 16)
        except (TimeoutError, ConnectionError):
            return False
        self.said += heard
        return bool(heard)

    @property
    def status(self) -> int:
        assert self.hears("\r\n\r\n")
        return int(self.said.split(b" ", 2)[1])

    def header(self, name: str) -> str | None:
        assert self.hears("\r\n\r\n")
        found = re.search(rf"(?im)^{name}: (.*?)\r$", self.said.partition(b"\r\n\r\n")[0].decode() + "\r")
        return found[1] if found else None

    def ends(self, within: float = PATIENCE) -> bool:
        """Whether the server ends the stream within so many seconds."""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                heard = self.socket.recv(1 << 16)
            except TimeoutError:
                return False
            except ConnectionError:
                return True
            if not heard:
                return True
            self.said += heard
        return False

    def close(self) -> None:
        self.socket.close()
