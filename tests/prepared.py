"""What takes long to build, and all stories of a file begin with, is built once and put back for each of the others."""

import io
import pickle
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import inspect

from webapp.db import Base, db

Made = TypeVar("Made")


class Prepared:
    """The database (SQLite's) as `build` left it, and what `build` gave back; rows in that are found by their keys."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect(":memory:")
        self._made: bytes | None = None

    def begin(self, build: Callable[[], Made]) -> Made:
        """What it gives back, as if it were built for this story; the database must be empty."""
        if self._made is None:
            self._made = _kept(build())
            _copy(to=self._rows)
        else:
            _copy(source=self._rows)
        found: Made = _Finding(io.BytesIO(self._made)).load()
        return found


def _copy(source: sqlite3.Connection | None = None, to: sqlite3.Connection | None = None) -> None:
    """From or to the database of the tests."""
    db.session.remove()
    with db.engine.connect() as connection:
        own = connection.connection.driver_connection
        (source or own).backup(to or own)


def _kept(made: object) -> bytes:
    kept = io.BytesIO()
    _Keeping(kept).dump(made)
    return kept.getvalue()


class _Keeping(pickle.Pickler):
    def persistent_id(self, thing: Any) -> tuple[type, Any] | None:
        return (type(thing), inspect(thing).identity) if isinstance(thing, Base) else None


class _Finding(pickle.Unpickler):
    def persistent_load(self, key: tuple[type, Any]) -> Any:
        return db.session.get_one(*key)
