"""Messages of the staff, and what the Inspektorat says of those that were held."""

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application, Message
from blueprints.perizinan.cases.money import speaks_of
from blueprints.perizinan.cases.workflow import UNDECIDED
from webapp import clock, events
from webapp.access import demand
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.replay import once

SENT, HELD, RELEASED, STOPPED = "sent", "held", "released", "stopped"


@transactional
@once(Message)
def write(code: str, body: str, *, by: Person) -> Message:
    """A message to the applicant. One that holds an account, a wallet, a phone number or a sum is held (T65)."""
    case = queries.case_of(code)
    demand(by, "perizinan.work_on", case)
    if case.state not in UNDECIDED:
        raise Refusal(_("This case is decided. Nothing more is written about it."))
    if not body.strip():
        raise Refusal(_("Write something first."))
    held_for = speaks_of(body)
    message = Message(
        application_id=case.id, author_id=by.id, from_staff=True, body=body, at=clock.now(),
        state=HELD if held_for else SENT, held_for=held_for,
    )  # fmt: skip
    db.session.add(message)
    name = "perizinan.application.hold_message" if held_for else "perizinan.application.answer"
    events.record(name, case, by)
    return message


@transactional
def flag_money(code: str, *, by: Person) -> None:
    """Somebody tried to let the applicant read of money elsewhere than in a message: the Inspektorat is told (T65)."""
    case = queries.case_of(code)
    demand(by, "perizinan.work_on", case)
    events.record("perizinan.application.speak_of_money", case, by)


@transactional
def judge(message_id: int, release: bool, *, by: Person) -> Message:
    """The Inspektorat lets a held message through, or stops it for good."""
    demand(by, "perizinan.watch")
    message = db.session.get(Message, message_id, with_for_update=True)
    if message is None or message.state != HELD:
        raise Refusal(_("Someone has just changed this. Please reload."))
    message.state, message.judged_by_id, message.judged_at = RELEASED if release else STOPPED, by.id, clock.now()
    case = db.session.get_one(Application, message.application_id)
    name = "perizinan.application.release_message" if release else "perizinan.application.stop_message"
    events.record(name, case, by)
    return message
