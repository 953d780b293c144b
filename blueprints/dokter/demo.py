"""A simulated morning in the city's clinics: arrivals, calls, no-shows, through the same actions as people use."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from blueprints.dokter import actions, availability, queries, statistics
from blueprints.dokter.models import Clinic, Shift, ShiftShare, Ticket
from blueprints.dokter.workflow import CANCEL_REASONS
from webapp import clock, demo
from webapp.accounts.actions import begin_membership, sealed_identity
from webapp.accounts.models import Membership, Person
from webapp.db import db, transactional
from webapp.errors import Refusal

PATIENTS = 1500
TAKEN_BEFORE = 0.12  # share of the places that are gone when the doors open
ARRIVES_EVERY = (5.7, 8.3)  # seconds; steady, so that the wall never stands still, and places last until 11.00
CANCELS_EVERY = (60.0, 120.0)
KEPT_FOR_VISITORS = 12  # places of the short ward that the simulated people leave alone
AT_ONCE = timedelta(seconds=15)  # after a pause nobody makes up for more arrivals than this
NO_SHOW = 0.06
SERVICE_MEDIAN, SERVICE_SPREAD = 340.0, 0.45  # seconds; log-normal
SHORT_SERVICE_MEDIAN = 60.0
FIRST_CALLS = 240.0  # within so many seconds every doctor has begun
WALK_IN = (12.0, 35.0)  # from the call to the door
LOST_PATIENCE = 75.0

dice = random.Random()


@dataclass
class Room:
    """One shift of the day, and what its simulated nurse does next and when."""

    shift_id: int
    clinic_id: int
    starts_at: datetime
    ends_at: datetime
    is_short: bool
    due: datetime
    absent: bool = False
    recalled: bool = False

    def in_(self, wait: float) -> None:
        """The next act is due in so many seconds."""
        self.due = clock.now() + timedelta(seconds=wait)

    @property
    def is_busy(self) -> bool:
        return self.starts_at <= clock.now() < self.ends_at and clock.now() >= self.due


@dataclass
class Clinics:
    """The simulated day: what is not in the database because real people would have it in their heads."""

    patients: Sequence[int] = ()
    nurses: dict[int, int] = field(default_factory=dict)
    rooms: list[Room] = field(default_factory=list)
    day: date | None = None
    next_arrival: datetime = field(default_factory=clock.now)
    next_cancel: datetime = field(default_factory=clock.now)

    def prepare(self) -> None:
        """The people and shifts of the day, and those who took their numbers before the doors opened."""
        add_patients()
        add_nurses()
        actions.make_shifts(clock.today())
        patients = select(Person.id).where(
            Person.is_demo, Person.password_hash.is_(None), Person.nik_index.is_not(None)
        )
        self.patients = db.session.scalars(patients).all()
        self.nurses = nurses_by_clinic()
        self.begin_day()
        if statistics.places_today().taken == 0:
            for _place in range(int(queries.left_today() * TAKEN_BEFORE)):
                self.somebody_arrives()

    def begin_day(self) -> None:
        self.day = clock.today()
        self.rooms = [
            Room(shift.id, shift.clinic_id, shift.starts_at, shift.ends_at, is_short(shift), due=clock.now())
            for shift in shifts_of_today()
        ]
        for room in self.rooms:
            room.due = max(room.due, room.starts_at) + between(0, FIRST_CALLS)

    def tick(self) -> None:
        """One second of the morning."""
        if self.day != clock.today():
            self.begin_day()
        while clock.now() >= self.next_arrival:
            self.somebody_arrives()
            self.next_arrival = max(self.next_arrival, clock.now() - AT_ONCE) + between(*ARRIVES_EVERY)
        if clock.now() >= self.next_cancel:
            self.somebody_cancels()
            self.next_cancel = clock.now() + between(*CANCELS_EVERY)
        for room in self.rooms:
            if room.is_busy:
                self.work(room)

    def somebody_arrives(self) -> None:
        """One of the patients, wherever a place is left; at the short ward only when nobody waits there."""
        rooms = {room.shift_id: room for room in self.rooms if clock.now() < room.ends_at}
        left = [(place, count) for place, count in places_left(self.day) if self.is_welcome(rooms.get(place[0]), count)]
        if not left:
            return
        (shift_id, share), _count = dice.choices(left, weights=[count for _place, count in left])[0]
        patient = db.session.get_one(Person, dice.choice(self.patients))
        try:
            actions.take_ticket(None, shift_id, share, by=patient)
        except Refusal:
            return  # a visitor took the last place

    def is_welcome(self, room: Room | None, left: int) -> bool:
        if room is None or not room.is_short:
            return room is not None
        return left > KEPT_FOR_VISITORS and queries.next_ticket(room.shift_id) is None

    def somebody_cancels(self) -> None:
        rows = (
            select(Ticket)
            .join(Person, Person.id == Ticket.person_id)
            .where(Ticket.day == clock.today(), Ticket.state == "waiting", Person.password_hash.is_(None))
            .order_by(func.random())
            .limit(1)
        )
        if ticket := db.session.scalar(rows):
            patient = db.session.get_one(Person, ticket.person_id)
            actions.cancel_ticket(ticket.code, dice.choice(list(CANCEL_REASONS)), by=patient)

    def work(self, room: Room) -> None:
        """The nurse's next act in one room, unless somebody runs that queue on a tablet."""
        shift = queries.shift_on_show(room.shift_id)
        if run_by_a_person(shift):
            room.in_(5)
            return
        nurse = db.session.get_one(Person, self.nurses[room.clinic_id])
        try:
            self.act(room, shift, queries.current_ticket(shift.id), nurse)
        except Refusal:  # a person was quicker
            room.in_(5)

    def act(self, room: Room, shift: Shift, current: Ticket | None, nurse: Person) -> None:
        if current is None or current.state == "serving":
            self.call(room, shift, current, nurse)
        elif not room.absent or has_account(current):
            actions.move_ticket(current.code, "serve", shift.revision, by=nurse)
            room.in_(service_time(room))
        elif not room.recalled:
            actions.move_ticket(current.code, "recall", shift.revision, by=nurse)
            room.recalled = True
            room.in_(LOST_PATIENCE - WALK_IN[1])
        else:
            actions.move_ticket(current.code, "skip", shift.revision, by=nurse)
            room.in_(4)

    def call(self, room: Room, shift: Shift, current: Ticket | None, nurse: Person) -> None:
        if current is None and queries.next_ticket(shift.id) is None:
            room.in_(8)
            return
        called = actions.call_next(shift.id, shift.revision, by=nurse)
        room.absent, room.recalled = dice.random() < NO_SHOW, False
        room.in_(dice.uniform(*WALK_IN) if called else 8)


