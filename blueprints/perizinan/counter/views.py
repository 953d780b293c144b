"""The counter's page: choose the permit, write down the person, then fill in the same task list as everybody."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.cases import queries
from blueprints.perizinan.catalogue import queries as catalogue
from blueprints.perizinan.catalogue.models import PermitType
from blueprints.perizinan.counter.forms import AccountForm, CounterForm
from blueprints.perizinan.filing import actions
from blueprints.perizinan.filing.shown import price_and_days
from webapp import access, clock
from webapp.access import require
from webapp.accounts.actions import person_at_counter
from webapp.accounts.claiming import hand_code_at_counter
from webapp.codes import spoken
from webapp.errors import NotAllowed, Refusal
from webapp.hypermedia import again, go, page
from webapp.replay import FIELD

GROUP = 5  # letters of an account code that stand together on paper


@bp.get("/counter")
@require("perizinan.enter_for_others")
def counter() -> ResponseReturnValue:
    """Only the kind of permit stands in the address, never who stands at the counter (T41)."""
    code = request.args.get("type", "")
    law = catalogue.type_of(code, clock.today()) if code else None
    form = CounterForm(formdata=None, type=law.code if law else "")
    return page("perizinan/counter.html", **counter_context(form, law))


def counter_context(form: CounterForm, law: PermitType | None, told: str | None = None) -> dict[str, Any]:
    asked = request.args.get("q", "").strip()
    found = catalogue.search(asked, clock.today()) if asked else catalogue.types_on(clock.today())
    return {
        "form": form,
        "law": law,
        "told": told,
        "q": asked,
        "price_and_days": price_and_days,
        "types": [row for row in found if row.definition.is_here],
        "mine": queries.entered_by(access.me().id),
    }


@bp.post("/counter")
@require("perizinan.enter_for_others")
def enter() -> ResponseReturnValue:
    form = CounterForm()
    law = catalogue.type_of(str(form.type.data), clock.today())
    if not form.validate_on_submit():
        return again("perizinan/counter.html", "counter", **counter_context(form, law))
    officer = access.me()
    try:
        person = person_at_counter(*form.typed(), by=officer)
        case = actions.start(request.form.get(FIELD), law.code, form.role.data, by=officer, whose=person)
    except NotAllowed:
        raise
    except Refusal as told:
        return again("perizinan/counter.html", "counter", told.status, **counter_context(form, law, str(told)))
    return go(url_for(".application", code=case.spoken_code))


@bp.get("/counter/account")
@require("perizinan.enter_for_others")
def account_code() -> ResponseReturnValue:
    return page("perizinan/account_code.html", form=AccountForm(formdata=None), told=None)


@bp.post("/counter/account")
@require("perizinan.enter_for_others")
def hand_account_code() -> ResponseReturnValue:
    """The slip is shown once: the city keeps only the digest of what stands on it."""
    form = AccountForm()
    if not form.validate_on_submit():
        return again("perizinan/account_code.html", "account_code", form=form, told=None)
    try:
        person, code = hand_code_at_counter(form.plain_nik(), by=access.me())
    except NotAllowed:
        raise
    except Refusal as told:
        return again("perizinan/account_code.html", "account_code", told.status, form=form, told=str(told))
    return page("perizinan/account_slip.html", person=person, account_code=spoken(code, GROUP))
