"""What anybody may know of a permit: whether it holds, and the fields to compare with the paper."""

from dataclasses import dataclass

from blueprints.perizinan.permits import queries
from blueprints.perizinan.permits.models import Permit
from webapp import clock, i18n
from webapp.i18n import gettext as _


@dataclass(frozen=True)
class Checked:
    """The answer of the check page."""

    word: str
    tone: str
    text: str
    facts: list[tuple[str, str]]


def checked(permit: Permit) -> Checked:
    standing = queries.standing_of(permit)
    words = {
        queries.VALID: (_("Valid"), "good", _("This document is real and holds today.")),
        queries.EXPIRED: (_("Expired"), "attention", _("This document is real, but its time is over.")),
        queries.REVOKED: (_("Revoked"), "late", _("This document was taken back. It does not hold any more.")),
    }
    case = permit.application
    until = i18n.day(permit.valid_until) if permit.valid_until else case.type.definition.validity.words
    facts = [
        (_("Kind"), case.type.name),
        (_("Number"), permit.number),
        (_("Name"), masked(permit.holder)),
        (_("Issued"), i18n.day(permit.issued_on)),
        (_("Holds until"), until),
        (_("Signed by"), permit.signer.name),
        (_("Office"), case.office.name if case.office else ""),
    ]
    if permit.revoked_at is not None:
        facts.append((_("Revoked"), i18n.day(clock.local(permit.revoked_at).date())))
    return Checked(*words[standing], facts)


def masked(name: str) -> str:
    """Enough of a name to compare with the paper in one's hand, too little to learn it from a found code: S••i."""
    return " ".join(word[0] + "•" * max(len(word) - 2, 1) + word[-1] for word in name.split())
