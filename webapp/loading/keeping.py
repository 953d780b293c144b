"""Keeping rows as the city's files say, without undoing what staff has made or edited."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import JSON, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import db, transactional
from webapp.loading.reading import CityFolder, Problem, Writer

OUTCOMES = ("added", "changed", "unchanged", "kept")
Loader = Callable[[CityFolder], None]


class Loaded:
    """A row that a city's file may have written. What staff edits later is theirs; what they create is not touched."""

    __tablename__: str

    # What the loader last wrote, by column, and in "row" how the file calls it. None: staff has made the row.
    loaded: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


L = TypeVar("L", bound=Loaded)


@dataclass
class Report:
    """What a load did, or would have done: rows by table and outcome, and what a person should know."""

    dry_run: bool = False
    problems: list[Problem] = field(default_factory=list)
    tables: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The report for an operator's console."""
        counted = (
            f"{name}: " + ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES)
            for name, counts in self.tables.items()
        )
        end = ["Dry run: nothing was changed."] if self.dry_run else []
        return "\n".join([*map(str, self.problems), *counted, *self.kept, *self.gone, *self.notes, *end])


class Keeper:
    """Brings rows to what the files say, field by field, except what staff has made or edited."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._rows: dict[type[Loaded], dict[tuple[Any, ...], Any]] = {}
        self._seen: set[Loaded] = set()

    def keep(self, model: type[L], name: str, key: dict[str, Any], values: dict[str, Any]) -> L:
        """The row with this key, added, brought up to date or left alone. The name is what an operator calls it."""
        if model not in self._rows:
            self._rows[model] = self._rows_of(model, key)
        rows = self._rows[model]
        at = tuple(map(plain, key.values()))
        row: L | None = rows.get(at)
        if row is None:
            row, outcome = rows.setdefault(at, self._added(model, name, {**key, **values})), "added"
        elif row.loaded is None or _pick(row.loaded, key) != at:
            outcome = "kept"
            self._remark(row, name, "is left alone, since staff made it")
        else:
            outcome = self._updated(row, name, {**key, **values})
        self.report.tables[model.__tablename__][outcome] += 1
        self._seen.add(row)
        return row

    def note_the_gone(self) -> None:
        """Tell which rows the files do not name any more. They stay: something may hang on them."""
        for rows in self._rows.values():
            for row in dict.fromkeys(rows.values()):
                if row.loaded is not None and row not in self._seen:
                    self.report.gone.append(f"{row.__tablename__} {row.loaded['row']}: no longer in the file")

    def _rows_of(self, model: type[Loaded], key: Iterable[str]) -> dict[tuple[Any, ...], Any]:
        """Every row by the key it was loaded with, which staff may have edited since, else by the one it has now."""
        rows = db.session.scalars(select(model)).all()
        now = {tuple(plain(getattr(row, column)) for column in key): row for row in rows}
        then = {_pick(row.loaded, key): row for row in rows if row.loaded is not None}
        return now | then

    def _added(self, model: type[L], name: str, values: dict[str, Any]) -> L:
        row = model()
        for column, value in values.items():
            setattr(row, column, value)
        row.loaded = {"row": name} | {column: plain(value) for column, value in values.items()}
        db.session.add(row)
        db.session.flush()  # its id is the key of other rows
        return row

    def _updated(self, row: Loaded, name: str, values: dict[str, Any]) -> str:
        then = row.loaded or {}
        now, outcome = then | {"row": name}, "unchanged"
        for column, value in values.items():
            present, wanted = plain(getattr(row, column)), plain(value)
            if present not in (wanted, then.get(column, present)):
                self._remark(row, name, f"{column} stays {present!r} as edited by staff; the file says {wanted!r}")
                outcome = "kept" if outcome == "unchanged" else outcome
                continue
            now[column] = wanted
            if present != wanted:
                setattr(row, column, value)
                outcome = "changed"
        if now != then:
            row.loaded = now
        return outcome

    def _remark(self, row: Loaded, name: str, what: str) -> None:
        self.report.kept.append(f"{row.__tablename__} {name}: {what}")


def load_folder(path: Path, loaders: Iterable[Loader], dry_run: bool = False) -> Report:
    """Read the folder with each loader and write what they found: everything, or nothing when there is a problem.

    A dry run does the same work and then takes it back.
    """
    city = CityFolder(path)
    for load in loaders:
        load(city)
    if city.problems:
        return Report(dry_run, problems=sorted(city.problems))
    try:
        return _write(city.writers, dry_run)
    except _Rehearsed as rehearsal:
        return rehearsal.report


class _Rehearsed(Exception):
    """Everything would have worked."""

    def __init__(self, report: Report) -> None:
        self.report = report


@transactional
def _write(writers: list[Writer], dry_run: bool) -> Report:
    keeper = Keeper(Report(dry_run))
    for write in writers:
        write(keeper)
    keeper.note_the_gone()
    if dry_run:
        raise _Rehearsed(keeper.report)
    return keeper.report


def plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    return value.isoformat() if isinstance(value, (date, time)) else value


def _pick(values: Mapping[str, Any], columns: Iterable[str]) -> tuple[Any, ...]:
    return tuple(values.get(column) for column in columns)
