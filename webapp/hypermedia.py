"""Pages and fragments: the only module that knows htmx."""

import json
import re
import uuid
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from htmx_flask import Htmx
from jinja2_fragments.flask import render_block
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp import clock, i18n
from webapp.settings import ROOT, Settings

DIST = ROOT / "static" / "dist"  # what build.mjs made; nothing else is served
TEMPLATES = ROOT / "templates"


def by_htmx() -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]


def page(template: str, status: int = 200, **context: Any) -> Response:
    """The whole page, whoever asks: one URL, one representation."""
    return make_response(render_template(template, **context), status)


def part(template: str, fragment: str, **context: Any) -> Response:
    """One named block of a page, for a route under /part/."""
    return make_response(render_block(template, fragment, **context))


def answer(template: str, fragment: str, *, to: str, **context: Any) -> Response:
    """After a POST: the changed block for htmx, a redirect for a plain browser."""
    return part(template, fragment, **context) if by_htmx() else go(to)


def again(template: str, fragment: str, status: int = 422, **context: Any) -> Response:
    """A POST that was not accepted: the block (or the whole page) once more, with what was typed and what is wrong."""
    draw = partial(render_block, template, fragment) if by_htmx() else partial(render_template, template)
    body = draw(**context)
    if homeless := _without_a_field(body):
        g.homeless = homeless
        body = draw(**context)  # `ui.summary` shows them
    return make_response(body, status)


def _without_a_field(body: str) -> list[str]:
    """What was typed on a page of an earlier release into fields that the form has no longer (T92)."""
    fields = set(re.findall(r'\bname="([^"]*)"', body))
    sent = [(name, text) for name, text in request.form.items(multi=True) if text.strip() and name not in fields]
    return [text for name, text in sent if name not in ("csrf_token", "replaces") and "password" not in name.casefold()]


def refusal(template: str, fragment: str, status: int, **context: Any) -> Response:
    """A no that belongs to no form: as the page's notice for htmx, as a page of its own otherwise."""
    if not by_htmx():
        return page(template, status, **context)
    response = make_response(render_block(template, fragment, **context), status)
    response.headers["HX-Retarget"] = f"#{fragment}"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def instead(template: str, fragment: str, status: int, **context: Any) -> Response:
    """Something else comes first: a page of its own, for htmx in the place of all that the reader had before them."""
    if not by_htmx():
        return page(template, status, **context)
    response = make_response(render_block(template, fragment, **context), status)
    response.headers["HX-Retarget"] = "#main"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def go(to: str) -> Response:
    """Send the browser to another page of ours; htmx loads it whole."""
    if by_htmx():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = to
        return response
    return make_response(redirect(to, code=303))


def here() -> str:
    """The page the reader is on: the one being opened, or the one that this form or fragment stands on."""
    if request.method in ("GET", "HEAD") and not by_htmx():
        return own_path(request.full_path.rstrip("?"))
    came_from = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "/")
    path = own_path(came_from.path)
    if not answers(path, "GET"):  # a page that only an answer to a form has
        return "/"
    return f"{path}?{came_from.query}" if came_from.query else path


def answers(path: str, method: str) -> bool:
    """Whether this site has something at this path for this method."""
    try:
        current_app.url_map.bind("").match(urlsplit(path).path, method=method)
    except (HTTPException, RequestRedirect):
        return False
    return True


def public(path: str) -> str:
    """A path of ours as a whole address, for QR pictures and papers. Not by the name a request came with: that is
    whatever its sender wrote (T14)."""
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.public_url}{path}"


def own_path(target: str | None, default: str = "/") -> str:
    """The target if it is a plain path of this site, otherwise the default: no road leads out (T14)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return default
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and target.isprintable() else default


class _Assets:
    """Logical asset names and their content-hashed files, as written by build.mjs."""

    def __init__(self, manifest: Path) -> None:
        self.manifest, self._read_at, self._files = manifest, 0.0, dict[str, str]()

    def __call__(self, name: str) -> str:
        changed = self.manifest.stat().st_mtime
        if changed != self._read_at:
            entries = json.loads(self.manifest.read_text(encoding="utf-8"))["files"]
            self._files = {logical: entry["file"] for logical, entry in entries.items()}
            self._read_at = changed
        return f"/static/dist/{self._files[name]}"


def _macros(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted((TEMPLATES / "ui").glob("*.html")):
        module = app.jinja_env.get_template(f"ui/{path.name}").module
        found |= {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return found


def init_app(app: Flask) -> None:
    Htmx(app)
    app.jinja_env.filters["public"] = public
    app.jinja_env.globals.update(
        asset=_Assets(DIST / "manifest.json"),
        here=here,
        new_key=lambda: str(uuid.uuid4()),
        now=clock.now,
        server_time=lambda: i18n.iso(clock.now()),
    )


def gather_macros(app: Flask) -> None:
    """Make every macro of templates/ui/ reachable as `ui.name`; called when all other globals are there."""
    ui = SimpleNamespace()
    app.jinja_env.globals["ui"] = ui  # before reading them: macros call one another through it
    vars(ui).update(_macros(app))
