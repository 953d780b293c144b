"""Who may do what in the clinic queue."""

from typing import Any

from webapp.access import Actor, Predicate, described, is_citizen

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


def works_in_a_clinic(person: Actor, _thing: Any) -> bool:
    """Whoever works in some clinic as nurse or doctor."""
    return any(membership.role in CLINIC_ROLES for membership in person.memberships)


def nobody(_person: Actor, _thing: Any) -> bool:
    """Nobody: only the city's own clockwork does this."""
    return False


PERMISSIONS: dict[str, Predicate] = {
    "dokter.take_ticket": is_citizen,
    "dokter.see_own": is_own_ticket,
    "dokter.cancel_own": is_own_ticket,
    "dokter.open_desk": works_in_a_clinic,
    "dokter.run_queue": works_in_clinic_of(*CLINIC_ROLES),
    "dokter.close_day": nobody,
}
