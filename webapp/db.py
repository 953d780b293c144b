"""The database: one base for all tables, one door for all changes, and the manners of both engines."""

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Engine, MetaData, String, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.orm.exc import StaleDataError

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
POOL, OVERFLOW = 15, 25  # connections of one process; PostgreSQL allows 100 in all unless told otherwise
PATIENCE = 5  # seconds until a silent server counts as gone
SILENCE = {  # what each end of a connection to PostgreSQL makes of the other's; the system's own limits are hours
    "connect_timeout": PATIENCE,
    "tcp_user_timeout": PATIENCE * 1000,  # nothing takes what was sent
    "keepalives_idle": PATIENCE, "keepalives_interval": 1, "keepalives_count": PATIENCE,  # an answer is waited for
    # And the other way round: the server lets go of the rows that a machine held which has lost its power.
    "options": f"-c tcp_keepalives_idle={PATIENCE} -c tcp_keepalives_interval=1 -c tcp_keepalives_count={PATIENCE}",
}  # fmt: skip
BUSY = ("40001", "40P01")  # serialization failure, deadlock
NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_index",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Base(DeclarativeBase):
    """Every table of the product."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={dict[str, Any]: JSON})


class Stateful:
    """A thing whose `.state` a workflow moves; of two people who move it at once, the second is told."""

    state: Mapped[str] = mapped_column(String(16))

    @declared_attr
    def version(self) -> Mapped[int]:
        return mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(directory=str(Path(__file__).parent / "migrations"), render_as_batch=True)


def transactional(use_case: Callable[P, R]) -> Callable[P, R]:
    """Commit when the outermost use case returns, roll back when it raises.

    A use case begins by looking and has no effect outside the database before it returns, because whoever loses a race
    (unique row, stale version, deadlock) is sent through it once more, at most three times in all.
    """

    @wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if db.session.info.get("open"):
            return use_case(*args, **kwargs)
        for left in reversed(range(TRIES)):
            try:
                result = _attempt(use_case, *args, **kwargs)
            except (IntegrityError, StaleDataError, DBAPIError) as error:
                if not left or not _someone_was_first(error):
                    raise
            else:
                for tell in current_app.extensions["after_commit"]:
                    tell()
                return result
        raise AssertionError("unreachable")

    return run


_turn = threading.Lock()


def _taking_turns() -> AbstractContextManager[Any]:
    """SQLite lets one writer in at a time; whoever waits there polls and may starve. So this process queues first."""
    return _turn if db.engine.dialect.name == "sqlite" else nullcontext()


def _attempt(use_case: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Something was written outside a use case.")
    try:
        session.commit()  # let go of the snapshot that earlier reads may hold
        session.expire_all()  # and of the rows loaded from it: they may be stale
        session.info["open"] = True
        with _taking_turns():
            session.connection(execution_options={"writes": True})
            result = use_case(*args, **kwargs)
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("open", None)
    return result


def _someone_was_first(error: Exception) -> bool:
    if isinstance(error, (IntegrityError, StaleDataError)):
        return True
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in BUSY


def engine_url(url: str) -> str:
    """The address the engine opens. SQLite must find its file: a database that has gone is an error, not a new one."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return url
    return f"sqlite:///file:{Path(parsed.database).resolve()}?mode=rw&uri=true"


def init_app(app: Flask, url: str) -> None:
    """Open the database lazily. Statements in a trace show no parameters: they hold names and digests of passwords."""
    app.config["SQLALCHEMY_DATABASE_URI"] = engine_url(url)
    options: dict[str, Any] = {
        "pool_pre_ping": True,
        "pool_size": POOL,
        "max_overflow": OVERFLOW,
        "hide_parameters": True,
    }
    if make_url(url).get_backend_name() == "postgresql":
        options["connect_args"] = SILENCE
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.extensions["after_commit"] = list[Callable[[], None]]()
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _teach_manners(db.engine)


def _teach_manners(engine: Engine) -> None:
    """SQLite: write-ahead log, patience, foreign keys, and a write lock from the start of each use case.

    A read transaction that later wants to write cannot wait for its turn; it fails at once. So use cases begin
    IMMEDIATE, and everything else only reads.
    """
    path = engine.url.database.removeprefix("file:") if engine.url.database else ""

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "busy_timeout=5000", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        record.info["inode"] = os.stat(path).st_ino

    @event.listens_for(engine, "checkout")
    def checked_out(_connection: Any, record: Any, _proxy: Any) -> None:
        """A pooled connection would go on writing to a file that somebody has moved away, and lose what it confirms."""
        if not os.path.exists(path) or os.stat(path).st_ino != record.info["inode"]:
            raise DisconnectionError("the database file is not there any more")

    @event.listens_for(engine, "begin")
    def begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
