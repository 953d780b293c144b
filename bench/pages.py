"""How fast the citizen's pages are, on both databases, each beside a bare Flask route on the same server.

    setup/with-postgres python -m bench.pages

The city is the real one with the shifts of the coming days, all open. Sessions are made beforehand. A page and the bare
route take turns, so that whatever else this machine does meanwhile slows both.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text, update

from bench._load import Load, drive, get, post
from blueprints.dokter import actions
from blueprints.dokter.availability import ONLINE
from blueprints.dokter.models import Shift, ShiftShare, Ticket
from tests import people
from tests.bad_days.visitors import TICKET, Visitor, visitors_of
from tests.servers import Server, serving
from webapp import cli, clock, create_app
from webapp.db import db, transactional
from webapp.regions.loader import load_city
from webapp.replay import FIELD
from webapp.settings import ROOT, from_env

CONNECTIONS = 8
ROUNDS, SLICE, BARE_SLICE, WARM_UP = 4, 1.0, 0.5, 0.4  # seconds
CROWD = 2500
HOLDERS = 200  # those who hold a ticket before it begins


@dataclass(frozen=True)
class City:
    """What there is to ask for: signed-in people, an address for each kind of page, places to take."""

    app: Flask
    holders: list[tuple[Visitor, str]]  # with the code of their ticket
    others: list[Visitor]
    clinics: list[str]
    places: list[tuple[int, str]]  # shift and share, as often as there are places


@dataclass(frozen=True)
class Figure:
    name: str
    requests: Iterator[bytes]
    status: int
    what: str
    leads_to: str = ""  # what the addresses look like to which the answers send the browser


class BareServer(Server):
    """The same gunicorn with the same number of workers and threads, and nothing to do."""

    def start(self) -> Server:
        command = [str(Path(sys.executable).parent / "gunicorn"), "bench._bare:app"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, start_new_session=True)
        self.wait_until_ready()
        return self


def main() -> None:
    print(f"- {os.cpu_count()} processors, {CONNECTIONS} connections, {ROUNDS} x {SLICE:.0f} s a figure")
    with tempfile.TemporaryDirectory(prefix="binjai-bench-") as folder:
        bare = BareServer(os.environ, Path(folder, "bare.log"))
        try:
            bare.start()
            for kind, url in databases(Path(folder)):
                measure_database(kind, url, bare, Path(folder))
        finally:
            bare.stop()


def databases(folder: Path) -> Iterator[tuple[str, str]]:
    file = folder / "bench.db"
    file.touch()
    yield "sqlite", f"sqlite:///{file}"
    url = os.environ.get("DATABASE_URL_TEST")
    if not url:
        sys.exit("DATABASE_URL_TEST is not set: setup/with-postgres python -m bench.pages")
    yield "postgresql", url


def measure_database(kind: str, url: str, bare: Server, folder: Path) -> None:
    environ = {
        **os.environ, "DATABASE_URL": url, "INSTANCE": str(folder), "SECRET_KEY": "a secret of the bench, long enough",
        "NIK_KEY": b64encode(bytes(range(32))).decode(), "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    with a_city(environ) as city, serving(environ, folder / "server.log") as server:
        for figure in figures_of(city):
            page, beside = take_turns(figure, server, bare)
            complain_unless_right(figure, page)
            print(line_of(figure, kind, page, beside), flush=True)
        assert_every_answer_has_its_ticket(city)


@contextmanager
def a_city(environ: dict[str, str]) -> Iterator[City]:
    app = create_app(from_env(environ))
    with app.app_context():
        clear()
        upgrade()
        load_city(app.extensions["settings"].city, cli.loaders())
        actions.make_shifts(clock.today())
        open_all_numbers()
        crowd = visitors_of(app, people.a_crowd(CROWD))
        places = places_of_the_coming_days()
        held = hold_tickets(crowd[:HOLDERS], places)
        yield City(app, list(zip(crowd, held, strict=False)), crowd[HOLDERS:], busy_clinics(), places[HOLDERS:])
        db.session.remove()
        db.engine.dispose()


def clear() -> None:
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))


@transactional
def open_all_numbers() -> None:
    """As if the morning of every coming day had come: the real schedules, with places enough for a few seconds."""
    db.session.execute(update(Shift).values(opens_at=clock.now()))


def places_of_the_coming_days() -> list[tuple[int, str]]:
    """In turns from all shifts, as people come from all over the city."""
    rows = select(ShiftShare.shift_id, ShiftShare.share, ShiftShare.places).join(Shift, Shift.id == ShiftShare.shift_id)
    shares = db.session.execute(rows.where(Shift.day > clock.today(), ShiftShare.share.in_(ONLINE))).all()
    turns = [(turn, shift_id, share) for shift_id, share, places in shares for turn in range(places)]
    return [(shift_id, share) for _turn, shift_id, share in sorted(turns)]


@transactional
def hold_tickets(visitors: list[Visitor], places: list[tuple[int, str]]) -> list[str]:
    codes = []
    for visitor, (shift_id, share) in zip(visitors, places, strict=False):
        person = db.session.get_one(people.Person, visitor.person_id)
        codes.append(actions.take_ticket(None, shift_id, share, by=person).spoken_code)
    return codes


def busy_clinics() -> list[str]:
    """The lists of shifts that are longest: clinic and day."""
    rows = select(Shift).where(Shift.day > clock.today())
    lists: dict[str, int] = {}
    for shift in db.session.scalars(rows):
        path = f"/dokter/clinics/{shift.clinic.unit.code}?day={shift.day}"
        lists[path] = lists.get(path, 0) + 1
    return sorted(lists, key=lambda path: -lists[path])[:8]


def figures_of(city: City) -> list[Figure]:
    home = cycle([get("/", visitor.cookie) for visitor, _code in city.holders])
    shifts = cycle([get(path, visitor.cookie) for path in city.clinics for visitor, _code in city.holders[:25]])
    ticket = cycle([get(f"/dokter/tickets/{code}", visitor.cookie) for visitor, code in city.holders])
    return [
        Figure("home", home, 200, "signed in, with a ticket"),
        Figure("list of shifts", shifts, 200, "a clinic's day"),
        Figure("ticket page", ticket, 200, "one's own"),
        Figure("ticket POST", presses(city), 303, "tickets taken", TICKET.pattern),
    ]


def presses(city: City) -> Iterator[bytes]:
    """Each by another person, with the key of the form."""
    for visitor, (shift_id, share) in zip(city.others, city.places, strict=False):
        form = {"share": share, FIELD: visitor.key, "csrf_token": visitor.csrf_token}
        yield post(f"/dokter/shifts/{shift_id}/ticket", urlencode(form), visitor.cookie)


def take_turns(figure: Figure, server: Server, bare: Server) -> tuple[Load, Load]:
    page, beside = Load(), Load()
    nothing = cycle([get("/healthz")])
    drive(server.port, figure.requests, WARM_UP, CONNECTIONS)
    for _round in range(ROUNDS):
        beside += drive(bare.port, nothing, BARE_SLICE, CONNECTIONS)
        page += drive(server.port, figure.requests, SLICE, CONNECTIONS)
        time.sleep(0.1)
    return page, beside


def complain_unless_right(figure: Figure, page: Load) -> None:
    wrong = sorted({answer.status for answer in page.answers} - {figure.status})
    if wrong or not page.answers:
        sys.exit(f"{figure.name}: {len(page.answers)} answers, some of them {wrong} instead of {figure.status}")
    if not all(re.fullmatch(figure.leads_to, answer.location) for answer in page.answers):
        sys.exit(f"{figure.name}: an answer leads somewhere else than to {figure.leads_to}")


def line_of(figure: Figure, kind: str, page: Load, bare: Load) -> str:
    return (
        f"{figure.name:<15} {kind:<11} {page.per_second:6,.0f} req/s  p50 {page.milliseconds(50):4.0f} ms  "
        f"p99 {page.milliseconds(99):4.0f} ms   {page.per_second / bare.per_second:.3f}x of a bare route "
        f"({bare.per_second:,.0f} req/s, p99 {bare.milliseconds(99):.0f} ms)   {len(page.answers)} {figure.what}"
    )


def assert_every_answer_has_its_ticket(city: City) -> None:
    db.session.rollback()
    taken = db.session.scalar(select(func.count()).select_from(Ticket))
    counted = db.session.scalar(select(func.sum(ShiftShare.taken)))
    print(f"  {taken} tickets in the table, {counted} places counted as taken")
    if taken != counted:
        sys.exit("the counters and the tickets do not agree")


if __name__ == "__main__":
    main()
