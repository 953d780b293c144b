"""The head's acts: signing and refusing ask for the password anew (T11)."""

from flask import request
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.deciding import actions
from blueprints.perizinan.desk import forms
from blueprints.perizinan.desk.views import acted, wrong
from webapp import access
from webapp.access import require
from webapp.accounts import confirming


@bp.post("/desk/<code>/sign")
@require("perizinan.decide", thing=queries.case_of)
def sign(case: Application) -> ResponseReturnValue:
    confirming.demand_recent()
    return acted(case, lambda: actions.sign(case.code, forms.seen_in(request.form), by=access.me()))


@bp.post("/desk/<code>/refuse")
@require("perizinan.decide", thing=queries.case_of)
def refuse(case: Application) -> ResponseReturnValue:
    confirming.demand_recent()
    form = forms.RefusingForm()
    if not form.validate_on_submit():
        return wrong(case, refuse_form=form)
    seen, why = forms.seen_in(request.form), form.refusing()
    return acted(case, lambda: actions.refuse(case.code, seen, by=access.me(), why=why), refuse_form=form)


@bp.post("/desk/<code>/send-back")
@require("perizinan.decide", thing=queries.case_of)
def send_back(case: Application) -> ResponseReturnValue:
    form = forms.NoteForm()
    if not form.validate_on_submit():
        return wrong(case, back_form=form)
    note, seen = str(form.note.data), forms.seen_in(request.form)
    return acted(case, lambda: actions.send_back(case.code, note, seen, by=access.me()), back_form=form)


@bp.post("/desk/<code>/objection")
@require("perizinan.supervise", thing=queries.case_of)
def answer_objection(case: Application) -> ResponseReturnValue:
    form = forms.ObjectionForm()
    if not form.validate_on_submit():
        return wrong(case, objection_form=form)
    upheld, words = form.verdict.data == "uphold", str(form.note.data)
    return acted(case, lambda: actions.answer_objection(case.code, upheld, words, by=access.me()), objection_form=form)


@bp.post("/desk/<code>/revoke")
@require("perizinan.revoke", thing=queries.case_of)
def revoke(case: Application) -> ResponseReturnValue:
    confirming.demand_recent()
    form = forms.NoteForm()
    if not form.validate_on_submit():
        return wrong(case, revoke_form=form)
    return acted(case, lambda: actions.revoke(case.code, str(form.note.data), by=access.me()), revoke_form=form)
