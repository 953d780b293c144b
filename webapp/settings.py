"""Every setting of the product: its name in the environment, its default and what it is for."""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("blueprints.dokter", "blueprints.perizinan", "blueprints.command_center")
SECRETS_FILE = "secrets.env"
KEY_LENGTH = 32
VAPID_KEY = re.compile(r"[\w-]{43}")
PUSH_HOSTS = (
    "fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com",
)  # fmt: skip
NOBODY = "mailto:nobody@contoh.invalid"  # of an installation that has no address of its own yet


class SettingsError(Exception):
    """The product cannot start like this; the message says in one line what is missing and what to do."""


def about(text: str) -> dict[str, str]:
    return {"about": text}


@dataclass(frozen=True)
class Settings:
    """What may differ between installations. A field's environment name is its name in capitals."""

    secret_key: str = field(metadata=about("signs cookies and forms; at least 32 characters (required)"))
    nik_key: bytes = field(metadata=about("32 bytes in base64: encrypts and indexes NIK and phone (required)"))
    database_url: str = field(metadata=about("SQLAlchemy address; default is SQLite in the instance folder"))
    instance: Path = field(metadata=about("folder of this installation's own files (default `instance`)"))
    city: Path = field(metadata=about("folder of the city's data (default `cities/binjai`)"))
    services: tuple[str, ...] = field(default=SERVICES, metadata=about("dotted names of the services, by commas"))
    uploads: Path = field(
        default=Path("uploads"), metadata=about("folder of handed-in files (default `uploads` in the instance folder)")
    )
    signing_key: Path | None = field(
        default=None, metadata=about("PEM of the key that signs letters (default in the instance folder)")
    )
    signing_certificate: Path | None = field(
        default=None,
        metadata=about("PEM of its certificate, then of earlier ones that still count (default likewise)"),
    )
    demo: bool = field(default=False, metadata=about("`1` runs the simulated city with demo accounts"))
    public_url: str = field(
        default="http://127.0.0.1:8000", metadata=about("by which address citizens reach it: what QR pictures say")
    )
    tls: bool = field(
        default=False,
        metadata=about(
            "`1` when citizens come by https: cookies become Secure; without a proxy the launcher speaks it"
        ),
    )
    local_ca: Path | None = field(
        default=None, metadata=about("certificate that phones may fetch at `/ca.crt`; `make run TLS=1` sets it")
    )
    trusted_proxies: int = field(default=0, metadata=about("how many reverse proxies stand in front"))
    ratelimit_storage: str = field(default="memory://", metadata=about("where request counts are kept (`redis://…`)"))
    max_streams: int = field(default=20_000, metadata=about("live streams per process; more are told to come back"))
    service_worker: bool = field(
        default=True,
        metadata=about("`off` removes the app's worker, and what it has kept, from every phone that comes"),
    )
    log_level: str = field(default="INFO", metadata=about("least level of log lines"))
    payment_gateway: str = field(default="", metadata=about("address of the payment gateway; empty: not connected"))
    payment_secret: str = field(default="", metadata=about("shared with the payment gateway; at least 32 characters"))

    vapid_private_key: str = field(default="", metadata=about("signs push messages; `flask vapid-keys` makes it"))
    vapid_subject: str = field(
        default="", metadata=about("whom a push service may write to, `mailto:…` or `https://…` (default `PUBLIC_URL`)")
    )
    push_hosts: tuple[str, ...] = field(
        default=PUSH_HOSTS,
        metadata=about("push services that may be asked, by commas (default: those of the browsers)"),
    )

    def __post_init__(self) -> None:
        if len(self.secret_key) < KEY_LENGTH:
            raise SettingsError("SECRET_KEY is shorter than 32 characters.")
        if len(self.nik_key) != KEY_LENGTH:
            raise SettingsError("NIK_KEY must be 32 bytes written in base64.")
        if (self.instance / self.uploads).resolve().is_relative_to(ROOT / "static"):
            raise SettingsError("UPLOADS must not be in a folder that the web server gives out.")
        if self.payment_gateway and len(self.payment_secret) < KEY_LENGTH:
            raise SettingsError("PAYMENT_GATEWAY needs a PAYMENT_SECRET of at least 32 characters.")
        if self.payment_gateway and not self.payment_gateway.startswith(("https://", "http://")):
            raise SettingsError("PAYMENT_GATEWAY must begin with https:// or http://.")
        if self.vapid_private_key and not VAPID_KEY.fullmatch(self.vapid_private_key):
            raise SettingsError("VAPID_PRIVATE_KEY is no key of `flask vapid-keys`.")
        if self.vapid_subject and not self.vapid_subject.startswith(("mailto:", "https://")):
            raise SettingsError("VAPID_SUBJECT must begin with mailto: or https://.")

    @property
    def push_contact(self) -> str:
        """Whom a push service is told to write to. Services refuse a signature without one."""
        return self.vapid_subject or (self.public_url if self.public_url.startswith("https://") else NOBODY)


