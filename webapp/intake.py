"""What no honest browser sends, refused before anything else looks at it; and how much one may send."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1
NUL = "\0"
MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
THROWN_AWAY = 100 * MEGABYTE

V = TypeVar("V", bound=Callable[..., Any])


class IdConverter(IntegerConverter):
    """`<id:shift_id>`: a number that a row could have."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, min=1, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
    app.before_request(make_room)
    app.before_request(refuse_nul)


def room_for(files: int) -> Callable[[V], V]:
    """Mark a view that takes so many files: its forms may be larger, by 10 MB for each, than those of all others."""

    def mark(view: V) -> V:
        view.files = files  # type: ignore[attr-defined]
        return view

    return mark


def make_room() -> None:
    """Comes first: whoever looks into the form reads all of it, and by then its size is decided."""
    view = current_app.view_functions.get(request.endpoint or "")
    if files := getattr(view, "files", 0):
        request.max_content_length = current_app.config["MAX_CONTENT_LENGTH"] + files * LARGEST_FILE


def let_finish() -> None:
    """Take in what is too large and throw it away: a browser that cannot finish sending shows no answer (100 MB)."""
    left = min(request.content_length or THROWN_AWAY, THROWN_AWAY)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, MEGABYTE))):
        left -= len(chunk)


def refuse_nul() -> None:
    """PostgreSQL keeps no NUL in a text, and nobody types one."""
    if NUL in request.path or any(NUL in value for value in request.args.values()):
        abort(404)
    if any(NUL in value for value in request.form.values()):
        abort(400)
