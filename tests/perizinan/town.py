"""A town in which anybody may try anything: its people, its permit types, and what chance lets them try."""

import random
from dataclasses import dataclass, field
from typing import Any

from tests import people
from tests.factories import permits as make
from tests.factories.clinics import a_unit
from tests.perizinan.oracle import AGENCY, KELURAHAN, OFFICE, Law, Oracle, Twin
from webapp import clock
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.regions.models import Region

HERE, NOWHERE = "12.75.01.1005", "12.75.01.1006"  # with an office, and without
STAFF = {
    OFFICE: ("front_office", "front_office", "back_office", "back_office", "head", "head"),
    AGENCY: ("technical", "technical"),
    KELURAHAN: ("front_office", "back_office", "technical", "head"),
    "LAIN": ("front_office", "back_office", "technical", "head"),
    "INSP": ("inspector",),
}
TWO_ACCOUNTS = {"back_office": "1275030101900004", "head": "1275030101900004", "front_office": "1275030101900005"}
CITIZENS = {"siti": people.SITI_NIK, "budi": people.BUDI_NIK, "wati": TWO_ACCOUNTS["front_office"]}
RARELY = ("redraw", "stop_clock", "go_on", "answer", "write", "pay")
LIKELY = {
    "draft": ("save_part",) * 9 + ("give_paper",) * 9 + ("submit",) * 15 + ("remove_paper",) * 3,
    "checking": ("check_file",) * 12 + RARELY,
    "returned": ("save_part", "give_paper", "resubmit", "resubmit") * 3 + ("remove_paper", *RARELY),
    "verifying": ("find",) * 12 + ("find_late_defect",) * 2 + RARELY,
    "inspecting": ("make_appointment", "record_visit", "record_visit", "move_visit") * 3 + RARELY,
    "recommending": ("find",) * 12 + ("find_late_defect",) * 2 + RARELY,
    "billed": ("pay",) * 12 + RARELY,
    "signing": ("sign", "sign", "sign", "refuse", "send_back") * 3 + RARELY,
    "refused": ("object_to", "answer_objection") * 6 + RARELY,
    "issued": ("sign", "revoke", *RARELY),
}
LUCK = 25
OWNERS = {
    "save_part", "give_paper", "remove_paper", "submit", "resubmit", "discard", "withdraw", "move_visit", "write",
    "object_to",
}  # fmt: skip
HEADS = {"find_late_defect", "answer_objection", "revoke", "stop_clock", "go_on", "redraw"}
EVERY = tuple(sorted({name for names in LIKELY.values() for name in names} | {"discard", "withdraw"}))


@dataclass
class Act:
    """Somebody tries something."""

    name: str
    twin: Twin
    who: str
    args: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.who} {self.name} {self.args} on {self.twin.law.code} {self.twin.code} ({self.twin.state})"


@transactional
def nowhere() -> None:
    """A kelurahan whose office is not known."""
    db.session.add(Region(code=NOWHERE, name="Tanpa Kantor", level="kelurahan", parent_code="12.75.01"))


