"""A push service for tests: checks the city's signature, opens what is sealed, answers as it is told."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from webapp import clock

DAY = 24 * 3600
HELD = 60.0


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Phone:
    """A browser that has subscribed: where it is reached, and the keys that only it has."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen bytes ok"

    @property
    def p256dh(self) -> str:
        point = serialization.PublicFormat.UncompressedPoint
        return text_of(self.key.public_key().public_bytes(serialization.Encoding.X962, point))

    @property
    def keys(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, "p256dh": self.p256dh, "auth": text_of(self.auth)}

    def opened(self, sealed: bytes) -> bytes:
        return http_ece.decrypt(sealed, private_key=self.key, auth_secret=self.auth, version="aes128gcm")


@dataclass(frozen=True)
class Push:
    """One message that has arrived."""

    path: str
    said: dict[str, Any]
    headers: dict[str, str]
    claims: dict[str, Any]
    at: float


class PushService:
    """Stands on 127.0.0.1. `answers[path]` is a list of statuses, one for each try; then 201. `redirect_to` for 307."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.asked: list[str] = []
        self.answers: dict[str, list[int]] = {}
        self.more_headers: dict[str, str] = {}
        self.delay = 0.0
        self.held_from: int | None = None  # after so many it takes in no message and gives no answer
        self.phones: dict[str, Phone] = {}
        self.faults: list[str] = []
        self._turn = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self.key: str | None = None  # the city's public key, if only that one may send

    def phone(self, name: str) -> Phone:
        """A browser of this service."""
        return self.phones.setdefault(f"/{name}", Phone(f"{self.url}/{name}"))

    def said_to(self, phone: Phone) -> list[dict[str, Any]]:
        return [push.said for push in self.pushes if self.url + push.path == phone.endpoint]

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        with self._turn:
            self.asked.append(path)
            status = self.answers.get(path, []).pop(0) if self.answers.get(path) else 201
            held = self.held_from is not None and len(self.asked) > self.held_from
        if held:
            time.sleep(HELD)
            return 503
        if self.delay:
            time.sleep(self.delay)
        if status == 201:
            try:
                self._keep(path, headers, body)
            except Exception as fault:
                self.faults.append(repr(fault))
                return 403
        return status

    def _keep(self, path: str, headers: dict[str, str], body: bytes) -> None:
        claims = self.claims_of(headers["authorization"])
        assert headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) > 0
        assert len(headers["topic"]) <= 32 and headers["topic"].replace("-", "").replace("_", "").isalnum()
        assert len(body) <= 4096
        said = json.loads(self.phones[path].opened(body))
        with self._turn:
            self.pushes.append(Push(path, said, headers, claims, time.monotonic()))

    def claims_of(self, authorization: str) -> dict[str, Any]:
        """What the city says of itself, if the signature is right (RFC 8292)."""
        scheme, _, rest = authorization.partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(","))
        assert scheme == "vapid" and (self.key is None or parts["k"] == self.key)
        signed, _, signature = parts["t"].rpartition(".")
        pair = [int.from_bytes(half, "big") for half in (raw(signature)[:32], raw(signature)[32:])]
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
        public.verify(encode_dss_signature(*pair), signed.encode(), ec.ECDSA(hashes.SHA256()))
        head, claims = (json.loads(raw(part)) for part in signed.split("."))
        now = clock.machine().replace(tzinfo=UTC).timestamp()
        assert head["alg"] == "ES256" and claims["aud"] == self.url
        assert now < claims["exp"] <= now + DAY and claims["sub"].startswith(("mailto:", "https:"))
        return claims

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = service.take(self.path, headers, body)
                self.send_response(status)
                for name, value in service.more_headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_words: object) -> None:
                pass

        return Handler

    @contextmanager
    def open(self) -> Iterator[PushService]:
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            thread.join()
            self._http.server_close()


@contextmanager
def push_service() -> Iterator[PushService]:
    with PushService().open() as service:
        yield service
