"""The pages of the clinic queue: for citizens, and for the tablet."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.dokter import actions, arriving, forms, interrupting, queries, shown
from blueprints.dokter.desk import clinics_run_by, desk_of
from blueprints.dokter.models import Clinic, Shift, Ticket
from blueprints.dokter.ticket_card import by_urgency, ticket_card
from webapp import access, calendar, clock
from webapp.access import PUBLIC, require
from webapp.errors import NotAllowed, Refusal
from webapp.hypermedia import again, answer, go, page, part
from webapp.i18n import gettext as _
from webapp.replay import FIELD

bp = Blueprint("dokter", __name__, url_prefix="/dokter")


@bp.get("/")
@require(PUBLIC)
def front() -> ResponseReturnValue:
    person, day, words = access.me(), clock.today(), request.args.get("q", "").strip()
    groups = shown.clinic_groups(day, words, queries.last_clinic_of(person.id) if person else None)
    return page("dokter/front.html", groups=groups, q=words, day=day, holiday=calendar.holiday_name(day))


@bp.get("/clinics/<code>")
@require(PUBLIC, thing=queries.clinic_of)
def clinic(found: Clinic) -> ResponseReturnValue:
    day = chosen_day()
    holiday = calendar.holiday_name(day)
    return page(
        "dokter/clinic.html",
        clinic=shown.clinic_card(found, day, holiday), day=day, holiday=holiday,
        days=shown.day_chips(found, day), wards=shown.wards_of(found, day, holiday, access.me()),
    )  # fmt: skip


def chosen_day() -> date:
    """The day in the address if it is one of the coming days, otherwise today."""
    today = clock.today()
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today
    return day if today <= day < today + timedelta(days=queries.HORIZON) else today


@bp.get("/shifts/<id:shift_id>")
@require(PUBLIC, thing=queries.shift_on_show)
def shift(found: Shift) -> ResponseReturnValue:
    return page("dokter/shift.html", **shift_context(found, forms.TakeTicketForm()))


def shift_context(found: Shift, form: forms.TakeTicketForm) -> dict[str, Any]:
    person, holiday = access.me(), queries.holiday_of(found)
    card = shown.shift_card(found, holiday)
    held = queries.live_ticket(person.id, found.ward_id, found.day) if person else None
    return {
        "shift": card,
        "shares": shown.share_options(found),
        "form": form,
        "told": None,
        "ticket": ticket_card(held) if held else None,
        "others": [] if card.availability.is_open else shown.other_cards(found, holiday),
    }


@bp.post("/shifts/<id:shift_id>/ticket")
@require("dokter.take_ticket")
def take_ticket(shift_id: int) -> ResponseReturnValue:
    form = forms.TakeTicketForm()
    if not form.validate_on_submit():
        return no_ticket(shift_id, form)
    try:
        ticket = actions.take_ticket(request.form.get(FIELD), shift_id, form.share.data, by=access.me())
    except NotAllowed:
        raise
    except Refusal as told:
        return no_ticket(shift_id, form, told.status, told=str(told))
    return go(url_for(".ticket", code=ticket.spoken_code))


def no_ticket(shift_id: int, form: forms.TakeTicketForm, status: int = 422, **why: str) -> ResponseReturnValue:
    """The form once more, under the shift as it is now."""
    context = shift_context(queries.shift_on_show(shift_id), form) | why
    return again("dokter/shift.html", "ticket", status, **context)


@bp.get("/tickets")
@require("dokter.take_ticket")
def mine() -> ResponseReturnValue:
    me = access.me().id
    coming, past = queries.live_tickets_of(me), queries.past_tickets_of(me)
    return page("dokter/mine.html", live=by_urgency(coming), past=list(map(ticket_card, past)))


@bp.get("/tickets/<code>")
@require("dokter.see_own", thing=queries.ticket_on_show)
def ticket(found: Ticket) -> ResponseReturnValue:
    return page("dokter/ticket.html", ticket=ticket_card(found), told=None)


@bp.get("/tickets/<code>/part/status")
@require("dokter.see_own", thing=queries.ticket_on_show)
def part_status(ticket: Ticket) -> ResponseReturnValue:
    return part("dokter/ticket.html", "status", ticket=ticket_card(ticket), told=None)


@bp.post("/tickets/<code>/set-out")
@require("dokter.set_out", thing=queries.ticket_on_show)
def set_out(ticket: Ticket) -> ResponseReturnValue:
    return said(ticket, lambda: arriving.set_out(ticket.code, by=access.me()))


@bp.post("/tickets/<code>/arrive")
@require("dokter.set_out", thing=queries.ticket_on_show)
def arrive(ticket: Ticket) -> ResponseReturnValue:
    return said(ticket, lambda: arriving.arrive(ticket.code, by=access.me()))


def said(ticket: Ticket, act: Callable[[], object]) -> ResponseReturnValue:
    """Do what the holder says and show the ticket as it is now; or with the reason why not."""
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as told:
        card = ticket_card(queries.ticket_on_show(ticket.code))
        return again("dokter/ticket.html", "status", told.status, ticket=card, told=str(told))
    to = url_for(".ticket", code=ticket.spoken_code)
    return answer("dokter/ticket.html", "status", to=to, ticket=ticket_card(ticket), told=None)


@bp.get("/tickets/<code>/cancel")
@require("dokter.cancel_own", thing=queries.ticket_on_show)
def cancel(ticket: Ticket) -> ResponseReturnValue:
    return page("dokter/cancel.html", ticket=ticket_card(ticket), form=forms.CancelForm())


@bp.post("/tickets/<code>/cancel")
@require("dokter.cancel_own", thing=queries.ticket_on_show)
def cancel_ticket(ticket: Ticket) -> ResponseReturnValue:
    form = forms.CancelForm()
    if not form.validate_on_submit():
        return again("dokter/cancel.html", "cancel", ticket=ticket_card(ticket), form=form)
    actions.cancel_ticket(ticket.code, form.reason.data, by=access.me())
    return go(url_for(".ticket", code=ticket.spoken_code))


@bp.get("/desk")
@require("dokter.open_desk")
def desk() -> ResponseReturnValue:
    return page("dokter/desk.html", clinics=clinics_run_by(access.me()))


@bp.post("/shifts/<id:shift_id>/open")
@require("dokter.run_queue", thing=queries.shift_on_show)
def open_shift(shift: Shift) -> ResponseReturnValue:
    actions.open_shift(shift.id, by=access.me())
    return go(url_for(".tablet", shift_id=shift.id))


@bp.get("/shifts/<id:shift_id>/tablet")
@require("dokter.run_queue", thing=queries.shift_on_show)
def tablet(shift: Shift) -> ResponseReturnValue:
    return page("dokter/tablet.html", desk=desk_of(shift, access.me()))


@bp.get("/shifts/<id:shift_id>/part/queue")
@require("dokter.run_queue", thing=queries.shift_on_show)
def part_queue(shift: Shift) -> ResponseReturnValue:
    return part("dokter/tablet.html", "queue", desk=desk_of(shift, access.me()))


@bp.post("/shifts/<id:shift_id>/call")
@require("dokter.run_queue", thing=queries.shift_on_show)
def call_next(shift: Shift) -> ResponseReturnValue:
    return after(shift, lambda: actions.call_next(shift.id, forms.seen_in(request.form), by=access.me()))


@bp.post("/shifts/<id:shift_id>/arrivals")
@require("dokter.run_queue", thing=queries.shift_on_show)
def arrive_at_counter(shift: Shift) -> ResponseReturnValue:
    typed = request.form.get("code", "")

    def note() -> str:
        ticket = arriving.arrive_at_counter(shift.id, typed, by=access.me())
        return _("%(label)s is noted as here.", label=ticket.label)

    return after(shift, note)


@bp.get("/shifts/<id:shift_id>/interrupt")
@require("dokter.run_queue", thing=queries.shift_on_show)
def interrupt(shift: Shift) -> ResponseReturnValue:
    return page("dokter/interrupt.html", **interrupt_context(shift))


def interrupt_context(shift: Shift, **more: Any) -> dict[str, Any]:
    forms_of_both = {"form": forms.DelayForm(formdata=None), "closing": forms.CloseForm(formdata=None)}
    card, waiting = shown.shift_card(shift, None), queries.how_many_wait(shift.id)
    return {"shift": card, "waiting": waiting, "seen": shift.revision, "told": None, **forms_of_both, **more}


@bp.post("/shifts/<id:shift_id>/delay")
@require("dokter.run_queue", thing=queries.shift_on_show)
def delay(shift: Shift) -> ResponseReturnValue:
    form, seen = forms.DelayForm(), forms.seen_in(request.form)
    if not form.validate_on_submit():
        return again("dokter/interrupt.html", "interrupt", **interrupt_context(shift, form=form))
    minutes, reason = int(form.minutes.data), form.reason.data
    return interrupted(shift, lambda: interrupting.delay(shift.id, seen, minutes, reason, by=access.me()))


@bp.post("/shifts/<id:shift_id>/close")
@require("dokter.run_queue", thing=queries.shift_on_show)
def close(shift: Shift) -> ResponseReturnValue:
    closing, seen = forms.CloseForm(), forms.seen_in(request.form)
    if not closing.validate_on_submit():
        return again("dokter/interrupt.html", "interrupt", **interrupt_context(shift, closing=closing))
    return interrupted(shift, lambda: interrupting.close(shift.id, seen, by=access.me()))


def interrupted(shift: Shift, act: Callable[[], object]) -> ResponseReturnValue:
    """Do it and show the queue; to a screen that was behind, the page once more with the reason."""
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as told:
        context = interrupt_context(queries.shift_on_show(shift.id), told=str(told))
        return again("dokter/interrupt.html", "interrupt", told.status, **context)
    return go(url_for(".tablet", shift_id=shift.id))


@bp.post("/tickets/<code>/steps/<any(recall, serve, finish, skip, call_back):step>")
@require("dokter.run_queue", thing=queries.ticket_on_show)
def move_ticket(ticket: Ticket, step: str) -> ResponseReturnValue:
    seen = forms.seen_in(request.form)
    return after(ticket.shift, lambda: actions.move_ticket(ticket.code, step, seen, by=access.me()))


def after(shift: Shift, act: Callable[[], object]) -> ResponseReturnValue:
    """Do what a tablet asks for and show the queue, with the words that it returns, if any; to a tablet that was
    behind, with a polite word.
    """
    try:
        done = act()
    except NotAllowed:
        raise
    except Refusal as told:
        return again("dokter/tablet.html", "queue", told.status, desk=desk_of(shift, access.me(), str(told)))
    to = url_for(".tablet", shift_id=shift.id)
    said = done if isinstance(done, str) else None
    return answer("dokter/tablet.html", "queue", to=to, desk=desk_of(shift, access.me(), said))
