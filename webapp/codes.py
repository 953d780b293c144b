"""Codes that people read out and type: none can be guessed, and no letter looks like another."""

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code(length: int) -> str:
    """So many letters, drawn anew."""
    return "".join(secrets.choice(LETTERS) for _letter in range(length))


def spoken(code: str, size: int) -> str:
    """The code in groups of so many letters, as people read it out: K7P-3QM."""
    return "-".join(code[i : i + size] for i in range(0, len(code), size))


def plain(text: str) -> str:
    """The code as it is kept, however somebody has typed it: k7p - 3qm."""
    return text.upper().replace("-", "").replace(" ", "")
