"""The wall. It knows no service: it shows the tiles that were offered."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.access import require
from webapp.hypermedia import page
from webapp.live import live_url
from webapp.service import all_tiles

bp = Blueprint("command_center", __name__, url_prefix="/command-center")


@bp.get("/")
@require("command_center.watch")
def front() -> ResponseReturnValue:
    tiles = all_tiles()
    return page("command_center/wall.html", tiles=tiles, stream=live_url(tile.channel() for tile in tiles))
