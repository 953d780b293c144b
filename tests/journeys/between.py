"""Between a browser and the server: what passed by, how many streams are open, answers that get lost on the way, a
service worker with a defence off.
"""

import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.servers import Server
from webapp.settings import ROOT

SIZE = 1 << 16
STREAM = "GET /live?"
REQUEST = re.compile(rb"\A([A-Z]+) (\S+) HTTP/1\.1\r\n")
WORKER = ROOT / "service_worker"


class Between:
    """A stretch of the network that the test holds in its hands. Its `url` is what the phone believes the city is."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.seen: list[str] = []  # "POST /dokter/tickets/…" of every request that passed
        self.lose, self.lost = 0, "POST"  # the answers to so many requests of this kind do not arrive
        self.slow = 0.0  # seconds that the answer to a form takes longer
        self.swallows = False  # nothing gets through, and nobody is told
        self.instead: dict[str, bytes] = {}  # what is given out in the place of the city's own: "GET /sw.js"
        self.streams = self.most = 0  # that are open now, and were at most
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def forms(self, ending: str) -> int:
        """How many forms were sent to an address that ends like this, whether or not the answer arrived."""
        return len([line for line in self.seen if line.startswith("POST") and line.split("?")[0].endswith(ending)])

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                phone, _address = self._listener.accept()
                threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        """One connection. The way back is a thread of its own, which knows what is asked at the moment."""
        try:
            city = socket.create_connection(("127.0.0.1", self.server.port))
        except OSError:
            return cut(phone)
        asked = [""]
        threading.Thread(target=self._back, args=(city, phone, asked), daemon=True).start()
        is_stream = False
        with suppress(OSError):
            while data := phone.recv(SIZE):
                if found := REQUEST.match(data):
                    asked[0] = b" ".join(found.groups()).decode()
                    self.seen.append(asked[0])
                    self._count(asked[0].startswith(STREAM) - is_stream)
                    is_stream = asked[0].startswith(STREAM)
                    if asked[0] in self.instead:
                        phone.sendall(self.instead[asked[0]])
                        break
                while self.swallows:
                    time.sleep(0.1)
                city.sendall(data)
        self._count(-is_stream)
        cut(city)
        return cut(phone)

    def _count(self, more: int) -> None:
        with self._lock:
            self.streams += more
            self.most = max(self.most, self.streams)

    def _back(self, city: socket.socket, phone: socket.socket, asked: list[str]) -> None:
        with suppress(OSError):
            while data := city.recv(SIZE):
                if self.lose and asked[0].startswith(self.lost):
                    self.lose -= 1  # the city has done it; nobody hears of it
                    break
                time.sleep(self.slow if asked[0].startswith("POST") else 0)
                phone.sendall(data)
        cut(phone)
        cut(city)


def cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()


def answer(body: bytes, media_type: str = "text/html; charset=utf-8") -> bytes:
    """As it stands on the line."""
    head = ("HTTP/1.1 200 OK", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", "Connection: close")
    return "\r\n".join((*head, "", "")).encode() + body


@contextmanager
def between(server: Server) -> Iterator[Between]:
    line = Between(server)
    try:
        yield line
    finally:
        line.close()


def worker_without(folder: Path, *defences: tuple[str, str, str]) -> bytes:
    """The answer with the service worker as it is built, but with lines replaced: (file, what stands there, what stands
    there now).
    """
    shutil.copytree(WORKER, folder / "service_worker")
    for file, defence, instead in defences:
        path = folder / "service_worker" / file
        source = path.read_text(encoding="utf-8")
        assert source.count(defence) == 1, f"{file} has no defence {defence!r} to switch off"
        path.write_text(source.replace(defence, instead), encoding="utf-8")
    names = json.loads((ROOT / "static/dist/manifest.json").read_text(encoding="utf-8"))
    shell = [
        f"/static/dist/{entry['file']}" for name, entry in names["files"].items() if name.endswith((".js", ".css"))
    ]
    options = ["--bundle", "--format=iife", '--define:__BUILD__="broken"', f"--define:__SHELL__={json.dumps(shell)}"]
    command = [ROOT / "node_modules/.bin/esbuild", str(folder / "service_worker/sw.js"), "--log-level=error", *options]
    return answer(subprocess.run(command, check=True, capture_output=True).stdout, "text/javascript")
