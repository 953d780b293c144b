"""Moving a case: its state, its clock and its desk change together, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from blueprints.perizinan.cases import desks, items, queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.workflow import APPLICATION, LATE
from webapp import clock, deadlines, events
from webapp.access import THE_CITY, Actor
from webapp.db import db
from webapp.errors import Refusal
from webapp.i18n import gettext as _

WAITS_FOR = {"returned": "completing", "billed": "paying"}  # in these states the applicant must act
ENDED = ("issued", "refused", "withdrawn")


class Overtaken(Refusal):
    """Somebody has changed this case since the reader's page was drawn (T53)."""


def move(case: Application, step: str, by: Actor, **facts: Any) -> None:
    """Take a step of the workflow; stop, pause or go on with the clock; and let the case fall to its next officer.

    Raises NotAllowed or Refusal as the workflow does.
    """
    APPLICATION.move(case, step, by, **facts)
    if case.state in ENDED:
        end_clock(case)
    elif case.submitted_at is not None and case.state != "revoked":
        _set_clock(case)
    hand_on(case)


def _set_clock(case: Application) -> None:
    """It stands still while the applicant must act. A pause that a supervisor has made ends by the supervisor."""
    found, reason = deadlines.of(case, LATE), WAITS_FOR.get(case.state)
    if reason:
        deadlines.pause(case, LATE, reason)
    elif found and found.open_pause and found.open_pause.reason in WAITS_FOR.values():
        deadlines.resume(case, LATE)


def end_clock(case: Application) -> None:
    """The case is decided or given up: keep how long it took, for everybody to see."""
    found = deadlines.of(case, LATE)
    if found is not None and found.ended_at is None:
        now = clock.now()
        case.days_used, case.in_time = found.standing(now).used_days, not found.passed(now)
        deadlines.stop(case, LATE)
    case.decided_at = clock.now()


def hand_on(case: Application) -> None:
    """Put the case on the desk where it belongs now, and let its officer know."""
    before = case.officer_id
    desks.put_on_a_desk(case)
    if case.officer_id is not None and case.officer_id != before:
        tell_of_the_desk(case)


def tell_of_the_desk(case: Application) -> None:
    events.record("perizinan.application.assign", case, THE_CITY, officer_id=case.officer_id)


def hold(case: Application) -> None:
    """Wait until nobody else is changing the case, look at it anew, and let others wait until this act is over.

    For acts that leave it in its state, or that one person may well do several times at once.
    """
    row = select(Application).where(Application.id == case.id).with_for_update(key_share=True)
    db.session.scalars(row.execution_options(populate_existing=True)).one()


def refuse_overtaken(case: Application, seen: int) -> None:
    """`seen` is the last event on the sender's page. Raises Overtaken when there are newer ones."""
    if queries.last_event_id(case) != seen:
        raise Overtaken(_("Somebody has changed this case while you were reading. What you typed is still here."))


def refuse_overwriting(case: Application, part: str, typed: Mapping[str, str], seen: str | None) -> None:
    """`seen` is how this part stood on the sender's page. Raises Overtaken where something else than this stands there
    now."""
    if seen in (None, items.standing(case, part)) or not items.answers(case).differing(part, typed):
        return
    raise Overtaken(
        _("Changed meanwhile on another page or phone. What you typed is still here. If it is right, save once more.")
    )


def reopen(case: Application, by: Actor) -> None:
    """An upheld objection: the case begins anew at verification, and so does its clock."""
    deadlines.begin_again(case, LATE)
    move(case, "reopen", by)


def start_clock(case: Application, at: datetime) -> None:
    """From the day of submission, as many working days as its type promises."""
    deadlines.start(case, LATE, case.type.definition.days, at)
