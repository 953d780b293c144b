"""The command center's own tile: the health of the system."""

from typing import Any

from flask import current_app

from blueprints.command_center import queries
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy
from webapp.live import Tile

SLOW_MS, BUSY_LOAD, LITTLE_DISK = 100, 1.5, 10


def health() -> dict[str, Any]:
    found = queries.health(current_app.extensions["settings"].instance)
    figures = [
        (_("Database answers in"), f"{found.database_ms:.0f} ms", _tone(found.database_ms > SLOW_MS)),
        (_("Events in the last minute"), str(found.events_last_minute), "neutral"),
        (_("Load per processor"), f"{found.load:.0%}", _tone(found.load > BUSY_LOAD)),
        (_("Disk free"), f"{found.disk_free_percent}%", _tone(found.disk_free_percent < LITTLE_DISK)),
    ]
    tone = "attention" if any(tone == "attention" for _name, _value, tone in figures) else "neutral"
    return {"figures": figures, "tone": tone}


def _tone(trouble: bool) -> str:
    return "attention" if trouble else "neutral"


TOPICS = (
    Tile("command-center-health", "command_center/_tile_health.html", (), health, title=lazy("System health"), every=5),
)
