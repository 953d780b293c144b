"""Reading a city's CSV files: what each must look like, and every mistake in them by file and line."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from webapp.loading.keeping import Keeper

Parser = Callable[[str], Any]  # raises ValueError with what is wrong with the cell
Writer = Callable[["Keeper"], None]


def cell(shape: str, like: str, convert: Parser = str) -> Parser:
    """What a cell may hold: its shape as a regular expression, the same in words, and how it becomes a value."""

    def parse(content: str) -> Any:
        fault = f"{content!r} is not {like}" if content else "is empty"
        if not re.fullmatch(shape, content):
            raise ValueError(fault)
        try:
            return convert(content)
        except ValueError as error:  # the 30th of February
            raise ValueError(fault) from error

    return parse


def text(most: int) -> Parser:
    return cell(rf"[^\x00-\x1f]{{1,{most}}}", f"one line of at most {most} characters")


def one_of(*words: str) -> Parser:
    return cell("|".join(map(re.escape, words)), " or ".join(words))


def maybe(parser: Parser, otherwise: Any = None) -> Parser:
    """A cell that may be empty."""
    return lambda content: parser(content) if content else otherwise


whole = cell("[0-9]{1,9}", "a whole number", int)
decimal = cell(r"-?[0-9]{1,9}(\.[0-9]+)?", "a number with a point before its decimals", float)
yes_no = cell("yes|no", "yes or no", lambda content: content == "yes")
day = cell("[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day like 2026-08-17", date.fromisoformat)
hour = cell("[0-9]{2}[.:][0-9]{2}", "an hour like 07.30", lambda content: time(int(content[:2]), int(content[3:])))


@dataclass(frozen=True, order=True)
class Problem:
    """A mistake in a file, for the person who keeps it. Line 0 is the file as a whole."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


@dataclass(frozen=True)
class Row:
    """One line of a file, its cells by column."""

    file: str
    line: int
    cells: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]

    def pick(self, columns: Iterable[str]) -> tuple[Any, ...]:
        return tuple(self.cells[column] for column in columns)

    def only(self, *columns: str) -> dict[str, Any]:
        return {column: self.cells[column] for column in columns}


@dataclass(frozen=True)
class Table:
    """What a file must look like: its columns, the ones that name a row, and those that name a row of another file."""

    file: str
    key: tuple[str, ...]
    columns: Mapping[str, Parser]
    refers: Mapping[tuple[str, ...], str] = field(default_factory=dict)


class CityFolder:
    """A city's files while they are read. Mistakes are collected, never raised, so that all are told at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.writers: list[Writer] = []
        self._keys: dict[str, dict[tuple[str, ...], int]] = {}  # file: key of a row: its first line
        self._broken: set[str] = set()  # files not read to their end: what they lack is not held against others

    def read(self, table: Table) -> list[Row]:
        """The rows whose cells are right. A file that this one refers to must have been read before."""
        raw = list(self._raw(table))
        first = self._keys[table.file] = {row.pick(table.key): row.line for row in reversed(raw)}
        for row in raw:
            if (line := first[key := row.pick(table.key)]) != row.line:
                self.complain(row, f"{' '.join(key)} stands in line {line} already")
            for columns, file in table.refers.items():
                named = row.pick(columns)
                if any(named) and file not in self._broken and not self.knows(file, *named):
                    self.complain(row, f"{file} has no {' '.join(named)}")
        return [parsed for row in raw if (parsed := self._parsed(row, table))]

    def knows(self, file: str, *key: str) -> bool:
        """Whether a file that was read has a row of this name."""
        return key in self._keys[file]

    def complain(self, row: Row, what: str) -> None:
        self.problems.append(Problem(row.file, row.line, what))

    def when_clean(self, write: "Writer") -> None:
        """Have this write its rows, once every file of the city has been found to be right."""
        self.writers.append(write)

    def _raw(self, table: Table) -> Iterator[Row]:
        try:
            records = _records(_content(self.path / table.file))
            header = _checked_header(next(records, (1, []))[1], table)
            for line, cells in records:
                row = Row(table.file, line, dict(zip(header, cells, strict=False)))
                if len(cells) == len(header):
                    yield row
                else:
                    self.complain(row, f"{len(cells)} cells instead of {len(header)}")
        except _Unreadable as fault:
            self._broken.add(table.file)
            self.problems.append(Problem(table.file, *fault.args))

    def _parsed(self, row: Row, table: Table) -> Row | None:
        cells = {}
        for column, parser in table.columns.items():
            try:
                cells[column] = parser(row[column])
            except ValueError as error:
                self.complain(row, f"{column}: {error}")
        return Row(row.file, row.line, cells) if len(cells) == len(table.columns) else None


class _Unreadable(Exception):
    """The file cannot be read from this line on, and why."""


def _content(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _Unreadable(0, error.strerror) from error
    except UnicodeDecodeError as error:
        raise _Unreadable(error.object[: error.start].count(b"\n") + 1, "is not written in UTF-8") from error


def _records(content: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on. Blank ones are nothing; a quoted cell may span lines."""
    records = csv.reader(io.StringIO(content, newline=""), strict=True)
    line = 1
    try:
        for record in records:
            if any(cells := [cell.strip() for cell in record]):
                yield line, cells
            line = records.line_num + 1
    except csv.Error as error:
        raise _Unreadable(line, str(error)) from error


def _checked_header(header: list[str], table: Table) -> list[str]:
    faults = [f"column {name} is missing" for name in table.columns if name not in header]
    faults += [f"column {name or '(without a name)'} is unknown" for name in header if name not in table.columns]
    faults += [f"column {name} stands there twice" for name, times in Counter(header).items() if times > 1]
    if faults:
        raise _Unreadable(1, "; ".join(faults))
    return header
