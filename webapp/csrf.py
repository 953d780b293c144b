"""No other site can act in a citizen's name: a token in every form, and no unsafe request from elsewhere (T09)."""

from flask import Flask, request
from flask_wtf.csrf import CSRFError, CSRFProtect

protect = CSRFProtect()
SAFE = ("GET", "HEAD", "OPTIONS")
EXCEPTIONS = (
    "platform.content_policy_report",  # writes nothing, and browsers send no token with it
    "payments.callback",  # comes from no page of ours; the gateway's signature stands for the token
)


def init_app(app: Flask) -> None:
    """Call it after all blueprints are registered."""
    for endpoint in EXCEPTIONS:
        protect.exempt(app.view_functions[endpoint])
    app.before_request(refuse_other_sites)
    protect.init_app(app)


def refuse_other_sites() -> None:
    """Browsers say where a request comes from; one that comes from another site is not ours, whatever it carries."""
    if request.method in SAFE or request.endpoint in EXCEPTIONS:
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise CSRFError("cross-site request")
