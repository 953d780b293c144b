"""What is wrong with an installation is said once, in one clear line, by the launcher (T99)."""

import base64
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import free_port
from webapp.settings import ROOT

GOOD = {
    "SECRET_KEY": "a secret of the tests, long enough",
    "NIK_KEY": base64.b64encode(bytes(range(32))).decode(),
}
PATIENCE = 40
OURS = ("SECRET_KEY", "NIK_KEY", "DATABASE_URL", "INSTANCE", "DEMO", "CITY", "SERVICES")


def launch(instance: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name not in OURS}
    environ |= {"INSTANCE": str(instance), "PORT": str(free_port()), **settings}
    command = [sys.executable, "-m", "webapp.launcher"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        said, complained = process.communicate(timeout=PATIENCE)
    finally:
        process.terminate()  # had it started after all, this ends its programs, too
        process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, said, complained)


NOBODY = "postgresql+psycopg://nobody:a-password@127.0.0.1:{port}/nothing"
ABSENT = NOBODY.format(port=2)

REASONS = {
    "session key missing": ({"NIK_KEY": GOOD["NIK_KEY"]}, "SECRET_KEY is missing"),
    "NIK key missing": ({"SECRET_KEY": GOOD["SECRET_KEY"]}, "NIK_KEY is missing"),
    "session key too short": (GOOD | {"SECRET_KEY": "short"}, "SECRET_KEY is shorter"),
    "NIK key no base64": (GOOD | {"NIK_KEY": "not base64!"}, "NIK_KEY is not valid base64"),
    "NIK key too short": (GOOD | {"NIK_KEY": "AAAA"}, "NIK_KEY must be 32 bytes"),
    "database unreachable": (GOOD | {"DATABASE_URL": ABSENT}, "cannot be reached"),
    "database file in no folder": (GOOD | {"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "cannot be opened"),
    "database address no address": (GOOD | {"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
    "database of an unknown kind": (GOOD | {"DATABASE_URL": "oracle9://x/y"}, "DATABASE_URL"),
    "no such city": (GOOD | {"CITY": "/nowhere"}, "/nowhere"),
    "a number that is none": (GOOD | {"MAX_STREAMS": "many"}, "MAX_STREAMS"),
    "no such service": (GOOD | {"SERVICES": "blueprints.nothing"}, "blueprints.nothing"),
}


@pytest.mark.parametrize("settings, said", REASONS.values(), ids=REASONS)
def test_a_start_is_refused_in_one_line(instance: Path, settings: dict[str, str], said: str):
    refused = launch(instance, **settings)
    assert refused.returncode == 1
    assert refused.stdout == ""
    (line,) = refused.stderr.splitlines()
    assert line.startswith("Cannot start: ") and said in line
    assert "a-password" not in line


def test_a_database_that_takes_the_call_but_never_answers_is_not_waited_for(instance: Path):
    """As behind a firewall that swallows everything."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = NOBODY.format(port=silent.getsockname()[1])
        refused = launch(instance, **GOOD, DATABASE_URL=url)
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert "cannot be reached" in line


def test_a_database_without_its_keys_is_not_given_new_ones(instance: Path):
    (instance / "binjai.db").touch()
    refused = launch(instance)
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert "secrets.env is missing" in line
    assert not (instance / "secrets.env").exists()
