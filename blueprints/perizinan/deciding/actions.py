"""What the head of an office can do. The grave acts ask for the password anew at the view (T11)."""

from blueprints.perizinan.access import HEAD
from blueprints.perizinan.cases import desks, life, queries
from blueprints.perizinan.cases.models import Application, Decision, Objection
from blueprints.perizinan.cases.money import refuse_money
from blueprints.perizinan.cases.workflow import OBJECTION, OBJECTION_LATE
from blueprints.perizinan.examining.actions import GRANT, REFUSE, Refusing
from blueprints.perizinan.permits.actions import issue_permit, revoke_permit
from webapp import clock, deadlines
from webapp.access import demand
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _


@transactional
def sign(code: str, seen: int, *, by: Person) -> Application:
    """Grant: the permit gets its number and is signed; all of it or nothing. Who presses twice signs once."""
    case = queries.case_of(code)
    if case.state == "issued" and case.signer_human == by.human:
        return case
    demand(by, "perizinan.decide", case)
    life.refuse_overtaken(case, seen)
    decision = proposal_of(case)
    if decision.kind != GRANT:
        raise Refusal(_("The offices propose to refuse. Send it back if you see it otherwise."))
    refuse_own_work(case, by)
    close(decision, case, by)
    permit = issue_permit(case, by)
    life.move(case, "issue", by, permit_id=permit.id)
    return case


def proposal_of(case: Application) -> Decision:
    decision = queries.decision_of(case)
    if decision is None or decision.decided_at is not None:
        raise Refusal(_("There is no proposal to decide on."))
    return decision


def refuse_own_work(case: Application, by: Person) -> None:
    """Nobody both verifies and signs: human beings are compared, not accounts (T73)."""
    if by.human in desks.barred_from(case, HEAD):
        raise Refusal(_("You have worked on this case yourself. Somebody else must sign."))


def close(decision: Decision, case: Application, by: Person) -> None:
    decision.decided_by_id, decision.decided_at = by.id, clock.now()
    case.signer_human = by.human


@transactional
def refuse(code: str, seen: int, *, by: Person, why: Refusing) -> Application:
    """Refuse with the coded legal reason, the evidence and the cure; the applicant may object."""
    case = queries.case_of(code)
    demand(by, "perizinan.decide", case)
    life.refuse_overtaken(case, seen)
    why.check()
    refuse_own_work(case, by)
    decision = proposal_of(case)
    if decision.kind != REFUSE:
        raise Refusal(_("The offices propose to grant. Send it back if you see it otherwise."))
    decision.reason, decision.evidence, decision.cure = why.reason, why.evidence, why.cure
    close(decision, case, by)
    life.move(case, "refuse", by)
    return case


@transactional
def send_back(code: str, note: str, seen: int, *, by: Person) -> Application:
    """Back to verification, with a word why. A bill that was paid stays paid."""
    case = queries.case_of(code)
    demand(by, "perizinan.decide", case)
    life.refuse_overtaken(case, seen)
    if not note.strip():
        raise Refusal(_("Say why you send it back."))
    decision = proposal_of(case)
    decision.decided_by_id, decision.decided_at = by.id, clock.now()
    decision.note = note
    life.move(case, "send_back", by)
    return case


@transactional
def answer_objection(code: str, upheld: bool, answer: str, *, by: Person) -> Objection:
    """The head answers an objection: upheld, the case is taken up again; dismissed, the refusal stands."""
    case = queries.case_of(code)
    demand(by, "perizinan.supervise", case)
    objection = queries.objection_of(case)
    if objection is None or objection.state != OBJECTION.begins:
        raise Refusal(_("There is no objection to answer."))
    if not answer.strip():
        raise Refusal(_("Give your reasons."))
    refuse_money(answer)
    objection.answer, objection.answered_by_id, objection.answered_at = answer, by.id, clock.now()
    OBJECTION.move(objection, "uphold" if upheld else "dismiss", by, application_id=case.id)
    deadlines.stop(objection, OBJECTION_LATE)
    if upheld:
        case.verifier_human = case.examiner_human = case.signer_human = None
        case.decided_at = case.days_used = case.in_time = None
        db.session.flush()
        life.reopen(case, by)
    return objection


@transactional
def revoke(code: str, reason: str, *, by: Person) -> Application:
    """Take a permit back; its check page says so from now on."""
    case = queries.case_of(code)
    demand(by, "perizinan.revoke", case)
    if not reason.strip():
        raise Refusal(_("Give your reasons."))
    refuse_money(reason)
    revoke_permit(case, reason)
    life.move(case, "revoke", by)
    return case
