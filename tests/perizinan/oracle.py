"""What may happen to an application, told a second time and in another way: sets and arrows, nothing of the product.

`test_random_histories.py` holds the product against it. Each rule is a method named like its act; it answers the effect
that the act has when it is lawful, or None when it must be refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

Effect = Callable[[], None]
OFFICE, AGENCY, KELURAHAN = "DPMPTSP", "DLH", "KEL-011005"
ORDER = ("verifying", "inspecting", "recommending")
STAGE = {"verifying": "verify", "inspecting": "inspect", "recommending": "recommend"}
ROLE = {
    "checking": "front_office", "verifying": "back_office", "inspecting": "technical", "recommending": "technical",
    "signing": "head",
}  # fmt: skip
UNDECIDED = {*ROLE, "returned", "billed"}
ENDED = {"issued", "refused", "withdrawn"}
WAITS = {"returned": "completing", "billed": "paying"}
RATE = 1500


@dataclass(frozen=True)
class Law:
    """What the oracle knows of a permit type."""

    code: str
    stages: frozenset[str]
    by_kelurahan: bool
    optional: frozenset[str]

    @property
    def is_paid(self) -> bool:
        return "pay" in self.stages

    @property
    def examined(self) -> list[str]:
        return [state for state in ORDER if STAGE[state] in self.stages]

    @property
    def papers(self) -> frozenset[str]:
        return frozenset({"ktp", "surat"}) | self.optional

    @property
    def parts(self) -> frozenset[str]:
        return frozenset({"part.applicant", "part.location"} | ({"part.details"} if self.is_paid else set()))

    def unit(self, role: str) -> str:
        return KELURAHAN if self.by_kelurahan else AGENCY if role == "technical" else OFFICE

    def after(self, state: str, is_paid: bool) -> str:
        """Where a case goes on that was found fit in this state."""
        here = self.examined.index(state)
        return [*self.examined, "billed" if self.is_paid and not is_paid else "signing"][here + 1]


@dataclass
class Twin:
    """One application, as the oracle sees it."""

    code: str
    law: Law
    owner: str
    state: str = "draft"
    trail: list[str] = field(default_factory=lambda: ["draft"])
    whole: set[str] = field(default_factory=set)  # items that are filled in or handed in
    area: int = 0
    elsewhere: bool = False  # an address without an office
    accepted: set[str] = field(default_factory=set)
    defects: set[str] = field(default_factory=set)
    untouched: set[str] = field(default_factory=set)  # what is on the list of defects and was not dealt with since
    returns: int = 0
    late: int = 0
    fee: int | None = None
    bill: str | None = None
    workers: set[str] = field(default_factory=set)  # humans who have examined it
    signer: str | None = None
    proposal: str | None = None
    visit: str | None = None
    visit_on: date | None = None
    taken: set[tuple[str, str | None]] = field(default_factory=set)  # in which state from whom it was taken
    refused_on: date | None = None
    objection: str | None = None
    pause: str | None = None
    officer: str | None = None  # told by the product: chance has chosen
    may_fall: bool = False  # whether the last act may have changed the officer

    def become(self, to: str | None = None, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        if to:
            self.state = to
            self.trail.append(to)
            self.may_fall = True
            self._set_clock()

    def _set_clock(self) -> None:
        if self.state in WAITS:
            self.pause = WAITS[self.state]
        elif self.state in ENDED or self.pause in WAITS.values():
            self.pause = None

    @property
    def missing(self) -> set[str]:
        return (self.law.papers | self.law.parts) - self.law.optional - self.whole


def working_days_after(day: date, count: int) -> date:
    """The day that comes so many working days later, where there are no holidays."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


