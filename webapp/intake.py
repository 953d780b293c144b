"""What no honest browser sends, refused before anything else looks at it."""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1
NUL = "\0"


class IdConverter(IntegerConverter):
    """`<id:shift_id>`: a number that a row could have."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, min=1, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """PostgreSQL keeps no NUL in a text, and nobody types one."""
    if NUL in request.path or any(NUL in value for value in request.args.values()):
        abort(404)
    if any(NUL in value for value in request.form.values()):
        abort(400)
