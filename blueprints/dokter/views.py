"""The pages of the clinic queue: for citizens, for the tablet, and the stream of one shift."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.dokter import actions, forms, queries, shown
from blueprints.dokter import desk as desks
from blueprints.dokter.ticket_card import ticket_card
from blueprints.dokter.tiles import SHIFT
from webapp import access, calendar, clock, live
from webapp.access import PUBLIC, require
from webapp.errors import NotAllowed, Refusal
from webapp.hypermedia import again, answer, go, page, part
from webapp.replay import FIELD

bp = Blueprint("dokter", __name__, url_prefix="/dokter")


@bp.get("/")
@require(PUBLIC)
def front() -> ResponseReturnValue:
    person, day, words = access.me(), clock.today(), request.args.get("q", "").strip()
    groups = shown.clinic_groups(day, words, queries.last_clinic_of(person.id) if person else None)
    return page("dokter/front.html", groups=groups, q=words, day=day, holiday=calendar.holiday_name(day))


@bp.get("/clinics/<code>")
@require(PUBLIC)
def clinic(code: str) -> ResponseReturnValue:
    found, day = queries.clinic_of(code), chosen_day()
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
@require(PUBLIC)
def shift(shift_id: int) -> ResponseReturnValue:
    return page("dokter/shift.html", **shift_context(shift_id, forms.TakeTicketForm()))


def shift_context(shift_id: int, form: forms.TakeTicketForm) -> dict[str, Any]:
    found, person = queries.shift_on_show(shift_id), access.me()
    holiday = queries.holiday_of(found)
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
        return again("dokter/shift.html", "ticket", **shift_context(shift_id, form))
    try:
        ticket = actions.take_ticket(request.form.get(FIELD), shift_id, form.share.data, by=access.me())
    except NotAllowed:
        raise
    except Refusal as told:
        return again("dokter/shift.html", "ticket", told.status, **shift_context(shift_id, form) | {"told": str(told)})
    return go(url_for(".ticket", code=ticket.spoken_code))


@bp.get("/tickets")
@require("dokter.take_ticket")
def mine() -> ResponseReturnValue:
    me = access.me().id
    coming, past = queries.live_tickets_of(me), queries.past_tickets_of(me)
    return page("dokter/mine.html", live=map(ticket_card, coming), past=map(ticket_card, past))


@bp.get("/tickets/<code>")
@require("dokter.see_own", thing=queries.ticket_on_show)
def ticket(code: str) -> ResponseReturnValue:
    return page("dokter/ticket.html", ticket=ticket_card(queries.ticket_on_show(code)))


@bp.get("/tickets/<code>/part/status")
@require("dokter.see_own", thing=queries.ticket_on_show)
def part_status(code: str) -> ResponseReturnValue:
    return part("dokter/ticket.html", "status", ticket=ticket_card(queries.ticket_on_show(code)))


@bp.get("/tickets/<code>/cancel")
@require("dokter.cancel_own", thing=queries.ticket_on_show)
def cancel(code: str) -> ResponseReturnValue:
    found = ticket_card(queries.ticket_on_show(code))
    return page("dokter/cancel.html", ticket=found, form=forms.CancelForm())


@bp.post("/tickets/<code>/cancel")
@require("dokter.cancel_own", thing=queries.ticket_on_show)
def cancel_ticket(code: str) -> ResponseReturnValue:
    form = forms.CancelForm()
    if not form.validate_on_submit():
        found = ticket_card(queries.ticket_on_show(code))
        return again("dokter/cancel.html", "cancel", ticket=found, form=form)
    actions.cancel_ticket(code, form.reason.data, by=access.me())
    return go(url_for(".ticket", code=code))


@bp.get("/shifts/<id:shift_id>/stream")
@require(PUBLIC)
def stream(shift_id: int) -> ResponseReturnValue:
    return live.stream([SHIFT.channel(queries.shift_on_show(shift_id).id)])


@bp.get("/desk")
@require("dokter.open_desk")
def desk() -> ResponseReturnValue:
    return page("dokter/desk.html", clinics=desks.clinics_run_by(access.me()))


@bp.post("/shifts/<id:shift_id>/open")
@require("dokter.run_queue", thing=queries.shift_on_show)
def open_shift(shift_id: int) -> ResponseReturnValue:
    actions.open_shift(shift_id, by=access.me())
    return go(url_for(".tablet", shift_id=shift_id))


@bp.get("/shifts/<id:shift_id>/tablet")
@require("dokter.run_queue", thing=queries.shift_on_show)
def tablet(shift_id: int) -> ResponseReturnValue:
    return page("dokter/tablet.html", desk=desk_of(shift_id))


@bp.get("/shifts/<id:shift_id>/part/queue")
@require("dokter.run_queue", thing=queries.shift_on_show)
def part_queue(shift_id: int) -> ResponseReturnValue:
    return part("dokter/tablet.html", "queue", desk=desk_of(shift_id))


def desk_of(shift_id: int, message: str | None = None) -> desks.Desk:
    return desks.desk_of(queries.shift_on_show(shift_id), access.me(), message)


@bp.post("/shifts/<id:shift_id>/call")
@require("dokter.run_queue", thing=queries.shift_on_show)
def call_next(shift_id: int) -> ResponseReturnValue:
    try:
        actions.call_next(shift_id, forms.seen_in(request.form), by=access.me())
    except NotAllowed:
        raise
    except Refusal as told:
        return still_here(shift_id, told)
    return moved(shift_id)


@bp.post("/tickets/<code>/steps/<any(recall, serve, finish, skip, call_back):step>")
@require("dokter.run_queue", thing=lambda code, step: queries.ticket_on_show(code))
def move_ticket(code: str, step: str) -> ResponseReturnValue:
    shift_id = queries.ticket_on_show(code).shift_id
    try:
        actions.move_ticket(code, step, forms.seen_in(request.form), by=access.me())
    except NotAllowed:
        raise
    except Refusal as told:
        return still_here(shift_id, told)
    return moved(shift_id)


def moved(shift_id: int) -> ResponseReturnValue:
    return answer("dokter/tablet.html", "queue", to=url_for(".tablet", shift_id=shift_id), desk=desk_of(shift_id))


def still_here(shift_id: int, told: Refusal) -> ResponseReturnValue:
    """The tablet was behind: the present queue, with a polite word."""
    return again("dokter/tablet.html", "queue", told.status, desk=desk_of(shift_id, str(told)))
