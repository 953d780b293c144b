"""How long a new demo takes to live through its 90 days: seconds and cases, on SQLite or the database that is named.

python -m bench.demo_load
setup/with-postgres python -m bench.demo_load
"""

import os
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import func, select, text

from blueprints.perizinan.cases import statistics
from blueprints.perizinan.cases.models import Application
from webapp import cli, clock, create_app, demo
from webapp.db import db
from webapp.events import Event
from webapp.regions.loader import load_city
from webapp.settings import ROOT, Settings
from webapp.signing import keys


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="binjai-bench-") as folder:
        settings = settings_in(Path(folder))
        keys.make_once(keys.key_files(settings), "Kota Binjai", demo.PAST + keys.NEW)
        with create_app(settings).app_context():
            clear()
            upgrade()
            load_city(settings.city, cli.loaders())
            print(f"- {os.cpu_count()} processors, {db.engine.dialect.name}")
            measure()
            db.engine.dispose()


def settings_in(folder: Path) -> Settings:
    file = folder / "bench.db"
    file.touch()
    url = os.environ.get("DATABASE_URL_TEST", f"sqlite:///{file}")
    secret = "a secret of the bench, long enough"  # noqa: S105 - of nothing
    return Settings(secret, bytes(range(32)), url, folder, ROOT / "cities" / "binjai", demo=True)


def clear() -> None:
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))


def measure() -> None:
    start, began, busy = demo.next_morning(clock.today()), time.perf_counter(), time.process_time()
    demo.live_until(start)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    with clock.frozen(start):
        cases, happened = (db.session.scalar(select(func.count(each.id))) for each in (Application, Event))
        record = statistics.of_all()
    print(f"  {took:.1f} s ({busy:.1f} s of the processor): {cases} cases, {happened} events")
    if record:
        print(f"  {record.count} decided, {record.in_time:.0%} in time, median {record.median:.1f} working days")


if __name__ == "__main__":
    main()
