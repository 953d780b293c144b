"""The port: where a citizen is sent to pay. Today's only gateway is the sandbox; a real one is another class here."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode, urljoin

from flask import current_app, request

from webapp.hypermedia import own_path
from webapp.i18n import lazy_gettext as _
from webapp.payments import signature
from webapp.settings import Settings

NOT_CONNECTED = _("Payment is not connected yet.")


class Gateway(Protocol):
    """Who takes the money for the city."""

    def is_connected(self) -> bool: ...

    def pay_address(self, code: str, amount: int, back: str) -> str | None:
        """Where this code (amount in whole rupiah) can be paid, or None while nothing is connected.

        `back` is the path of ours to which the gateway leads afterwards. To be drawn as a plain link: the content
        policy lets no form lead to another site. Needs a request: people come back by the name they came with.
        """


@dataclass(frozen=True)
class SandboxGateway:
    """The pay page of the local sandbox."""

    url: str
    secret: str

    def is_connected(self) -> bool:
        return True

    def pay_address(self, code: str, amount: int, back: str) -> str | None:
        home = urljoin(request.host_url, own_path(back))
        sig = signature.of_link(self.secret, code, amount, home)
        return f"{self.url}/pay?" + urlencode({"code": code, "amount": amount, "back": home, "sig": sig})


class NotConnected:
    """No gateway: bills can be seen, not paid."""

    def is_connected(self) -> bool:
        return False

    def pay_address(self, code: str, amount: int, back: str) -> str | None:
        return None


def gateway() -> Gateway:
    """The gateway of this installation's settings."""
    settings = _settings()
    if settings.payment_gateway:
        return SandboxGateway(settings.payment_gateway.rstrip("/"), settings.payment_secret)
    return NotConnected()


def secret() -> str:
    """What callbacks are signed with, or "" while no gateway is connected: then nobody is believed."""
    settings = _settings()
    return settings.payment_secret if settings.payment_gateway else ""


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
