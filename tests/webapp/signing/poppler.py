"""What people outside see: poppler's programs, which share no code with ours. They are believed by their words only.

Their exit status says nothing: of a letter that was forged by an incremental update, `pdfsig` prints "Signature is
Valid" and ends with 0.
"""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

VALID = "- Signature Validation: Signature is Valid."
WHOLE = "- Total document signed"
NOT_WHOLE = "- Not total document signed"
MISMATCH = "- Signature Validation: Digest Mismatch."
NO_SIGNATURE = "does not contain any signatures"


def accepted(pdf: bytes) -> bool:
    """One signature, which is valid and covers the whole document."""
    words = pdfsig(pdf)
    return [line for line in words if line.startswith("Signature #")] == ["Signature #1:"] and {VALID, WHOLE} <= {
        *words
    }


def pdfsig(pdf: bytes) -> list[str]:
    """Line by line what pdfsig says, on both channels; how it ends is not looked at."""
    done = run(pdf, "pdfsig", "-nocert", "letter.pdf")
    return [line.strip() for line in (done.stdout + done.stderr).decode(errors="replace").splitlines()]


def text(pdf: bytes) -> str:
    """What a reader sees, words set apart by single spaces."""
    return " ".join(run(pdf, "pdftotext", "letter.pdf", "-").stdout.decode().split())


def picture(pdf: bytes, dots_per_inch: int) -> bytes:
    """The first page as a PNG in shades of grey."""
    return run(pdf, "pdftoppm", "-r", str(dots_per_inch), "-gray", "-png", "-singlefile", "letter.pdf").stdout


def run(pdf: bytes, *command: str) -> subprocess.CompletedProcess[bytes]:
    with TemporaryDirectory() as folder:
        (Path(folder) / "letter.pdf").write_bytes(pdf)
        try:
            return subprocess.run(
                command, cwd=folder, capture_output=True, timeout=30, check=False, env={**os.environ, "LC_ALL": "C"}
            )
        except FileNotFoundError:
            pytest.fail(f"{command[0]} is missing: install Debian's poppler-utils, as `make test` does.")
