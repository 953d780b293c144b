"""The city's name and where it answers: what every page says of it."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from webapp.settings import SettingsError

CITY_FILE = "city.toml"


@dataclass(frozen=True)
class City:
    """What every page says of the city."""

    name: str
    short: str
    code: str  # Kemendagri
    bps_code: str
    timezone: ZoneInfo
    counter: str
    hours: str
    contact: str


def city_of(folder: Path) -> City:
    """Read `city.toml`. Raises SettingsError with one line that says what is wrong with it."""
    path = folder / CITY_FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        wanted = {known.name for known in fields(City)}
        if wrong := wanted.symmetric_difference(found):
            raise ValueError("missing or unknown: " + ", ".join(sorted(wrong)))
        if empty := [name for name, value in found.items() if not isinstance(value, str) or not value.strip()]:
            raise ValueError("not a text: " + ", ".join(empty))
        return City(**{**found, "timezone": ZoneInfo(found["timezone"])})
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:
        raise SettingsError(f"{path}: {error}") from error