@dataclass
class Oracle:
    """Who works where, who is which human being, and every application."""

    works: set[tuple[str, str, str]]  # name, unit, role
    humans: dict[str, str]
    today: date
    twins: list[Twin] = field(default_factory=list)

    def effect(self, act: Any) -> Effect | None:
        """What the act does when it is lawful; None when it must be refused."""
        found: Effect | None = getattr(self, act.name)(act.twin, act.who, **act.args)
        return found

    def leads_on(self, act: Any) -> bool:
        """Whether it is lawful and changes anything."""
        return self.effect(act) not in (None, act.twin.become)

    # --- who

    def heads(self, t: Twin, who: str) -> bool:
        return (who, t.law.unit("head"), "head") in self.works and t.fee is not None

    def holds(self, t: Twin, who: str, *states: str) -> bool:
        role = ROLE.get(t.state, "")
        return t.state in states and t.officer == who and (who, t.law.unit(role), role) in self.works

    def able(self, t: Twin) -> set[str]:
        """Who may have the case on the desk now."""
        role = ROLE.get(t.state, "")
        there = {who for who, unit, has in self.works if (unit, has) == (t.law.unit(role), role)}
        barred = {self.humans[t.owner]} | (t.workers if t.state == "signing" else set())
        return {who for who in there if self.humans[who] not in barred}

    def may_fill(self, t: Twin, who: str, item: str) -> bool:
        return who == t.owner and (t.state == "draft" or (t.state == "returned" and item in t.defects))

    # --- the applicant

    def save_part(self, t: Twin, who: str, part: str, how: str, area: int) -> Effect | None:
        """`how` is well, badly, or with an address that has no office."""
        item = f"part.{part}"
        if not self.may_fill(t, who, item):
            return None
        changes: dict[str, Any] = {"whole": t.whole - {item} if how == "badly" else t.whole | {item}}
        changes["untouched"] = t.untouched - {item}
        changes |= {"details": {"area": area}, "location": {"elsewhere": how == "elsewhere"}}.get(part, {})
        return partial(t.become, **changes)

    def give_paper(self, t: Twin, who: str, paper: str, whose: str) -> Effect | None:
        if paper not in t.law.papers or whose != who or not self.may_fill(t, who, paper):
            return None
        return partial(t.become, whole=t.whole | {paper}, untouched=t.untouched - {paper})

    def remove_paper(self, t: Twin, who: str, paper: str) -> Effect | None:
        if not self.may_fill(t, who, paper):
            return None
        return partial(t.become, whole=t.whole - {paper}, untouched=t.untouched - {paper})

    def submit(self, t: Twin, who: str, declared: bool) -> Effect | None:
        if who == t.owner and t.state == "checking":
            return t.become
        lawful = who == t.owner and t.state == "draft" and declared and not t.missing
        if not lawful or (t.law.by_kelurahan and t.elsewhere):
            return None
        return partial(t.become, "checking", fee=t.area * RATE if t.law.is_paid else 0)

    def resubmit(self, t: Twin, who: str) -> Effect | None:
        if who == t.owner and t.state == "checking":
            return t.become
        if who != t.owner or t.state != "returned" or t.missing or t.untouched:
            return None
        fee = t.area * RATE if t.law.is_paid and t.bill is None else t.fee
        return partial(t.become, "checking", defects=set(), fee=fee)

    def discard(self, t: Twin, who: str) -> Effect | None:
        if who != t.owner or t.state not in ("draft", "discarded"):
            return None
        return partial(t.become, "discarded" if t.state == "draft" else None)

    def withdraw(self, t: Twin, who: str) -> Effect | None:
        if who != t.owner or t.state not in UNDECIDED | {"withdrawn"}:
            return None
        if t.state == "withdrawn":
            return t.become
        return partial(t.become, "withdrawn", bill="cancelled" if t.bill == "open" else t.bill)

    def move_visit(self, t: Twin, who: str, coming: bool) -> Effect | None:
        lawful = who == t.owner and t.state == "inspecting" and t.visit == "set" and coming
        return partial(t.become, visit="moved", visit_on=working_days_after(self.today, 1)) if lawful else None

    def write(self, t: Twin, who: str) -> Effect | None:
        return t.become if who == t.owner and t.state in UNDECIDED else None

    def object_to(self, t: Twin, who: str) -> Effect | None:
        if who != t.owner:
            return None
        if t.objection:
            return t.become
        in_time = t.refused_on is not None and self.today <= working_days_after(t.refused_on, 21)
        return partial(t.become, objection="open") if t.state == "refused" and in_time else None

    # --- the offices

    def check_file(self, t: Twin, who: str, defects: dict[str, str], fresh: bool) -> Effect | None:
        still_open = (t.law.papers | t.law.parts) - t.accepted
        lawful = self.holds(t, who, "checking") and fresh and set(defects) <= still_open and all(defects.values())
        if not lawful or (defects and t.returns > t.late):
            return None
        accepted = t.accepted | (still_open - set(defects))
        if not defects:
            return partial(t.become, "verifying", accepted=accepted)
        return partial(
            t.become, "returned", accepted=accepted, defects=set(defects), returns=t.returns + 1,
            untouched=set(defects) & t.whole,
        )  # fmt: skip

    def find_late_defect(self, t: Twin, who: str, item: str, note: str) -> Effect | None:
        if not self.heads(t, who) or t.state not in (*ORDER, "checking") or not note:
            return None
        if item not in t.accepted and not (t.state == "checking" and t.returns and item in t.law.papers | t.law.parts):
            return None
        return partial(
            t.become, "returned", accepted=t.accepted - {item}, defects={item}, late=t.late + 1, returns=t.returns + 1,
            untouched={item} & t.whole,
        )  # fmt: skip

    def find(self, t: Twin, who: str, verdict: str, fresh: bool) -> Effect | None:
        if not self.holds(t, who, "verifying", "recommending") or not fresh:
            return None
        return self._concluded(t, who, verdict)

    def _concluded(self, t: Twin, who: str, verdict: str, **changes: Any) -> Effect | None:
        """A finding that says neither or says nothing is none; one that is unfit goes to the head with its reasons."""
        if verdict not in ("fit", "unfit"):
            return None
        changes["workers"] = t.workers | {self.humans[who]}
        if verdict == "unfit":
            return partial(t.become, "signing", proposal="refuse", **changes)
        to = t.law.after(t.state, is_paid=t.bill == "paid")
        if to in ("billed", "signing"):
            changes["proposal"] = "grant"
        return partial(t.become, to, bill="open" if to == "billed" else t.bill, **changes)

    def make_appointment(self, t: Twin, who: str, coming: bool, fresh: bool) -> Effect | None:
        lawful = self.holds(t, who, "inspecting") and fresh and coming and t.visit != "moved"
        day = working_days_after(self.today - timedelta(days=1), 1)  # today, where people work today
        return partial(t.become, visit="set", visit_on=day) if lawful else None

    def record_visit(self, t: Twin, who: str, verdict: str, seen_well: bool, fresh: bool) -> Effect | None:
        if not self.holds(t, who, "inspecting") or not fresh or t.visit not in ("set", "moved") or not seen_well:
            return None
        if t.visit_on is None or self.today < t.visit_on:
            return None
        return self._concluded(t, who, verdict, visit="done")

    def answer(self, t: Twin, who: str) -> Effect | None:
        here = {(t.law.unit(role), role) for role in ROLE.values()}
        works = any((unit, role) in here for name, unit, role in self.works if name == who)
        return t.become if works and t.state in UNDECIDED else None

    # --- the bank

    def pay(self, t: Twin, who: str, right: bool) -> Effect | None:
        """Money always comes in; whether it settles the bill is another thing: None is money that is held."""
        if t.bill != "open" or not right:
            return None
        return partial(t.become, "signing", bill="paid")

    # --- the head

    def sign(self, t: Twin, who: str, fresh: bool) -> Effect | None:
        if t.state == "issued" and t.signer == self.humans[who]:
            return t.become
        if not self.holds(t, who, "signing") or not fresh or t.proposal != "grant" or self.humans[who] in t.workers:
            return None
        return partial(t.become, "issued", signer=self.humans[who], proposal=None)

    def refuse(self, t: Twin, who: str, reasoned: bool, fresh: bool) -> Effect | None:
        lawful = self.holds(t, who, "signing") and fresh and reasoned and t.proposal == "refuse"
        if not lawful or self.humans[who] in t.workers:
            return None
        return partial(t.become, "refused", proposal=None, refused_on=self.today)

    def send_back(self, t: Twin, who: str, note: str, fresh: bool) -> Effect | None:
        lawful = self.holds(t, who, "signing") and fresh and note
        return partial(t.become, "verifying", proposal=None) if lawful else None

    def answer_objection(self, t: Twin, who: str, upheld: bool, note: str) -> Effect | None:
        if not self.heads(t, who) or t.objection != "open" or not note:
            return None
        if not upheld:
            return partial(t.become, objection="dismissed")
        return partial(t.become, "verifying", objection="upheld")

    def revoke(self, t: Twin, who: str, note: str) -> Effect | None:
        return partial(t.become, "revoked") if self.heads(t, who) and t.state == "issued" and note else None

    def stop_clock(self, t: Twin, who: str, reason: str, note: str) -> Effect | None:
        lawful = self.heads(t, who) and t.state in ROLE and reason in ("elsewhere", "disaster") and note
        return partial(t.become, pause=reason) if lawful else None

    def go_on(self, t: Twin, who: str) -> Effect | None:
        return partial(t.become, pause=None) if self.heads(t, who) and t.state in ROLE else None

    def redraw(self, t: Twin, who: str, note: str) -> Effect | None:
        had = {t.officer} | {officer for state, officer in t.taken if state == t.state}
        lawful = self.heads(t, who) and t.state in ROLE and note and self.able(t) - had
        return partial(t.become, may_fall=True, taken=t.taken | {(t.state, t.officer)}) if lawful else None
