"""Reading a table of a file key by key: what is wrong with it is collected by its place, never raised."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

WORDS = r"[^\x00-\x1f]*"  # one line
KEY = r"[a-z][a-z0-9_]{0,39}"
UNIT_CODE = r"[A-Z][A-Z0-9-]{0,31}"
LINK = r"(/|https://)[^\s]*"
WHOLE_MOST = 1_000_000_000


class Keys:
    """One table. Each reader takes a key away; `done` tells which ones nobody knows. Places in lists count from 1."""

    def __init__(self, found: Any, place: str, faults: list[str]) -> None:
        self.place, self.faults = place, faults
        self._left: dict[str, Any] = dict(found) if isinstance(found, Mapping) else {}
        if not isinstance(found, Mapping):
            faults.append(f"{place}: is not a table")

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def complain(self, key: str, what: str) -> None:
        self.faults.append(f"{self._at(key)}: {what}")

    def text(self, key: str, most: int = 400, shape: str = WORDS, needed: bool = True) -> str:
        """A line of at most so many characters; "" where it may be missing and is."""
        value = self._take(key, str, "a text", needed)
        if value is None:
            return ""
        if not value.strip():
            self.complain(key, "is empty")
        elif len(value) > most or not re.fullmatch(shape, value):
            self.complain(key, f"{value!r} is not one line of at most {most} characters like {shape}")
        return str(value)

    def texts(self, key: str, needed: bool = False) -> tuple[str, ...]:
        """A list of lines, without the same one twice."""
        lines: list[str] = []
        for at, value in enumerate(self._take(key, list, "a list", needed) or (), 1):
            if not isinstance(value, str) or not value.strip() or not re.fullmatch(WORDS, value):
                self.complain(f"{key}[{at}]", "is not a line of text")
            elif value in lines:
                self.complain(f"{key}[{at}]", f"{value!r} stands there already")
            else:
                lines.append(value)
        return tuple(lines)

    def one_of(self, key: str, words: Iterable[str], otherwise: str | None = None) -> str:
        value = self._take(key, str, "a text", otherwise is None)
        if value is not None and value not in words:
            self.complain(key, f"{value!r} is not {' or '.join(words)}")
        return otherwise or "" if value is None else str(value)

    def whole(self, key: str, needed: bool = False) -> int | None:
        """A whole number from 0 up."""
        value: int | None = self._take(key, int, "a whole number", needed)
        if value is not None and not 0 <= value <= WHOLE_MOST:
            self.complain(key, f"{value} is not a whole number from 0 to {WHOLE_MOST}")
        return value

    def yes_no(self, key: str, otherwise: bool | None = None) -> bool:
        value = self._take(key, bool, "true or false", otherwise is None)
        return bool(otherwise if value is None else value)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A table of words by key."""
        found = self.table(key)
        return tuple((name, found.text(name, most=120)) for name in found.names())

    def names(self) -> list[str]:
        """The keys of this table, which must be shaped as keys."""
        for name in self._left:
            if not re.fullmatch(KEY, name):
                self.complain(name, "is not a key of small letters, digits and _")
        return list(self._left)

    def table(self, key: str) -> "Keys":
        """The table under this key, an empty one where there is none."""
        return Keys(self._left.pop(key, {}), self._at(key), self.faults)

    def tables(self, key: str) -> list["Keys"]:
        """The list of tables under this key."""
        found = self._take(key, list, "a list of tables", False) or ()
        return [Keys(table, f"{self._at(key)}[{at}]", self.faults) for at, table in enumerate(found, 1)]

    def raw(self, key: str) -> Any:
        """Whatever stands under this key, None where nothing does."""
        return self._left.pop(key, None)

    def done(self) -> None:
        for key in self._left:
            self.complain(key, "is unknown")

    def _take(self, key: str, kind: type, like: str, needed: bool) -> Any:
        if key not in self._left:
            if needed:
                self.complain(key, "is missing")
            return None
        value = self._left.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.complain(key, f"{value!r} is not {like}")
            return None
        return value

    def _at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key
