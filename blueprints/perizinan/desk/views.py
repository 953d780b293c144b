"""The officer's pages: the inbox, one case, and every act on it. What was typed is never lost (T53)."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.life import Overtaken
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.desk import forms, shown
from blueprints.perizinan.desk import queries as desks
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.filing.forms import VisitForm, WordsForm
from blueprints.perizinan.following.views import moment_of
from blueprints.perizinan.talking import actions as talking
from blueprints.perizinan.watching import actions as watching
from webapp import access, uploads, viewing
from webapp.access import require
from webapp.errors import NotAllowed, Refusal
from webapp.hypermedia import again, go, page
from webapp.replay import FIELD


@bp.get("/desk")
@require("perizinan.open_desk")
def desk() -> ResponseReturnValue:
    person = access.me()
    scope = desks.UNIT if request.args.get("scope") == desks.UNIT else desks.MINE
    standing = request.args.get("standing") if request.args.get("standing") in desks.STANDINGS else None
    number = max(1, request.args.get("page", 1, type=int))
    filters = shown.filters_of(person, scope, standing)
    total = next(each["count"] for each in filters if each["current"])
    return page(
        "perizinan/desk.html",
        rows=shown.rows_of(person, scope, standing, number), filters=filters, scope=scope, standing=standing,
        total=total, number=number, pages=max(1, -(-total // desks.PER_PAGE)),
    )  # fmt: skip


@bp.get("/desk/<code>")
@require("perizinan.read_case", thing=queries.case_of)
def case_at_desk(case: Application) -> ResponseReturnValue:
    """The one page whose opening is written down: the applicant sees who looked."""
    viewing.note(case, access.me().id)
    return page("perizinan/desk_case.html", **desk_context(case))


def desk_context(case: Application, **changes: Any) -> dict[str, Any]:
    """What the page of a case needs; a form that was refused is handed in by its name and keeps what was typed."""
    found = shown.case_shown(case)
    return {
        "found": found,
        "told": None,
        "changes": [],
        "typed": {},
        "finding_form": forms.FindingForm(formdata=None),
        "seen_form": forms.SeenForm(formdata=None),
        "visit_form": VisitForm(formdata=None),
        "message_form": WordsForm(formdata=None),
        "late_form": forms.LateDefectForm(formdata=None, items=found.accepted),
        "pause_form": forms.PauseForm(formdata=None),
        "redraw_form": forms.NoteForm(formdata=None),
        "refuse_form": forms.RefusingForm(formdata=None),
        "back_form": forms.NoteForm(formdata=None),
        "objection_form": forms.ObjectionForm(formdata=None),
        "revoke_form": forms.NoteForm(formdata=None),
        **changes,
    }


def acted(case: Application, act: Callable[[], object], **kept: Any) -> ResponseReturnValue:
    """Do it and go back to the case; or show the case as it is now, what has changed, and what was typed."""
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as told:
        present = queries.case_of(case.code)
        changed = shown.changes_since(present, forms.seen_in(request.form)) if isinstance(told, Overtaken) else []
        context = desk_context(present, told=str(told), changes=changed, typed=request.form, **kept)
        return again("perizinan/desk_case.html", "case", told.status, **context)
    return after(case)


def after(case: Application) -> ResponseReturnValue:
    """Back to the case while the person may read it, otherwise to the inbox."""
    present = queries.case_of(case.code)
    if access.can("perizinan.read_case", present):
        return go(url_for(".case_at_desk", code=case.spoken_code))
    return go(url_for(".desk"))


def wrong(case: Application, **kept: Any) -> ResponseReturnValue:
    """A form with something missing: the case again, with what was typed."""
    return again("perizinan/desk_case.html", "case", **desk_context(case, typed=request.form, **kept))


@bp.post("/desk/<code>/check")
@require("perizinan.check", thing=queries.case_of)
def check_file(case: Application) -> ResponseReturnValue:
    defects, seen = forms.defects_in(request.form), forms.seen_in(request.form)
    return acted(case, lambda: checking.check_file(case.code, defects, seen, by=access.me()))


@bp.post("/desk/<code>/late-defect")
@require("perizinan.supervise", thing=queries.case_of)
def late_defect(case: Application) -> ResponseReturnValue:
    form = forms.LateDefectForm(items=shown.case_shown(case).accepted)
    if not form.validate_on_submit():
        return wrong(case, late_form=form)
    item, note = str(form.item.data), str(form.note.data)
    return acted(case, lambda: checking.find_late_defect(case.code, item, note, by=access.me()), late_form=form)


@bp.post("/desk/<code>/finding")
@require("perizinan.propose", thing=queries.case_of)
def find(case: Application) -> ResponseReturnValue:
    form = forms.FindingForm()
    if not form.validate_on_submit():
        return wrong(case, finding_form=form)
    opinion, seen = form.opinion(), forms.seen_in(request.form)
    return acted(case, lambda: examining.find(case.code, opinion, seen, by=access.me()), finding_form=form)


@bp.post("/desk/<code>/appointment")
@require("perizinan.examine", thing=queries.case_of)
def appoint(case: Application) -> ResponseReturnValue:
    form = VisitForm()
    if not form.validate_on_submit():
        return wrong(case, visit_form=form)
    starts_at, seen = moment_of(form), forms.seen_in(request.form)
    return acted(case, lambda: examining.make_appointment(case.code, starts_at, seen, by=access.me()), visit_form=form)


@bp.post("/desk/<code>/visit")
@require("perizinan.examine", thing=queries.case_of)
@uploads.accepts_files
def record_visit(case: Application) -> ResponseReturnValue:
    form = forms.SeenForm()
    if not form.validate_on_submit():
        return wrong(case, seen_form=form)
    seen, files = forms.seen_in(request.form), request.files.getlist("photos")

    def act() -> None:
        photos = [uploads.receive(photo, by=access.me()) for photo in files if photo.filename]
        saw = form.saw(case.type.definition.checklist, request.form, photos)
        examining.record_visit(case.code, saw, form.opinion(), seen, by=access.me())

    return acted(case, act, seen_form=form)


@bp.get("/desk/<code>/photos/<id:photo_id>")
@require("perizinan.read_case", thing=queries.case_of)
def photo(case: Application, photo_id: int) -> ResponseReturnValue:
    return uploads.send(queries.photo_of(case, photo_id).upload, inline=True)


@bp.post("/desk/<code>/messages")
@require("perizinan.open_desk")
def answer(code: str) -> ResponseReturnValue:
    case, form = queries.case_of(code), WordsForm()
    if not form.validate_on_submit():
        return wrong(case, message_form=form)
    key, body = request.form.get(FIELD), str(form.body.data)
    return acted(case, lambda: talking.write(key, case.code, body, by=access.me()), message_form=form)


@bp.post("/desk/<code>/clock/stop")
@require("perizinan.supervise", thing=queries.case_of)
def stop_clock(case: Application) -> ResponseReturnValue:
    form = forms.PauseForm()
    if not form.validate_on_submit():
        return wrong(case, pause_form=form)
    reason, note = str(form.reason.data), str(form.note.data)
    return acted(case, lambda: watching.stop_clock(case.code, reason, note, by=access.me()), pause_form=form)


@bp.post("/desk/<code>/clock/go-on")
@require("perizinan.supervise", thing=queries.case_of)
def go_on(case: Application) -> ResponseReturnValue:
    return acted(case, lambda: watching.go_on(case.code, by=access.me()))


@bp.post("/desk/<code>/redraw")
@require("perizinan.supervise", thing=queries.case_of)
def redraw(case: Application) -> ResponseReturnValue:
    form = forms.NoteForm()
    if not form.validate_on_submit():
        return wrong(case, redraw_form=form)
    return acted(case, lambda: watching.redraw(case.code, str(form.note.data), by=access.me()), redraw_form=form)