class Town:
    """Everybody and every type of one history."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - it must repeat
        self.ids: dict[str, int] = {}
        self.oracle = Oracle(set(), {}, clock.today())
        self.settle_people()
        self.laws = [self.a_law(code) for code in ("AAA", "BBB", "CCC")]

    def settle_people(self) -> None:
        make.a_kelurahan()
        for code in (OFFICE, AGENCY, "LAIN", "INSP"):
            a_unit(code)
        nowhere()
        for number, (name, nik) in enumerate(CITIZENS.items()):
            self.settle(name, people.a_citizen(name.title(), nik, f"08123456700{number}"), nik)
        for unit, roles in STAFF.items():
            for number, role in enumerate(roles, 1):
                self.hire(f"{role}-{unit}-{number}", unit, role)
        for role, nik in TWO_ACCOUNTS.items():
            self.hire(f"{role}-again", OFFICE, role, nik)

    def hire(self, name: str, unit: str, role: str, nik: str | None = None) -> None:
        self.settle(name, people.staff(name, f"{name.casefold()}@contoh.invalid", unit, role, nik), nik or name)
        self.oracle.works.add((name, unit, role))

    def settle(self, name: str, person: Person, human: str) -> None:
        self.ids[name] = person.id
        self.oracle.humans[name] = human

    def a_law(self, code: str) -> Law:
        """A type of chance: any lawful subset of stages, free or paid, of the office or of a kelurahan."""
        sure = self.chance.random
        open_ = {"inspect": sure() < 0.5, "recommend": sure() < 0.5, "pay": sure() < 0.5}
        stages = tuple(n for n in ("check", "verify", "inspect", "recommend", "pay", "sign") if open_.get(n, True))
        optional = frozenset({"denah"} if sure() < 0.5 else ())
        law = Law(code, frozenset(stages), sure() < 0.3, optional)
        content = make.a_definition()
        papers = [*content["requirements"], *({"key": key, "name": key, "optional": True} for key in optional)]
        make.a_type(
            code, stages, fee=make.PAID if law.is_paid else make.FREE, requirements=papers,
            office="KEL" if law.by_kelurahan else OFFICE, agency="KEL" if law.by_kelurahan else AGENCY,
        )  # fmt: skip
        return law

    def person(self, name: str) -> Person:
        return db.session.get_one(Person, self.ids[name])

    def name_of(self, person_id: int | None) -> str | None:
        return next((name for name, known in self.ids.items() if known == person_id), None)

    # --- what chance tries

    def try_something(self) -> Act:
        """Half of the time something lawful, so that histories come far; else anything by anybody."""
        act = self.something()
        for _again in range(LUCK if self.chance.random() < 0.6 else 0):
            if self.oracle.leads_on(act):
                break
            act = self.something()
        return act

    def something(self) -> Act:
        alive = [twin for twin in self.oracle.twins if twin.state in LIKELY] or self.oracle.twins
        t = self.chance.choice(alive[-6:] if self.chance.random() < 0.95 else self.oracle.twins)
        name = self.chance.choice(LIKELY.get(t.state, EVERY) if self.chance.random() < 0.8 else EVERY)
        who = self.likely(name, t) if self.chance.random() < 0.85 else self.chance.choice(list(self.ids))
        return Act(name, t, who, getattr(self, f"args_of_{name}", lambda _t: {})(t))

    def likely(self, name: str, t: Twin) -> str:
        heads = sorted(who for who, unit, role in self.oracle.works if (unit, role) == (t.law.unit("head"), "head"))
        if name in OWNERS:
            return t.owner
        return self.chance.choice(heads) if name in HEADS and heads else t.officer or self.chance.choice(list(self.ids))

    def mostly(self) -> bool:
        return self.chance.random() < 0.85

    def note(self) -> str:
        return "Karena begini" if self.mostly() else ""

    def args_of_save_part(self, t: Twin) -> dict[str, Any]:
        to_mend = [item.removeprefix("part.") for item in sorted(t.defects) if item.startswith("part.")]
        part = self.chance.choice(to_mend * 3 + ["applicant", "location", "details"])
        how = self.chance.choice(["well"] * 8 + ["badly", "elsewhere"])
        return {"part": part, "how": how, "area": self.chance.randint(1, 900)}

    def args_of_give_paper(self, t: Twin) -> dict[str, Any]:
        to_mend = sorted(t.defects & t.law.papers)
        paper = self.chance.choice(to_mend * 3 + sorted({"ktp", "surat", *t.law.optional, *t.defects, "lain"}))
        return {"paper": paper, "whose": t.owner if self.mostly() else self.chance.choice(list(CITIZENS))}

    def args_of_remove_paper(self, _t: Twin) -> dict[str, Any]:
        return {"paper": self.chance.choice(["ktp", "surat", "denah"])}

    def args_of_submit(self, _t: Twin) -> dict[str, Any]:
        return {"declared": self.mostly()}

    def args_of_check_file(self, t: Twin) -> dict[str, Any]:
        items = sorted(t.law.papers | t.law.parts)
        some = self.chance.sample(items, self.chance.choice([0, 0, 1, 1, 2]))
        return {"defects": {item: self.note() for item in some}, "fresh": self.mostly()}

    def args_of_find_late_defect(self, t: Twin) -> dict[str, Any]:
        return {"item": self.chance.choice(sorted(t.law.papers | t.law.parts)), "note": self.note()}

    def args_of_find(self, _t: Twin) -> dict[str, Any]:
        return {"verdict": self.chance.choice(["fit", "fit", "fit", "unfit", "hasty", "mute"]), "fresh": self.mostly()}

    def args_of_make_appointment(self, _t: Twin) -> dict[str, Any]:
        return {"coming": self.mostly(), "fresh": self.mostly()}

    def args_of_move_visit(self, _t: Twin) -> dict[str, Any]:
        return {"coming": self.mostly()}

    def args_of_record_visit(self, t: Twin) -> dict[str, Any]:
        return self.args_of_find(t) | {"seen_well": self.mostly()}

    def args_of_pay(self, _t: Twin) -> dict[str, Any]:
        return {"right": self.chance.random() < 0.7}

    def args_of_sign(self, _t: Twin) -> dict[str, Any]:
        return {"fresh": self.mostly()}

    def args_of_refuse(self, _t: Twin) -> dict[str, Any]:
        return {"reasoned": self.mostly(), "fresh": self.mostly()}

    def args_of_send_back(self, _t: Twin) -> dict[str, Any]:
        return {"note": self.note(), "fresh": self.mostly()}

    def args_of_answer_objection(self, _t: Twin) -> dict[str, Any]:
        return {"upheld": self.chance.random() < 0.6, "note": self.note()}

    def args_of_revoke(self, _t: Twin) -> dict[str, Any]:
        return {"note": self.note()}

    def args_of_stop_clock(self, _t: Twin) -> dict[str, Any]:
        return {"reason": self.chance.choice(["elsewhere", "disaster", "lunch"]), "note": self.note()}

    def args_of_redraw(self, _t: Twin) -> dict[str, Any]:
        return {"note": self.note()}
