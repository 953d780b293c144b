"""Judges a file by its content: what is kept of it, or in plain words why not (T31-T34)."""

import json
import logging
import re
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.i18n import noop
from webapp.intake import LARGEST_FILE

log = logging.getLogger(__name__)
CHILD = Path(__file__).with_name("child.py")
PATIENCE = 20.0  # seconds by the wall clock; the child's processor time ends before
AT_ONCE = 2  # children of one process: each may need much memory
QUEUE = 10.0  # seconds that one waits for a turn
MOST_KEPT = 16 * 1024 * 1024  # what the child may write in all
NUMBERS = {"megabytes": LARGEST_FILE // 1024 // 1024, "megapixels": 40, "pages": 200}

KINDS = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "WEBP": rb"RIFF....WEBP",
    "HEIF": rb"....ftyp(?:heic|heix|hevc|hevx|heim|heis|mif1|msf1)",
    "PDF": rb".{0,1019}?%PDF-",
}
KEPT_AS = {"image/jpeg": "JPEG", "image/png": "PNG", "application/pdf": "PDF"}
FAULTS = {
    "empty": noop("This file is empty. Choose another one."),
    "heavy": noop("This file is larger than %(megabytes)s MB. Choose a smaller one."),
    "kind": noop("Only photos (JPEG, PNG, WebP, HEIC) and PDF can be sent. Save other papers as PDF first."),
    "broken": noop("This file is broken and cannot be opened. Choose another one, or take a new photo."),
    "vast": noop("This picture is too large: more than %(megapixels)s million pixels. Take a new photo of it."),
    "packed": noop("This file becomes far too large when it is opened. Choose another one, or take a photo of it."),
    "locked": noop("This PDF is locked with a password. Send one that opens without a password."),
    "blank": noop("This PDF has no pages. Choose another one."),
    "long": noop("This PDF has more than %(pages)s pages. Send a shorter one."),
    "active": noop("A program, a film or another file hides in this PDF. Print it to a new PDF and send that one."),
    "silent": noop("This file could not be checked. Choose another one, or take a photo of it."),
    "busy": noop("Many people are sending files now. Try again in a minute."),
}


class Unfit(Refusal):
    """The file cannot be kept; `fault` says which of FAULTS it is."""

    status = 422

    def __init__(self, fault: str) -> None:
        super().__init__(_(FAULTS[fault], **NUMBERS))
        self.fault = fault


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: an image drawn anew, or a PDF without anything that acts."""

    media_type: str
    kept: bytes
    width: int | None  # pixels; None for a PDF
    height: int | None
    pages: int | None  # None for an image


_turns = threading.BoundedSemaphore(AT_ONCE)


def check(data: bytes) -> Checked:
    """What is to be kept of this file. Its name and what the browser says of it count for nothing.

    Raises Unfit with a plain message when it is empty, too large, of another kind, broken, locked or dangerous.
    """
    if not data:
        raise Unfit("empty")
    if len(data) > LARGEST_FILE:
        raise Unfit("heavy")
    kind = kind_of(data)
    if kind is None:
        raise Unfit("kind")
    if not _turns.acquire(timeout=QUEUE):
        raise Unfit("busy")
    try:
        return understood(asked(kind, data))
    finally:
        _turns.release()


def kind_of(data: bytes) -> str | None:
    """The kind that the first bytes speak of, or None where it is none of ours (T32)."""
    return next((kind for kind, start in KINDS.items() if re.match(start, data, re.DOTALL)), None)


def asked(kind: str, data: bytes) -> bytes:
    """All that the child says of this file; whatever becomes of the child, this process goes on (T45)."""
    command = [sys.executable, "-I", str(CHILD), kind]
    try:
        with tempfile.TemporaryFile() as answer:
            subprocess.run(  # noqa: S603 - our own program, and nothing of the file in its arguments
                command, input=data, stdout=answer, stderr=subprocess.DEVNULL, timeout=PATIENCE, env={}, check=True
            )
            answer.seek(0)
            return answer.read(MOST_KEPT)
    except (OSError, subprocess.SubprocessError) as gone:
        log.warning("a %s could not be checked: %s", kind, type(gone).__name__)
        raise Unfit("silent") from gone


def understood(answer: bytes) -> Checked:
    """The child's answer, believed no more than needed: a file that got hold of the child may have written it."""
    head, _newline, kept = answer.partition(b"\n")
    try:
        told = json.loads(head)
        if "fault" in told:
            log.info("a file is refused: %.20r, %.40r", told["fault"], told.get("why"))
            raise Unfit(told["fault"])
        found = Checked(kept=kept, **told)
        if kind_of(kept) != KEPT_AS[found.media_type] or not _are_counts(found.width, found.height, found.pages):
            raise Unfit("silent")
    except (ValueError, TypeError, KeyError) as nonsense:
        raise Unfit("silent") from nonsense
    return found


def _are_counts(*values: object) -> bool:
    return all(value is None or (type(value) is int and value > 0) for value in values)
