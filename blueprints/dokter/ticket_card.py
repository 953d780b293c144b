"""A ticket as its holder shows it at the clinic: worded, with its QR picture and its place in the queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from markupsafe import Markup

from blueprints.dokter import arriving, availability, queries
from blueprints.dokter.models import Shift, Ticket
from blueprints.dokter.queries import Queue
from blueprints.dokter.tiles import SHIFT
from blueprints.dokter.workflow import CALLED_OFF, DELAY_REASONS, SHARE_WORDS, TICKET, WORDS
from webapp import clock, i18n
from webapp.live import live_url
from webapp.qr import qr as draw_qr
from webapp.remembered import remembered

URGENT = {"called": 0, "serving": 1, "waiting": 1}


@dataclass(frozen=True)
class TicketCard:
    """What stands on a ticket. `fee` is in whole rupiah."""

    shift: Shift
    code: str
    label: str
    number: int
    state: str
    state_word: str
    tone: str
    clinic: str
    ward: str
    doctor: str
    room: str
    day: date
    hours: str
    begins_at: datetime | None  # while the doctor has not begun, or is away for a while
    delay_word: str  # why, where the staff have said that it is later
    called_off: bool  # cancelled by the clinic, not by its holder
    standing: str
    called_at: datetime | None
    share_word: str
    fee: int
    fee_basis: str
    fee_confirmed: bool
    cancellable: bool
    on_way_at: datetime | None
    arrived_at: datetime | None
    may_set_out: bool
    may_arrive: bool
    topic: str
    stream: str
    href: str

    @remembered
    def queue(self) -> Queue:
        """The queue as seen from this number; read only where a page shows it."""
        return queries.queue_of(self.shift, self.number)

    @property
    def before(self) -> int:
        """How many numbers were given out before this one; at least 1, for a bar needs a length."""
        return max(self.number - 1, 1)

    @property
    def passed(self) -> int:
        """How many of them are no longer before it."""
        return max(self.before - (self.queue.ahead or 0), 0)

    @property
    def since(self) -> datetime:
        """From when it can be called: of sessions that have begun, none is nearer than another."""
        return self.begins_at or clock.day_bounds(self.day)[0]

    @property
    def urgency(self) -> tuple[int, datetime, int]:
        """What to look at first: a call, then the next hour, then the shorter queue."""
        waits = self.state == "waiting"
        return URGENT[self.state], self.since, (self.queue.ahead or 0) if waits else 0

    @property
    def qr(self) -> Markup:
        """The short code as a QR picture, drawn in the page itself."""
        return draw_qr(self.code.replace("-", ""))


def by_urgency(tickets: Iterable[Ticket]) -> list[TicketCard]:
    """The cards of live tickets, the most urgent first."""
    return sorted(map(ticket_card, tickets), key=lambda card: card.urgency)


def begins_at(shift: Shift) -> datetime | None:
    """When the doctor is expected, while that is still to come."""
    expected = shift.delayed_until or shift.starts_at
    return expected if clock.now() < expected else None


def ticket_card(ticket: Ticket) -> TicketCard:
    """The card of a ticket that was loaded with its shift, ward, clinic and tariff."""
    shift, (word, tone) = ticket.shift, WORDS[ticket.state]
    return TicketCard(
        shift=shift,
        code=ticket.spoken_code,
        label=ticket.label,
        number=ticket.number,
        state=ticket.state,
        state_word=str(word),
        tone=tone,
        clinic=shift.clinic.unit.name,
        ward=shift.ward.name,
        doctor=shift.doctor,
        room=shift.room,
        day=ticket.day,
        hours=f"{i18n.hour(shift.starts_at)}–{i18n.hour(shift.ends_at)}",
        begins_at=begins_at(shift),
        delay_word=str(DELAY_REASONS[shift.delay_reason]) if shift.delay_reason else "",
        called_off=ticket.cancel_reason == CALLED_OFF,
        standing=availability.standing_of(shift),
        called_at=ticket.called_at,
        share_word=str(SHARE_WORDS[ticket.share]),
        fee=ticket.tariff.amount,
        fee_basis=ticket.tariff.basis,
        fee_confirmed=ticket.tariff.confirmed,
        cancellable=ticket.state in TICKET.steps["cancel"].origin,
        on_way_at=ticket.on_way_at,
        arrived_at=ticket.arrived_at,
        may_set_out=arriving.may_set_out(ticket),
        may_arrive=arriving.may_arrive(ticket),
        topic=SHIFT.channel(shift.id).name,
        stream=live_url([SHIFT.channel(shift.id)]),
        href=url_for("dokter.ticket", code=ticket.spoken_code),
    )
