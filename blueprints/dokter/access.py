"""Who may do what in the clinic queue."""

from typing import Any

from webapp.access import Actor, Predicate, described, has_role, is_citizen, nobody

CLINIC_ROLES = ("nurse", "doctor")


def is_own_ticket(person: Actor, ticket: Any) -> bool:
    """Whoever holds the ticket."""
    return bool(ticket.person_id == person.id)


def works_in_clinic_of(*roles: str) -> Predicate:
    """A membership of *this* ticket's or shift's clinic in one of the roles; a role alone opens nothing."""
    words = f"Whoever works in the clinic of this ticket or shift as {' or '.join(roles)}."
    return described(
        lambda person, thing: any(m.unit_id == thing.clinic_id and m.role in roles for m in person.memberships), words
    )


def is_own_or_of_clinic(person: Actor, ticket: Any) -> bool:
    """Whoever holds the ticket, and whoever works in its clinic as nurse or doctor."""
    return is_own_ticket(person, ticket) or works_in_clinic_of(*CLINIC_ROLES)(person, ticket)


PERMISSIONS: dict[str, Predicate] = {
    "dokter.take_ticket": is_citizen,
    "dokter.see_own": is_own_ticket,
    "dokter.cancel_own": is_own_ticket,
    "dokter.set_out": is_own_ticket,
    "dokter.check_in": is_own_or_of_clinic,
    "dokter.open_desk": has_role(*CLINIC_ROLES),
    "dokter.run_queue": works_in_clinic_of(*CLINIC_ROLES),
    "dokter.close_day": nobody,
}
