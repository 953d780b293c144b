"""The permit types of a city folder: every file of `permits/` read, checked and kept as versions."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from blueprints.perizinan.catalogue.definition import OFFICE_OF_ADDRESS, Definition
from blueprints.perizinan.catalogue.models import CODE_LENGTH, PermitType
from blueprints.perizinan.catalogue.reading import Faulty, definition_from
from webapp.loading import CityFolder, Keeper, Problem

FOLDER, AGENCIES = "permits", "agencies.csv"
TYPE_KEYS = ("name", "keywords")
CODE = rf"[A-Z][A-Z0-9-]{{1,{CODE_LENGTH - 1}}}"
OF_TYPE = re.compile(r"/perizinan/types/([^/?#]+)")


@dataclass(frozen=True)
class Version:
    """A permit type as one file describes it from a day on."""

    file: str
    code: str
    valid_from: date
    content: dict[str, Any]
    definition: Definition

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class _Wrong(Exception):
    """What is wrong with a file as a whole, and on which line; 0 is none in particular."""


def load(city: CityFolder) -> None:
    """Read every permit file. Agencies have been read before. A version, once kept, is never taken away."""
    versions: list[Version] = []
    for path in sorted((city.path / FOLDER).glob("*.toml")):
        try:
            versions += _versions(city, path)
        except _Wrong as wrong:
            _complain(city, _file(path), *wrong.args)
    if not any(problem.file.startswith(FOLDER) for problem in city.problems):
        _check_links(city, versions)
    _check_codes(city, versions)
    if not any(problem.file == AGENCIES for problem in city.problems):
        _check_offices(city, versions)
    city.when_clean(lambda keeper: _keep(keeper, versions))


def _file(path: Path) -> str:
    return f"{FOLDER}/{path.name}"


def _complain(city: CityFolder, file: str, what: str, line: int = 0) -> None:
    problem = Problem(file, line, what)
    if problem not in city.problems:  # what the types of a file share is told once
        city.problems.append(problem)


def _versions(city: CityFolder, path: Path) -> Iterator[Version]:
    """The types of one file that are right; what is wrong with the others is told. Raises _Wrong."""
    shared = _content(path)
    valid_from, types = shared.pop("valid_from", None), shared.pop("types", None)
    if not isinstance(valid_from, date) or isinstance(valid_from, datetime):
        raise _Wrong("valid_from: is not a day like 2026-08-17, without quotes")
    if not isinstance(types, list) or not types:
        raise _Wrong("types: is not a list of tables with code and name")
    for at, own in enumerate(types, 1):
        try:
            code, content = _of_type(own, shared)
            yield Version(_file(path), code, valid_from, content, definition_from(content))
        except Faulty as faulty:
            for fault in faulty.faults:
                _complain(city, _file(path), fault)
        except ValueError as fault:
            _complain(city, _file(path), f"types[{at}].{fault}")


def _content(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise _Wrong(error.strerror) from error
    except UnicodeDecodeError as error:
        raise _Wrong("is not written in UTF-8", error.object[: error.start].count(b"\n") + 1) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise _Wrong(str(error), int(line.group(1)) if line else 0) from error


def _of_type(own: Any, shared: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The code of a type, and the content that its definition is made from. Raises ValueError with the place."""
    own = dict(own) if isinstance(own, Mapping) else {}
    code = own.pop("code", None)
    if not isinstance(code, str) or not re.fullmatch(CODE, code):
        raise ValueError(f"code: {code!r} is not a code like SIP-DU of at most {CODE_LENGTH} characters")
    if unknown := [key for key in own if key not in TYPE_KEYS]:
        raise ValueError(f"{unknown[0]}: is unknown")
    return code, {**shared, **own, "keywords": _together(shared.get("keywords", []), own.get("keywords", []))}


def _together(shared: Any, own: Any) -> Any:
    """Both lists in one; what is no list is handed on, to be complained of."""
    if isinstance(shared, list) and isinstance(own, list):
        return [*shared, *own]
    return own if isinstance(shared, list) else shared


def _check_codes(city: CityFolder, versions: list[Version]) -> None:
    first: dict[tuple[str, date], str] = {}
    for version in versions:
        key = version.code, version.valid_from
        if key in first:
            _complain(city, version.file, f"{version} stands in {first[key]} already")
        first.setdefault(key, version.file)


def _check_links(city: CityFolder, versions: list[Version]) -> None:
    """A door to another permit type must lead somewhere."""
    codes = {version.code for version in versions}
    for version in versions:
        doors = [version.definition.link, *(question.link for question in version.definition.questions)]
        for named in filter(None, map(OF_TYPE.match, doors)):
            if named.group(1) not in codes:
                _complain(city, version.file, f"link: there is no permit type {named.group(1)}")


def _check_offices(city: CityFolder, versions: list[Version]) -> None:
    for version in versions:
        for key in ("agency", "office"):
            code = getattr(version.definition, key)
            if code != OFFICE_OF_ADDRESS and not city.knows(AGENCIES, code):
                _complain(city, version.file, f"{key}: {AGENCIES} has no {code}")


def _keep(keeper: Keeper, versions: list[Version]) -> None:
    for version in versions:
        key = {"code": version.code, "valid_from": version.valid_from}
        values = {
            "name": version.definition.name,
            "channel": version.definition.channel,
            "fee_kind": version.definition.fee.kind,
            "content": version.content,
        }
        keeper.keep(PermitType, str(version), key, values)
