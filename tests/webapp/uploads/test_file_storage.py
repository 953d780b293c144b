"""Files on the disk: whole or not at all, for this user's eyes, outside of what the web server gives out."""

import os
import stat
from dataclasses import replace
from datetime import timedelta

import pytest

from webapp import clock
from webapp.settings import ROOT, SettingsError
from webapp.uploads.storage import Folder

KEY, OTHER = "abcdefghijklmnopqrst_-", "ZZcdefghijklmnopqrst_-"


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "uploads")


def test_what_is_put_can_be_had_until_it_is_deleted(folder):
    folder.put(KEY, b"paper")
    assert folder.get(KEY) == b"paper" and folder.exists(KEY)
    folder.delete(KEY)
    folder.delete(KEY)
    assert not folder.exists(KEY)
    with pytest.raises(FileNotFoundError):
        folder.get(KEY)


def test_nobody_else_on_the_machine_reads_it(folder):
    folder.put(KEY, b"paper")
    [path] = folder.root.glob("*/*")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "a/b", "", "a" * 21, "a" * 23, ".." + "a" * 20, "é" * 22, KEY + "\n"]
)
def test_no_key_is_a_path(folder, key):
    for act in (folder.get, folder.delete, folder.exists, lambda key: folder.put(key, b"")):
        with pytest.raises(ValueError):
            act(key)


@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
def test_a_file_is_there_whole_or_not_at_all(folder, monkeypatch, step):
    def full(*_arguments, **_more):
        raise OSError(28, "No space left on device")

    targets = {"write": (os, "open"), "fsync": (os, "fsync"), "rename": (type(folder.root), "rename")}
    monkeypatch.setattr(*targets[step], full)
    with pytest.raises(OSError):
        folder.put(KEY, b"paper")
    monkeypatch.undo()
    assert not folder.exists(KEY) and list(folder.root.glob("*/*")) == []


def test_file_and_name_are_on_the_disk_before_put_returns(folder, monkeypatch):
    done, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append(os.readlink(f"/proc/self/fd/{handle}")), real(handle)))
    folder.put(KEY, b"paper")
    part, its_folder, root = done
    assert part.endswith(".part") and its_folder == str(folder.root / "ab") and root == str(folder.root)


def test_the_old_ones_are_told_apart_also_what_a_crash_left_half_written(folder):
    folder.put(KEY, b"old")
    folder.put(OTHER, b"new")
    half = folder.root / "ab" / ("b" * 22 + ".part")
    half.touch()
    long_ago = (clock.machine() - timedelta(days=3)).timestamp()
    for path in (folder.root / "ab" / KEY, half):
        os.utime(path, (long_ago, long_ago))
    assert set(folder.older_than(clock.machine() - timedelta(days=1))) == {KEY, "b" * 22}
    (folder.root / "ab" / ("b" * 22 + ".part")).rename(folder.root / "bb.part")
    assert set(folder.older_than(clock.machine() - timedelta(days=1))) == {KEY}


def test_files_may_not_lie_where_the_web_server_gives_everything_out(settings):
    for inside in (ROOT / "static" / "dist", ROOT / "static" / "uploads"):
        with pytest.raises(SettingsError, match="UPLOADS"):
            replace(settings, uploads=inside)
    assert replace(settings, uploads="papers")
