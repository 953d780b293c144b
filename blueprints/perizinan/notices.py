"""Who is told about which event of a case."""

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application, Objection
from blueprints.perizinan.cases.workflow import LATE, OBJECTION_LATE
from webapp import notify
from webapp.db import db
from webapp.events import Event, on
from webapp.i18n import noop

TO_APPLICANT = {
    "perizinan.application.submit": noop("Your application %(number)s was received."),
    "perizinan.application.return": noop("Application %(number)s: please complete it. The list is on its page."),
    "perizinan.application.return_late": noop("Application %(number)s: please complete it. The list is on its page."),
    "perizinan.application.accept": noop("Application %(number)s: your papers are complete."),
    "perizinan.application.appoint": noop("Application %(number)s: a visit to the place has been arranged."),
    "perizinan.application.bill": noop("Application %(number)s: your bill is ready."),
    "perizinan.application.pay": noop("Application %(number)s: your payment has arrived."),
    "perizinan.application.issue": noop("Application %(number)s: your permit was issued."),
    "perizinan.application.refuse": noop("Application %(number)s was refused. The reasons are on its page."),
    "perizinan.application.revoke": noop("The permit of application %(number)s was revoked."),
    "perizinan.application.reopen": noop("Application %(number)s is being looked at anew."),
    "perizinan.application.answer": noop("Application %(number)s: there is a message for you."),
    "perizinan.application.release_message": noop("Application %(number)s: there is a message for you."),
    "perizinan.application.stop_clock": noop("Application %(number)s: the clock stands still."),
    LATE: noop("Application %(number)s is late. The Inspektorat has been told."),
}
OBJECTION_LATE_FOR_YOU = noop("The answer to your objection about %(number)s is late. The Inspektorat has been told.")
TO_INSPECTORS = {
    LATE: noop("Application %(number)s is over its deadline."),
    "perizinan.application.hold_message": noop("Application %(number)s: a message of the staff was held."),
    "perizinan.application.speak_of_money": noop("Application %(number)s: words of the staff spoke of money."),
    "perizinan.application.late_defect": noop("Application %(number)s: a late defect was found."),
    "perizinan.application.redraw": noop("Application %(number)s was given to another officer."),
}
TO_OFFICER = {
    "perizinan.application.assign": noop("Case %(number)s has fallen to you."),
    "perizinan.application.write": noop("Case %(number)s: the applicant has written."),
    "perizinan.application.move_visit": noop("Case %(number)s: the applicant has moved the visit."),
}
BEGUN_AT_COUNTER = noop("At the counter an application was begun for you: %(type)s.")
OBJECTION_MADE = noop("There is an objection to the refusal of application %(number)s.")
OBJECTION_ANSWERED = noop("Your objection about application %(number)s was answered.")
OBJECTION_OVERDUE = noop("The objection about application %(number)s is over its deadline.")


def own_path(case: Application) -> str:
    return f"/perizinan/applications/{case.spoken_code}"


def desk_path(case: Application) -> str:
    return f"/perizinan/desk/{case.spoken_code}"


def tell_the_applicant(event: Event) -> None:
    case = db.session.get_one(Application, event.subject_id)
    notify.tell(case.person_id, TO_APPLICANT[event.name], event, own_path(case), {"number": case.number})


def tell_the_inspectors(event: Event) -> None:
    case = db.session.get_one(Application, event.subject_id)
    for person in queries.inspectors():
        notify.tell(person.id, TO_INSPECTORS[event.name], event, desk_path(case), {"number": case.number})


def tell_the_officer(event: Event) -> None:
    case = db.session.get_one(Application, event.subject_id)
    if officer_id := event.facts.get("officer_id"):
        notify.tell(officer_id, TO_OFFICER[event.name], event, desk_path(case), {"number": case.number})


for names, listener in (
    (TO_APPLICANT, tell_the_applicant), (TO_INSPECTORS, tell_the_inspectors), (TO_OFFICER, tell_the_officer),
):  # fmt: skip
    for name in names:
        on(name)(listener)


@on("perizinan.application.begin")
def tell_of_the_counter(event: Event) -> None:
    """Nobody acts in a citizen's name without their knowing (T28)."""
    if event.facts["assisted"]:
        case = db.session.get_one(Application, event.subject_id)
        notify.tell(case.person_id, BEGUN_AT_COUNTER, event, own_path(case), {"type": case.type.name})


@on("perizinan.objection.make")
def tell_the_heads(event: Event) -> None:
    case = _of_objection(event)
    for head in queries.members(case.office_id or 0, "head"):
        notify.tell(head.id, OBJECTION_MADE, event, desk_path(case), {"number": case.number})


@on("perizinan.objection.uphold")
@on("perizinan.objection.dismiss")
def tell_of_the_answer(event: Event) -> None:
    case = _of_objection(event)
    notify.tell(case.person_id, OBJECTION_ANSWERED, event, own_path(case), {"number": case.number})


@on(OBJECTION_LATE)
def tell_of_a_late_answer(event: Event) -> None:
    case = _of_objection(event)
    notify.tell(case.person_id, OBJECTION_LATE_FOR_YOU, event, own_path(case), {"number": case.number})
    for person in queries.inspectors():
        notify.tell(person.id, OBJECTION_OVERDUE, event, desk_path(case), {"number": case.number})


def _of_objection(event: Event) -> Application:
    return db.session.get_one(Objection, event.subject_id).application
