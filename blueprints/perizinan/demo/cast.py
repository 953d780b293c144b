"""The demo's invented people of the permit offices, none of whom has an account: applicants and officers."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from blueprints.perizinan.access import BACK, FRONT, HEAD, TECHNICAL
from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.catalogue.definition import OFFICE_OF_ADDRESS, Definition
from blueprints.perizinan.demo.chance import dice
from blueprints.perizinan.demo.papers import PDF, PHOTO, give_files
from webapp import clock
from webapp.accounts import sealing
from webapp.accounts.actions import begin_membership, sealed_identity
from webapp.accounts.models import Membership, Person, SignIn
from webapp.accounts.queries import person_by_email
from webapp.db import db
from webapp.regions.models import Unit

COLLEAGUES = {FRONT: 2, BACK: 2, HEAD: 1}  # of the accounts, at each office that decides
TITLES = {FRONT: "Petugas Loket", BACK: "Verifikator", TECHNICAL: "Tim Teknis", HEAD: "Kepala Harian"}
SHARE_OF_ACCOUNTS = 0.4
IN_PERSON = timedelta(hours=2)  # since somebody has signed in, they work themselves


def add_officers(definitions: Sequence[Definition]) -> None:
    """Colleagues at the offices and agencies of these permit types, and a staff for each kelurahan without one."""
    for office in sorted({each.office for each in definitions} - {OFFICE_OF_ADDRESS}):
        for role, count in COLLEAGUES.items():
            for number in range(1, count + 1):
                _hire(f"{TITLES[role]} Contoh {number}", f"{role}.{number}.{office}", {office: (role,)})
    agencies = sorted({each.agency for each in definitions} - {OFFICE_OF_ADDRESS})
    _hire(f"{TITLES[TECHNICAL]} Contoh", TECHNICAL, dict.fromkeys(agencies, (TECHNICAL,)))
    for unit in db.session.scalars(select(Unit).where(Unit.kind == "kelurahan").order_by(Unit.code)):
        if not queries.members(unit.id, HEAD):
            place = unit.name.removeprefix("Kelurahan ")
            _hire(f"Lurah Contoh {place}", f"lurah.{unit.code}", {unit.code: (HEAD,)})
            _hire(f"Staf Contoh {place}", f"staf.{unit.code}", {unit.code: (FRONT, BACK)})


def _hire(name: str, account: str, work: dict[str, tuple[str, ...]]) -> None:
    """One human being with this work, whom nobody can sign in as."""
    email = f"{account.lower().replace('_', '.')}@contoh.invalid"
    if person_by_email(email):
        return
    human = sealing.index(email, sealing.NIK)
    person = Person(name=name, email=email, work_nik_index=human, created_at=clock.now(), is_demo=True)
    db.session.add(person)
    for unit, roles in work.items():
        for role in roles:
            begin_membership(person, unit, role, by=None)


def add_applicants(count: int) -> list[Person]:
    """So many invented citizens, each with a file to hand in."""
    applicants = []
    for serial in range(count):
        born = f"{1 + serial % 28:02d}{1 + serial % 12:02d}{50 + serial % 50:02d}"
        nik = f"12750{1 + serial % 5}{born}{5000 + serial:04d}"
        person = Person(name=f"Warga Contoh {serial:04d}", created_at=clock.now(), is_demo=True,
                        **sealed_identity(nik, f"0813{10_000_000 + serial}"))  # fmt: skip
        db.session.add(person)
        db.session.flush()
        give_files(person, *((PHOTO, PDF) if serial % 3 == 0 else (PHOTO,)))
        applicants.append(person)
    return applicants


def add_files_of_staff() -> None:
    """Whoever enters applications at a counter or visits places has a picture of their own."""
    for person in _working_as(FRONT, TECHNICAL):
        give_files(person, PHOTO)


def _working_as(*roles: str) -> list[Person]:
    rows = select(Person).join(Membership).where(Membership.role.in_(roles), Membership.ended_at.is_(None))
    return list(db.session.scalars(rows.distinct().order_by(Person.id)))


def somebody_at(definition: Definition, kelurahan: str, role: str) -> Person:
    """One of those who work in this role at the office that decides such a case."""
    here = definition.office == OFFICE_OF_ADDRESS
    unit = queries.office_of_kelurahan(kelurahan) if here else queries.unit_by_code(definition.office)
    return dice.choice(queries.members(unit.id, role) if unit else [])


def known_applicants() -> Sequence[int]:
    """Invented citizens who have applied before."""
    rows = select(Person.id).join(Application, Application.person_id == Person.id)
    invented = rows.where(Person.is_demo, Person.password_hash.is_(None))
    return db.session.scalars(invented.distinct().order_by(Person.id)).all()


def in_person() -> set[int]:
    """Who has signed in within the last hours, and works without the demo's help."""
    rows = select(SignIn.person_id).where(SignIn.began_at > clock.machine() - IN_PERSON)
    return set(db.session.scalars(rows))


def some_kelurahan(definition: Definition) -> str:
    """Where something is applied for; letters of a kelurahan, often where somebody with an account works."""
    regions = [region.code for region in queries.kelurahans()]
    if definition.office == OFFICE_OF_ADDRESS and dice.random() < SHARE_OF_ACCOUNTS:
        rows = select(Unit.region_code).join(Membership).join(Person)
        manned = rows.where(Unit.kind == "kelurahan", Person.password_hash.is_not(None), Membership.role == HEAD)
        regions = [code for code in db.session.scalars(manned) if code] or regions
    return dice.choice(regions)
