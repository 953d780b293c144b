"""Clinics, wards, shifts and tickets."""

from datetime import date, time

from blueprints.dokter import actions
from blueprints.dokter.models import Clinic, Schedule, Shift, Tariff, Ticket, Ward
from webapp import clock
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.regions.models import Unit


@transactional
def a_unit(code: str, kind: str = "agency", name: str = "Dinas Contoh") -> Unit:
    unit = Unit(code=code, name=name, kind=kind)
    db.session.add(unit)
    db.session.flush()
    return unit


@transactional
def a_clinic(code: str = "PKM-A", name: str = "Puskesmas Contoh A") -> Clinic:
    unit = a_unit(code, "puskesmas", name)
    clinic = Clinic(unit=unit, short_name=name.removeprefix("Puskesmas "), address="Jl. Contoh 1", confirmed=True)
    db.session.add(clinic)
    if not db.session.query(Tariff).count():
        for share, amount in (("jkn", 0), ("non_jkn", 10_000)):
            db.session.add(Tariff(kind="puskesmas", share=share, amount=amount, basis="Perda Contoh 1/2024",
                                  confirmed=True, valid_from=date(2024, 1, 1)))  # fmt: skip
    db.session.flush()
    return clinic


@transactional
def a_ward(clinic: Clinic, code: str = "001", name: str = "Poli Umum") -> Ward:
    ward = Ward(clinic=clinic, code=code, name=name)
    db.session.add(ward)
    db.session.flush()
    return ward


@transactional
def a_schedule(ward: Ward, letter: str = "A", weekday: int | None = None, **changes: object) -> Schedule:
    facts = {
        "doctor": "dr. Contoh", "room": "Ruang 2", "starts": time(8), "ends": time(14),
        "jkn": 30, "non_jkn": 6, "counter": 4, "opens_days_before": 1, "opens": time(7),
        "is_demo": True, "valid_from": date(2024, 1, 1),
    }  # fmt: skip
    day = clock.today().weekday() if weekday is None else weekday
    schedule = Schedule(ward=ward, letter=letter, weekday=day, **facts | changes)
    db.session.add(schedule)
    db.session.flush()
    return schedule


@transactional
def a_shift(ward: Ward | None = None, day: date | None = None, letter: str = "A", **changes: object) -> Shift:
    """A shift today from 8 to 14, open for taking numbers since yesterday."""
    day = day or clock.today()
    schedule = a_schedule(ward or a_ward(a_clinic()), letter, day.weekday(), **changes)
    actions.add_shift(schedule, schedule.ward, day)
    db.session.flush()
    return db.session.query(Shift).filter_by(schedule_id=schedule.id, day=day).one()


def a_ticket(shift: Shift, person: Person, share: str = "jkn") -> Ticket:
    return actions.take_ticket(None, shift.id, share, by=person)
