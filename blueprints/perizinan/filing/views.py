"""The applicant's pages: from the first answer to sending, and one's own applications."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.cases.answers import Answers
from blueprints.perizinan.cases.life import Overtaken
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.reading import note_staff
from blueprints.perizinan.cases.visits import days_to_choose
from blueprints.perizinan.filing import actions, forms, shown
from webapp import access, uploads
from webapp.access import require
from webapp.errors import NotAllowed, Refusal
from webapp.hypermedia import again, answer, go, page
from webapp.i18n import gettext as _
from webapp.replay import FIELD

PART = "<any(applicant, location, details):part>"


@bp.get("/applications")
@require("perizinan.apply")
def mine() -> ResponseReturnValue:
    cases = sorted(queries.cases_of(access.me().id), key=shown.by_need)
    return page("perizinan/mine.html", rows=[shown.row_of(case) for case in cases])


@bp.post("/types/<code>/start")
@require("perizinan.apply")
def start(code: str) -> ResponseReturnValue:
    form = forms.StartForm()
    if not form.validate_on_submit():
        return go(url_for(".fit", code=code, again=1))
    case = actions.start(request.form.get(FIELD), code, form.role.data, by=access.me())
    return go(url_for(".application", code=case.spoken_code))


@bp.get("/applications/<code>")
@require("perizinan.see_own", thing=queries.case_of)
def application(case: Application) -> ResponseReturnValue:
    if case.state == "draft":
        return page("perizinan/draft.html", **draft_context(case))
    return page("perizinan/case.html", **case_context(case))


def draft_context(case: Application) -> dict[str, Any]:
    return {
        "case": case,
        "law": items.law_of(case),
        "role": shown.role_of(case),
        "tasks": shown.tasks_of(case),
        "fee": shown.fee_of(case),
        "complete": items.is_complete(case),
    }


def case_context(case: Application, **changes: Any) -> dict[str, Any]:
    """What the page of a sent application needs; forms that were refused are handed in by name."""
    return {
        "filed": shown.status_of(case),
        "messages": queries.messages_of(case),
        "visit": queries.visit_of(case),
        "message_form": forms.WordsForm(formdata=None),
        "object_form": forms.ObjectForm(formdata=None),
        "visit_form": forms.VisitForm(days=days_to_choose(case), formdata=None),
        "told": None,
        "tasks": shown.tasks_of(case) if case.state == "returned" else [],
        **changes,
    }


@bp.get(f"/applications/<code>/parts/{PART}")
@require("perizinan.fill_in", thing=queries.case_of)
def fill_in(case: Application, part: str) -> ResponseReturnValue:
    return page("perizinan/part.html", **part_context(case, part))


def part_context(
    case: Application, part: str, faults: dict[str, str] | None = None, given: Answers | None = None
) -> dict[str, Any]:
    """What the page of a part needs; `faults` of what was just saved, `given` where it is not what stands there."""
    given = given or items.answers(case)
    item = items.item_of(case, f"part.{part}")
    return {
        "case": case,
        "part": part,
        "item": item,
        "title": items.PART_TITLES[part](),
        "form": forms.part_form(given, part, faults or {}),
        "specs": given.of(part),
        "saved": faults is not None,
        "standing": items.standing(case, part),
        "told": None,
        "open": items.may_change(case, f"part.{part}"),
    }


@bp.post(f"/applications/<code>/parts/{PART}")
@require("perizinan.fill_in", thing=queries.case_of)
def save_part(case: Application, part: str) -> ResponseReturnValue:
    """What was typed is kept in any case; what is wrong with it is said afterwards."""
    try:
        case = actions.save_part(case.code, part, request.form.to_dict(), request.form.get("standing"), by=access.me())
    except Overtaken as told:
        context = overtaken_context(queries.case_of(case.code), part, request.form)
        return again("perizinan/part.html", "part", told.status, **context | {"told": told})
    if faults := items.answers(case).faults_of(part):
        response = again("perizinan/part.html", "part", **part_context(case, part, faults))
        response.headers["X-Saved"] = "1"  # a phone that sends it later need not keep it any longer
        return response
    return go(url_for(".application", code=case.spoken_code))


def overtaken_context(case: Application, part: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, and beside it what stands there now."""
    now = items.answers(case)
    beside = {s.key: _("Saved now: %(answer)s", answer=now.as_it_stands(s)) for s in now.differing(part, typed)}
    return part_context(case, part, beside, now.with_typed(part, typed))


