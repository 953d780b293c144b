"""The queue as the staff see it: the list of their shifts, and the tablet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from blueprints.dokter import availability, queries
from blueprints.dokter.access import CLINIC_ROLES
from blueprints.dokter.models import Shift, Ticket
from blueprints.dokter.shown import ShiftCard
from blueprints.dokter.tiles import SHIFT
from blueprints.dokter.workflow import DELAY_REASONS, SHARE_WORDS, TICKET, WORDS
from webapp import clock, i18n
from webapp.access import Actor
from webapp.i18n import gettext as _
from webapp.live import live_url


@dataclass(frozen=True)
class CurrentTicket:
    """The patient who is in the room, or on the way to it."""

    ticket: Ticket
    by: Actor

    @property
    def label(self) -> str:
        return self.ticket.label

    @property
    def called_at(self) -> datetime | None:
        return self.ticket.called_at

    @property
    def state_word(self) -> str:
        return str(_("Called")) if self.ticket.state == "called" else str(WORDS[self.ticket.state][0])

    @property
    def tone(self) -> str:
        return "info" if self.ticket.state == "called" else "good"

    @property
    def minutes(self) -> int:
        called_at: datetime = self.ticket.called_at or clock.now()
        return int((clock.now() - called_at) / timedelta(minutes=1))

    @property
    def open_steps(self) -> set[str]:
        return TICKET.open_steps(self.ticket, self.by)

    @property
    def urls(self) -> dict[str, str]:
        steps = sorted(self.open_steps)
        return {step: url_for("dokter.move_ticket", code=self.ticket.code, step=step) for step in steps}


@dataclass(frozen=True)
class WaitingRow:
    label: str
    share_word: str
    taken_at: datetime
    first: bool
    url: str
    where: tuple[str, str]  # whether they are here, in a word and its tone; empty while nothing was said


@dataclass(frozen=True)
class Desk:
    """The queue as the doctor's tablet shows it."""

    shift: ShiftCard
    current: CurrentTicket | None
    waiting: list[WaitingRow]
    missed: list[WaitingRow]
    done_count: int
    mean_minutes: int | None
    seen: int
    message: str | None = None
    standing: str = ""  # "closed", or the hour at which it goes on
    delay_word: str = ""

    @property
    def waiting_count(self) -> int:
        return len(self.waiting)

    @property
    def next_label(self) -> str | None:
        return self.waiting[0].label if self.waiting else None

    @property
    def url(self) -> str:
        return url_for("dokter.tablet", shift_id=self.shift.id)

    @property
    def call_url(self) -> str:
        return url_for("dokter.call_next", shift_id=self.shift.id)

    @property
    def here_count(self) -> int:
        return sum(row.where[1] == "good" for row in self.waiting)

    @property
    def arrivals_url(self) -> str:
        return url_for("dokter.arrive_at_counter", shift_id=self.shift.id)

    @property
    def stream(self) -> str:
        return live_url([SHIFT.channel(self.shift.id)])

    @property
    def topic(self) -> str:
        return SHIFT.channel(self.shift.id).name


@dataclass(frozen=True)
class DeskRow(ShiftCard):
    """A shift in the list from which the staff choose."""

    @property
    def state_word(self) -> str:
        """Where the shift stands by the clock."""
        now, shift = clock.now(), self.shift
        if shift.closed_at:
            return _("Closed")
        if now < shift.starts_at:
            return _("Begins %(hour)s", hour=i18n.hour(shift.starts_at))
        return _("In progress") if now < shift.ends_at else _("Over")

    @property
    def open_url(self) -> str:
        return url_for("dokter.open_shift", shift_id=self.id)


def clinics_run_by(person: Any) -> list[tuple[str, list[DeskRow]]]:
    """Today's shifts of the clinics where this person is nurse or doctor."""
    units = {m.unit_id for m in person.memberships if m.role in CLINIC_ROLES}
    shifts = queries.shifts_run_by(units, clock.today())
    counts = queries.waiting_counts(shift.id for shift in shifts)
    clinics: dict[str, list[DeskRow]] = {}
    for shift in shifts:
        row = DeskRow(shift, availability.of(shift, None), counts.get(shift.id, 0))
        clinics.setdefault(row.clinic, []).append(row)
    return list(clinics.items())


def desk_of(shift: Shift, by: Actor, message: str | None = None) -> Desk:
    current = queries.current_ticket(shift.id)
    done = queries.tickets_in(shift.id, "done")
    return Desk(
        shift=ShiftCard(shift, availability.of(shift, None), 0),
        current=CurrentTicket(current, by) if current else None,
        waiting=_rows(queries.tickets_in(shift.id, "waiting")),
        missed=_rows(queries.tickets_in(shift.id, "missed")),
        done_count=len(done),
        mean_minutes=_mean_minutes(done),
        seen=shift.revision,
        message=message,
        standing=availability.standing_of(shift),
        delay_word=str(DELAY_REASONS[shift.delay_reason]) if shift.delay_reason else "",
    )


def _rows(tickets: list[Ticket]) -> list[WaitingRow]:
    return [
        WaitingRow(
            ticket.label, str(SHARE_WORDS[ticket.share]), ticket.taken_at, place == 0,
            url_for("dokter.move_ticket", code=ticket.code, step="call_back"), where_is(ticket),
        )
        for place, ticket in enumerate(tickets)
    ]  # fmt: skip


def where_is(ticket: Ticket) -> tuple[str, str]:
    if ticket.arrived_at:
        return _("Here since %(hour)s", hour=i18n.hour(ticket.arrived_at)), "good"
    return (_("On the way"), "info") if ticket.on_way_at else ("", "neutral")


def _mean_minutes(done: list[Ticket]) -> int | None:
    times = [t.finished_at - t.called_at for t in done if t.finished_at and t.called_at]
    return round(sum(times, timedelta()) / len(times) / timedelta(minutes=1)) if times else None
