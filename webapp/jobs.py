"""Background work: idempotent sweeps over the tables, woken by a scheduler that may lose its memory without harm."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask

log = logging.getLogger(__name__)
Work = Callable[[], None]


@dataclass(frozen=True)
class Sweep:
    """Work that finds by itself what is due. `every` is in minutes and divides the hour."""

    work: Work
    every: int

    def __post_init__(self) -> None:
        if 60 % self.every:
            raise ValueError("a sweep's minutes must divide the hour")

    @property
    def name(self) -> str:
        return f"{self.work.__module__}.{self.work.__name__}"


def init_app(app: Flask, sweeps: Sequence[Sweep]) -> None:
    """These are the sweeps of the installation; each may be named once."""
    if len({entry.name for entry in sweeps}) < len(sweeps):
        raise ValueError(f"a sweep is given twice: {sorted(entry.name for entry in sweeps)}")
    app.extensions["sweeps"] = tuple(sweeps)


def sweeps_of(app: Flask) -> tuple[Sweep, ...]:
    found: tuple[Sweep, ...] = app.extensions["sweeps"]
    return found


def run_all(app: Flask) -> None:
    """Every sweep once, now: at start and in tests."""
    for entry in sweeps_of(app):
        run(app, entry)


def run(app: Flask, entry: Sweep) -> None:
    """One sweep, now. Its failure is logged and stops nobody."""
    try:
        with app.app_context():
            entry.work()
    except Exception:
        log.exception("sweep %s failed; the next tick tries again", entry.name)
