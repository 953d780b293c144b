"""What the back office and the technical team can do with a case on their desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from blueprints.perizinan.bills.actions import make_bill
from blueprints.perizinan.cases import life, queries
from blueprints.perizinan.cases.models import Application, Decision, Finding, Photo, Visit
from blueprints.perizinan.cases.money import refuse_money
from blueprints.perizinan.cases.visits import days_to_choose
from blueprints.perizinan.cases.workflow import REASONS, next_step
from webapp import calendar, clock, events
from webapp.access import demand
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.uploads.models import Upload

FIT, UNFIT = "fit", "unfit"
GRANT, REFUSE = "grant", "refuse"
CITY_BOX = (3.4, 3.8, 98.3, 98.7)  # south, north, west, east of a box around the city, for slips of the finger


@dataclass(frozen=True)
class Refusing:
    """Why an application cannot be granted: the coded legal reason, what shows it, and what would cure it (T77)."""

    reason: str
    evidence: str
    cure: str

    def check(self) -> None:
        if self.reason not in REASONS:
            raise Refusal(_("Choose the legal reason."))
        if not self.evidence.strip() or not self.cure.strip():
            raise Refusal(_("Say what shows it, and what the applicant can do about it."))
        refuse_money(self.evidence, self.cure)


@dataclass(frozen=True)
class Opinion:
    """What an officer found: "fit" or "unfit", in words; unfit says `why` and goes to the head to be refused."""

    verdict: str
    note: str
    why: Refusing | None = None

    def check(self) -> None:
        if self.verdict not in (FIT, UNFIT) or not self.note.strip():
            raise Refusal(_("Say what you found, and whether it fits."))
        if self.verdict == UNFIT and self.why is None:
            raise Refusal(_("Choose the legal reason."))
        if self.why is not None:
            self.why.check()


@transactional
def find(code: str, opinion: Opinion, seen: int, *, by: Person) -> Application:
    """Write down what was found at verification or in the technical recommendation, and send the case on."""
    case = queries.case_of(code)
    demand(by, "perizinan.verify" if case.state == "verifying" else "perizinan.examine", case)
    life.refuse_overtaken(case, seen)
    if case.state == "inspecting":
        raise Refusal(_("Write down the visit first."))
    conclude(case, opinion, by)
    return case


def conclude(case: Application, opinion: Opinion, by: Person) -> None:
    opinion.check()
    stage = {"verifying": "verify", "inspecting": "inspect"}.get(case.state, "recommend")
    row = Finding(
        application_id=case.id, stage=stage, person_id=by.id, verdict=opinion.verdict, note=opinion.note, at=clock.now()
    )
    db.session.add(row)
    if stage == "verify":
        case.verifier_human = by.human
    else:
        case.examiner_human = by.human
    db.session.flush()
    if opinion.verdict == UNFIT and opinion.why is not None:
        propose_refusal(case, opinion.why, by)
        return
    step = next_step(case.type.definition, case.state)
    if step in ("bill", "propose"):
        db.session.add(Decision(application_id=case.id, kind=GRANT, proposed_by_id=by.id, proposed_at=clock.now()))
    if step == "bill" and not paid_or_due(case):
        step = "propose"
    life.move(case, step, by)


def paid_or_due(case: Application) -> bool:
    """Make the bill. False when there is nothing to wait for: the fee is nought, or it was paid before."""
    if not case.fee:
        return False
    return make_bill(case).state == "open"


def propose_refusal(case: Application, why: Refusing, by: Person) -> None:
    row = Decision(
        application_id=case.id, kind=REFUSE, reason=why.reason, evidence=why.evidence, cure=why.cure,
        proposed_by_id=by.id, proposed_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    life.move(case, "propose", by, kind=REFUSE)


@transactional
def make_appointment(code: str, starts_at: datetime, seen: int, *, by: Person) -> Visit:
    """Fix day and hour of the field inspection: later today, or a coming working day within the deadline."""
    case = queries.case_of(code)
    life.hold(case)
    demand(by, "perizinan.examine", case)
    life.refuse_overtaken(case, seen)
    if case.state != "inspecting":
        raise Refusal(_("This case needs no visit now."))
    day = clock.local(starts_at).date()
    later_today = day == clock.today() and starts_at > clock.now() and calendar.is_working_day(day)
    if not later_today and day not in days_to_choose(case):
        raise Refusal(_("Choose one of the days that are offered."))
    visit = queries.visit_of(case)
    if visit is None or visit.done_at is not None:
        visit = Visit(application_id=case.id, inspector_id=by.id, starts_at=starts_at, checklist={}, moves=0)
        db.session.add(visit)
    elif visit.moves:
        raise Refusal(_("The applicant has chosen this time. It stays."))
    visit.inspector_id, visit.starts_at = by.id, starts_at
    events.record("perizinan.application.appoint", case, by)
    return visit


@dataclass(frozen=True)
class Seen:
    """What was seen on the spot: each item of the checklist, photos, and where one stood (degrees)."""

    checklist: Mapping[str, bool]
    latitude: float
    longitude: float
    photos: Sequence[Upload] = ()

    def check(self, case: Application) -> None:
        if set(self.checklist) != set(case.type.definition.checklist):
            raise Refusal(_("Answer every line of the checklist."))
        south, north, west, east = CITY_BOX
        if not (south <= self.latitude <= north and west <= self.longitude <= east):
            raise Refusal(_("These coordinates are not in this city. Please check them."))


@transactional
def record_visit(code: str, saw: Seen, opinion: Opinion, seen: int, *, by: Person) -> Application:
    """Write down a field inspection: checklist, photos, coordinates, and what follows from it."""
    case = queries.case_of(code)
    demand(by, "perizinan.examine", case)
    life.refuse_overtaken(case, seen)
    visit = queries.visit_of(case)
    if case.state != "inspecting" or visit is None or visit.done_at is not None:
        raise Refusal(_("Make an appointment first."))
    if clock.today() < clock.local(visit.starts_at).date():
        raise Refusal(_("The day of the visit has not come."))
    saw.check(case)
    if not saw.photos or any(photo.owner_id != by.id for photo in saw.photos):
        raise Refusal(_("Add at least one photo of the place."))
    if not all(photo.media_type.startswith("image/") for photo in saw.photos):
        raise Refusal(_("A photo of the place is a picture, not a PDF."))
    visit.inspector_id, visit.done_at, visit.note = by.id, clock.now(), opinion.note
    visit.checklist, visit.latitude, visit.longitude = dict(saw.checklist), saw.latitude, saw.longitude
    db.session.add_all(Photo(visit_id=visit.id, upload_id=photo.id) for photo in saw.photos)
    conclude(case, opinion, by)
    return case
