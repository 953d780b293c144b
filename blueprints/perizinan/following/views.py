"""What an applicant does after sending: writing, moving a visit, paying, withdrawing, objecting."""

from collections.abc import Callable
from datetime import date, datetime, time

from flask import request, url_for
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.visits import days_to_choose
from blueprints.perizinan.filing import actions, forms, shown
from blueprints.perizinan.filing.views import case_context
from webapp import access, clock
from webapp.access import require
from webapp.errors import NotAllowed, Refusal
from webapp.hypermedia import again, go, page
from webapp.replay import FIELD


def back_to(case: Application) -> ResponseReturnValue:
    return go(url_for(".application", code=case.spoken_code))


def once_more(case: Application, status: int = 422, **changes: object) -> ResponseReturnValue:
    """The page again, with what was typed and what is wrong with it."""
    return again("perizinan/case.html", "case", status, **case_context(queries.case_of(case.code), **changes))


def tried(case: Application, act: Callable[[], object], **form: object) -> ResponseReturnValue:
    """Do it and show the application; where it is refused, with the reason and the form as it was typed."""
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as told:
        return once_more(case, told.status, told=str(told), **form)
    return back_to(case)


@bp.post("/applications/<code>/messages")
@require("perizinan.be_told", thing=queries.case_of)
def write(case: Application) -> ResponseReturnValue:
    form = forms.WordsForm()
    if not form.validate_on_submit():
        return once_more(case, message_form=form)
    key, body = request.form.get(FIELD), str(form.body.data)
    return tried(case, lambda: actions.write(key, case.code, body, by=access.me()), message_form=form)


@bp.post("/applications/<code>/visit")
@require("perizinan.be_told", thing=queries.case_of)
def move_visit(case: Application) -> ResponseReturnValue:
    form = forms.VisitForm(days=days_to_choose(case))
    if not form.validate_on_submit():
        return once_more(case, visit_form=form)
    return tried(case, lambda: actions.move_visit(case.code, moment_of(form), by=access.me()), visit_form=form)


def moment_of(form: forms.VisitForm) -> datetime:
    """The chosen day and hour as a moment."""
    hours, minutes = form.hour.data.split(".")
    return clock.at(date.fromisoformat(form.day.data), time(int(hours), int(minutes)))


@bp.post("/applications/<code>/objection")
@require("perizinan.be_told", thing=queries.case_of)
def object_to(case: Application) -> ResponseReturnValue:
    form = forms.ObjectForm()
    if not form.validate_on_submit():
        return once_more(case, object_form=form)
    body = str(form.body.data)
    return tried(case, lambda: actions.object_to(case.code, body, by=access.me()), object_form=form)


@bp.get("/applications/<code>/withdraw")
@require("perizinan.be_told", thing=queries.case_of)
def withdraw(case: Application) -> ResponseReturnValue:
    return page("perizinan/withdraw.html", case=case)


@bp.post("/applications/<code>/withdraw")
@require("perizinan.be_told", thing=queries.case_of)
def take_back(case: Application) -> ResponseReturnValue:
    actions.withdraw(case.code, by=access.me())
    return back_to(case)


@bp.get("/applications/<code>/discard")
@require("perizinan.fill_in", thing=queries.case_of)
def discard(case: Application) -> ResponseReturnValue:
    return page("perizinan/discard.html", case=case)


@bp.post("/applications/<code>/discard")
@require("perizinan.fill_in", thing=queries.case_of)
def throw_away(case: Application) -> ResponseReturnValue:
    actions.discard(case.code, by=access.me())
    return go(url_for(".mine" if access.can("perizinan.apply") else ".counter"))


@bp.get("/applications/<code>/bill")
@require("perizinan.be_told", thing=queries.case_of)
def bill(case: Application) -> ResponseReturnValue:
    found = shown.bill_or_404(case)
    return page("perizinan/bill.html", filed=shown.status_of(case), bill=found, pay=shown.pay_address(found))
