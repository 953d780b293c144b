from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column


class Loaded:
    loaded: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class CityFolder: ...


def city_of(path):
    return None
