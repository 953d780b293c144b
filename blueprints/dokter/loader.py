"""The clinics of a city folder: their wards, weekly schedules and lawful tariffs."""

from blueprints.dokter.models import SHARES, Clinic, Schedule, Tariff, Ward
from webapp.loading import CityFolder, Keeper, Row, Table
from webapp.loading.reading import cell, day, hour, maybe, one_of, text, whole, yes_no
from webapp.regions.models import Unit

KINDS = ("puskesmas", "rsud", "hospital")
PAYING = ("jkn", "non_jkn")  # the counter share pays as those without JKN do
WEEKDAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")


def weekdays(content: str) -> tuple[int, ...]:
    """Days of the week, 0 is Monday, from "Sen Rab Jum"."""
    days = tuple(map(WEEKDAYS.index, content.split()))  # raises ValueError for any other word
    if len(set(days)) != len(days):
        raise ValueError
    return days


CLINICS = Table(
    "clinics.csv",
    key=("code",),
    columns={
        "code": text(32),
        "name": text(120),
        "short_name": text(40),
        "kind": one_of(*KINDS),
        "region": maybe(text(13)),
        "address": maybe(text(160), otherwise=""),
        "confirmed": yes_no,
        "source": text(400),
    },
    refers={("region",): "regions.csv"},
)
WARDS = Table(
    "wards.csv",
    key=("clinic", "code"),
    columns={"clinic": text(32), "code": text(3), "name": text(80)},
    refers={("clinic",): "clinics.csv"},
)
SCHEDULES = Table(
    "schedules.csv",
    key=("clinic", "ward", "letter", "weekdays"),
    columns={
        "clinic": text(32),
        "ward": text(3),
        "letter": cell("[A-Z]{1,2}", "one or two capital letters"),
        "doctor": text(120),
        "room": text(40),
        "weekdays": cell(".+", f"days like {' '.join(WEEKDAYS[:5])}, each once", weekdays),
        "starts": hour,
        "ends": hour,
        "jkn": whole,
        "non_jkn": whole,
        "counter": whole,
        "opens_days_before": cell("[0-9]|1[0-3]", "a number of days from 0 to 13", int),
        "opens": hour,
        "valid_from": day,
        "valid_until": maybe(day),
        "demo": yes_no,
    },
    refers={("clinic", "ward"): "wards.csv"},
)
TARIFFS = Table(
    "tariffs.csv",
    key=("kind", "share", "valid_from"),
    columns={
        "kind": one_of(*KINDS),
        "share": one_of(*PAYING),
        "amount": whole,
        "basis": text(160),
        "confirmed": yes_no,
        "valid_from": day,
    },
)
WRITTEN_AS_READ = tuple(column for column in SCHEDULES.columns if column not in {*SCHEDULES.key, "demo"})


def load(city: CityFolder) -> None:
    """Read clinics, wards, schedules and tariffs. Regions and agencies have been read before."""
    clinics, wards = city.read(CLINICS), city.read(WARDS)
    schedules, tariffs = city.read(SCHEDULES), city.read(TARIFFS)
    _check_codes(city, clinics)
    _check_schedules(city, schedules)
    _check_letters(city, schedules)
    _check_tariffs(city, clinics, schedules, tariffs)
    city.when_clean(lambda keeper: _keep_wards_and_schedules(keeper, _keep_clinics(keeper, clinics), wards, schedules))
    city.when_clean(lambda keeper: _keep_tariffs(keeper, tariffs))


def _check_codes(city: CityFolder, clinics: list[Row]) -> None:
    for row in clinics:
        if city.knows("agencies.csv", row["code"]):
            city.complain(row, f"code: {row['code']} is an agency in agencies.csv")


def _check_schedules(city: CityFolder, schedules: list[Row]) -> None:
    for row in schedules:
        if row["ends"] <= row["starts"]:
            city.complain(row, "ends: not after starts")
        if row["valid_until"] and row["valid_until"] < row["valid_from"]:
            city.complain(row, "valid_until: before valid_from")
        if not any(row.pick(SHARES)):
            city.complain(row, "jkn, non_jkn, counter: no places at all")


def _check_letters(city: CityFolder, schedules: list[Row]) -> None:
    """Patients of one clinic wait in one room: on one day a letter stands for one doctor."""
    lines: dict[tuple[str, str, int], int] = {}
    for row in schedules:
        for weekday in row["weekdays"]:
            line = lines.setdefault((row["clinic"], row["letter"], weekday), row.line)
            if line != row.line:
                city.complain(
                    row, f"letter: line {line} has {row['letter']} on {WEEKDAYS[weekday]} in this clinic already"
                )


def _check_tariffs(city: CityFolder, clinics: list[Row], schedules: list[Row], tariffs: list[Row]) -> None:
    """Whoever takes a number is shown what it costs by law, so there must be a tariff from the first day on."""
    if any(problem.file == TARIFFS.file for problem in city.problems):
        return
    kinds = {row["code"]: row["kind"] for row in clinics}
    first = {}
    for row in sorted(schedules, key=lambda row: row["valid_from"], reverse=True):
        if row["clinic"] in kinds:
            first[kinds[row["clinic"]]] = row
    for kind, row in first.items():
        began = [tariff for tariff in tariffs if tariff["kind"] == kind and tariff["valid_from"] <= row["valid_from"]]
        for share in set(PAYING) - {tariff["share"] for tariff in began}:
            city.complain(row, f"{TARIFFS.file} has no {share} for a {kind} on {row['valid_from']}")


def _keep_clinics(keeper: Keeper, clinics: list[Row]) -> dict[str, int]:
    """The id of each clinic by its code."""
    found = {}
    for row in clinics:
        values = row.only("name", "kind") | {"region_code": row["region"]}
        unit = keeper.keep(Unit, row["code"], row.only("code"), values)
        keeper.keep(Clinic, row["code"], {"unit_id": unit.id}, row.only("short_name", "address", "confirmed"))
        found[row["code"]] = unit.id
    return found


def _keep_wards_and_schedules(keeper: Keeper, clinics: dict[str, int], wards: list[Row], schedules: list[Row]) -> None:
    found = {}
    for row in wards:
        name = f"{row['clinic']} {row['code']}"
        key = {"clinic_id": clinics[row["clinic"]], "code": row["code"]}
        found[row["clinic"], row["code"]] = keeper.keep(Ward, name, key, row.only("name")).id
    for row in schedules:
        values = row.only(*WRITTEN_AS_READ) | {"is_demo": row["demo"]}
        for weekday in row["weekdays"]:
            name = f"{row['clinic']} {row['ward']} {row['letter']} {WEEKDAYS[weekday]}"
            key = {"ward_id": found[row["clinic"], row["ward"]], "weekday": weekday, "letter": row["letter"]}
            keeper.keep(Schedule, name, key, values)


def _keep_tariffs(keeper: Keeper, tariffs: list[Row]) -> None:
    for row in tariffs:
        name = f"{row['kind']} {row['share']} {row['valid_from']}"
        keeper.keep(Tariff, name, row.only(*TARIFFS.key), row.only("amount", "basis", "confirmed"))
