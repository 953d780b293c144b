"""What an applicant can do: one function per use case, each one transaction."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from blueprints.perizinan.bills.actions import bill_of, cancel_bill
from blueprints.perizinan.cases import answers, items, life, numbers, queries
from blueprints.perizinan.cases.models import CODE_LENGTH, Application, Message, Objection, Paper
from blueprints.perizinan.cases.visits import days_to_choose
from blueprints.perizinan.cases.workflow import APPLICATION, OBJECTION, OBJECTION_LATE, ROLES, UNDECIDED
from blueprints.perizinan.catalogue import queries as catalogue
from blueprints.perizinan.catalogue.definition import OFFICE_OF_ADDRESS
from blueprints.perizinan.catalogue.fees import charge_of
from webapp import calendar, clock, deadlines, events
from webapp.access import Actor, demand
from webapp.accounts.models import Person
from webapp.codes import new_code
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.replay import once
from webapp.uploads.actions import Kept, enter
from webapp.uploads.models import Upload

OBJECTION_DAYS, ANSWER_DAYS = 21, 10  # working days; UU 30/2014 Pasal 77
LONGEST_WORD = 2000


@transactional
@once(Application)
def start(type_code: str, role: str, *, by: Person, whose: Person | None = None) -> Application:
    """Begin an application, or find the one that was begun. The counter says `whose` it is."""
    if whose is None:
        demand(by, "perizinan.apply")
    else:
        demand(by, "perizinan.enter_for_others")
    person = whose or by
    law = catalogue.type_of(type_code, clock.today())
    if not law.definition.is_here:
        raise Refusal(law.definition.door)
    if role not in ROLES:
        raise Refusal(_("Choose for whom you apply."))
    if begun := queries.live_draft(person.id, law.code) if whose is None else begun_at_counter(whose, law.code, by):
        return begun_as(begun, role, by)
    now = clock.now()
    case = Application(
        code=new_code(CODE_LENGTH), type_id=law.id, type_code=law.code, type=law, person_id=person.id,
        assisted_by_id=by.id if whose else None, role=role, answers={}, state=APPLICATION.begins,
        began_at=now, saved_at=now, is_demo=person.is_demo,
    )  # fmt: skip
    db.session.add(case)
    events.record("perizinan.application.begin", case, by, assisted=whose is not None)
    return case


def begun_as(begun: Application, role: str, by: Person) -> Application:
    """What was begun before, for whom it is meant now; what was typed stays."""
    if begun.state == "draft" and begun.role != role:
        begun.role = role
        events.record("perizinan.application.change_role", begun, by, role=role)
    return begun


def begun_at_counter(whose: Person, type_code: str, by: Person) -> Application | None:
    """What a counter has begun for this person, or must now complete for them: any officer there may go on with it.

    What somebody has begun alone stays theirs alone: a NIK is no secret (T28). Raises Refusal then, and where an
    officer would enter their own application (T74).
    """
    if whose.human == by.human:
        raise Refusal(_("This is your own NIK. Somebody else must enter your application."))
    begun = queries.returned_to_counter(whose.id, type_code) or queries.live_draft(whose.id, type_code)
    if begun is not None and begun.assisted_by_id is None:
        raise Refusal(_("This person has begun this with their own account. Only they can go on with it."))
    if begun is not None and begun.assisted_by_id != by.id:
        begun.assisted_by_id = by.id
        events.record("perizinan.application.take_over", begun, by)
    return begun


@transactional
def save_part(code: str, part: str, typed: Mapping[str, str], seen: str | None = None, *, by: Actor) -> Application:
    """Keep what was typed into one part of the form, whether it is right or not: nothing typed is lost.

    `seen` is what stood there (`items.standing`) when the sender's page was drawn, None where there was no page. What
    waited on a phone may come late: raises Overtaken where somebody has saved something else there since.
    """
    case = queries.case_of(code)
    life.hold(case)
    demand(by, "perizinan.fill_in", case)
    refuse_locked(case, f"part.{part}")
    life.refuse_overwriting(case, part, typed, seen)
    case.answers = {**case.answers, **answers.kept(items.answers(case).retyped(part, typed))}
    return saved(case, f"part.{part}")


def saved(case: Application, key: str) -> Application:
    """The applicant has changed this item of the file."""
    case.saved_at = clock.now()
    items.mend(case, key)
    if case.state == "draft":
        case.type = items.law_of(case)
    return case


def refuse_locked(case: Application, key: str) -> None:
    if not items.may_change(case, key):
        raise Refusal(_("This part can no longer be changed."))


@transactional
@once(Paper)
def hand_in(code: str, requirement: str, kept: Kept, *, by: Actor) -> Paper:
    """Enter a file that is stored and hand it in, both or neither: what is refused belongs to nobody and is swept."""
    return give_paper(code, requirement, enter(kept, by=by), by=by)


@transactional
def give_paper(code: str, requirement: str, upload: Upload, *, by: Actor) -> Paper:
    """Hand in a file for a requirement; it replaces what stood there."""
    case = queries.case_of(code)
    life.hold(case)
    demand(by, "perizinan.fill_in", case)
    if requirement not in {needed.key for needed in items.requirements_of(case)} or upload.owner_id != by.id:
        raise Refusal(_("This paper is not asked for."))
    refuse_locked(case, requirement)
    take_away(case, requirement)
    paper = Paper(application_id=case.id, requirement=requirement, upload_id=upload.id, given_at=clock.now())
    db.session.add(paper)
    saved(case, requirement)
    events.record("perizinan.application.give_paper", case, by, requirement=requirement)
    return paper


@transactional
def remove_paper(code: str, requirement: str, *, by: Actor) -> None:
    """Take a file out again."""
    case = queries.case_of(code)
    life.hold(case)
    demand(by, "perizinan.fill_in", case)
    refuse_locked(case, requirement)
    if any(paper.requirement == requirement for paper in case.papers):
        take_away(case, requirement)
        events.record("perizinan.application.remove_paper", case, by, requirement=requirement)
    saved(case, requirement)


def take_away(case: Application, requirement: str) -> None:
    for paper in case.papers:
        if paper.requirement == requirement:
            paper.replaced_at = clock.now()
    db.session.flush()  # only one paper stands for a requirement


@transactional
def submit(code: str, *, declared: bool, by: Actor) -> Application:
    """Send the application: it gets its number, its fee, its office and its deadline, by the law of this very day.

    Who presses twice gets the same answer again. Raises Refusal when something is missing.
    """
    case = queries.case_of(code)
    demand(by, "perizinan.send", case)
    if case.state == "checking":
        return case
    if not declared:
        raise Refusal(_("Tick that what you say is true."))
    case.type = items.law_of(case)
    if not case.type.definition.is_here:
        raise Refusal(case.type.definition.door)
    if not items.is_complete(case):
        raise Refusal(_("Something is still missing. Please look at the list."))
    values, now = items.answers(case).values, clock.now()
    fee = case.type.definition.fee
    case.declared, case.submitted_at, case.saved_at = True, now, now
    case.fee = charge_of(fee, values).amount
    find_offices(case, values.get("kelurahan"))
    year = clock.today().year
    case.number = f"IZN/{year}/{numbers.next_number('IZN', year):06d}"
    db.session.flush()
    life.start_clock(case, now)
    life.move(case, "submit", by, fee=case.fee)
    return case


def find_offices(case: Application, kelurahan: str | None) -> None:
    """Which office decides, and whose technical people look: by the type, or by the applicant's address."""
    definition = case.type.definition
    home = queries.office_of_kelurahan(kelurahan) if kelurahan else None
    office = home if definition.office == OFFICE_OF_ADDRESS else queries.unit_by_code(definition.office)
    agency = home if definition.agency == OFFICE_OF_ADDRESS else queries.unit_by_code(definition.agency)
    if office is None or agency is None:
        raise Refusal(_("No office is known for this address. Please ask at the counter."))
    case.office_id, case.agency_id = office.id, agency.id