def between(least: float, most: float) -> timedelta:
    return timedelta(seconds=dice.uniform(least, most))


def places_left(day: date | None) -> list[tuple[tuple[int, str], int]]:
    """Which shares of which shifts have how many places left."""
    rows = (
        select(ShiftShare.shift_id, ShiftShare.share, ShiftShare.places - ShiftShare.taken)
        .join(Shift, Shift.id == ShiftShare.shift_id)
        .where(Shift.day == day, ShiftShare.share.in_(availability.ONLINE), ShiftShare.taken < ShiftShare.places)
    )
    return [((shift_id, share), left) for shift_id, share, left in db.session.execute(rows)]


def service_time(room: Room) -> float:
    """Seconds with the doctor."""
    middle = SHORT_SERVICE_MEDIAN if room.is_short else SERVICE_MEDIAN
    return min(dice.lognormvariate(math.log(middle), SERVICE_SPREAD), 3 * middle)


def is_short(shift: Shift) -> bool:
    ward = demo.city_people()["short_ward"]
    return bool(shift.ward.code == ward["code"] and shift.clinic.unit.code == ward["clinic"])


def shifts_of_today() -> list[Shift]:
    rows = select(Shift).where(Shift.day == clock.today()).options(
        selectinload(Shift.shares), selectinload(Shift.ward), selectinload(Shift.clinic).selectinload(Clinic.unit)
    )  # fmt: skip
    return list(db.session.scalars(rows))


def run_by_a_person(shift: Shift) -> bool:
    """A shift that somebody with an account has opened on a tablet is theirs."""
    operator = db.session.get(Person, shift.operator_id) if shift.operator_id else None
    return operator is not None and operator.password_hash is not None


def has_account(ticket: Ticket) -> bool:
    return db.session.get_one(Person, ticket.person_id).password_hash is not None


@transactional
def add_patients() -> None:
    """Invented citizens without accounts, made once."""
    there = db.session.scalar(select(func.count()).where(Person.is_demo, Person.email.is_(None))) or 0
    now = clock.now()
    for serial in range(there, PATIENTS):
        born = f"{1 + serial % 28:02d}{1 + serial % 12:02d}{50 + serial % 50:02d}"
        nik = f"12750{1 + serial % 5}{born}{1000 + serial:04d}"
        person = Person(name=f"Warga Contoh {serial:04d}", created_at=now, is_demo=True,
                        **sealed_identity(nik, f"0812{10_000_000 + serial}"))  # fmt: skip
        db.session.add(person)


@transactional
def add_nurses() -> None:
    """One invented nurse for each clinic, without an account."""
    there = nurses_by_clinic()
    for clinic in db.session.scalars(select(Clinic).options(selectinload(Clinic.unit))).all():
        if clinic.unit_id not in there:
            email = f"perawat.{clinic.unit.code.lower()}@contoh.invalid"
            person = Person(
                name=f"Perawat Contoh {clinic.short_name}", email=email, created_at=clock.now(), is_demo=True
            )
            db.session.add(person)
            begin_membership(person, clinic.unit.code, "nurse", by=None)


def nurses_by_clinic() -> dict[int, int]:
    rows = (
        select(Membership.unit_id, Person.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.is_demo, Person.password_hash.is_(None), Membership.role == "nurse")
    )
    return {unit_id: person_id for unit_id, person_id in db.session.execute(rows)}


_clinics = Clinics()
MORNING = demo.Morning(prepare=_clinics.prepare, tick=_clinics.tick)
