"""A small invented city folder, and ways to spoil a copy of it."""

from pathlib import Path
from shutil import copytree

CONTOH = Path(__file__).parent / "contoh"


def a_city(folder: Path) -> Path:
    """A copy of the small city: two kelurahan, two agencies, two clinics."""
    return copytree(CONTOH, folder / "contoh")


def amend(city: Path, file: str, old: str, new: str) -> None:
    """What somebody changes in one place of a file by hand."""
    content = (city / file).read_text(encoding="utf-8")
    assert content.count(old) == 1, f"{old!r} is not there exactly once"
    (city / file).write_text(content.replace(old, new), encoding="utf-8", newline="")
