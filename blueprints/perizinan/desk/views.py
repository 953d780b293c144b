"""The officer's pages: the inbox, one case, and the acts of whoever has it on the desk.

Who works on a case may send these forms; whether it lies on their desk is asked by the use case. So an officer whose
case has moved on meanwhile is told, and what was typed is never lost (T53).
"""

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.money import SpeaksOfMoney
from blueprints.perizinan.cases.reading import note_staff
from blueprints.perizinan.cases.visits import days_to_choose
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.desk import forms, shown
from blueprints.perizinan.desk import queries as desks
from blueprints.perizinan.desk.changes import changes_since
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.filing.forms import VisitForm, WordsForm
from blueprints.perizinan.following.views import moment_of
from blueprints.perizinan.talking import actions as talking
from webapp import access, headers, uploads
from webapp.access import require
from webapp.errors import NotAllowed, Refusal
from webapp.hypermedia import again, go, page
from webapp.i18n import gettext as _
from webapp.replay import FIELD
from webapp.uploads.models import Upload

MOST_PHOTOS = 5  # at once
FINDING, PREVIEW = ("verify", "recommend"), "preview"


@bp.get("/desk")
@require("perizinan.open_desk")
def desk() -> ResponseReturnValue:
    person = access.me()
    scope = desks.UNIT if request.args.get("scope") == desks.UNIT else desks.MINE
    standing = request.args.get("standing") if request.args.get("standing") in desks.STANDINGS else None
    filters = shown.filters_of(person, scope, standing)
    total = next(each.count for each in filters if each.current)
    pages = max(1, -(-total // desks.PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return page(
        "perizinan/desk.html",
        rows=shown.rows_of(person, scope, standing, number), scopes=shown.scopes_of(person, scope), filters=filters,
        scope=scope, standing=standing, total=total, number=number, pages=pages,
    )  # fmt: skip


@bp.get("/desk/<code>")
@require("perizinan.read_case", thing=queries.case_of)
def case_at_desk(case: Application) -> ResponseReturnValue:
    """Every opening is written down: the applicant sees who looked."""
    note_staff(case)
    return may_ask_where(page("perizinan/desk_case.html", **desk_context(case)))


def may_ask_where(response: Response) -> Response:
    """On this page alone the browser may be asked where it stands: for the record of a visit."""
    name = "Permissions-Policy"
    response.headers[name] = headers.FIXED[name].replace("geolocation=()", "geolocation=(self)")
    return response


def desk_context(case: Application, of: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    """What the page of a case needs; a form that was refused is handed in by its name and keeps what was typed.

    `of` are the panels that the form may stand in; where none is there any more, its words are shown on their own.
    """
    found = shown.case_shown(case)
    moved_on = bool(of) and not found.may & {*of}
    proposed = {name: getattr(found.decision, name, "") for name in ("reason", "evidence", "cure")}
    return {
        "found": found, "told": None, "changes": [], "typed": {}, "marks": None, "preview": None, "photos": [],
        "still_typed": shown.still_typed(request.form) if moved_on else [],
        "finding_form": forms.FindingForm(formdata=None),
        "seen_form": forms.SeenForm(formdata=None),
        "visit_form": VisitForm(days=days_to_choose(case), formdata=None),
        "message_form": WordsForm(formdata=None),
        "late_form": forms.LateDefectForm(formdata=None, items=found.may_be_late),
        "pause_form": forms.PauseForm(formdata=None),
        "redraw_form": forms.RedrawForm(formdata=None),
        "refuse_form": forms.RefusingForm(formdata=None, data=proposed),
        "back_form": forms.BackForm(formdata=None),
        "objection_form": forms.ObjectionForm(formdata=None),
        "revoke_form": forms.RevokeForm(formdata=None),
        **changes,
    }  # fmt: skip


def acted(case: Application, of: tuple[str, ...], act: Callable[[], object], **kept: Any) -> ResponseReturnValue:
    """Do it and go back to the case; or show the case as it is now, what has changed, and what was typed."""
    try:
        act()
    except Refusal as told:
        return refused(case, of, told, **kept)
    return go(url_for(".case_at_desk", code=case.spoken_code))


def refused(case: Application, of: tuple[str, ...], told: Refusal, **kept: Any) -> ResponseReturnValue:
    if isinstance(told, SpeaksOfMoney):
        talking.flag_money(case.code, by=access.me())
    present, seen = queries.case_of(case.code), forms.seen_in(request.form)
    not_theirs = _("This case does not lie on your desk now. What you typed is still here.")
    words = not_theirs if isinstance(told, NotAllowed) else str(told)
    changes = changes_since(present, seen) if seen >= 0 else []
    return once_more(present, of, told.status, told=words, changes=changes, **kept)


def wrong(case: Application, of: tuple[str, ...], **kept: Any) -> ResponseReturnValue:
    """A form with something missing: the case again, with what was typed."""
    return once_more(case, of, 422, **kept)


def previewed(case: Application, of: tuple[str, ...], preview: list[Any], **kept: Any) -> ResponseReturnValue:
    """Nothing is done: what the applicant would read is shown beside the form."""
    return once_more(case, of, 200, preview=preview, **kept)


def once_more(case: Application, of: tuple[str, ...], status: int, **kept: Any) -> ResponseReturnValue:
    note_staff(case)
    context = desk_context(case, of, typed=request.form, **kept)
    return may_ask_where(again("perizinan/desk_case.html", "case", status, **context))


@bp.post("/desk/<code>/check")
@require("perizinan.work_on", thing=queries.case_of)
def check_file(case: Application) -> ResponseReturnValue:
    found, of = items.items_of(case), ("check",)
    marks, seen = forms.marks_in(request.form, found), forms.seen_in(request.form)
    if PREVIEW in request.form:
        titles = {item.key: item.title for item in found}
        return previewed(case, of, [(titles[key], note) for key, note in marks.defects.items()], marks=marks)
    if marks.faults:
        return wrong(case, of, marks=marks)
    return acted(
        case, of, lambda: checking.check_file(case.code, marks.defects, seen, by=access.me()), marks=marks
    )  # fmt: skip


@bp.post("/desk/<code>/finding")
@require("perizinan.work_on", thing=queries.case_of)
def find(case: Application) -> ResponseReturnValue:
    form, seen = forms.FindingForm(), forms.seen_in(request.form)
    if PREVIEW in request.form:
        return previewed(case, FINDING, form.as_read(), finding_form=form)
    if not form.validate_on_submit():
        return wrong(case, FINDING, finding_form=form)
    return acted(
        case, FINDING, lambda: examining.find(case.code, form.opinion(), seen, by=access.me()), finding_form=form
    )  # fmt: skip


@bp.post("/desk/<code>/appointment")
@require("perizinan.work_on", thing=queries.case_of)
def appoint(case: Application) -> ResponseReturnValue:
    form, of = VisitForm(days=days_to_choose(case)), ("visit",)
    if not form.validate_on_submit():
        return wrong(case, of, visit_form=form)
    at, seen = moment_of(form), forms.seen_in(request.form)
    return acted(case, of, lambda: examining.make_appointment(case.code, at, seen, by=access.me()), visit_form=form)


@bp.post("/desk/<code>/visit")
@require("perizinan.work_on", thing=queries.case_of)
@uploads.room_for(MOST_PHOTOS)
def record_visit(case: Application) -> ResponseReturnValue:
    """The pictures are taken in first: whatever is wrong with the form, nobody has to choose them again."""
    form, of, seen = forms.SeenForm(), ("visit",), forms.seen_in(request.form)
    photos = desks.photos_kept(access.me(), request.form.getlist("kept"))
    try:
        take_in(photos)
    except Refusal as told:
        return refused(case, of, told, seen_form=form, photos=photos)
    if PREVIEW in request.form:
        return previewed(case, of, form.as_read(), seen_form=form, photos=photos)
    if not form.validate_on_submit():
        return wrong(case, of, seen_form=form, photos=photos)
    saw = form.saw(case.type.definition.checklist, request.form, photos)
    return acted(
        case, of, lambda: examining.record_visit(case.code, saw, form.opinion(), seen, by=access.me()),
        seen_form=form, photos=photos,
    )  # fmt: skip


def take_in(photos: list[Upload]) -> None:
    """Add the pictures of this form to those that were sent before. Raises Refusal at the first that is none."""
    for file in request.files.getlist("photos"):
        if file.filename:
            photos.append(uploads.receive(file, by=access.me()))


@bp.get("/desk/<code>/photos/<id:photo_id>")
@require("perizinan.read_case", thing=queries.case_of)
def photo(case: Application, photo_id: int) -> ResponseReturnValue:
    note_staff(case)
    return uploads.send(queries.photo_of(case, photo_id).upload, inline=True)


@bp.post("/desk/<code>/messages")
@require("perizinan.work_on", thing=queries.case_of)
def answer(case: Application) -> ResponseReturnValue:
    form, of = WordsForm(), ("write",)
    if not form.validate_on_submit():
        return wrong(case, of, message_form=form)
    key, body = request.form.get(FIELD), str(form.body.data)
    return acted(case, of, lambda: talking.write(key, case.code, body, by=access.me()), message_form=form)
