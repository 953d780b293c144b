"""What the demo's people do with one case: always by the same use cases as everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.visits import days_to_choose
from blueprints.perizinan.cases.workflow import next_step
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.deciding import actions as deciding
from blueprints.perizinan.demo import words
from blueprints.perizinan.demo.answers import written
from blueprints.perizinan.demo.chance import between, dice, minutes
from blueprints.perizinan.demo.papers import files_of
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.examining.actions import FIT, GRANT, UNFIT, Opinion, Refusing, Seen
from blueprints.perizinan.filing import actions as filing
from webapp import clock, viewing
from webapp.accounts.models import Person
from webapp.db import db
from webapp.payments import actions as payments
from webapp.payments.word import Word

SHARE_OF_PROXIES = 0.06
WHY = Refusing("not_met", words.EVIDENCE, words.CURE)


@dataclass(frozen=True)
class Way:
    """How a case goes: what its officers will find, and whether they are in a hurry because somebody is watching."""

    defect: bool = False  # it is returned once
    unfit: bool = False  # in the end it is refused
    hurry: bool = False  # visits are made within minutes


PLAIN = Way()


def move_on(case: Application, way: Way = PLAIN) -> None:
    """The next ordinary act on this case, by whoever has to act. KeyError where nobody has."""
    ACTS[case.state](case, way)


def begin(person: Person, type_code: str, kelurahan: str, counter: Person | None = None) -> Application:
    """Somebody, or a counter for them, begins an application with the part that says where it is about."""
    if counter is None:
        role = "proxy" if dice.random() < SHARE_OF_PROXIES else "self"
        case = filing.start(None, type_code, role, by=person)
    else:
        case = filing.start(None, type_code, "self", by=counter, whose=person)
    given = items.answers(case)
    for part in items.parts_of(case):
        if any(spec.kind == "kelurahan" for spec in given.of(part)):
            typed = {spec.key: written(spec, kelurahan) for spec in given.of(part)}
            filing.save_part(case.code, part, typed, by=counter or person)
    return case


def send(case: Application, _way: Way) -> None:
    """Fill in what is missing and send it."""
    by = case.assisted_by or case.person
    given = items.answers(case)
    for part in items.parts_of(case):
        missing = {spec.key: written(spec, "") for spec in given.of(part) if not given.typed.get(spec.key)}
        if missing:
            filing.save_part(case.code, part, missing, by=by)
    there = {paper.requirement for paper in case.papers}
    for needed in items.requirements_of(case):
        if needed.key not in there and not needed.optional:
            filing.give_paper(case.code, needed.key, dice.choice(files_of(by)), by=by)
    look_again()
    filing.submit(case.code, declared=True, by=by)


def complete(case: Application, _way: Way) -> None:
    """Hand in anew what was found defective, and send it again."""
    by = case.assisted_by or case.person
    for check in list(case.checks):
        if check.state == checking.DEFECTIVE and not check.item.startswith("part."):
            filing.give_paper(case.code, check.item, dice.choice(files_of(by)), by=by)
    look_again()
    filing.resubmit(case.code, by=by)


def check(case: Application, way: Way) -> None:
    officer = opened(case)
    wrong = next(item.key for item in items.items_of(case) if item.paper)
    defects = {wrong: dice.choice(words.DEFECTS)} if way.defect and not case.returns else {}
    checking.check_file(case.code, defects, queries.last_event_id(case), by=officer)


def find(case: Application, way: Way) -> None:
    """Verification or recommendation. What does not fit is found by whoever looks last."""
    officer, last = opened(case), next_step(case.type.definition, case.state) in ("bill", "propose")
    examining.find(case.code, opinion(way.unfit and last), queries.last_event_id(case), by=officer)


def visit(case: Application, way: Way) -> None:
    """First the appointment, then the visit itself."""
    found = queries.visit_of(case)
    if found is None or found.done_at is not None:
        days = next(stage.days for stage in case.type.definition.stages if stage.name == "inspect")
        appoint(
            case,
            clock.now() + minutes(8, 12) if way.hurry else at_a_visiting_hour(days_to_choose(case)[: max(days, 1)][-1]),
        )
        return
    last = next_step(case.type.definition, case.state) in ("bill", "propose")
    officer, photo = officer_of(case), files_of(officer_of(case))[:1]
    saw = Seen(dict.fromkeys(case.type.definition.checklist, True), *place_of(case), tuple(photo))
    seen = queries.last_event_id(case)
    examining.record_visit(case.code, saw, opinion(way.unfit and last), seen, by=officer)


def appoint(case: Application, starts_at: datetime) -> None:
    examining.make_appointment(case.code, starts_at, queries.last_event_id(case), by=officer_of(case))


def at_a_visiting_hour(day: date) -> datetime:
    return between(day, time(9), time(11, 30))


def place_of(case: Application) -> tuple[float, float]:
    """Degrees: about where the kelurahan of the application is."""
    region = queries.region_named(case.answers["kelurahan"])
    if region is None or region.latitude is None or region.longitude is None:
        raise LookupError("this application is about no place")
    return round(region.latitude + dice.uniform(-0.003, 0.003), 5), round(region.longitude, 5)


def pay(case: Application, _way: Way = PLAIN, too_much: int = 0) -> None:
    """The bank tells the city that the bill was paid, or that something else came for it."""
    if bill := bill_of(case):
        reference = f"CONTOH-{bill.code}-{too_much}"
        payments.receive(Word(reference, bill.code, bill.amount + too_much, clock.now()))


def decide(case: Application, _way: Way) -> None:
    head, seen, decision = opened(case), queries.last_event_id(case), queries.decision_of(case)
    if decision is None or decision.kind == GRANT:
        deciding.sign(case.code, seen, by=head)
    else:
        why = Refusing(decision.reason, decision.evidence, decision.cure)
        deciding.refuse(case.code, seen, by=head, why=why)


def look_again() -> None:
    """As every use case begins when it is alone: what was loaded before may be stale."""
    db.session.flush()
    db.session.expire_all()


def opinion(unfit: bool) -> Opinion:
    return Opinion(UNFIT, words.FITS_NOT, WHY) if unfit else Opinion(FIT, dice.choice(words.FITS))


def officer_of(case: Application) -> Person:
    """Who has the case on the desk. Raises LookupError where nobody has."""
    if case.officer is None:
        raise LookupError("nobody has this case")
    return case.officer


def opened(case: Application) -> Person:
    """Its officer opens the case, as its applicant will read."""
    officer = officer_of(case)
    viewing.note(case, officer.id)
    return officer


ACTS: dict[str, Callable[[Application, Way], None]] = {
    "draft": send, "checking": check, "returned": complete, "verifying": find, "inspecting": visit,
    "recommending": find, "billed": pay, "signing": decide,
}  # fmt: skip
