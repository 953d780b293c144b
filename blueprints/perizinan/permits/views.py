"""The signed document for its holder and its officers, and the page on which anybody checks one."""

from io import BytesIO

from flask import request, send_file
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.cases import queries as cases
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.reading import note_staff
from blueprints.perizinan.permits import queries, shown
from webapp.access import PUBLIC, require
from webapp.hypermedia import page


@bp.get("/applications/<code>/permit.pdf")
@require("perizinan.read", thing=cases.case_of)
def permit_file(case: Application) -> ResponseReturnValue:
    note_staff(case)
    permit = queries.issued(case)
    name = permit.number.replace("/", "-") + ".pdf"
    return send_file(BytesIO(permit.pdf), "application/pdf", as_attachment=True, download_name=name, etag=False)


@bp.get("/check")
@bp.get("/check/<token>")
@require(PUBLIC)
def check_permit(token: str = "") -> ResponseReturnValue:
    """Whether a document is real and still holds. Nothing of what was asked is shown again (T46)."""
    asked = token or request.args.get("code", "")
    found = queries.permit_with(asked)
    answer = shown.checked(found) if found else None
    return page("perizinan/check_permit.html", 200 if found or not asked else 404, answer=answer, asked=bool(asked))
