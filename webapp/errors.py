"""What can go wrong, in plain words: each as a page and as a fragment."""

import logging
import secrets

from flask import Flask, Response, g
from flask_limiter.errors import RateLimitExceeded
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge

from webapp import intake, typed
from webapp.db import db
from webapp.hypermedia import page, refusal
from webapp.i18n import gettext as _

log = logging.getLogger(__name__)
ODD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Refusal(Exception):
    """A rule of the city said no. The message is written for the citizen."""

    status = 409


class NotAllowed(Refusal):
    status = 403


class SignInNeeded(Exception):
    """Only somebody who has signed in can go on here; `accounts` asks them to."""


def incident_code() -> str:
    """Eight letters that a citizen can read out on the phone and an operator finds in the log."""
    code = "".join(secrets.choice(ODD) for _letter in range(8))
    return f"{code[:4]}-{code[4:]}"


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(StaleDataError, overtaken)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(RateLimitExceeded, too_many)
    app.register_error_handler(RequestEntityTooLarge, too_large)
    app.register_error_handler(HTTPException, plain)
    for gone in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(gone, unavailable)
    app.register_error_handler(Exception, crashed)


def refused(error: Refusal) -> Response:
    return refusal("errors/refusal.html", "notice", error.status, error=str(error))


def overtaken(_error: StaleDataError) -> Response:
    return refused(Refusal(_("Someone has just changed this. Please reload.")))


def expired(_error: CSRFError) -> Response:
    return refusal("errors/expired.html", "notice", 403, typed=typed.interrupted())


def too_many(error: RateLimitExceeded) -> Response:
    wait = error.limit.limit.get_expiry()
    response = refusal("errors/too_many.html", "notice", 429, retry_after=wait)
    response.headers["Retry-After"] = str(wait)
    return response


def too_large(_error: RequestEntityTooLarge) -> Response:
    intake.let_finish()
    most = intake.LARGEST_FILE // intake.MEGABYTE
    told = _("This is too large to send. A file may have %(most)s MB at most.", most=most)
    return refusal("errors/refusal.html", "notice", 413, error=told)


def plain(error: HTTPException) -> Response:
    if isinstance(error, NotFound):
        return page("errors/not_found.html", 404)
    if isinstance(error.response, Response):
        return error.response
    return refusal("errors/refusal.html", "notice", error.code or 500, error=_("The request was not understood."))


def unavailable(error: Exception) -> Response:
    """The database cannot be reached: nothing was changed, and the next request tries again by itself."""
    log.error("database unreachable: %s", type(error).__name__)
    _let_go()
    response = page("errors/unavailable.html", 503)
    response.headers["Retry-After"] = "10"
    return response


def crashed(_error: Exception) -> Response:
    code = incident_code()
    log.exception("incident %s", code)
    _let_go()
    return page("errors/crashed.html", 500, code=code)


def _let_go() -> None:
    """Leave the broken transaction, and ask no more who is reading: the database may not be there to tell."""
    g._login_user = AnonymousUserMixin()
    try:
        db.session.rollback()
    except Exception:
        log.exception("rollback failed")
