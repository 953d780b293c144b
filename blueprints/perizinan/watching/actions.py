"""What a supervisor can do with the clock and the desk of a case; each leaves its name and its reason."""

from blueprints.perizinan.cases import desks, life, queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.money import refuse_money
from blueprints.perizinan.cases.workflow import BY_HAND, LATE
from webapp import deadlines, events
from webapp.access import Actor, demand
from webapp.db import transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _

LONGEST_NOTE, LONGEST_REASON = 200, 400
RUNNING = ("checking", "verifying", "inspecting", "recommending", "signing")


@transactional
def stop_clock(code: str, reason: str, note: str, *, by: Actor) -> Application:
    """The clock stands still for a reason of the list, which the applicant reads. Only a supervisor lets it go on."""
    case = queries.case_of(code)
    life.hold(case)
    demand(by, "perizinan.supervise", case)
    if reason not in BY_HAND or not note.strip() or len(note) > LONGEST_NOTE:
        raise Refusal(_("Choose a reason, and say it in plain words."))
    refuse_money(note)
    if case.state not in RUNNING:
        raise Refusal(_("The clock of this case is not running."))
    deadlines.pause(case, LATE, reason, note, by)
    events.record("perizinan.application.stop_clock", case, by, reason=reason)
    return case


@transactional
def go_on(code: str, *, by: Actor) -> Application:
    """The clock runs again."""
    case = queries.case_of(code)
    life.hold(case)
    demand(by, "perizinan.supervise", case)
    if case.state not in RUNNING:
        raise Refusal(_("The clock of this case is not running."))
    deadlines.resume(case, LATE)
    events.record("perizinan.application.go_on", case, by)
    return case


@transactional
def redraw(code: str, reason: str, *, by: Actor) -> Application:
    """Take a case from its officer, who may be ill or too close to it; the seed chooses another, nobody picks."""
    case = queries.case_of(code)
    demand(by, "perizinan.supervise", case)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refusal(_("Give your reasons, in at most %(most)s letters.", most=LONGEST_REASON))
    if case.state not in RUNNING:
        raise Refusal(_("This case lies on no desk."))
    desks.redraw(case, by, reason)
    events.record("perizinan.application.redraw", case, by)
    life.tell_of_the_desk(case)
    return case


@transactional
def find_officers() -> int:
    """Cases that nobody could take when they came fall to somebody now. Returns how many."""
    waiting = queries.without_officer()
    for case in waiting:
        life.hand_on(case)
    return sum(case.officer_id is not None for case in waiting)
