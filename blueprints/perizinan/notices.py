"""Who is told about which event of a case."""

from datetime import timedelta

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application, Objection
from blueprints.perizinan.cases.workflow import APPLICATION, LATE, OBJECTION_LATE
from webapp import notify
from webapp.db import db
from webapp.events import Event, on
from webapp.i18n import noop
from webapp.notify import Alert, News

# What a locked phone says, in words that fit every permit and every reader (T104).
NEEDED = Alert(noop("Something is needed from you. Open the app to see what."), timedelta(days=3), "high")
MOVED = Alert(noop("There is news about your application."), timedelta(days=1), "low", topic="progress")
DECIDED = Alert(noop("Your application has been decided. Open the app to read it."), timedelta(days=3))
OVERDUE = Alert(
    noop("The city is late with an answer to you. Open the app to read why."), timedelta(days=3), topic="late"
)

RETURNED = News(noop("Application %(number)s: please complete it. The list is on its page."), NEEDED)
VISIT = News(noop("Application %(number)s: a visit to the place has been arranged."), NEEDED)
WRITTEN = News(noop("Application %(number)s: there is a message for you."), NEEDED)
ON_ITS_WAY = News(noop("Application %(number)s has moved a step further."), MOVED)
TO_APPLICANT = {
    "perizinan.application.submit": News(noop("Your application %(number)s was received.")),
    "perizinan.application.return": RETURNED,
    "perizinan.application.return_late": RETURNED,
    "perizinan.application.accept": News(noop("Application %(number)s: your papers are complete."), MOVED),
    "perizinan.application.verified": ON_ITS_WAY,
    "perizinan.application.vetted": ON_ITS_WAY,
    "perizinan.application.inspected": ON_ITS_WAY,
    "perizinan.application.propose": ON_ITS_WAY,
    "perizinan.application.appoint": VISIT,
    "perizinan.application.bill": News(noop("Application %(number)s: your bill is ready."), NEEDED),
    "perizinan.application.pay": News(noop("Application %(number)s: your payment has arrived."), MOVED),
    "perizinan.application.issue": News(noop("Application %(number)s: your permit was issued."), DECIDED),
    "perizinan.application.refuse": News(
        noop("Application %(number)s was refused. The reasons are on its page."), DECIDED
    ),
    "perizinan.application.revoke": News(noop("The permit of application %(number)s was revoked."), DECIDED),
    "perizinan.application.reopen": News(noop("Application %(number)s is being looked at anew."), MOVED),
    "perizinan.application.answer": WRITTEN,
    "perizinan.application.release_message": WRITTEN,
    "perizinan.application.stop_clock": News(noop("Application %(number)s: the clock stands still."), MOVED),
    LATE: News(noop("Application %(number)s is late. The Inspektorat has been told."), OVERDUE),
}
OBJECTION_LATE_FOR_YOU = News(
    noop("The answer to your objection about %(number)s is late. The Inspektorat has been told."), OVERDUE
)
TO_INSPECTORS = {
    LATE: News(noop("Application %(number)s is over its deadline.")),
    "perizinan.application.hold_message": News(noop("Application %(number)s: a message of the staff was held.")),
    "perizinan.application.speak_of_money": News(noop("Application %(number)s: words of the staff spoke of money.")),
    "perizinan.application.late_defect": News(noop("Application %(number)s: a late defect was found.")),
    "perizinan.application.redraw": News(noop("Application %(number)s was given to another officer.")),
}
TO_OFFICER = {
    "perizinan.application.assign": News(noop("Case %(number)s has fallen to you.")),
    "perizinan.application.write": News(noop("Case %(number)s: the applicant has written.")),
    "perizinan.application.move_visit": News(noop("Case %(number)s: the applicant has moved the visit.")),
}
BEGUN_AT_COUNTER = News(noop("At the counter an application was begun for you: %(type)s."), MOVED)
OBJECTION_MADE = News(noop("There is an objection to the refusal of application %(number)s."))
OBJECTION_ANSWERED = News(noop("Your objection about application %(number)s was answered."), DECIDED)
OBJECTION_OVERDUE = News(noop("The objection about application %(number)s is over its deadline."))


# After these steps nothing of what was said before is left to do or to wait for.
SETTLES = ("discard", "resubmit", "pay", "issue", "refuse", "withdraw", "revoke")
VISITED = ("inspected", "propose")


def own_path(case: Application) -> str:
    return f"/perizinan/applications/{case.spoken_code}"


def desk_path(case: Application) -> str:
    return f"/perizinan/desk/{case.spoken_code}"


def forget_what_was_said(event: Event) -> None:
    case = db.session.get_one(Application, event.subject_id)
    notify.withdraw(case.person_id, own_path(case))


def forget_the_visit(event: Event) -> None:
    case = db.session.get_one(Application, event.subject_id)
    notify.withdraw(case.person_id, own_path(case), VISIT)


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


for steps, forgets in ((SETTLES, forget_what_was_said), (VISITED, forget_the_visit)):
    for step in steps:  # before anything is told of the step: listeners hear in the order in which they stand here
        on(f"{APPLICATION.subject}.{step}")(forgets)

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
    notify.withdraw(case.person_id, own_path(case), OBJECTION_LATE_FOR_YOU)
    notify.tell(case.person_id, OBJECTION_ANSWERED, event, own_path(case), {"number": case.number})


@on(OBJECTION_LATE)
def tell_of_a_late_answer(event: Event) -> None:
    case = _of_objection(event)
    notify.tell(case.person_id, OBJECTION_LATE_FOR_YOU, event, own_path(case), {"number": case.number})
    for person in queries.inspectors():
        notify.tell(person.id, OBJECTION_OVERDUE, event, desk_path(case), {"number": case.number})


def _of_objection(event: Event) -> Application:
    return db.session.get_one(Objection, event.subject_id).application