@transactional
def resubmit(code: str, *, by: Actor) -> Application:
    """Send the completed file back. Everything on the list of defects must have been dealt with: a paper handed
    in anew, a part of the form saved anew. It may say the same again: an officer, too, can be wrong.

    The fee follows what was mended, by the tariff of the day of submission, as long as no bill was made.
    """
    case = queries.case_of(code)
    demand(by, "perizinan.send", case)
    if case.state == "checking":
        return case
    demand(by, "perizinan.fill_in", case)
    if not items.is_complete(case):
        raise Refusal(_("Something on the list is not done yet."))
    for check in list(case.checks):
        if check.state == "defective":
            db.session.delete(check)
    db.session.flush()
    if bill_of(case) is None:
        case.fee = charge_of(case.type.definition.fee, items.answers(case).values).amount
    life.move(case, "resubmit", by, fee=case.fee)
    db.session.expire(case, ["checks"])
    return case


@transactional
def discard(code: str, *, by: Actor) -> None:
    """Throw a draft away."""
    case = queries.case_of(code)
    demand(by, "perizinan.fill_in", case)
    if case.state != "discarded":
        life.move(case, "discard", by)


@transactional
def withdraw(code: str, *, by: Actor) -> Application:
    """Take the application back, at any time before the decision."""
    case = queries.case_of(code)
    demand(by, "perizinan.be_told", case)
    if case.state != "withdrawn":
        cancel_bill(case)
        life.move(case, "withdraw", by)
    return case


