"""The one address of all streams: `/live?watch=<channel>&watch=<channel>…`."""

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from webapp import access, clock, i18n
from webapp.access import PUBLIC, require
from webapp.live.answer import LiveAnswer, kind_for
from webapp.live.feed import TooMany, current_feed
from webapp.live.topics import channel_named

MOST = 20  # channels of one stream

bp = Blueprint("live", __name__)


@bp.get("/live")
@require(PUBLIC)  # each channel asks for its own permission
def watch() -> ResponseReturnValue:
    """The answer that stays open: the channels' present state, then every change, and a beat every 15 s."""
    asked_at, feed = clock.now(), current_feed()  # before anything is read of who this is
    names = list(dict.fromkeys(request.args.getlist("watch")))
    if len(names) > MOST:
        abort(400)
    channels = tuple(channel_named(name, feed.drawings.knows) for name in names)
    if not channels:
        abort(404)
    if request.method == "HEAD":
        return Response(mimetype="text/event-stream")
    for_all = all(channel.topic.permission == PUBLIC for channel in channels)
    person_id = None if for_all else access.me().id
    stream = kind_for(request.environ)(channels, i18n.language(), person_id, asked_at)
    feed.open(stream)
    return LiveAnswer(stream, feed)


@bp.app_errorhandler(TooMany)
def come_back_later(_error: TooMany) -> Response:
    return Response(status=503, headers={"Retry-After": str(TooMany.retry_after), "Cache-Control": "no-store"})
