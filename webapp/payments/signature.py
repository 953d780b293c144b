"""The secret that the city shares with the payment gateway: it proves who speaks, and that it was said just now.

HMAC-SHA256 over what the signature is for, when, and the words themselves, joined by line feeds. A callback's signature
can therefore not pass for that of a link to the pay page, nor the other way round.
"""

import hmac
import re
from datetime import UTC, timedelta

from webapp import clock

TIMESTAMP, SIGNATURE = "X-Payment-Timestamp", "X-Payment-Signature"
WINDOW = timedelta(minutes=10)  # either way: clocks differ, and lines are slow
SECONDS = re.compile(r"[0-9]{1,12}")


def headers(secret: str, body: bytes) -> dict[str, str]:
    """The headers of a callback with this body, signed now."""
    timestamp = str(_now())
    return {TIMESTAMP: timestamp, SIGNATURE: _digest(secret, "callback", timestamp, body)}


def fault(secret: str, body: bytes, timestamp: str | None, signature: str | None) -> str:
    """Why a callback is not believed: "unsigned", "not_connected", "signature" or "stale"; "" when it is.

    The same callback may come again while it is fresh: that does no harm, because its reference is taken.
    """
    if timestamp is None or signature is None:
        return "unsigned"
    if not secret:
        return "not_connected"  # anybody can sign with an empty secret
    if not _same(signature, _digest(secret, "callback", timestamp, body)):
        return "signature"
    return "" if SECONDS.fullmatch(timestamp) and abs(int(timestamp) - _now()) <= WINDOW.total_seconds() else "stale"


def of_link(secret: str, code: str, amount: int, back: str) -> str:
    """The signature of a link to the pay page: nobody else can ask for another amount, or lead back elsewhere."""
    return _digest(secret, "pay", f"{code} {amount}", back.encode())


def is_of_link(secret: str, code: str, amount: int, back: str, signature: str) -> bool:
    return _same(signature, of_link(secret, code, amount, back))


def _digest(secret: str, purpose: str, about: str, words: bytes) -> str:
    return hmac.digest(secret.encode(), f"{purpose}\n{about}\n".encode() + words, "sha256").hex()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _now() -> int:
    """Seconds since 1970 by the machine's clock: a demo's own clock means nothing to a gateway."""
    return int(clock.machine().replace(tzinfo=UTC).timestamp())
