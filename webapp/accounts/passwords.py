"""Passwords: argon2id, checked with the same work whether or not the account exists (T05)."""

import os
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.i18n import gettext as _

CITIZEN_LENGTH, STAFF_LENGTH = 10, 15  # NIST 800-63B-4 asks 15 of those who can act on others
LONGEST, FEWEST_SIGNS = 200, 3
COMMON = frozenset(
    [
        "1234567890",
        "12345678910",
        "0123456789",
        "qwertyuiop",
        "passwordku",
        "katasandi1",
        "binjai2026",
        "binjaikota",
        "indonesia1",
        "sayangkamu",
        "password123",
        "bismillah1",
        "bismillah123",
        "rahasia123",
        "rahasia1234",
        "merdeka1945",
        "sumaterautara",
    ]
)

_hasher = PasswordHasher()
_gate = threading.BoundedSemaphore(os.cpu_count() or 1)  # each check takes 64 MiB
# The hash of a password that nobody knows, as costly to check as any; made beforehand, so that no start waits for it.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$n1HhY91s9B/bWctG1BwpyQ$6hdOoyQcT1VhcZBd6TmVo5xSmZHZ3YvzYFR/LNCc00M"


def hashed(password: str) -> str:
    with _gate:
        return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password. Without a stored hash (unknown account) the same work is done, in vain."""
    try:
        with _gate:
            _hasher.verify(stored or NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def weakness(password: str, least: int, known: tuple[str, ...] = ()) -> str | None:
    """Why this password is refused, in plain words, or None. `known` is what others may know of the person."""
    if len(password) < least:
        return _("Use at least %(least)s characters. A sentence is easy to remember.", least=least)
    if len(password) > LONGEST:
        return _("Use at most %(most)s characters.", most=LONGEST)
    if password.casefold() in COMMON or len(set(password)) < FEWEST_SIGNS:
        return _("This password is too easy to guess.")
    if any(fact and password.casefold() == fact.casefold() for fact in known):
        return _("Do not use your NIK, phone number or name as the password.")
    return None
