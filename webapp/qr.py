"""QR pictures, drawn into the page itself: no image file, no other site."""

from functools import lru_cache

import segno
from flask import Flask
from markupsafe import Markup


@lru_cache(maxsize=4096)
def qr(text: str) -> Markup:
    """The text as an inline SVG. Drawn once: it is a quarter of the work of a page that shows one."""
    picture = segno.make(text, error="m", micro=False)
    return Markup(picture.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None))  # noqa: S704 - ours


def init_app(app: Flask) -> None:
    app.jinja_env.filters["qr"] = qr
