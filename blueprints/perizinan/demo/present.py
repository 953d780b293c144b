"""The demo's day in the permit offices: every few seconds something happens to one case or another.

Who acts, and on whose cases:

- Invented citizens send applications, complete them, pay. Citizens with accounts are visitors: only they act for them.
- Officers check, visit and sign, also those who have accounts, unless somebody has signed in as them within the last
  two hours: then their desk is theirs alone.
- A visitor's own application goes on two minutes after the last thing that happened to it.
- Desks are never worked empty. Those of the accounts keep fewer cases than their colleagues', and so what a visitor
  sends mostly falls to somebody as whom a visitor can sign in.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from blueprints.perizinan.cases.life import WAITS_FOR
from blueprints.perizinan.cases.models import Application, Visit
from blueprints.perizinan.cases.workflow import LATE, UNDECIDED
from blueprints.perizinan.catalogue import queries as catalogue
from blueprints.perizinan.demo import cast, hands
from blueprints.perizinan.demo.chance import dice
from blueprints.perizinan.demo.hands import PLAIN, Way
from blueprints.perizinan.demo.plan import some_type
from webapp import clock
from webapp.accounts.models import Person
from webapp.db import db
from webapp.deadlines import Deadline
from webapp.errors import Refusal
from webapp.events import Event

ACTS_EVERY = (8.0, 20.0)  # seconds
LOOKS_EVERY = timedelta(seconds=5)
PATIENCE = timedelta(minutes=2)  # until a visitor's application goes on
ARRIVALS, MOST_OPEN = 0.25, 80  # the share of all acts, while not too much is open
KEPT_BY_ACCOUNT, KEPT_BY_COLLEAGUE = 2, 4  # cases that stay on a desk
WEIGHT, WEIGHT_OF_LATE = 5, 1  # what is late mostly stays so: the Inspektorat is to find something
IN_A_HURRY = Way(hurry=True)


@dataclass
class Offices:
    """When the next thing happens."""

    next_act: datetime = field(default_factory=clock.now)
    next_look: datetime = field(default_factory=clock.now)

    def prepare(self) -> None:
        self.next_act = self.next_look = clock.now()

    def tick(self) -> None:
        """One second of the day."""
        if clock.now() >= self.next_look:
            go_on_with_visitors()
            self.next_look = clock.now() + LOOKS_EVERY
        if clock.now() >= self.next_act:
            something_happens()
            self.next_act = clock.now() + timedelta(seconds=dice.uniform(*ACTS_EVERY))


@dataclass(frozen=True)
class Matter:
    """An undecided case, and whether its time is nearly or wholly over."""

    case: Application
    is_pressing: bool
    is_late: bool

    @property
    def is_invented(self) -> bool:
        return is_invented(self.case.person)


def is_invented(person: Person) -> bool:
    return person.is_demo and person.password_hash is None


def go_on_with_visitors() -> None:
    """The offices do the next thing for each visitor who has waited long enough."""
    for matter in able_to_go_on(undecided()):
        if not matter.is_invented and last_event_of(matter.case) <= clock.now() - PATIENCE:
            act(matter.case, IN_A_HURRY)


def something_happens() -> None:
    """Somebody sends an application, or one that was sent goes on."""
    matters = undecided()
    loads = Counter(matter.case.officer_id for matter in matters)
    able = [
        each for each in able_to_go_on(matters) if each.is_invented and not is_kept(each, loads) and not is_hasty(each)
    ]
    if not able or (len(matters) < MOST_OPEN and dice.random() < ARRIVALS):
        somebody_applies()
        return
    weights = [WEIGHT_OF_LATE if each.is_late else WEIGHT for each in able]
    act(dice.choices(able, weights)[0].case)


def somebody_applies() -> None:
    """One of the invented citizens who are known applies for one thing or another; nobody where none is known."""
    types = [each for each in catalogue.types_on(clock.today()) if each.definition.is_here]
    if applicants := cast.known_applicants():
        person, chosen = db.session.get_one(Person, dice.choice(applicants)), some_type(types)
        case = hands.begin(person, chosen.code, cast.some_kelurahan(chosen.definition))
        act(case)


def act(case: Application, way: Way = PLAIN) -> None:
    hands.look_again()
    try:
        hands.move_on(case, way)
    except Refusal:
        return  # a person was quicker


def undecided() -> list[Matter]:
    hands.look_again()
    of_case = and_(
        Deadline.subject_type == Application.__tablename__,
        Deadline.subject_id == Application.id,
        Deadline.event == LATE,
    )
    rows = select(Application, Deadline.amber_at <= clock.now(), Deadline.due_at <= clock.now())
    rows = rows.join(Deadline, of_case).where(Application.state.in_(UNDECIDED)).order_by(Application.id)
    people = (joinedload(Application.person), joinedload(Application.officer), joinedload(Application.assisted_by))
    found = db.session.execute(rows.options(*people, joinedload(Application.office), joinedload(Application.type)))
    return [Matter(case, bool(pressing), bool(late)) for case, pressing, late in found]


def able_to_go_on(matters: Sequence[Matter]) -> list[Matter]:
    """Cases whose next act is that of somebody whom the demo plays."""
    busy, later = cast.in_person(), visits_to_come()
    return [each for each in matters if is_ours(each.case, busy) and each.case.id not in later]


def is_ours(case: Application, busy: set[int]) -> bool:
    """Whether it waits for an invented citizen, or for an officer who does not work in person."""
    if case.state in WAITS_FOR:
        return is_invented(case.assisted_by or case.person)
    return case.officer_id is not None and case.officer_id not in busy


def visits_to_come() -> set[int]:
    """Cases that wait for the hour of their visit."""
    rows = select(Visit.application_id).where(Visit.done_at.is_(None), Visit.starts_at > clock.now())
    return set(db.session.scalars(rows))


def is_kept(matter: Matter, loads: Mapping[int | None, int]) -> bool:
    """Whether it stays on its desk, because there are few and there is time."""
    case = matter.case
    if case.officer is None or matter.is_pressing:
        return False
    if case.officer.password_hash is not None:
        return loads[case.officer_id] <= KEPT_BY_ACCOUNT
    in_kelurahan = case.office is not None and case.office.kind == "kelurahan"
    return not in_kelurahan and loads[case.officer_id] <= KEPT_BY_COLLEAGUE


def is_hasty(matter: Matter) -> bool:
    """Whether a decision now would be faster than life: on the very day, though days are promised."""
    case = matter.case
    same_day = case.submitted_at is not None and clock.local(case.submitted_at).date() == clock.today()
    return case.state == "signing" and same_day and case.type.definition.days > 1


def last_event_of(case: Application) -> datetime:
    about = (Event.subject_type == Application.__tablename__, Event.subject_id == case.id)
    return db.session.scalar(select(func.max(Event.at)).where(*about)) or clock.now()
