"""The one address of all streams: `/live?watch=<channel>&watch=<channel>…`."""

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from webapp.access import PUBLIC, require
from webapp.live.feed import Stream, TooMany, current_feed
from webapp.live.topics import channel_named

MOST = 20  # channels of one stream

bp = Blueprint("live", __name__)


@bp.get("/live")
@require(PUBLIC)  # each channel asks for its own permission
def watch() -> ResponseReturnValue:
    """The answer that stays open: the channels' present state, then every change, and a beat every 15 s."""
    names = list(dict.fromkeys(request.args.getlist("watch")))
    if len(names) > MOST:
        abort(400)
    channels = [channel_named(name) for name in names]
    if not channels:
        abort(404)
    response = Response(mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response if request.method == "HEAD" else told_to(response, current_feed().open(channels))


def told_to(response: Response, opened: Stream) -> Response:
    response.response = iter(opened)
    response.call_on_close(lambda: opened.feed.leave(opened))  # also when the reader is gone before the first byte
    return response


@bp.app_errorhandler(TooMany)
def come_back_later(_error: TooMany) -> Response:
    return Response(status=503, headers={"Retry-After": str(TooMany.retry_after), "Cache-Control": "no-store"})
