"""What the queue puts on a person's home page."""

from typing import Any

from flask import url_for

from blueprints.dokter import queries
from blueprints.dokter.ticket_card import URGENT, TicketCard, by_urgency
from webapp import access, clock, i18n
from webapp.i18n import gettext as _
from webapp.i18n import ngettext
from webapp.service import Card


def cards_of(person: Any) -> list[Card]:
    """The person's live tickets, and the tablet for those who work in a clinic."""
    cards = [_ticket(card) for card in by_urgency(queries.live_tickets_of(person.id))]
    return [*cards, _desk(person)] if access.allowed(person, "dokter.open_desk") else cards


def _ticket(card: TicketCard) -> Card:
    later = 20 if card.day > clock.today() else 0
    return Card(
        title=card.label, note=i18n.DOT.join((card.clinic, card.ward, i18n.unbroken(i18n.day_short(card.day)))),
        word=card.state_word, tone=card.tone, href=card.href,
        urgency=URGENT[card.state] + later, since=card.since,
        template="dokter/_home.html", data={"ticket": card},
    )  # fmt: skip


def _desk(person: Any) -> Card:
    units = ", ".join(sorted({m.unit.name for m in person.memberships}))
    return Card(
        title=_("Queue tablet"), note=units, word=_("Staff"), tone="info", href=url_for("dokter.desk"),
        urgency=5, since=clock.now(),
    )  # fmt: skip


def places_left_today() -> str:
    left = queries.left_today()
    return ngettext("%(left)s place today", "%(left)s places today", left, left=i18n.number(left))
