"""Real processes for tests: the application behind gunicorn on a port of its own."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

from webapp import local_tls
from webapp.settings import ROOT

PATIENCE = 60.0
FIRST_PORT, PORTS = 20_000, 12_000  # Linux gives outgoing connections 32768 and above


class Server:
    """One gunicorn with its workers. `environ` holds the settings; HOST and PORT are chosen here."""

    def __init__(self, environ: Mapping[str, str], log: Path, workers: int = 2) -> None:
        self.port = free_port()
        authority = environ.get("LOCAL_CA")
        self.url = f"{'https' if authority else 'http'}://127.0.0.1:{self.port}"
        self.trusting = local_tls.trusting(Path(authority)) if authority else None
        self.environ = {**environ, "HOST": "127.0.0.1", "PORT": str(self.port), "WORKERS": str(workers)}
        self.log, self.process = log, None
        self.product = ROOT  # which copy of it is served at the next start

    def start(self) -> Server:
        command = [str(Path(sys.executable).parent / "gunicorn"), "wsgi:app"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.product, env=self.environ, stderr=log, start_new_session=True
            )
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"the server ended: {self.log.read_text()[-2000:]}"
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2, context=self.trusting):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"nothing answers at {self.url}")

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


def eventually(holds: Callable[[], object], patience: float = PATIENCE) -> bool:
    """Whether this comes true within so many seconds."""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def free_port() -> int:
    """A port that nobody listens on. Not one of those that outgoing connections are given: such a one may be gone
    before a server has come up to take it."""
    while True:
        port = FIRST_PORT + secrets.randbelow(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(environ: Mapping[str, str], log: Path, workers: int = 2) -> Iterator[Server]:
    server = Server(environ, log, workers)
    try:
        yield server.start()
    finally:
        server.stop()


@contextmanager
def a_worker(environ: Mapping[str, str], log: Path, ends_by: signal.Signals = signal.SIGTERM) -> Iterator[None]:
    """The product's own worker process: the city's clockwork and what sends push messages."""
    with log.open("ab") as trouble:
        process = subprocess.Popen([sys.executable, "-m", "webapp.worker"], cwd=ROOT, env=environ, stderr=trouble)
    try:
        yield
    finally:
        process.send_signal(ends_by)
        process.wait(30)
