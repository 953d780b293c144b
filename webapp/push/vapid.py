"""The city's key towards push services (VAPID): made once, proves that a message is from the city."""

import base64
import os
from datetime import UTC, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from webapp import clock
from webapp.settings import SECRETS_FILE, Settings

NAME = "VAPID_PRIVATE_KEY"
VALID = timedelta(hours=12)  # push services refuse more than a day


def new_key() -> str:
    """A private key as it stands in the settings."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _text(number.to_bytes(32, "big"))


def write_key(instance: Path) -> None:
    """Put a new key behind the installation's other secrets. Whether there is one already is the caller's question."""
    handle = os.open(instance / SECRETS_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        file.write(f"\n# towards the push services; flask vapid-keys says how to change it\n{NAME}={new_key()}\n")


def public_key(private: str) -> str:
    """What browsers are given, for this private key."""
    point = serialization.PublicFormat.UncompressedPoint
    return _text(Vapid02.from_raw(private.encode()).public_key.public_bytes(serialization.Encoding.X962, point))


def authorization(settings: Settings, origin: str) -> str:
    """The header with which the city shows itself to the push service at this origin."""
    until = clock.machine().replace(tzinfo=UTC) + VALID
    claims = {"aud": origin, "exp": int(until.timestamp()), "sub": settings.push_contact}
    key = Vapid02.from_raw(settings.vapid_private_key.encode())
    return str(key.sign(claims)["Authorization"])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
