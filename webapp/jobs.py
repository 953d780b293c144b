"""Background work: idempotent sweeps over the tables, woken by a scheduler that may lose its memory without harm."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from huey import SqliteHuey, crontab

log = logging.getLogger(__name__)
Work = Callable[[], None]


@dataclass(frozen=True)
class Sweep:
    """Work that finds by itself what is due. `every` is in minutes and divides the hour."""

    work: Work
    every: int

    @property
    def name(self) -> str:
        return f"{self.work.__module__}.{self.work.__name__}"


_sweeps: dict[str, Sweep] = {}


def sweep(every: int) -> Callable[[Work], Work]:
    """Register a sweep that is due every so many minutes (a divisor of 60)."""
    if 60 % every:
        raise ValueError("a sweep's minutes must divide the hour")

    def register(work: Work) -> Work:
        entry = Sweep(work, every)
        if _sweeps.setdefault(entry.name, entry).work is not work:
            raise ValueError(f"the sweep {entry.name} is given twice")
        return work

    return register


def sweeps() -> list[Sweep]:
    return list(_sweeps.values())


def run_all(app: Flask) -> None:
    """Every sweep once, now: at start and in tests."""
    for entry in sweeps():
        _run(app, entry)


def work_forever(app: Flask) -> None:
    """The worker process: all sweeps at once, then each in its rhythm, until it is told to stop."""
    run_all(app)
    settings = app.extensions["settings"]
    huey = SqliteHuey("binjai", filename=str(settings.instance / "jobs.db"), results=False)
    for entry in sweeps():
        task = huey.periodic_task(crontab(minute=f"*/{entry.every}"), name=entry.name)
        task(lambda entry=entry: _run(app, entry))
    huey.create_consumer(workers=1, periodic=True, check_worker_health=True).run()


def _run(app: Flask, entry: Sweep) -> None:
    try:
        with app.app_context():
            entry.work()
    except Exception:
        log.exception("sweep %s failed; the next tick tries again", entry.name)
