"""Files written in one move: whoever reads at the same time sees the old file or the new one."""

import os
from pathlib import Path


def write(path: Path, content: bytes, mode: int) -> None:
    """Put this content there, with this mode from its first byte on."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    fresh.replace(path)
