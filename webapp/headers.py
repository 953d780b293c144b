"""Headers that every answer carries: the strict content policy and what may be kept where (pwa.md 7)."""

import re

from flask import Flask, Response, current_app, request, session

from webapp import access

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
    "font-src": "'self'", "connect-src": "'self'", "manifest-src": "'self'", "worker-src": "'self'",
    "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'", "object-src": "'none'",
    "report-uri": "/csp-report",
}  # fmt: skip
FIXED = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_PAGES = ("Permissions-Policy", "Cross-Origin-Opener-Policy")  # of a script or a picture no browser heeds them
YEAR = 31_536_000
FOUND = (200, 206, 304)
HASHED = re.compile(r"-[A-Z0-9]{8}\.\w+$")  # the name changes with the content


def init_app(app: Flask, lasting_tls: bool) -> None:
    """`lasting_tls`: browsers may remember for a year that this host speaks https. A trial's localhost must not be."""

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if lasting_tls:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
        if request.endpoint == "static" and response.status_code in FOUND and HASHED.search(request.path):
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
            session.accessed = False  # Flask-Login has looked; but the file is the same for everybody: no Vary: Cookie
            for name in FOR_PAGES:
                del response.headers[name]
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-cache" if _is_public() else "no-store"
        return response


def _is_public() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    looking = request.method in ("GET", "HEAD")  # an answer to a form may hold what somebody typed
    return looking and getattr(view, "permission", None) == access.PUBLIC and "_user_id" not in session
