"""Who may do what with permits. Roles open only the files of their own office; a desk is held by one person."""

from typing import Any

from webapp.access import Actor, Predicate, described, has_role, is_citizen, nobody

FRONT, BACK, TECHNICAL, HEAD, INSPECTOR = "front_office", "back_office", "technical", "head", "inspector"
TO_FILL_IN = ("draft", "returned")  # the states in which a form lies with whoever fills it in
OFFICE_ROLES, DESK_ROLES = (FRONT, BACK, HEAD), (FRONT, BACK, TECHNICAL, HEAD)


def is_own(person: Actor, case: Any) -> bool:
    """Whoever the application is for, or, until it is decided, the officer who entered it at the counter for them."""
    return person.id is not None and (case.person_id == person.id or is_assistant(person, case))


def is_assistant(person: Actor, case: Any) -> bool:
    """The officer who entered it at the counter, for as long as they work there and it is being filled in."""
    entered = case.assisted_by_id is not None and case.assisted_by_id == person.id
    return entered and case.state in TO_FILL_IN and has_role(FRONT)(person, case)


def is_applicant(person: Actor, case: Any) -> bool:
    """Whoever the application is for."""
    return person.id is not None and bool(case.person_id == person.id)


def may_have_receipt(person: Actor, case: Any) -> bool:
    """Whoever the application is for, and the officer who entered it at the counter: it is printed for them."""
    return is_applicant(person, case) or (case.assisted_by_id is not None and case.assisted_by_id == person.id)


def may_send(person: Actor, case: Any) -> bool:
    """Whoever fills it in; once it was sent, whoever has its receipt may press again."""
    return may_have_receipt(person, case) if case.submitted_at is not None else is_own(person, case)


def _works(person: Actor, unit_id: int | None, roles: tuple[str, ...]) -> bool:
    return unit_id is not None and any(m.unit_id == unit_id and m.role in roles for m in person.memberships)


def holds_desk_as(role: str) -> Predicate:
    """The officer to whom this case has fallen, while they work there in this role."""

    def rule(person: Actor, case: Any) -> bool:
        unit = case.agency_id if role == TECHNICAL else case.office_id
        return case.officer_id is not None and case.officer_id == person.id and _works(person, unit, (role,))

    return described(rule, f"The {role.replace('_', ' ')} officer to whom this case has fallen.")


def holds_desk(person: Actor, case: Any) -> bool:
    """The officer to whom this case has fallen, at whatever stage of the examination it is."""
    return holds_desk_as(BACK)(person, case) or holds_desk_as(TECHNICAL)(person, case)


def is_head(person: Actor, case: Any) -> bool:
    """The head of the office that decides this case."""
    return _works(person, case.office_id, (HEAD,))


def works_on(person: Actor, case: Any) -> bool:
    """Whoever works in the office or on the technical team of this case, once it was sent."""
    if case.state in ("draft", "discarded"):
        return False
    return _works(person, case.office_id, OFFICE_ROLES) or _works(person, case.agency_id, (TECHNICAL,))


def may_look_in(person: Actor, case: Any) -> bool:
    """Whoever works on this case; the Inspektorat looks into all that were sent."""
    if case.state in ("draft", "discarded"):
        return False
    return works_on(person, case) or any(m.role == INSPECTOR for m in person.memberships)


def may_read(person: Actor, case: Any) -> bool:
    """Whoever the case belongs to, works on it, or watches over it."""
    return is_own(person, case) or may_look_in(person, case)


PERMISSIONS: dict[str, Predicate] = {
    "perizinan.apply": is_citizen,
    "perizinan.fill_in": is_own,
    "perizinan.send": may_send,
    "perizinan.see_own": is_own,
    "perizinan.see_receipt": may_have_receipt,
    "perizinan.be_told": is_applicant,
    "perizinan.read": may_read,
    "perizinan.read_case": may_look_in,
    "perizinan.work_on": works_on,
    "perizinan.open_desk": has_role(*DESK_ROLES),
    "perizinan.check": holds_desk_as(FRONT),
    "perizinan.verify": holds_desk_as(BACK),
    "perizinan.examine": holds_desk_as(TECHNICAL),
    "perizinan.propose": holds_desk,
    "perizinan.decide": holds_desk_as(HEAD),
    "perizinan.supervise": is_head,
    "perizinan.revoke": is_head,
    "perizinan.enter_for_others": has_role(FRONT),
    "perizinan.watch": has_role(INSPECTOR),
    "perizinan.settle": nobody,
}