def secrets_of(instance: Path) -> dict[str, str]:
    """The `NAME=value` lines of the installation's own secrets file, or nothing where there is none."""
    path = instance / SECRETS_FILE
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def from_env(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the environment, then from `instance/secrets.env`.

    Raises SettingsError with one clear line when a secret is missing or malformed.
    """
    instance = Path(environ.get("INSTANCE", ROOT / "instance")).resolve()
    known = {**secrets_of(instance), **environ}
    return Settings(
        secret_key=_needed(known, "SECRET_KEY", instance),
        nik_key=_bytes(_needed(known, "NIK_KEY", instance)),
        database_url=_address(known.get("DATABASE_URL") or f"sqlite:///{instance / 'binjai.db'}"),
        instance=instance,
        city=Path(known.get("CITY", ROOT / "cities" / "binjai")).resolve(),
        services=tuple(filter(None, known.get("SERVICES", ",".join(SERVICES)).split(","))),
        uploads=Path(known.get("UPLOADS") or "uploads"),
        signing_key=_path(known, "SIGNING_KEY"),
        signing_certificate=_path(known, "SIGNING_CERTIFICATE"),
        demo=known.get("DEMO") == "1",
        public_url=known.get("PUBLIC_URL", _own_address(known)).rstrip("/"),
        tls=known.get("TLS") == "1",
        local_ca=_path(known, "LOCAL_CA"),
        trusted_proxies=_number(known, "TRUSTED_PROXIES", 0),
        ratelimit_storage=known.get("RATELIMIT_STORAGE", "memory://"),
        max_streams=_number(known, "MAX_STREAMS", 20_000),
        service_worker=known.get("SERVICE_WORKER") != "off",
        log_level=known.get("LOG_LEVEL", "INFO"),
        payment_gateway=known.get("PAYMENT_GATEWAY", ""),
        payment_secret=known.get("PAYMENT_SECRET", ""),
        vapid_private_key=known.get("VAPID_PRIVATE_KEY", ""),
        vapid_subject=known.get("VAPID_SUBJECT", ""),
        push_hosts=tuple(filter(None, known.get("PUSH_HOSTS", ",".join(PUSH_HOSTS)).split(","))),
    )


def _own_address(known: Mapping[str, str]) -> str:
    """Where this machine itself serves: right for a trial; a city names its own."""
    return f"http://{known.get('HOST', '127.0.0.1')}:{known.get('PORT', '8000')}"


def _needed(known: Mapping[str, str], name: str, instance: Path) -> str:
    if value := known.get(name):
        return value
    raise SettingsError(f"{name} is missing: set it in the environment or in {instance / SECRETS_FILE}.")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SettingsError("NIK_KEY is not valid base64.") from error


def _number(known: Mapping[str, str], name: str, default: int) -> int:
    text = known.get(name, str(default))
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def _path(known: Mapping[str, str], name: str) -> Path | None:
    return Path(known[name]).resolve() if known.get(name) else None


def _address(text: str) -> str:
    try:
        make_url(text).get_dialect()
    except (ArgumentError, ImportError) as error:
        raise SettingsError("DATABASE_URL is no address of SQLite or PostgreSQL.") from error
    return text
