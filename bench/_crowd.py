"""What the benches of live pages share: a small city, and a crowd that listens to it."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import time, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from blueprints.dokter.models import Shift, Ward
from tests.factories import clinics as make
from webapp import clock, create_app
from webapp.settings import ROOT, from_env

PERCENT = 100


@contextmanager
def a_small_city() -> Iterator[tuple[Flask, dict[str, str], Path]]:
    """An application with an empty SQLite database, the environment of its server, and a folder for what they write."""
    with tempfile.TemporaryDirectory(prefix="binjai-bench-") as name:
        folder = Path(name)
        (folder / "bench.db").touch()
        environ = {
            **os.environ, "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}", "INSTANCE": str(folder),
            "SECRET_KEY": "a secret of the bench, long enough", "LOG_LEVEL": "WARNING",
            "NIK_KEY": b64encode(bytes(range(32))).decode(), "MAX_STREAMS": "20000",
        }  # fmt: skip
        app = create_app(from_env(environ))
        with app.app_context():
            upgrade()
            yield app, environ, folder


def a_long_shift(ward: Ward | None = None, ahead: int = 0) -> Shift:
    """Of today or a day ahead, from midnight to midnight, with places enough."""
    day = clock.today() + timedelta(days=ahead)
    return make.a_shift(ward, day=day, jkn=500, starts=time(0), ends=time(23, 59), opens=time(0))


def allow_many_files() -> None:
    _few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Crowd:
    """Listeners in a process of their own; see _listeners.py."""

    def __init__(self, port: int, paths: Sequence[str], streams: int, *options: str) -> None:
        command = [sys.executable, "-m", "bench._listeners", str(port), *paths, "--streams", str(streams), *options]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.opening = self._told()

    def _told(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the listeners have given up")
        return json.loads(line)

    def heard(self) -> dict:
        """Let them go; what they have heard."""
        self.process.stdin.close()
        told = self._told()
        self.process.wait()
        return told


def percentile(times: Sequence[float], percent: float) -> float:
    """No more than so many of a hundred are above."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / PERCENT))]


def cpu_seconds(pids: Sequence[int]) -> float:
    """What the threads of these processes have used so far, to the nanosecond: clock ticks would miss short work."""
    threads = [thread for pid in pids for thread in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def kilobytes(pids: Sequence[int]) -> int:
    """The memory of these processes, what they share counted once."""
    rollups = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids)
    return sum(int(line.split()[1]) for text in rollups for line in text.splitlines() if line.startswith("Pss:"))
