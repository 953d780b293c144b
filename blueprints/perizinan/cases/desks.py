"""On whose desk a case lies: picked by nobody. The least burdened has it, among equals the one of a recorded seed."""

import random
import secrets

from blueprints.perizinan.access import HEAD, TECHNICAL
from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.cases.models import Application, Assignment
from blueprints.perizinan.cases.workflow import ROLE_OF, STAGE_OF
from webapp import clock
from webapp.access import Actor
from webapp.accounts.models import Person
from webapp.db import db
from webapp.errors import Refusal
from webapp.i18n import gettext as _

FIRST = 0


def put_on_a_desk(case: Application) -> None:
    """Give the case to an officer of its present stage, or to nobody where the applicant must act or nobody works."""
    role = ROLE_OF.get(STAGE_OF.get(case.state, ""))
    case.officer_id = None
    if role is None:
        return
    able = _able(case, role)
    if able:
        case.officer_id = _officer_before(case, able) or _drawn(case, able).person_id


def _able(case: Application, role: str) -> list[Person]:
    """Who works there in this role, without those who are too close to the case.

    Whoever entered it at the counter has it only where nobody else is there, as in the office of a small kelurahan.
    """
    unit_id = case.agency_id if role == TECHNICAL else case.office_id
    barred = barred_from(case, role)
    able = [person for person in queries.members(unit_id or FIRST, role) if person.human not in barred]
    return [person for person in able if person.id != case.assisted_by_id] or able


def barred_from(case: Application, role: str) -> set[bytes | None]:
    """The human beings, whatever their account, who may not have this case in this role.

    Nobody works on their own application, nor on one that somebody files for them; and nobody signs what they have
    ever verified or examined (T73, T74). Who is not known by NIK signs nothing.
    """
    barred = {case.person.human, items.principal_of(case)} - {None}
    if role != HEAD:
        return barred
    return barred | {finding.person.human for finding in queries.findings_of(case)} | {None}


def _officer_before(case: Application, able: list[Person]) -> int | None:
    """Who has had it at this stage before knows it already, unless a supervisor took it from them."""
    rows = [row for row in queries.assignments_of(case) if row.stage == STAGE_OF[case.state]]
    ids = {person.id for person in able} - {row.taken_from_id for row in rows}
    return next((row.person_id for row in reversed(rows) if row.person_id in ids), None)


def _drawn(case: Application, able: list[Person]) -> Assignment:
    loads = queries.loads_of([person.id for person in able])
    lightest = sorted(person_id for person_id, load in loads.items() if load == min(loads.values()))
    seed = secrets.token_hex(16)
    chosen = draw(lightest, seed)
    row = Assignment(
        application_id=case.id, stage=STAGE_OF[case.state], person_id=chosen, seed=seed, at=clock.now(),
        loads={str(person_id): load for person_id, load in loads.items()},
    )  # fmt: skip
    db.session.add(row)
    return row


def draw(person_ids: list[int], seed: str) -> int:
    """The one whom this seed chooses: anyone can draw again and must get the same."""
    return random.Random(seed).choice(person_ids)  # noqa: S311 - the seed is the secret's job; this must repeat


def redraw(case: Application, by: Actor, reason: str) -> None:
    """Take the case from its officer and let it fall anew among those who have not had it; Refusal where there are
    none. So nobody presses until it falls to the one whom they want."""
    before, stage = case.officer_id, STAGE_OF[case.state]
    had = {before} | {row.taken_from_id for row in queries.assignments_of(case) if row.stage == stage}
    able = [person for person in _able(case, ROLE_OF[stage]) if person.id not in had]
    if not able:
        raise Refusal(_("There is nobody else who could take this case."))
    row = _drawn(case, able)
    row.taken_from_id, row.taken_by_id, row.reason = before, by.id, reason
    case.officer_id = row.person_id
