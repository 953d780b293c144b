"""Where files are kept: a port, and a folder outside the web root behind it unless told otherwise."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from flask import Flask, current_app

KEY = re.compile(r"[\w-]{22}", re.ASCII)  # secrets.token_urlsafe(16): never a path, whatever the file was called (T35)
PART = ".part"


class Storage(Protocol):
    """What the product needs of a place for files. Each method may raise OSError, also where the place is no disk."""

    def put(self, key: str, data: bytes) -> None:
        """Keep it so that a power cut after the return loses nothing."""

    def get(self, key: str) -> bytes:
        """The file. Raises FileNotFoundError when there is none."""

    def delete(self, key: str) -> None:
        """Forget it; whether or not it was there."""

    def exists(self, key: str) -> bool:
        """Whether it is there, whole."""

    def older_than(self, moment: datetime) -> Iterator[str]:
        """The keys of what was put before this moment (naive UTC, by the machine's clock)."""


class Folder:
    """Files in a folder of this machine, two levels deep, readable by this user only."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(PART)
        try:
            _write(part, data)
            part.rename(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        _sync(path.parent)
        _sync(self.root)

    def get(self, key: str) -> bytes:
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        path = self._path(key)
        for one in (path, path.with_suffix(PART)):
            one.unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def older_than(self, moment: datetime) -> Iterator[str]:
        before = moment.replace(tzinfo=UTC).timestamp()
        for path in self.root.glob("*/*"):
            if KEY.fullmatch(path.stem) and path.stat().st_mtime < before:
                yield path.stem

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError("this is no key of a file")
        return self.root / key[:2] / key


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)


def _sync(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def init_app(app: Flask, storage: Storage) -> None:
    app.extensions["uploads"] = storage


def storage() -> Storage:
    """The place that this installation keeps its files in."""
    found: Storage = current_app.extensions["uploads"]
    return found
