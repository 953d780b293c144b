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
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from datetime import time as datetime_time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.servers import eventually, free_port
from webapp.settings import ROOT

READY = re.compile(r"is at (http://\S+) .*ready in")
DEMO_TIME = re.compile(r"^Demo: \w+ (?P<day>\d+) \w+ \d+, (?P<hour>\d\d)\.\d\d in the city", re.MULTILINE)
BINJAI, BEGINS, SATURDAY = ZoneInfo("Asia/Jakarta"), datetime_time(7, 30), 5
PATIENCE = 60.0
FIRST_START = 300.0  # a new demo lives through its past before it is ready; this machine may be busy
OURS = ("SECRET_KEY", "NIK_KEY", "DATABASE_URL", "INSTANCE", "DEMO", "CITY", "SERVICES")


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
        ready = eventually(lambda: READY.search(self.said.read_text()) or self.process.poll() is not None, FIRST_START)
        assert ready
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
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ").strip()
        return found

    def programs(self) -> set[str]:
        """Which of the product's programs run, by the last word of their command."""
        ours = [command for command in self.processes().values() if "webapp.launcher" not in command]
        return {"gunicorn" if "gunicorn" in command else command.split()[-1] for command in ours}

    def secrets(self) -> str:
        return (self.folder / "secrets.env").read_text()

    def column(self, question: str) -> list[object]:
        with closing(sqlite3.connect(self.folder / "binjai.db")) as database:
            return [row[0] for row in database.execute(question)]

    def ask(self, question: str) -> object:
        """The one value that the database answers."""
        return self.column(question)[0]

    def counts(self) -> list[object]:
        tables = ("event", "person", "dokter_shift", "dokter_ticket")
        return [self.ask(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608 - ours


@pytest.fixture
def installation(request: pytest.FixtureRequest, instance: Path) -> Iterator[Installation]:
    running = Installation(instance, demo=request.param)
    yield running
    for pid in running.processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if running.process:
        running.process.wait()


without_demo = pytest.mark.parametrize("installation", ["0"], indirect=True, ids=["without demo"])
in_demo_mode = pytest.mark.parametrize("installation", ["1"], indirect=True, ids=["demo"])


def assert_all_is_ended(installation: Installation) -> None:
    assert eventually(lambda: not installation.processes()), installation.processes()
    assert "Traceback" not in installation.said.read_text()


# --- without demo


@without_demo
def test_ctrl_c_ends_everything_and_a_second_start_goes_on(installation: Installation):
    installation.start()
    assert installation.programs() == {"gunicorn", "webapp.worker"}
    assert installation.press_ctrl_c() == 0
    assert_all_is_ended(installation)
    secrets, shifts = installation.secrets(), installation.ask("SELECT count(*) FROM dokter_shift")
    assert shifts
    installation.start()
    assert (installation.secrets(), installation.ask("SELECT count(*) FROM dokter_shift")) == (secrets, shifts)
    assert installation.ask("SELECT count(*) FROM person") == 0, "outside demo mode no account exists"
    assert installation.press_ctrl_c(times=2) == 0, "impatience changes nothing"
    assert_all_is_ended(installation)


@without_demo
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL],
                         ids=["asked to end", "terminal closed", "killed"])  # fmt: skip
def test_other_ways_to_end_leave_nobody_behind_either(installation: Installation, told: signal.Signals):
    installation.start()
    os.kill(installation.process.pid, told)
    installation.process.wait(PATIENCE)
    assert_all_is_ended(installation)


@without_demo
def test_when_one_program_dies_all_are_ended(installation: Installation):
    """Half a city is not served: whoever watches over the launcher sees that it failed."""
    installation.start()
    (worker,) = [pid for pid, command in installation.processes().items() if command.endswith("worker")]
    os.kill(worker, signal.SIGKILL)
    assert installation.process.wait(PATIENCE) == 1
    assert_all_is_ended(installation)


# --- demo


@in_demo_mode
def test_each_demo_start_is_the_next_working_morning_and_deletes_nothing(installation: Installation):
    first_day = assert_begins_in_the_morning(installation)
    assert installation.programs() == {"gunicorn", "webapp.worker", "demo", "webapp.payments.sandbox"}
    assert eventually(lambda: installation.ask("SELECT count(*) FROM dokter_ticket"))
    assert installation.press_ctrl_c() == 0
    assert_all_is_ended(installation)
    last = local(str(installation.ask("SELECT max(at) FROM event")))
    assert last.date() == first_day
    before = installation.counts()
    second_day = assert_begins_in_the_morning(installation)
    assert second_day == working_day_after(installation, first_day)
    assert demo_now(installation) > last
    assert all(now >= then for now, then in zip(installation.counts(), before, strict=True))
    assert installation.press_ctrl_c() == 0
    assert_all_is_ended(installation)


def assert_begins_in_the_morning(installation: Installation) -> date:
    """Start it: whatever the real hour, it has just been half past seven in the city. Returns the day there."""
    began = time.monotonic()
    said = installation.start()
    passed, now = timedelta(seconds=time.monotonic() - began), demo_now(installation)
    assert now - passed <= datetime.combine(now.date(), BEGINS) <= now
    shown = DEMO_TIME.search(said)
    assert shown and int(shown["day"]) == now.day and shown["hour"] == "07", said
    return now.date()


def demo_now(installation: Installation) -> datetime:
    """The moment in the simulated city, by its wall clock."""
    offset = timedelta(seconds=float((installation.folder / "demo-clock").read_text()))
    return local((datetime.now(UTC) + offset).replace(tzinfo=None).isoformat())


def local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(BINJAI).replace(tzinfo=None)


def working_day_after(installation: Installation, day: date) -> date:
    """Counted here by hand: neither weekend nor in the city's table of holidays."""
    holidays = installation.column("SELECT day FROM holiday")
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY or day.isoformat() in holidays:
        day += timedelta(days=1)
    return day
