"""Controls for a server, switched on by naming this in SERVICES: the city forgets which forms it has had."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from blueprints.perizinan.filing import actions
from webapp.access import PUBLIC, require
from webapp.db import transactional
from webapp.service import Service

bp = Blueprint("forgetful", __name__, url_prefix="/forgetful")
remembering = actions.write.__wrapped__.__wrapped__  # type: ignore[attr-defined]


@bp.get("/")
@require(PUBLIC)
def front() -> ResponseReturnValue:
    return ""


@transactional
def write_each_time(_key: str | None, code: str, body: str, **by: object) -> object:
    return remembering(code, body, **by)


actions.write = write_each_time  # type: ignore[assignment]
service = Service("forgetful", title="Pelupa", tab="Pelupa", icon="ticket", blueprint=bp, permissions={})
