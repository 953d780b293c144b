"""`make run`: prepares this machine's installation, serves it, and ends all of it on Ctrl-C.

The checks that refuse a start are made here, once, and not by each worker.
"""

import base64
import gc
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from urllib.error import URLError

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from webapp import cli, clock, create_app, demo, jobs, local_tls, logs
from webapp.db import db
from webapp.loading import city_of
from webapp.payments import sandbox
from webapp.push import vapid
from webapp.regions.loader import load_city
from webapp.settings import ROOT, SECRETS_FILE, Settings, SettingsError, from_env, secrets_of
from webapp.signing import keys

PATIENCE = 30.0
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what TLS=1 is for
BESIDE = ("python -m webapp.worker",)
BESIDE_THE_DEMO = ("flask --app wsgi demo", "python -m webapp.payments.sandbox")


class NoStart(Exception):
    """One clear line on why the product does not start."""


def main() -> int:
    gc.freeze()  # what was loaded to begin with stays to the end: no collection looks through it again
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT too: a script's background job ignores it
        signal.signal(number, _stop)
    logs.configure(os.environ.get("LOG_LEVEL", "WARNING"))
    try:
        settings = prepared_settings()
        app = create_app(settings)
        with app.app_context():
            prepare(app, settings)
        return serve(settings)
    except (NoStart, SettingsError) as why:
        print(f"Cannot start: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def prepared_settings() -> Settings:
    """The settings, after making this installation's secrets, and a demo's signing key, where it has none yet."""
    instance = Path(os.environ.get("INSTANCE", ROOT / "instance")).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    names = ("SECRET_KEY", "NIK_KEY")
    if not (instance / SECRETS_FILE).exists() and not any(name in os.environ for name in names):
        make_secrets(instance)
    known = {**secrets_of(instance), **os.environ}
    if vapid.NAME not in known:
        vapid.write_key(instance)
    behind_proxy = known.get("TRUSTED_PROXIES", "0") != "0"
    host = speak_tls(instance) if known.get("TLS") == "1" and not behind_proxy else reachable(address()[0])
    if known.get("DEMO") == "1":
        connect_sandbox(instance, host)
    settings = from_env()
    if settings.demo:
        keys.make_once(keys.key_files(settings), city_of(settings.city).name, demo.PAST + keys.NEW)
    return settings


def make_secrets(instance: Path) -> None:
    """Write the session key and the NIK key, once, readable by this user only.

    A database without its key is lost data, so a missing file beside a database is no reason to make a new key.
    """
    if (instance / "binjai.db").exists():
        raise NoStart(f"{instance / SECRETS_FILE} is missing, but there is a database that needs its keys. Restore it.")
    lines = f"SECRET_KEY={secrets.token_urlsafe(48)}\nNIK_KEY={base64.b64encode(secrets.token_bytes(32)).decode()}\n"
    handle = os.open(instance / SECRETS_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(lines)


def speak_tls(instance: Path) -> str:
    """Citizens come by https, and no proxy speaks it for us: then this server does, for phones in the same network.

    Returns the host by which they reach it.
    """
    near = local_tls.addresses()
    files = local_tls.make_ready(instance / "tls", near, socket.gethostname().partition(".")[0])
    os.environ |= {
        "LOCAL_CA": str(files.authority), "TLS_CERTIFICATE": str(files.certificate), "TLS_KEY": str(files.key),
    }  # fmt: skip
    host = os.environ.setdefault("HOST", EVERYWHERE)
    reached = str(near[0]) if near and host == EVERYWHERE else reachable(host)
    known = {**secrets_of(instance), **os.environ}
    os.environ["PUBLIC_URL"] = known.get("PUBLIC_URL", f"https://{reached}:{address()[1]}")
    return reached


def connect_sandbox(instance: Path, host: str) -> None:
    """The demo pays at our own sandbox, unless PAYMENT_GATEWAY says otherwise; the secret between them is made once."""
    known = {**secrets_of(instance), **os.environ}
    os.environ["PAYMENT_GATEWAY"] = known.get("PAYMENT_GATEWAY", f"http://{host}:{sandbox.address()[1]}")
    if known.get("PAYMENT_SECRET"):
        return
    handle = os.open(instance / SECRETS_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        file.write(f"\n# between the demo and its sandbox bank\nPAYMENT_SECRET={secrets.token_urlsafe(48)}\n")


def prepare(app: Flask, settings: Settings) -> None:
    """Port free, database reachable, tables current, city loaded; in demo mode its people and a fresh morning."""
    claim_port(*address())
    if settings.demo:
        claim_port(*sandbox.address(), setting=sandbox.SANDBOX_PORT)
    reach_database(settings)
    upgrade()
    logs.configure(settings.log_level)
    report = load_city(settings.city, cli.loaders(), dry_run=False)
    if report.problems:
        raise NoStart(f"the city folder has bad rows.\n{report.text()}")
    if settings.demo:
        begin_demo(settings)
    jobs.run_all(app)
    db.engine.dispose()


def begin_demo(settings: Settings) -> None:
    """The first time a past, then each time the next working morning."""
    began, start = time.perf_counter(), demo.next_morning(clock.today())
    if demo.is_new():
        print(f"The demo lives through its first {demo.PAST.days} days, this once ...", end=" ", flush=True)
        demo.live_until(start)
        print(f"done in {time.perf_counter() - began:.1f} s.", flush=True)
    else:
        demo.live_until(start)
    clock.set_offset(clock.store_offset(settings.instance, start))


def address() -> tuple[str, int]:
    """HOST and PORT of the environment."""
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal():
        raise NoStart(f"PORT must be a number, not {port!r}.")
    return os.environ.get("HOST", "127.0.0.1"), int(port)


def reachable(host: str) -> str:
    """A name for this server that works on this machine."""
    return "127.0.0.1" if host == EVERYWHERE else host


def claim_port(host: str, port: int, setting: str = "PORT") -> None:
    """Whoever already answers there is not us."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NoStart(f"port {port} of {host} cannot be used ({error.strerror}). Try {setting}=8080.") from error


def reach_database(settings: Settings) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        try:
            Path(url.database).touch()
        except OSError as error:
            raise NoStart(f"the database file {url.database} cannot be opened ({error.strerror}).") from error
    try:
        db.session.execute(text("SELECT 1"))
        db.session.rollback()
    except SQLAlchemyError as error:
        where = url.render_as_string(hide_password=True)
        raise NoStart(f"the database {where} cannot be reached. Is it running?") from error


def serve(settings: Settings) -> int:
    """Run gunicorn, the worker and, in demo mode, the simulated morning and its bank, until one ends or Ctrl-C.

    The server is first alone: the others would take the processors from it that it needs to be there soon.
    """
    host, port = address()
    running = {}
    try:
        running["gunicorn wsgi:app"] = server = start("gunicorn wsgi:app", settings)
        wait_until_served(host, port, server)
        for command in BESIDE + (BESIDE_THE_DEMO if settings.demo else ()):
            running[command] = start(command, settings)
        announce(settings, host, port)
        while all(process.poll() is None for process in running.values()):
            time.sleep(0.5)
        ended = next(command for command, process in running.items() if process.poll() is not None)
        raise NoStart(f"«{ended}» ended by itself; its last words are above.")
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)
        return 0
    finally:
        end(list(running.values()))


def start(command: str, settings: Settings) -> subprocess.Popen[bytes]:
    """One of the product's processes, in a process group of its own: Ctrl-C reaches it through us, in order.

    Should we be killed without a chance to end it, the kernel tells it to end (setpriv belongs to every Debian).
    """
    quiet = "WARNING" if settings.demo else settings.log_level
    environ = {"LOG_LEVEL": quiet, **os.environ, "DEMO": "1" if settings.demo else "0"}
    program, *rest = command.split()
    mortal = ["setpriv", "--pdeathsig", "TERM", str(Path(sys.executable).parent / program), *rest]
    return subprocess.Popen(mortal, cwd=ROOT, env=environ, start_new_session=True)


def wait_until_served(host: str, port: int, server: subprocess.Popen[bytes]) -> None:
    authority = os.environ.get("LOCAL_CA")
    url = f"{'https' if authority else 'http'}://{reachable(host)}:{port}/healthz"
    trusting = local_tls.trusting(Path(authority)) if authority else None
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise NoStart("the server ended at once; its last words are above.")
        try:
            with urllib.request.urlopen(url, timeout=1, context=trusting):  # noqa: S310 - our own
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise NoStart(f"nothing answers at {url}.")


def end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """End all that was started. A terminal and make may each send a signal: the second must not stop it."""
    for further in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(further, signal.SIG_IGN)
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def age() -> float:
    """Seconds since this process began; what Python itself and the imports took is among them."""
    began = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]  # ticks since boot
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(began) / os.sysconf("SC_CLK_TCK")


def announce(settings: Settings, host: str, port: int) -> None:
    where = settings.public_url if settings.local_ca else f"http://{host}:{port}"
    print(f"\nBinjai Smart City is at {where}  (ready in {age():.1f} s; Ctrl-C ends it)")
    if settings.local_ca:
        print(local_tls.what_to_do(settings.local_ca, settings.public_url))
    if settings.demo:
        shown = demo.accounts_shown(settings.city)
        print(f"Demo: {clock.local(clock.now()):%A %d %B %Y, %H.%M} in the city. Password of all: {shown.password}")
        for label, login in shown.citizens + shown.staff:
            print(f"  {login:<20} {label}")
        print(f"Bills are paid at {settings.payment_gateway} (BANK CONTOH: no money moves)")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
