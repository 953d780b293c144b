"""The answer that stays open: taken out of the server's hands where that is possible, else told by a thread.

gunicorn hands the connection to the application as `environ["gunicorn.socket"]`. That is no contract, so its version is
pinned, and tests/webapp/live/test_hand_over.py notices when it is not so any more. A server without it is served too:
there a stream is an ordinary generator, which holds a thread.

How a socket changes hands: its descriptor is copied for the hub, and under the number that gunicorn knows, a socket
whose other end is closed takes its place. Whatever gunicorn still does with its own (write the head of the answer, shut
it down, drain it, close it: gthread's `handle` and `finish_request`) ends there in a broken pipe, which it takes for a
reader who has left; its count of connections stays right. Bytes that a reader sent too early stay behind with gunicorn
or unread in the socket, and the answer ends with the connection, so no second request is ever looked for.
"""

import os
import socket
from collections.abc import Iterable
from email.utils import formatdate
from typing import TYPE_CHECKING

from flask import Response

from webapp.live.streams import Line, Stream, Told, greeting

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from webapp.live.feed import Feed

GONE_AFTER = 12  # seconds in which the other side must have taken what was sent: with a beat every 15 s, 27 in all
SEND_BUFFER = 32 * 1024  # the kernel doubles it; more would only be older states


def _broken() -> int:
    """A socket whose other end is closed."""
    one_end, other_end = socket.socketpair()
    other_end.close()
    return one_end.detach()


BROKEN = _broken()


def kind_for(environ: "WSGIEnvironment") -> type[Line] | type[Told]:
    """How this server can keep a stream open: no TLS of its own, no HTTP/2, and its socket within reach."""
    plain = type(environ.get("gunicorn.socket")) is socket.socket and environ.get("HTTP_VERSION") != "2"
    return Line if plain else Told


class LiveAnswer(Response):
    """The answer of an open stream; the stream has been counted by the feed already."""

    automatically_set_content_length = False
    default_mimetype = "text/event-stream"

    def __init__(self, stream: Stream, feed: "Feed") -> None:
        super().__init__()
        self.opened, self.feed = stream, feed
        self.headers["Cache-Control"] = "no-store, no-transform"
        self.headers["X-Accel-Buffering"] = "no"
        if isinstance(stream, Told):
            self.response = stream.messages(feed.serving)
            self.call_on_close(lambda: feed.leave(stream))  # also when the reader is gone before the first byte

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            if isinstance(self.opened, Line):
                return self._handed_over(self.opened, environ, start_response)
            self._watch_over(environ.get("gunicorn.socket"))
            return super().__call__(environ, start_response)
        except BaseException:  # no descriptor is left, for one: nobody else would ever give its place back
            self.feed.leave(self.opened)
            raise

    def _watch_over(self, theirs: object) -> None:
        """A reader who has gone holds a thread no longer than need be, where the server shows us its socket."""
        if isinstance(self.opened, Told) and isinstance(theirs, socket.socket):
            limit(theirs)
            self.opened.listen_to(theirs)

    def _handed_over(self, line: Line, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        _nothing, status, headers = self.get_wsgi_response(environ)
        ours = take_over(environ["gunicorn.socket"])
        try:
            self.feed.hub.take(line, ours, head_of(status, headers))
        except BaseException:
            os.close(ours)
            raise
        start_response(status, headers)
        return []


def head_of(status: str, headers: list[tuple[str, str]]) -> bytes:
    """The head of the answer as this server would write it, and the stream's first words."""
    own = [("Date", formatdate(usegmt=True)), ("Connection", "close")]
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in own + headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + greeting()


def limit(theirs: socket.socket) -> None:
    """How much waits for a reader, and how long, before the kernel gives the connection up."""
    if theirs.family != socket.AF_UNIX:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        theirs.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_AFTER * 1000)


def take_over(theirs: socket.socket) -> int:
    """The descriptor of this connection, from now on ours alone."""
    limit(theirs)
    ours = os.dup(theirs.fileno())
    os.dup2(BROKEN, theirs.fileno(), inheritable=False)
    os.set_blocking(ours, False)
    return ours
