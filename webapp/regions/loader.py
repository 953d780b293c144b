"""Loading a city: its regions, agencies and holidays first, then what each service reads from the same folder."""

from collections.abc import Iterable
from pathlib import Path

from webapp import calendar, deadlines
from webapp.calendar import Holiday
from webapp.loading import CityFolder, Keeper, Loader, Problem, Report, Row, Table, city_of, load_folder
from webapp.loading.city import CITY_FILE
from webapp.loading.reading import cell, day, decimal, maybe, one_of, text, whole, yes_no
from webapp.regions.models import Region, Unit
from webapp.settings import SettingsError

LEVELS = {"city": None, "kecamatan": "city", "kelurahan": "kecamatan"}  # each within the next one up
CODE = cell(r"[0-9]{2}(\.[0-9]{2}){1,2}(\.[0-9]{4})?", "a Kemendagri code like 12.75.01.1005")

REGIONS = Table(
    "regions.csv",
    key=("code",),
    columns={
        "code": CODE,
        "name": text(80),
        "level": one_of(*LEVELS),
        "parent": maybe(CODE),
        "latitude": maybe(decimal),
        "longitude": maybe(decimal),
        "population": maybe(whole),
        "source": text(400),
    },
    refers={("parent",): "regions.csv"},
)
AGENCIES = Table(
    "agencies.csv",
    key=("code",),
    columns={
        "code": text(32),
        "name": text(120),
        "kind": one_of("agency", "kecamatan", "kelurahan"),
        "region": maybe(CODE),
        "source": text(400),
    },
    refers={("region",): "regions.csv"},
)
HOLIDAYS = Table(
    "holidays.csv",
    key=("day",),
    columns={"day": day, "name": text(120), "joint_leave": yes_no, "certain": yes_no, "source": text(400)},
)


def load_city(folder: Path, services: Iterable[Loader] = (), dry_run: bool = False) -> Report:
    """Load the city's folder: the platform's part, then that of each service. With a problem nothing is changed."""
    return load_folder(folder, (load, *services), dry_run)


def load(city: CityFolder) -> None:
    """Read the city's own file, regions, agencies and holidays."""
    try:
        city_of(city.path)
    except SettingsError as error:
        city.problems.append(Problem(CITY_FILE, 0, str(error)))
    regions, agencies, holidays = city.read(REGIONS), city.read(AGENCIES), city.read(HOLIDAYS)
    _check_levels(city, regions)
    city.when_clean(lambda keeper: _keep_regions(keeper, regions))
    city.when_clean(lambda keeper: _keep_agencies(keeper, agencies))
    city.when_clean(lambda keeper: _keep_holidays(keeper, holidays))


def _check_levels(city: CityFolder, regions: list[Row]) -> None:
    levels = {row["code"]: row["level"] for row in regions}
    for row in regions:
        above = levels.get(row["parent"])
        if above != LEVELS[row["level"]] and (above or not row["parent"]):
            city.complain(row, f"parent: a {row['level']} lies in {LEVELS[row['level']] or 'nothing'}")


def _keep_regions(keeper: Keeper, regions: list[Row]) -> None:
    for row in sorted(regions, key=lambda row: list(LEVELS).index(row["level"])):
        values = row.only("name", "level", "latitude", "longitude") | {"parent_code": row["parent"]}
        keeper.keep(Region, row["code"], row.only("code"), values)


def _keep_agencies(keeper: Keeper, agencies: list[Row]) -> None:
    for row in agencies:
        values = row.only("name", "kind") | {"region_code": row["region"]}
        keeper.keep(Unit, row["code"], row.only("code"), values)


def _keep_holidays(keeper: Keeper, holidays: list[Row]) -> None:
    for row in holidays:
        keeper.keep(Holiday, str(row["day"]), row.only("day"), row.only("name", "joint_leave", "certain"))
    if keeper.report.tables["holiday"].keys() & {"added", "changed"}:
        deadlines.recompute_all()
    reach = calendar.reaches_until()
    known = f"Holidays are known until {reach}; after that" if reach else "No holidays are known:"
    keeper.report.notes.append(f"{known} only weekends count.")
