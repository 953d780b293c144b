"""The installable app: manifest, service worker and the page for when there is no network."""

import json

from flask import Blueprint, Response, abort, current_app, jsonify, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from webapp import access
from webapp.access import PUBLIC, require
from webapp.hypermedia import DIST, page
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy
from webapp.offline import reader_tag
from webapp.service import Service, all_services
from webapp.settings import Settings

bp = Blueprint("pwa", __name__)
SIZES = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"),
         ("maskable-192.png", "192x192", "maskable"), ("maskable-512.png", "512x512", "maskable"))  # fmt: skip

SCREENS = (("screen-narrow.png", "360x800", "narrow", lazy("A queue ticket")),
           ("screen-wide.png", "1280x720", "wide", lazy("The city's command center")))  # fmt: skip


@bp.get("/sw.js")
@require(PUBLIC)
def worker() -> ResponseReturnValue:
    settings: Settings = current_app.extensions["settings"]
    response = send_file(DIST / ("sw.js" if settings.service_worker else "kill.js"), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/ca.crt")
@require(PUBLIC)
def authority() -> ResponseReturnValue:
    """The certificate authority of `make run TLS=1`, for phones to install. Elsewhere there is none."""
    found = current_app.extensions["settings"].local_ca
    if found is None:
        abort(404)
    return send_file(found, mimetype="application/x-x509-ca-cert", as_attachment=True, download_name="binjai-ca.crt")


@bp.get("/manifest.webmanifest")
@require(PUBLIC)
def manifest() -> ResponseReturnValue:
    city = current_app.jinja_env.globals["city"]
    body = {
        "id": "/", "start_url": "/", "scope": "/", "display": "standalone", "lang": "id", "dir": "ltr",
        "name": _("%(city)s city services", city=city.short), "short_name": city.short,  # type: ignore[attr-defined]
        "description": _("Clinic queues and city services from home."),
        "theme_color": "#0e5a45", "background_color": "#faf7f1",
        "icons": [{**_picture(name, size), "purpose": purpose} for name, size, purpose in SIZES],
        "screenshots": [
            {**_picture(name, size), "form_factor": form, "label": str(label)} for name, size, form, label in SCREENS
        ],
        "shortcuts": [
            {"name": str(service.title), "url": service.front, "icons": [_picture("icon-192.png", "192x192")]}
            for service in _doors()
        ],
    }  # fmt: skip
    return Response(json.dumps(body, ensure_ascii=False), mimetype="application/manifest+json")


def _picture(name: str, size: str) -> dict[str, str]:
    address = current_app.jinja_env.globals["asset"](f"icons/{name}")  # type: ignore[operator]
    return {"src": address, "sizes": size, "type": "image/png"}


def _doors() -> list[Service]:
    return [service for service in all_services() if service.entry == PUBLIC]


@bp.get("/offline")
@require(PUBLIC)
def offline() -> ResponseReturnValue:
    return page("offline.html", home=url_for("platform.home"))


@bp.get("/offline/unsent")
@require(PUBLIC)
def unsent() -> ResponseReturnValue:
    return page("unsent.html")


@bp.get("/outbox")
@require(PUBLIC)
def outbox() -> ResponseReturnValue:
    return page("outbox.html")


@bp.get("/session")
@require(PUBLIC)
def session() -> ResponseReturnValue:
    """Whose session this is, and a token for its forms: asked by the service worker before it sends what waited.

    No other site can read it; it is never kept.
    """
    answer = jsonify(reader=reader_tag(), token=generate_csrf() if access.me() else "")
    answer.headers["Cache-Control"] = "no-store"
    return answer
