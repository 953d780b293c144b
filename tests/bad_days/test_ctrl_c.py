"""`make run` from its first line to Ctrl-C, twice: nothing is left running, nothing is lost, time goes on."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.servers import free_port
from webapp.settings import ROOT

READY = re.compile(r"is at (http://\S+) .*ready in")
DEMO_TIME = re.compile(r"^Demo: .* (\d\d)\.(\d\d) in the city", re.MULTILINE)
PATIENCE = 60.0
OURS = ("SECRET_KEY", "NIK_KEY", "DATABASE_URL", "INSTANCE", "DEMO", "CITY", "SERVICES")
PROGRAMS = {"0": ["gunicorn", "worker"], "1": ["gunicorn", "worker", "demo"]}


class Installation:
    """A folder of its own, in which the product is started and ended."""

    def __init__(self, folder: Path, demo: str) -> None:
        self.folder, self.demo = folder, demo
        self.said = folder.parent / "said.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Returns what it has printed when it says that it is ready."""
        environ = {name: value for name, value in os.environ.items() if name not in OURS}
        environ |= {"INSTANCE": str(self.folder), "DEMO": self.demo, "PORT": str(free_port()), "WORKERS": "1"}
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "webapp.launcher"],
                cwd=ROOT, env=environ, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        assert eventually(lambda: READY.search(self.said.read_text()) or self.process.poll() is not None)
        text = self.said.read_text()
        assert READY.search(text), text
        with urllib.request.urlopen(f"{READY.search(text)[1]}/dokter/", timeout=10) as response:
            assert response.status == 200
        return text

    def press_ctrl_c(self, times: int = 1) -> int:
        """As the terminal does: everybody in the foreground hears it. Returns the exit code."""
        for _press in range(times):
            os.killpg(self.process.pid, signal.SIGINT)
            time.sleep(0.3)
        return self.process.wait(PATIENCE)

    def processes(self) -> dict[int, str]:
        """Every process of this installation, whoever its parent is now: its environment names the folder."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if f"INSTANCE={self.folder}\0".encode() in (entry / "environ").read_bytes():
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        return found

    def ask(self, question: str) -> object:
        """The one value that the database answers."""
        with closing(sqlite3.connect(self.folder / "binjai.db")) as database:
            return database.execute(question).fetchone()[0]


def eventually(holds: Callable[[], object]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture(params=PROGRAMS, ids=["without demo", "demo"])
def installation(request: pytest.FixtureRequest, instance: Path) -> Iterator[Installation]:
    running = Installation(instance, request.param)
    yield running
    for pid in running.processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if running.process:
        running.process.wait()


def assert_all_is_ended(installation: Installation) -> None:
    assert eventually(lambda: not installation.processes()), installation.processes()
    assert "Traceback" not in installation.said.read_text()


def test_ctrl_c_ends_everything_and_a_second_start_goes_on(installation: Installation):
    installation.start()
    commands = " ".join(installation.processes().values())
    assert all(program in commands for program in PROGRAMS[installation.demo])
    if installation.demo == "1":
        assert eventually(lambda: installation.ask("SELECT count(*) FROM dokter_ticket"))
    assert installation.press_ctrl_c() == 0
    assert_all_is_ended(installation)

    secrets = (installation.folder / "secrets.env").read_text()
    counts = [f"SELECT count(*) FROM {table}" for table in ("event", "person", "dokter_shift", "dokter_ticket")]
    before = [installation.ask(count) for count in counts]
    installation.start()
    assert (installation.folder / "secrets.env").read_text() == secrets
    after = [installation.ask(count) for count in counts]
    assert all(now >= then for now, then in zip(after, before, strict=True)), "nothing is deleted"
    assert installation.press_ctrl_c() == 0
    assert_all_is_ended(installation)


def test_an_impatient_second_ctrl_c_leaves_nobody_behind(installation: Installation):
    installation.start()
    assert installation.press_ctrl_c(times=2) == 0
    assert_all_is_ended(installation)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP], ids=["asked to end", "terminal closed"])
def test_other_ways_to_end_leave_nobody_behind(installation: Installation, end: signal.Signals):
    installation.start()
    os.kill(installation.process.pid, end)
    installation.process.wait(PATIENCE)
    assert_all_is_ended(installation)


def test_when_one_program_dies_all_are_ended(installation: Installation):
    """Half a city is not served: whoever watches over the launcher sees that it failed."""
    installation.start()
    (worker,) = [pid for pid, command in installation.processes().items() if command.rstrip().endswith("worker")]
    os.kill(worker, signal.SIGKILL)
    assert installation.process.wait(PATIENCE) == 1
    assert_all_is_ended(installation)


# --- demo time


def working_day_after(installation: Installation, day: date) -> date:
    """Counted here by hand: neither weekend nor in the city's table of holidays."""
    day += timedelta(days=1)
    while day.weekday() >= 5 or installation.ask(f"SELECT count(*) FROM holiday WHERE day = '{day}'"):  # noqa: S608
        day += timedelta(days=1)
    return day


def demo_now(installation: Installation) -> datetime:
    """The moment in the simulated city, by its wall clock."""
    offset = float((installation.folder / "demo-clock").read_text())
    return (datetime.now(UTC) + timedelta(seconds=offset)).astimezone(ZoneInfo("Asia/Jakarta")).replace(tzinfo=None)


def last_event(installation: Installation) -> datetime:
    moment = datetime.fromisoformat(str(installation.ask("SELECT max(at) FROM event")))
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Jakarta")).replace(tzinfo=None)


@pytest.mark.parametrize("installation", ["1"], indirect=True, ids=["demo"])
def test_each_demo_start_is_the_next_working_morning(installation: Installation):
    for _start in range(2):
        began = time.monotonic()
        said = installation.start()
        passed = timedelta(seconds=time.monotonic() - began)
        now = demo_now(installation)
        assert now - passed <= datetime.combine(now.date(), datetime.min.time().replace(hour=7, minute=30)) <= now
        assert DEMO_TIME.search(said)[1] == "07", said
        assert eventually(lambda: installation.ask("SELECT count(*) FROM dokter_ticket"))
        first_day = now.date()
        assert installation.press_ctrl_c() == 0
        before = last_event(installation)
        assert before.date() == first_day
    # the third
    installation.start()
    assert demo_now(installation).date() == working_day_after(installation, before.date())
    assert demo_now(installation) > before
    assert installation.press_ctrl_c() == 0
