"""What a file is called when it is given back: its owner's words, made harmless (T35)."""

import re
import unicodedata

from webapp.i18n import gettext as _

LONGEST = 120
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
SEPARATORS = re.compile(r"[/\\]")
UNWELCOME = re.compile(r'[<>:"|?*]+')  # in the file names of some machine
RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|$)", re.IGNORECASE)  # devices of Windows


def harmless(name: str | None, media_type: str) -> str:
    """The last part of the name in letters that can be seen, at most 120 of them, with the ending of what it is."""
    last = SEPARATORS.split(name or "")[-1]
    seen = "".join(letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter)[0] != "C")
    before, _dot, after = " ".join(UNWELCOME.sub(" ", seen).split()).rpartition(".")
    plain = (before or after).strip(". ") or _("file")
    if RESERVED.match(plain):
        plain = f"_{plain}"
    ending = ENDINGS[media_type]
    return plain[: LONGEST - len(ending)].rstrip(". ") + ending
