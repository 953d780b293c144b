"""The letters that a PDF can show without carrying a font of its own: those of Windows-1252.

Names in Indonesian papers are in Latin letters (Permendagri 73/2022, art. 5), so this is enough for names; other texts
may hold anything, and must come out as near as can be and never stop a letter.
"""

import unicodedata

ENCODING = "cp1252"
UNKNOWN = "?"
NEAREST = str.maketrans(
    {
        "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "Ŋ": "Ng", "ŋ": "ng", "Ŧ": "T", "ŧ": "t",
        "ı": "i", "ʻ": "‘", "ʼ": "’", "ʾ": "’", "ʿ": "‘", "‐": "-", "‑": "-", "−": "-", "\t": " ",  # noqa: RUF001
    }
)  # fmt: skip


def printable(text: str) -> str:
    """The text in letters that can be shown: as they are, else without their accents, else the nearest, else `?`.

    Line breaks stay; what is invisible, or turns the reading direction, goes.
    """
    return "".join(_shown(letter) for letter in unicodedata.normalize("NFC", text).translate(NEAREST))


def _shown(letter: str) -> str:
    if letter == "\n" or _can_show(letter):
        return letter
    if unicodedata.category(letter) in ("Cc", "Cf", "Mn"):
        return ""
    plain = unicodedata.normalize("NFKD", letter)
    base = "".join(part for part in plain if not unicodedata.combining(part)).translate(NEAREST)
    return base if base and all(map(_can_show, base)) else UNKNOWN


def _can_show(letter: str) -> bool:
    if unicodedata.category(letter).startswith("C"):
        return False
    try:
        letter.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True
