"""What time it is in the city: the only place that reads the clock.

Times are naive UTC everywhere; days are days of the city. In demo mode the clock carries one offset,
stored in the instance folder, so that every process of the installation lives in the same moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

OFFSET_FILE = "demo-clock"
NO_OFFSET = timedelta()


class _Clock:
    offset = timedelta()
    zone = ZoneInfo("Asia/Jakarta")
    frozen: datetime | None = None


def configure(zone: ZoneInfo, offset: timedelta = timedelta()) -> None:
    """Set the city's time zone and, in demo mode, the stored offset."""
    _Clock.zone = zone
    set_offset(offset)


def set_offset(offset: timedelta) -> None:
    """Let this process live so much later (or earlier) than the machine's clock says; demo mode only."""
    _Clock.offset = offset


def stored_offset(instance: Path) -> timedelta:
    """The offset that the launcher has written for the demo, or none."""
    path = instance / OFFSET_FILE
    return timedelta(seconds=float(path.read_text(encoding="ascii"))) if path.exists() else timedelta()


def store_offset(instance: Path, start: datetime) -> timedelta:
    """Make this very moment `start` (naive UTC) for every process that starts from now on."""
    offset = start - _real()
    (instance / OFFSET_FILE).write_text(str(offset.total_seconds()), encoding="ascii")
    return offset


def now() -> datetime:
    """The present moment, naive UTC."""
    return _Clock.frozen or _real() + _Clock.offset


def machine() -> datetime:
    """The machine's own time, naive UTC: for what lives outside a demo's simulated day, such as a browser's session."""
    return _Clock.frozen or _real()


def today() -> date:
    """The present day in the city."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """A naive UTC moment as the city's wall clock shows it."""
    return moment.replace(tzinfo=UTC).astimezone(_Clock.zone)


def at(day: date, hour: time) -> datetime:
    """The naive UTC moment at which the city's wall clock shows this hour on this day."""
    return datetime.combine(day, hour, _Clock.zone).astimezone(UTC).replace(tzinfo=None)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of a day of the city and first moment of the next, naive UTC."""
    return at(day, time()), at(day + timedelta(days=1), time())


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stand still at this moment: for tests, and for the past that a demo tells before it begins."""
    before, _Clock.frozen = _Clock.frozen, moment
    try:
        yield
    finally:
        _Clock.frozen = before


def _real() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