@transactional
@once(Message)
def write(code: str, body: str, *, by: Person) -> Message:
    """A message of the applicant to the offices."""
    case = queries.case_of(code)
    demand(by, "perizinan.be_told", case)
    if case.state not in UNDECIDED:
        raise Refusal(_("Nothing is written about this application now."))
    message = Message(application_id=case.id, author_id=by.id, from_staff=False, body=body, at=clock.now())
    db.session.add(message)
    events.record("perizinan.application.write", case, by, officer_id=case.officer_id)
    return message


@transactional
def move_visit(code: str, starts_at: datetime, *, by: Actor) -> None:
    """The applicant moves the appointment of the field inspection, once."""
    case = queries.case_of(code)
    life.hold(case)
    demand(by, "perizinan.be_told", case)
    visit = queries.visit_of(case)
    if case.state != "inspecting" or visit is None or visit.done_at is not None:
        raise Refusal(_("There is no appointment to move."))
    if visit.moves:
        raise Refusal(_("The appointment can be moved only once."))
    if clock.local(starts_at).date() not in days_to_choose(case):
        raise Refusal(_("Choose one of the days that are offered."))
    visit.starts_at, visit.moves = starts_at, visit.moves + 1
    events.record("perizinan.application.move_visit", case, by, officer_id=case.officer_id)


@transactional
def object_to(code: str, body: str, *, by: Person) -> Objection:
    """Object to a refusal, once, within 21 working days (UU 30/2014 Pasal 77). The head of the office answers."""
    case = queries.case_of(code)
    demand(by, "perizinan.be_told", case)
    if made := queries.objection_of(case):
        if made.body != body:
            raise Refusal(_("You have objected already. Only one objection can be made."))
        return made
    if not body.strip():
        raise Refusal(_("Write something first."))
    if case.state != "refused" or not may_still_object(case):
        raise Refusal(_("The time to object is over."))
    objection = Objection(application_id=case.id, body=body, at=clock.now(), state=OBJECTION.begins)
    objection.application = case
    db.session.add(objection)
    events.record("perizinan.objection.make", objection, by, application_id=case.id)
    deadlines.start(objection, OBJECTION_LATE, ANSWER_DAYS)
    return objection


def may_still_object(case: Application) -> bool:
    return case.decided_at is not None and clock.today() <= last_day_to_object(case)


def last_day_to_object(case: Application) -> date:
    """The 21st working day after the refusal."""
    days = calendar.working_days_from(clock.local(case.decided_at or clock.now()).date() + timedelta(days=1))
    return [next(days) for _day in range(OBJECTION_DAYS)][-1]
