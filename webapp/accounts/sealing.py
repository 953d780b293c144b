"""NIK and phone at rest: encrypted with AES-GCM, found again by a keyed blind index (T41)."""

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app

NIK, PHONE, LOGIN = b"nik", b"phone", b"login"
NONCE = 12


@dataclass(frozen=True)
class _Seal:
    cipher: AESGCM
    index_key: bytes


def init_app(app: Flask, key: bytes) -> None:
    """Derive one key for encrypting and another for the index from the installation's secret of 32 bytes."""
    app.extensions["seal"] = _Seal(AESGCM(_derived(key, b"encrypt")), _derived(key, b"index"))


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"binjai." + purpose).derive(key)


def _seal() -> _Seal:
    seal: _Seal = current_app.extensions["seal"]
    return seal


def sealed(text: str, kind: bytes) -> bytes:
    """The encrypted text, with a fresh nonce in front; `kind` is bound to it, so a phone cannot stand in for a NIK."""
    nonce = os.urandom(NONCE)
    return nonce + _seal().cipher.encrypt(nonce, text.encode(), kind)


def opened(blob: bytes, kind: bytes) -> str:
    """The text of a sealed blob. Raises InvalidTag when the key is not the one it was sealed with."""
    return _seal().cipher.decrypt(blob[:NONCE], blob[NONCE:], kind).decode()


def index(text: str, kind: bytes) -> bytes:
    """32 bytes by which the same text is found again; without the key nobody can test a guess."""
    return hmac.digest(_seal().index_key, kind + b":" + text.encode(), hashlib.sha256)
