"""The cast of all stories. Each function saves its person and returns them."""

from functools import cache

from argon2 import PasswordHasher

from webapp import clock
from webapp.accounts import sealing
from webapp.accounts.actions import begin_membership, sealed_identity
from webapp.accounts.models import Person
from webapp.db import db, transactional

PASSWORD = "kopi pagi di Binjai"
SITI_NIK, BUDI_NIK = "1275024504900001", "1275030101850002"


@cache
def _password_hash() -> str:
    """Of the same kind, but checked at once: a hash says itself how much work it asks for."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@transactional
def a_citizen(name: str, nik: str, phone: str) -> Person:
    person = Person(
        name=name, password_hash=_password_hash(), privacy_read_at=clock.now(), created_at=clock.now(),
        **sealed_identity(nik, phone),
    )  # fmt: skip
    db.session.add(person)
    db.session.flush()
    return person


@transactional
def staff(name: str, email: str, unit_code: str, role: str, nik: str | None = None) -> Person:
    """Somebody who works for the city; without a NIK, a human of their own all the same."""
    human = sealing.index(nik or email, sealing.NIK)
    person = Person(
        name=name, email=email, password_hash=_password_hash(), work_nik_index=human, created_at=clock.now()
    )
    db.session.add(person)
    begin_membership(person, unit_code, role, by=None)
    return person


def siti() -> Person:
    """A citizen who needs a doctor."""
    return a_citizen("Siti Contoh", SITI_NIK, "081234567890")


def budi() -> Person:
    """A citizen elsewhere in the city."""
    return a_citizen("Budi Contoh", BUDI_NIK, "081234567891")


def ani(unit_code: str = "PKM-A") -> Person:
    """A nurse of the clinic."""
    return staff("Ani Contoh", "ani@contoh.invalid", unit_code, "nurse")


def rudi(unit_code: str = "KOMINFO") -> Person:
    """An operator at the wall."""
    return staff("Rudi Contoh", "rudi@contoh.invalid", unit_code, "operator")


def officer(name: str, unit_code: str, role: str, nik: str | None = None) -> Person:
    """Somebody at a permit desk."""
    return staff(name, f"{name.partition(' ')[0].casefold()}@contoh.invalid", unit_code, role, nik)


def a_crowd(size: int) -> list[Person]:
    """That many citizens without accounts."""

    @transactional
    def arrive() -> list[Person]:
        crowd = [
            Person(
                name=f"Warga {n}", created_at=clock.now(), **sealed_identity(f"12750101018{n:05d}", f"08130000{n:04d}")
            )
            for n in range(1, size + 1)
        ]
        db.session.add_all(crowd)
        db.session.flush()
        return crowd

    return arrive()
