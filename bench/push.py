"""How soon "you are called" is with the push service while a thousand other notices wait, on both databases. Most of
them are as high as the call to the push service, which takes its time with each.

    setup/with-postgres python -m bench.push

The worker is the product's own process; the push service is the tests' emulator, which checks every signature and
opens every message. A call is a use case in this process; its time runs from the commit to the moment the push service
has the message, so the second at which the worker looks is part of it.
"""

import os
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from flask_migrate import upgrade

from bench.pages import clear, databases
from blueprints.dokter.notices import CALLED, NEAR, PASSED
from blueprints.perizinan.notices import MOVED, NEEDED
from tests import people
from tests.push_service import Phone, PushService, push_service
from tests.servers import a_worker, eventually
from webapp import create_app, events, notify
from webapp.accounts import actions as accounts
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.notify import News
from webapp.push import actions, vapid
from webapp.settings import from_env

WAITING, CALLS, PAUSE = 1000, 60, 0.15  # notices that wait, calls among them, seconds between two calls
OTHERS = [News("News of something", alert) for alert in (NEEDED, PASSED, NEAR[3], MOVED)]  # three of four are high
DELAY = 0.1  # seconds until the push service answers
MOST = 5.0  # seconds: the promise


def main() -> None:
    print(f"- {os.cpu_count()} processors, {WAITING} notices waiting, three of four of them high, then {CALLS} calls;")
    print(f"  the push service answers after {DELAY * 1000:.0f} ms")
    late = False
    with tempfile.TemporaryDirectory(prefix="binjai-bench-") as folder:
        for kind, url in databases(Path(folder)):
            with push_service() as service:
                late |= measure(kind, environ_of(url, folder, service), service)
    if late:
        sys.exit("later than promised")


def environ_of(url: str, folder: str, service: PushService) -> dict[str, str]:
    key = vapid.new_key()
    service.key, service.delay = vapid.public_key(key), DELAY
    return {
        **os.environ, "DATABASE_URL": url, "INSTANCE": folder, "SECRET_KEY": "a secret of the bench, long enough",
        "NIK_KEY": b64encode(bytes(range(32))).decode(), "LOG_LEVEL": "WARNING", "VAPID_PRIVATE_KEY": key,
        "PUSH_HOSTS": service.url,
    }  # fmt: skip


def measure(kind: str, environ: dict[str, str], service: PushService) -> bool:
    """Prints how soon the calls were there. Returns whether that was later than promised."""
    app = create_app(from_env(environ))
    with app.app_context():
        clear()
        upgrade()
        crowd = people.a_crowd(WAITING + CALLS)
        for person in crowd:
            subscribe(person, service.phone(str(person.id)))
        for number, person in enumerate(crowd[:WAITING]):
            tell(person, OTHERS[number % len(OTHERS)])
        with a_worker(environ, Path(environ["INSTANCE"]) / "worker.log"):
            times = call_all(service, crowd[WAITING:])
            must(lambda: len(service.pushes) >= WAITING + CALLS, "not all notices arrived")
        slow = report(kind, times, service.pushes[-1].at - service.pushes[0].at, service)
        db.session.remove()
        db.engine.dispose()
    return slow > MOST


def subscribe(person: Person, phone: Phone) -> None:
    actions.subscribe(accounts.open_session(person), actions.Browser(**phone.keys), by=person)


@transactional
def tell(person: Person, news: News) -> None:
    event = events.record("bench.something", person, person)
    notify.tell(person.id, news, event, "/dokter/tickets/A", {"label": "A-001", "room": "Ruang 1", "number": "1"})


def call_all(service: PushService, called: list[Person]) -> list[float]:
    """Call one after the other, while the worker is busy. Returns the seconds until each was handed over, in order."""
    must(lambda: service.pushes, "the worker has not begun")
    committed = {}
    for person in called:
        tell(person, CALLED)
        committed[f"/{person.id}"] = time.monotonic()
        time.sleep(PAUSE)
    must(lambda: committed.keys() <= {push.path for push in service.pushes}, "a call was lost")
    return sorted(push.at - committed[push.path] for push in service.pushes if push.path in committed)


def must(holds: Callable[[], object], trouble: str) -> None:
    if not eventually(holds, patience=300):
        sys.exit(trouble)


def report(kind: str, times: list[float], took: float, service: PushService) -> float:
    middle, slow = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))]
    print(
        f"call to hand-off {kind:<11} p50 {middle * 1000:5.0f} ms  p99 {slow * 1000:5.0f} ms  most {MOST:.0f} s   "
        f"{len(times)} calls among {WAITING} notices, all {len(service.pushes)} handed over in {took:.1f} s"
    )
    if service.faults:
        sys.exit(f"refused: {service.faults[:3]}")
    return slow


if __name__ == "__main__":
    main()
