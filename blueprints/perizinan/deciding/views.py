"""The head's acts. Signing, refusing and revoking ask for the password anew (T11).

Whoever heads the office may send these forms; whether the case lies on their desk is asked by the use case.
"""

from flask import request
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.deciding import actions
from blueprints.perizinan.desk import forms, shown
from blueprints.perizinan.desk.views import PREVIEW, acted, previewed, wrong
from blueprints.perizinan.watching import actions as watching
from webapp import access
from webapp.access import require
from webapp.accounts import confirming

DECIDE, SUPERVISE = ("decide",), ("supervise",)


@bp.post("/desk/<code>/sign")
@require("perizinan.supervise", thing=queries.case_of)
def sign(case: Application) -> ResponseReturnValue:
    confirming.demand_recent()
    return acted(case, DECIDE, lambda: actions.sign(case.code, forms.seen_in(request.form), by=access.me()))


@bp.post("/desk/<code>/refuse")
@require("perizinan.supervise", thing=queries.case_of)
def refuse(case: Application) -> ResponseReturnValue:
    form, seen = forms.RefusingForm(), forms.seen_in(request.form)
    if PREVIEW in request.form:
        return previewed(case, DECIDE, form.as_read(), refuse_form=form)
    confirming.demand_recent()
    if not form.validate_on_submit():
        return wrong(case, DECIDE, refuse_form=form)
    return acted(
        case, DECIDE, lambda: actions.refuse(case.code, seen, by=access.me(), why=form.refusing()), refuse_form=form
    )  # fmt: skip


@bp.post("/desk/<code>/send-back")
@require("perizinan.supervise", thing=queries.case_of)
def send_back(case: Application) -> ResponseReturnValue:
    form = forms.BackForm()
    if not form.validate_on_submit():
        return wrong(case, DECIDE, back_form=form)
    note, seen = str(form.note.data), forms.seen_in(request.form)
    return acted(case, DECIDE, lambda: actions.send_back(case.code, note, seen, by=access.me()), back_form=form)


@bp.post("/desk/<code>/objection")
@require("perizinan.supervise", thing=queries.case_of)
def answer_objection(case: Application) -> ResponseReturnValue:
    form, of = forms.ObjectionForm(), ("objection",)
    if not form.validate_on_submit():
        return wrong(case, of, objection_form=form)
    upheld, words = form.verdict.data == "uphold", str(form.note.data)
    return acted(
        case, of, lambda: actions.answer_objection(case.code, upheld, words, by=access.me()), objection_form=form
    )  # fmt: skip


@bp.post("/desk/<code>/revoke")
@require("perizinan.revoke", thing=queries.case_of)
def revoke(case: Application) -> ResponseReturnValue:
    confirming.demand_recent()
    form, of = forms.RevokeForm(), ("revoke",)
    if not form.validate_on_submit():
        return wrong(case, of, revoke_form=form)
    return acted(case, of, lambda: actions.revoke(case.code, str(form.note.data), by=access.me()), revoke_form=form)


@bp.post("/desk/<code>/late-defect")
@require("perizinan.supervise", thing=queries.case_of)
def late_defect(case: Application) -> ResponseReturnValue:
    form, of = forms.LateDefectForm(items=shown.case_shown(case).may_be_late), ("late_defect",)
    if not form.validate_on_submit():
        return wrong(case, of, late_form=form)
    item, note = str(form.item.data), str(form.note.data)
    return acted(case, of, lambda: checking.find_late_defect(case.code, item, note, by=access.me()), late_form=form)


@bp.post("/desk/<code>/clock/stop")
@require("perizinan.supervise", thing=queries.case_of)
def stop_clock(case: Application) -> ResponseReturnValue:
    form = forms.PauseForm()
    if not form.validate_on_submit():
        return wrong(case, SUPERVISE, pause_form=form)
    reason, note = str(form.reason.data), str(form.note.data)
    return acted(
        case, SUPERVISE, lambda: watching.stop_clock(case.code, reason, note, by=access.me()), pause_form=form
    )  # fmt: skip


@bp.post("/desk/<code>/clock/go-on")
@require("perizinan.supervise", thing=queries.case_of)
def go_on(case: Application) -> ResponseReturnValue:
    return acted(case, SUPERVISE, lambda: watching.go_on(case.code, by=access.me()))


@bp.post("/desk/<code>/redraw")
@require("perizinan.supervise", thing=queries.case_of)
def redraw(case: Application) -> ResponseReturnValue:
    form = forms.RedrawForm()
    if not form.validate_on_submit():
        return wrong(case, SUPERVISE, redraw_form=form)
    note = str(form.note.data)
    return acted(case, SUPERVISE, lambda: watching.redraw(case.code, note, by=access.me()), redraw_form=form)
