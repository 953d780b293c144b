"""What every test stands on: an application with an empty, migrated database, at eight on a Tuesday morning."""

import base64
import gc
import os
import sqlite3
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import NullPool, create_engine, event, make_url, text

from tests import people
from tests.pages import Browser
from tests.prepared import Prepared
from webapp import clock, create_app
from webapp.accounts.models import Person
from webapp.db import Base, db
from webapp.limits import limiter
from webapp.settings import ROOT, Settings
from webapp.signing import keys
from webapp.signing.keys import KeyFiles

pytest_plugins = ["tests.crowd"]

TUESDAY = date(2026, 11, 24)
NIK_KEY = bytes(range(32))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


# What asks nothing of the engine, or brings its own, is told once: files and PDFs, the words of files, our own rules,
# what typed words mean.
ONE_ENGINE = (
    "tests/bad_days/test_ctrl_c.py", "tests/test_house_rules.py", "tests/webapp/accounts/test_identity.py",
    "tests/webapp/signing/", "tests/webapp/test_clock.py", "tests/webapp/test_formats.py",
    "tests/webapp/test_remembered.py", "tests/webapp/test_settings.py", "tests/webapp/test_working_time.py",
    "tests/webapp/live/test_bell.py", "tests/webapp/live/test_hand_over.py", "tests/webapp/live/test_hub.py",
    "tests/webapp/live/test_restart.py", "tests/webapp/push/test_hosts.py",
    "tests/webapp/uploads/test_confinement.py", "tests/webapp/uploads/test_file",
    "tests/webapp/uploads/test_good_files.py",
    "tests/webapp/uploads/test_hostile_files.py", "tests/perizinan/catalogue/test_fee_of_type.py",
    "tests/perizinan/catalogue/test_reading_types.py", "tests/perizinan/catalogue/test_types_of_binjai.py",
    "tests/perizinan/test_money_words.py", "tests/perizinan/test_whose_case.py", "tests/dokter/test_demo.py",
    "tests/perizinan/test_demo_day.py",
    "tests/webapp/test_local_tls.py", "tests/webapp/test_web_safety.py",
    "tests/perizinan/catalogue/test_loading_types.py::test_each_kind_of_mistake",
    # PostgreSQL needs two random histories: what is lawful is no matter of the engine, and races are told apart.
    "tests/perizinan/test_random_histories.py::test_control_without_a_defence",
    *(f"tests/perizinan/test_random_histories.py::test_no_history_reaches_what_is_not_lawful[{seed}]"
      for seed in range(2, 6)),
    *(f"tests/perizinan/test_papers.py::test_{name}[" for name in (
        "a_whole_number", "a_number_with_a_comma", "a_number_keeps_within_its_limits",
        "a_hostile_answer_is_judged_at_once",
        "a_day_that_does_not_exist_is_asked_for_again", "letters_that_nobody_sees_are_not_kept",
        "nothing_that_is_asked_has_a_name_that_every_form_keeps_for_itself",
    )),
)  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    database = config.getoption("--database")
    not_here = {item for item in items if not concerns(item, database)}
    config.hook.pytest_deselected(items=list(not_here))
    items[:] = [item for item in items if item not in not_here]
    gc.freeze()  # what was loaded to begin with stays to the end: no collection need look through it again
    gc.set_threshold(50_000, 10, 10)  # rows and pages by the thousand are no rings: looking for some took a fifteenth


def concerns(item: pytest.Item, database: str) -> bool:
    """Whether this engine can make any difference to the test."""
    only = item.get_closest_marker("only")
    if only is not None:
        return bool(only.args[0] == database)
    return database == "sqlite" or not item.nodeid.startswith(ONE_ENGINE)


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.config.getoption("--database") == "postgresql":
        url = os.environ.get("DATABASE_URL_TEST")
        if not url:
            pytest.exit("PostgreSQL is wanted but DATABASE_URL_TEST is not set: use setup/with-postgres.", 1)
        return own_database(url)
    path = tmp_path_factory.mktemp("database") / "test.db"
    path.touch()
    return f"sqlite:///{path}"


def own_database(url: str) -> str:
    """The database of this process: where several run side by side, each has one of its own on the same server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        return url
    address = make_url(url)
    own = address.set(database=f"{address.database}_{worker}")
    server = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        name = connection.dialect.identifier_preparer.quote(str(own.database))
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    return own.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        secret_key="a secret of the tests, long enough",
        nik_key=NIK_KEY,
        database_url=database_url,
        instance=tmp_path_factory.mktemp("instance"),
        city=ROOT / "cities" / "binjai",
    )


@pytest.fixture(scope="session")
def environment(settings: Settings) -> dict[str, str]:
    """The same settings for a process of its own."""
    return {
        **os.environ,
        "SECRET_KEY": settings.secret_key,
        "NIK_KEY": base64.b64encode(settings.nik_key).decode(),
        "DATABASE_URL": settings.database_url,
        "INSTANCE": str(settings.instance),
    }


@pytest.fixture(scope="session")
def migrated(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", wait_for_no_disk)
        with db.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


def wait_for_no_disk(connection: sqlite3.Connection, _record: Any) -> None:
    """That matters when the machine dies, which no test makes it do. Killed servers have connections of their own."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def app(migrated: Flask) -> Iterator[Flask]:
    with migrated.app_context(), clock.frozen(clock.at(TUESDAY, time(8))):
        empty_database()
        limiter.reset()
        yield migrated
        db.session.remove()


def empty_database() -> None:
    """No rows, and ids from one again. Rows are few: to delete them is quicker than to TRUNCATE every table."""
    deletes = [f'DELETE FROM "{table.name}"' for table in reversed(Base.metadata.sorted_tables)]  # noqa: S608 - our own
    with db.engine.connect().execution_options(writes=True) as connection:
        if connection.dialect.name == "postgresql":  # takes all in one message
            deletes = ["; ".join([*deletes, "SELECT setval(seqrelid::regclass, 1, false) FROM pg_sequence"])]
        for statement in deletes:
            connection.exec_driver_sql(statement)
        connection.commit()


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return Prepared()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A stranger's browser."""
    return Browser(app)


@pytest.fixture
def another_browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def siti(app: Flask) -> Person:
    return people.siti()


@pytest.fixture
def budi(app: Flask) -> Person:
    return people.budi()


@pytest.fixture
def signing_key(app: Flask) -> KeyFiles:
    """The city can sign letters: its key for trials is there."""
    files: KeyFiles = app.extensions["signing"]
    keys.make_once(files, "Kota Binjai")
    return files


@pytest.fixture
def quick_signature(monkeypatch) -> None:
    """A real signature takes its time: where only the number matters, the letter is its bare bones."""
    monkeypatch.setattr("blueprints.perizinan.permits.actions.signer", lambda: None)
    monkeypatch.setattr("blueprints.perizinan.permits.actions.sealed", lambda letter, _signer: letter.number.encode())


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """An installation's own folder, empty."""
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder
