"""The page of the Inspektorat, and its word on held messages."""

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.talking import actions as talking
from blueprints.perizinan.watching import shown
from webapp import access
from webapp.access import require
from webapp.hypermedia import answer, page

VERDICTS = {"release": True, "stop": False}


@bp.get("/watch")
@require("perizinan.watch")
def watch() -> ResponseReturnValue:
    return page("perizinan/watch.html", **shown.all_of_it())


@bp.post("/watch/messages/<id:message_id>")
@require("perizinan.watch")
def judge(message_id: int) -> ResponseReturnValue:
    verdict = request.form.get("verdict", "")
    if verdict not in VERDICTS:
        abort(400)
    talking.judge(message_id, VERDICTS[verdict], by=access.me())
    return answer("perizinan/watch.html", "held_words", to=url_for(".watch"), held=shown.held_messages())
