"""The wall and its stream. It knows no service: it shows the tiles that were offered."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from webapp import live
from webapp.access import require
from webapp.hypermedia import page
from webapp.service import all_tiles

bp = Blueprint("command_center", __name__, url_prefix="/command-center")


@bp.get("/")
@require("command_center.watch")
def front() -> ResponseReturnValue:
    return page("command_center/wall.html", tiles=all_tiles(), stream=url_for(".stream"))


@bp.get("/stream")
@require("command_center.watch")
def stream() -> ResponseReturnValue:
    return live.stream([tile.channel() for tile in all_tiles()])
