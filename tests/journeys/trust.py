"""Browsers that trust one more authority, as a phone does into which its owner has put it."""

import os
import subprocess
from pathlib import Path


def home_that_trusts(folder: Path, authority: Path | None) -> dict[str, str]:
    """The environment of a browser whose owner's store of certificates holds this authority (DER), or nothing.

    It is the owner's own store and no switch: what the browser checks of every certificate, it checks here too.
    """
    store = folder / ".pki" / "nssdb"
    store.mkdir(parents=True)
    certutil(store, "-N", "--empty-password")
    if authority:
        certutil(store, "-A", "-n", "city", "-t", "C,,", "-i", str(authority))
    return {**os.environ, "HOME": str(folder)}


def certutil(store: Path, *what: str) -> None:
    subprocess.run(["certutil", "-d", f"sql:{store}", *what], check=True, capture_output=True)