@bp.get("/applications/<code>/papers")
@require("perizinan.fill_in", thing=queries.case_of)
def papers(case: Application) -> ResponseReturnValue:
    return page("perizinan/papers.html", **papers_context(case))


def papers_context(case: Application, told: dict[str, str] | None = None) -> dict[str, Any]:
    wanted = {needed.key: needed for needed in items.requirements_of(case)}
    rows = [
        (item, wanted[item.key], items.may_change(case, item.key)) for item in items.items_of(case) if not item.is_part
    ]
    return {"case": case, "rows": rows, "told": told or {}}


@bp.post("/applications/<code>/papers/<requirement>")
@require("perizinan.fill_in", thing=queries.case_of)
@uploads.accepts_files
def give_paper(case: Application, requirement: str) -> ResponseReturnValue:
    back = url_for(".papers", code=case.spoken_code)
    try:
        kept = uploads.keep(request.files.get("file"))
        actions.hand_in(request.form.get(FIELD), case.code, requirement, kept, by=access.me())
    except NotAllowed:
        raise
    except Refusal as told:
        case = queries.case_of(case.code)
        return again("perizinan/papers.html", "papers", **papers_context(case, {requirement: str(told)}))
    return papers_now(case, f"{back}#{requirement}")


def papers_now(case: Application, to: str) -> ResponseReturnValue:
    """The papers as they are now; a redirect that changes only the part after # would not load anything."""
    return answer("perizinan/papers.html", "papers", to=to, **papers_context(queries.case_of(case.code)))


@bp.post("/applications/<code>/papers/<requirement>/remove")
@require("perizinan.fill_in", thing=queries.case_of)
def remove_paper(case: Application, requirement: str) -> ResponseReturnValue:
    actions.remove_paper(case.code, requirement, by=access.me())
    return papers_now(case, url_for(".papers", code=case.spoken_code))


@bp.get("/applications/<code>/papers/<requirement>/file")
@require("perizinan.read", thing=queries.case_of)
def paper_file(case: Application, requirement: str) -> ResponseReturnValue:
    note_staff(case)
    return uploads.send(queries.paper_of(case, requirement).upload, inline="inline" in request.args)


@bp.get("/applications/<code>/check")
@require("perizinan.fill_in", thing=queries.case_of)
def check(case: Application) -> ResponseReturnValue:
    return page("perizinan/check.html", **check_context(case, forms.DeclareForm(formdata=None)))


def check_context(case: Application, form: forms.DeclareForm, told: str | None = None) -> dict[str, Any]:
    return {
        **draft_context(case),
        "answered": shown.answered(case),
        "papers": [item for item in items.items_of(case) if not item.is_part],
        "form": form,
        "told": told,
    }


@bp.post("/applications/<code>/submit")
@require("perizinan.send", thing=queries.case_of)
def submit(case: Application) -> ResponseReturnValue:
    if case.submitted_at is not None:
        return go(url_for(".receipt", code=case.spoken_code))
    form = forms.DeclareForm()
    if not form.validate_on_submit():
        return again("perizinan/check.html", "check", **check_context(case, form))
    try:
        case = actions.submit(case.code, declared=bool(form.declared.data), by=access.me())
    except NotAllowed:
        raise
    except Refusal as told:
        case = queries.case_of(case.code)
        return again("perizinan/check.html", "check", told.status, **check_context(case, form, str(told)))
    return go(url_for(".receipt", code=case.spoken_code))


@bp.get("/applications/<code>/receipt")
@require("perizinan.see_receipt", thing=queries.case_of)
def receipt(case: Application) -> ResponseReturnValue:
    return page("perizinan/receipt.html", filed=shown.status_of(queries.sent(case)))


@bp.post("/applications/<code>/resubmit")
@require("perizinan.send", thing=queries.case_of)
def resubmit(case: Application) -> ResponseReturnValue:
    try:
        case = actions.resubmit(case.code, by=access.me())
    except NotAllowed:
        raise
    except Refusal as told:
        case = queries.case_of(case.code)
        return again("perizinan/case.html", "case", told.status, **case_context(case, told=str(told)))
    seen_by_counter = not access.can("perizinan.see_own", case)  # what is sent is not the counter's any more
    return go(url_for(".receipt" if seen_by_counter else ".application", code=case.spoken_code))
