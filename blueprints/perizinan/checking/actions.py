"""What the front office and its supervisor can do at the completeness check."""

from collections.abc import Mapping

from blueprints.perizinan.cases import items, life, queries
from blueprints.perizinan.cases.models import Application, Check
from blueprints.perizinan.cases.money import refuse_money
from webapp import clock, events
from webapp.access import Actor, demand
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _

ACCEPTED, DEFECTIVE = "accepted", "defective"
LONGEST_NOTE = 400


@transactional
def check_file(code: str, defects: Mapping[str, str], seen: int, *, by: Actor) -> Application:
    """Judge the whole file at once. `defects` names what is wrong, by item; every other item is accepted for good.

    Without defects the file goes on to verification. With defects it goes back to the applicant, once, with the one
    complete list, and the clock stands still. Raises Overtaken when the case has changed since the page was drawn.
    """
    case = queries.case_of(code)
    demand(by, "perizinan.check", case)
    life.refuse_overtaken(case, seen)
    found = items.items_of(case)
    refuse_nonsense(found, defects)
    for item in found:
        if not item.accepted:
            note = defects.get(item.key, "")
            mark(case, item, DEFECTIVE if note else ACCEPTED, note, by)
    db.session.flush()
    if defects:
        if case.returns > case.late_defects:
            raise Refusal(_("This file was returned once already. A supervisor must decide on a further defect."))
        case.returns += 1
        life.move(case, "return", by, defects=sorted(defects), returns=case.returns)
    else:
        life.move(case, "accept", by)
    db.session.expire(case, ["checks"])
    return case


def refuse_nonsense(found: list[items.Item], defects: Mapping[str, str]) -> None:
    open_items = {item.key for item in found if not item.accepted}
    for key, note in defects.items():
        if key not in open_items:
            raise Refusal(_("This item was accepted before. It cannot be called incomplete any more."))
        if not note.strip() or len(note) > LONGEST_NOTE:
            raise Refusal(_("Say in plain words what is wrong with each item."))
    refuse_money(*defects.values())


def mark(case: Application, item: items.Item, state: str, note: str, by: Actor) -> None:
    row = Check(application_id=case.id, item=item.key, state=state, note=note, by_id=by.id or 0, at=clock.now())
    row.paper_id = item.paper.id if item.paper else None
    db.session.merge(row)


def may_be_late(case: Application, item: items.Item) -> bool:
    """Whether calling this item defective is late: it was accepted, or the one return of the file is used up."""
    return item.accepted or (case.state == "checking" and case.returns > 0)


@transactional
def find_late_defect(code: str, key: str, note: str, *, by: Actor) -> Application:
    """A supervisor takes back an acceptance, or returns a file a second time, with their name; it is counted, and the
    Inspektorat is told."""
    case = queries.case_of(code)
    demand(by, "perizinan.supervise", case)
    item = items.item_of(case, key)
    if item is None or not may_be_late(case, item):
        raise Refusal(_("Choose an item that was accepted."))
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise Refusal(_("Say in plain words what is wrong with each item."))
    refuse_money(note)
    case.late_defects += 1
    case.returns += 1
    mark(case, item, DEFECTIVE, note, by)
    life.move(case, "return_late", by, defects=[key], late_defects=case.late_defects)
    db.session.expire(case, ["checks"])
    events.record("perizinan.application.late_defect", case, by, item=key, late_defects=case.late_defects)
    return case
