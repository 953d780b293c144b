"""A service that always fails: switched on for a server by naming it in SERVICES."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.access import PUBLIC, require
from webapp.service import Service

bp = Blueprint("broken", __name__, url_prefix="/broken")


@bp.get("/")
@require(PUBLIC)
def front() -> ResponseReturnValue:
    raise RuntimeError("the roof of the town hall leaks")


service = Service("broken", title="Rusak", tab="Rusak", icon="ticket", blueprint=bp, permissions={})
