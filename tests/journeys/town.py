"""The town in which all journeys take place: an installation of its own, on a Tuesday morning at eight."""

import base64
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from flask import session
from flask_migrate import upgrade
from sqlalchemy import delete, select

from blueprints.dokter import actions
from blueprints.dokter import queries as queues
from blueprints.dokter.models import Clinic, Shift, ShiftShare, Ticket, Ward
from tests import people
from tests.factories import clinics as make
from webapp import cli, clock, create_app, demo
from webapp.accounts import actions as accounts
from webapp.accounts import queries
from webapp.accounts.models import Person, SignIn
from webapp.accounts.sessions import TOKEN
from webapp.db import db, transactional
from webapp.regions.loader import load_city
from webapp.regions.models import Unit
from webapp.settings import ROOT, Settings
from webapp.signing import keys

R = TypeVar("R")
TUESDAY = date(2026, 11, 24)
KEBUN_LADA = "PKM-KEBUN-LADA"
PASSWORD = "binjai-demo-2026"
SITI, BUDI, DEWI = "1275024504900001", "1275030101850002", "1275056203950003"
DOCTOR, NURSE, OPERATOR, ADMIN = "dokter@demo.test", "perawat@demo.test", "operator@demo.test", "admin@demo.test"


class Town:
    """The city's real clinics, their shifts of the coming days, the demo accounts, and a crowd without telephones.

    What other people do in a story is done here, in the test's own process: the server sees it as one more process.
    """

    def __init__(self, folder: Path, hour: time = time(8), crowd: int = 250) -> None:
        self.settings = Settings(
            secret_key="a secret of the journeys, long enough", nik_key=bytes(range(32)),
            database_url=f"sqlite:///{folder / 'town.db'}", instance=folder, city=ROOT / "cities" / "binjai", demo=True,
        )  # fmt: skip
        (folder / "town.db").touch()
        self.offset = clock.store_offset(folder, clock.at(TUESDAY, hour))
        self.app = create_app(self.settings)
        self._nurses: dict[int, int] = {}
        with self.inside():
            upgrade()
            report = load_city(self.settings.city, cli.loaders(), dry_run=False)
            assert not report.problems, report.text()
            demo.add_people()
            keys.make_once(keys.key_files(self.settings), "Kota Binjai")
            actions.make_shifts(clock.today())
            self._crowd = [person.id for person in people.a_crowd(crowd)]

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work with the town's database, in the town's time."""
        clock.set_offset(self.offset)
        try:
            with self.app.app_context():
                yield
                db.session.remove()
        finally:
            clock.set_offset(clock.NO_OFFSET)

    def clock(self) -> str:
        """The hour and minute in the city now, as pages show them."""
        with self.inside():
            return f"{clock.local(clock.now()):%H.%M}"

    def aside(self, act: Callable[[], R]) -> R:
        """Do this inside, in a thread of its own: the browser's driver has an event loop here, and so has pyHanko."""

        def there() -> R:
            with self.inside():
                return act()

        with ThreadPoolExecutor() as thread:
            return thread.submit(there).result()

    def environ(self, **more: str) -> dict[str, str]:
        """The same installation for a process of its own."""
        return {
            **os.environ, "SECRET_KEY": self.settings.secret_key,
            "NIK_KEY": base64.b64encode(self.settings.nik_key).decode(), "DATABASE_URL": self.settings.database_url,
            "INSTANCE": str(self.settings.instance), "DEMO": "1", **more,
        }  # fmt: skip

    def end(self) -> None:
        with self.app.app_context():
            db.engine.dispose()

    # --- people

    def person(self, login: str) -> Person:
        found = queries.person_by_login(login)
        assert found, f"nobody signs in as {login}"
        return found

    def cookie(self, url: str, login: str | None = None, **preferences: str) -> Any:
        """The session cookie of somebody who has signed in already, or of a stranger with preferences."""
        with self.inside(), self.app.test_request_context():
            session.update(preferences)
            if login:
                session[TOKEN], session["_fresh"] = accounts.open_session(self.person(login)), True
            signed = self.app.session_interface.get_signing_serializer(self.app).dumps(dict(session))  # type: ignore[attr-defined]
        return {"name": self.app.config["SESSION_COOKIE_NAME"], "value": signed, "url": url}

    def citizen(self, name: str, serial: int) -> str:
        """Somebody new with an account. Returns the NIK."""
        nik = f"12750117088{serial:05d}"
        with self.inside():
            people.a_citizen(name, nik, f"0813777{serial:05d}")
        return nik

    def end_sessions(self, login: str) -> None:
        """Wherever this person is signed in, they are no longer."""

        @transactional
        def end() -> None:
            db.session.execute(delete(SignIn).where(SignIn.person_id == self.person(login).id))

        with self.inside():
            end()

    # --- clinics

    def shift(self, letter: str, clinic: str = KEBUN_LADA, days_ahead: int = 0) -> int:
        """The shift whose numbers begin with this letter."""
        day = TUESDAY + timedelta(days=days_ahead)
        rows = select(Shift.id).join(Unit, Unit.id == Shift.clinic_id)
        with self.inside():
            found = db.session.scalar(rows.where(Unit.code == clinic, Shift.letter == letter, Shift.day == day))
        assert found, f"no shift {letter} at {clinic} on {day}"
        return found

    def extra_shift(self, letter: str, clinic: str = KEBUN_LADA) -> int:
        """One more shift today in the clinic's first ward: for a story that wants a queue of its own."""
        rows = select(Ward).join(Unit, Unit.id == Ward.clinic_id).where(Unit.code == clinic).order_by(Ward.code)
        with self.inside():
            ward = db.session.scalars(rows).first()
            assert ward
            return make.a_shift(ward, letter=letter).id

    def shifts_today(self, clinic: str | None = None) -> list[int]:
        """Today's shifts, of one clinic or clinic by clinic."""
        rows = select(Shift.id).join(Unit, Unit.id == Shift.clinic_id).where(Shift.day == TUESDAY)
        rows = rows.where(Unit.code == clinic) if clinic else rows
        with self.inside():
            return list(db.session.scalars(rows.order_by(Shift.clinic_id, Shift.letter)))

    def wait_in_line(self, shift_id: int, how_many: int, share: str = "jkn") -> None:
        """So many of the crowd take a number."""
        for _place in range(how_many):
            self.take(shift_id, None, share)

    def take(self, shift_id: int, login: str | None, share: str = "jkn", at: datetime | None = None) -> str:
        """Somebody takes a number; without a login, the next of the crowd. Returns the code in the ticket's address."""
        with self.inside(), self._moment(at):
            by = self.person(login) if login else db.session.get_one(Person, self._crowd.pop(0))
            ticket = actions.take_ticket(None, shift_id, share, by=by)
            if ticket.shift_id != shift_id:  # one that they still held in this ward, from another story
                actions.cancel_ticket(ticket.code, "other_time", by=by)
                ticket = actions.take_ticket(None, shift_id, share, by=by)
            assert ticket.shift_id == shift_id
            return ticket.spoken_code

    def fill(self, shift_id: int) -> None:
        """No place is left of those that are given out online."""

        @transactional
        def shrink() -> None:
            for row in db.session.scalars(select(ShiftShare).where(ShiftShare.shift_id == shift_id)):
                row.places = row.places if row.share == "counter" else row.taken

        self.wait_in_line(shift_id, 2)
        with self.inside():
            shrink()

    def call_next(self, shift_id: int, at: datetime | None = None) -> None:
        """The nurse of that clinic calls."""
        with self.inside(), self._moment(at):
            shift = queues.shift_on_show(shift_id)
            actions.call_next(shift_id, shift.revision, by=self._nurse_of(shift.clinic))

    def call(self, shift_id: int, code: str) -> None:
        """The nurse calls one after the other until it is this ticket's turn."""
        for _turn in range(100):
            self.call_next(shift_id)
            with self.inside():
                current = queues.current_ticket(shift_id)
                assert current, f"{code} does not wait here"
                if current.code == code.replace("-", ""):
                    return
        raise AssertionError(f"{code} was never called")

    def step(self, shift_id: int, step: str, at: datetime | None = None) -> None:
        """The nurse does this with whoever is called or in the room."""
        with self.inside(), self._moment(at):
            shift, current = queues.shift_on_show(shift_id), queues.current_ticket(shift_id)
            assert current, "nobody has been called"
            actions.move_ticket(current.code, step, shift.revision, by=self._nurse_of(shift.clinic))

    def cancel(self, code: str, login: str) -> None:
        with self.inside():
            actions.cancel_ticket(code, "other_time", by=self.person(login))

    def nurse_of(self, shift_id: int) -> str:
        """How the nurse of that clinic signs in."""
        with self.inside():
            return str(self._nurse_of(queues.shift_on_show(shift_id).clinic).email)

    def open_in(self, shift_id: int, seconds: float) -> None:
        """Numbers of this shift are given out in so many seconds."""

        @transactional
        def postpone() -> None:
            queues.shift_on_show(shift_id).opens_at = clock.now() + timedelta(seconds=seconds)

        with self.inside():
            postpone()

    # --- what the database says

    def states(self, shift_id: int) -> dict[str, str]:
        """State of each ticket of the shift, by its label."""
        with self.inside():
            tickets = db.session.scalars(select(Ticket).where(Ticket.shift_id == shift_id).order_by(Ticket.number))
            return {ticket.label: ticket.state for ticket in tickets}

    def revision(self, shift_id: int) -> int:
        with self.inside():
            return queues.shift_on_show(shift_id).revision

    def places_left(self, shift_id: int) -> int:
        with self.inside():
            return sum(row.left for row in queues.shift_on_show(shift_id).shares)

    def _nurse_of(self, clinic: Clinic) -> Person:
        if clinic.unit_id not in self._nurses:
            code = clinic.unit.code
            self._nurses[clinic.unit_id] = people.staff("Perawat", f"{code.lower()}@contoh.invalid", code, "nurse").id
        return db.session.get_one(Person, self._nurses[clinic.unit_id])

    @contextmanager
    def _moment(self, at: datetime | None) -> Iterator[None]:
        if at is None:
            yield
        else:
            with clock.frozen(at):
                yield
