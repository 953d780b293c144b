"""Browsers that trust one more authority, as a phone does into which its owner has put it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.journeys.browsers import ARGUMENTS, PHONE, whole_browser


@contextmanager
def phone_that_trusts(folder: Path, authority: Path | None, *arguments: str) -> Iterator[Page]:
    """A telephone of its own, with one empty page. To be used in a thread of its own: see Town.aside."""
    environ = home_that_trusts(folder, authority)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=whole_browser(), args=[*ARGUMENTS, *arguments], env=environ
        )
        try:
            yield browser.new_context(locale="id-ID", **PHONE).new_page()
        finally:
            browser.close()


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
