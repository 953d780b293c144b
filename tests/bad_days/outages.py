"""How a database can go away under a running application, and come back."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from webapp.db import db


def outages_of(kind: str) -> list[str]:
    """Those that can be made here, by the names of the functions below."""
    if kind == "sqlite":
        return ["file_moved_away", "folder_in_its_place"]
    return ["server_stopped", "connections_refused"] if "PG_CTL" in os.environ else ["connections_refused"]


@contextmanager
def file_moved_away(url: str) -> Iterator[None]:
    file = Path(str(make_url(url).database))
    aside = file.with_suffix(".aside")
    file.rename(aside)
    try:
        yield
        assert not file.exists(), "nobody has made a new database in its place"
    finally:
        aside.rename(file)


@contextmanager
def folder_in_its_place(url: str) -> Iterator[None]:
    file = Path(str(make_url(url).database))
    aside = file.with_suffix(".aside")
    file.rename(aside)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        aside.rename(file)


@contextmanager
def server_stopped(_url: str) -> Iterator[None]:
    """As when the machine of the database is switched off: no goodbye to anybody."""
    pg_ctl = shlex.split(os.environ["PG_CTL"])
    subprocess.run([*pg_ctl, "--mode=immediate", "stop"], cwd="/", check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run([*pg_ctl, "start"], cwd="/", check=True, stdout=subprocess.DEVNULL)
        db.engine.dispose()  # this process's own connections died, too


@contextmanager
def connections_refused(url: str) -> Iterator[None]:
    """As when an administrator closes the database: all are thrown out, nobody gets in."""
    address = make_url(url)
    db.session.remove()
    db.engine.dispose()
    above = create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = above.dialect.identifier_preparer.quote(str(address.database))
    with above.connect() as administrator:
        administrator.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        throw_out = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        administrator.execute(throw_out, {"name": address.database})
        try:
            yield
        finally:
            administrator.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    above.dispose()


BEGIN = {
    outage.__name__: outage for outage in (file_moved_away, folder_in_its_place, server_stopped, connections_refused)
}
