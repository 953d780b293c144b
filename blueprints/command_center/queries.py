"""How the system itself is doing."""

import os
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from webapp import clock
from webapp.db import db
from webapp.events import Event

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Health:
    """What an operator can act on."""

    database_ms: float
    events_last_minute: int
    load: float
    disk_free_percent: int


def health(instance: Path) -> Health:
    """Measured now: the answer time of the database, what happens in the city, load and disk of this machine."""
    began = perf_counter()
    events = db.session.scalar(select(func.count()).where(Event.at > clock.now() - MINUTE)) or 0
    took = (perf_counter() - began) * 1000
    disk = shutil.disk_usage(instance)
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    return Health(took, events, load, round(100 * disk.free / disk.total))
