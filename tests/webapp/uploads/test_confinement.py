"""The process that looks into files can do nothing else; and when it dies, the file is politely refused (T45)."""

import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.webapp.uploads import files
from webapp.uploads import checking, child
from webapp.uploads.checking import Unfit, check

AS_THE_CHILD = """
import importlib.util, os, resource, socket, sys
spec = importlib.util.spec_from_file_location("child", sys.argv[1])
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
{before}
try:
    {act}
except (OSError, MemoryError, ValueError) as no:
    print(type(no).__name__)
else:
    print("done")
"""
CONFINED = "child.LIMITS[resource.RLIMIT_CPU] = 1; child.get_ready(); child.confine('PNG')"
FORBIDDEN = {
    "read a file": ("open('/etc/passwd')", "OSError"),
    "write a file": ("open('/tmp/x', 'w')", "OSError"),
    "open a socket": ("socket.socket()", "OSError"),
    "take two gigabytes": ("bytearray(2 << 30)", "MemoryError"),
    "loosen its limits": ("resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))", "ValueError"),
    "write without end": ("[os.write(1, bytes(1 << 20)) for _ in range(30)]", "OSError"),
}


def as_the_child(act: str, before: str, tmp_path: Path) -> str:
    script = AS_THE_CHILD.format(act=act, before=before)
    with (tmp_path / "said").open("w+b") as said:
        command = [sys.executable, "-I", "-c", script, str(files.CHILD)]
        subprocess.run(command, stdout=said, env={}, timeout=60, check=True)
        size = said.seek(0, 2)
        said.seek(max(0, size - 40))
        return said.read().strip(b"\0\n ").decode()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_child_cannot(what, tmp_path):
    act, error = FORBIDDEN[what]
    if what == "write without end":  # nothing more can be said on this output
        with pytest.raises(subprocess.CalledProcessError):
            as_the_child(act, CONFINED, tmp_path)
        assert (tmp_path / "said").stat().st_size <= child.LIMITS[child.resource.RLIMIT_FSIZE]
    else:
        assert as_the_child(act, CONFINED, tmp_path) == error


@pytest.mark.parametrize("what", [what for what in FORBIDDEN if what not in ("write a file", "loosen its limits")])
def test_control_unconfined_it_could(what, tmp_path):
    assert as_the_child(FORBIDDEN[what][0], "", tmp_path) == "done"


def test_the_child_is_not_on_our_network_where_the_kernel_lets_it_leave(tmp_path):
    here = "before = os.readlink('/proc/self/ns/net'); child.get_ready(); "
    left = as_the_child("print(os.readlink('/proc/self/ns/net') == before)", here + "child.confine('PNG')", tmp_path)
    assert left.split()[0] == ("False" if may_leave("--user", "--net") or may_leave("--net") else "True")


def may_leave(*namespaces: str) -> bool:
    """Whether this kernel lets us: root in a chroot may leave the network, but make no users of its own."""
    return subprocess.run(["unshare", *namespaces, "true"], capture_output=True, check=False).returncode == 0


def test_a_child_that_never_ends_is_ended_by_its_processor_time(tmp_path):
    with pytest.raises(subprocess.CalledProcessError) as ended:
        as_the_child("while True: pass", CONFINED, tmp_path)
    assert ended.value.returncode < 0


DYING = {
    "crashes": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "ends without a word": "pass",
    "fails": "raise SystemExit(3)",
    "hangs": "import time; time.sleep(60)",
    "babbles": 'print(\'{"media_type": "image/png"}\')',
    "names another kind": 'print(\'{"media_type":"text/html","width":1,"height":1,"pages":null}\'); print("<html>")',
    "lies about what it gives": (
        'print(\'{"media_type":"image/png","width":1,"height":1,"pages":null}\'); print("<html>")'
    ),
    "counts below nothing": 'print(\'{"media_type":"application/pdf","width":null,"height":null,"pages":-1}\\n%PDF-\')',
    "invents a fault": 'print(\'{"fault": "<b>"}\')',
}


@pytest.mark.parametrize("program", DYING.values(), ids=DYING)
def test_whatever_becomes_of_the_child_the_refusal_is_polite(app, tmp_path, monkeypatch, program):
    path = tmp_path / "dying.py"
    path.write_text(program)
    monkeypatch.setattr(checking, "CHILD", path)
    monkeypatch.setattr(checking, "PATIENCE", 2.0)
    with pytest.raises(Unfit, match=r"tidak bisa diperiksa|could not be checked"):
        check(files.jpeg())


def test_no_place_for_the_answer_is_a_polite_refusal_too(app, monkeypatch):
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checking.tempfile, "TemporaryFile", full)
    with pytest.raises(Unfit) as refused:
        check(files.jpeg())
    assert refused.value.fault == "silent"


def test_only_so_many_files_are_looked_into_at_once(app, monkeypatch):
    monkeypatch.setattr(checking, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(checking, "QUEUE", 0.05)
    checking._turns.acquire()
    with pytest.raises(Unfit) as refused:
        check(files.jpeg())
    assert refused.value.fault == "busy"
    checking._turns.release()
    assert check(files.jpeg()).media_type == "image/jpeg"
    assert checking._turns.acquire(blocking=False), "each turn is given back"


def test_the_child_stands_alone():
    """It starts in a moment and holds nothing of the application: no keys, no database, no settings."""
    heavy = f"import runpy, sys; sys.argv = ['child', 'PNG']; runpy.run_path({str(files.CHILD)!r})"
    seen = "; print([name for name in sys.modules if name.split('.')[0] in ('webapp', 'flask', 'sqlalchemy')])"
    command = [sys.executable, "-I", "-c", heavy + seen]
    assert subprocess.run(command, capture_output=True, env={}, check=True).stdout.strip() == b"[]"


def test_control_a_socket_can_be_opened_here():
    socket.socket().close()
