"""The next release of the product, beside the present one: to be served at the same address in its place."""

import shutil
import subprocess
from pathlib import Path

from webapp.settings import ROOT

PARTS = (
    "webapp", "blueprints", "templates", "cities", "static", "service_worker", "setup", "build.mjs", "wsgi.py",
    "gunicorn.conf.py",
)  # fmt: skip
ROUNDER = ("static/src/css/tokens.css", "--radius-l: 22px", "--radius-l: 23px")
Change = tuple[str, str, str]  # file, what stands there, what stands there afterwards


def next_release(folder: Path, *changes: Change) -> Path:
    """A copy of the product in this folder with rounder corners, these changes, and the files of the build before."""
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
        copy(ROOT / part, folder / part)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    for name, before, after in (ROUNDER, *changes):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text, f"{name} has no {before!r} any more: this release has to be thought up anew"
        path.write_text(text.replace(before, after), encoding="utf-8")
    subprocess.run(["node", "build.mjs"], cwd=folder, check=True)
    return folder
