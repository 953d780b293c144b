"""The public pages: the list of permits with its search, the page of each, and the questions before one begins."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.catalogue import queries as catalogue
from blueprints.perizinan.filing import actions
from blueprints.perizinan.filing.forms import StartForm
from blueprints.perizinan.guide import forms, shown
from blueprints.perizinan.guide.shown import TypeShown
from webapp import clock
from webapp.access import PUBLIC, require
from webapp.hypermedia import go, page
from webapp.i18n import gettext as _


@bp.get("/")
@require(PUBLIC)
def front() -> ResponseReturnValue:
    words, today = request.args.get("q", "").strip(), clock.today()
    if words:
        found = [shown.row_of(law) for law in catalogue.search(words, today)]
        return page("perizinan/front.html", q=words, found=found)
    return page("perizinan/front.html", q="", groups=shown.groups_on(today), often=shown.often_used(today))


@bp.get("/types/<code>")
@require(PUBLIC)
def permit_type(code: str) -> ResponseReturnValue:
    law = catalogue.type_of(code, clock.today())
    asked = forms.pricing(law.definition, request.args)
    return page(
        "perizinan/type.html",
        shown=TypeShown(law, forms.price_of(law.definition, asked)), asked=asked, price_form=forms.price_form(asked),
        object_days=actions.OBJECTION_DAYS, answer_days=actions.ANSWER_DAYS, record_facts=shown.record_facts,
    )  # fmt: skip


@bp.get("/types/<code>/fit")
@require(PUBLIC)
def fit(code: str) -> ResponseReturnValue:
    """Nothing is written: a no leads to another door, a yes to all that one should know before one begins."""
    law = catalogue.type_of(code, clock.today())
    if not law.definition.is_here:
        return go(url_for(".permit_type", code=law.code))
    asked, form = forms.fitting(law.definition, request.args), StartForm(formdata=None)
    again = "again" in request.args  # the form at the end was sent without a choice
    if again:
        form.role.errors = [_("Choose for whom you apply.")]
    complete = asked.complete
    return page(
        "perizinan/fit.html",
        shown=TypeShown(law), asked=asked, fit_form=forms.fit_form(asked), start_form=form,
        doors=shown.doors(law.definition, asked.given.values) if complete else [], fits=complete or again,
        object_days=actions.OBJECTION_DAYS, answer_days=actions.ANSWER_DAYS,
    )  # fmt: skip
