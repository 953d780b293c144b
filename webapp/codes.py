"""Codes that people read out and type: none can be guessed, and no letter looks like another."""

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code(length: int) -> str:
    """So many letters, drawn anew."""
    return "".join(secrets.choice(LETTERS) for _letter in range(length))
