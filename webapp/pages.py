"""The platform's own pages: home, inbox, preferences, privacy, the component book, health."""

import logging
from urllib.parse import urlsplit

from flask import Blueprint, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from webapp import access, clock, i18n, notify
from webapp.access import PUBLIC, require
from webapp.db import db
from webapp.hypermedia import answer, go, own_path, page
from webapp.limits import limiter
from webapp.service import Card, all_services

bp = Blueprint("platform", __name__)
log = logging.getLogger(__name__)


@bp.get("/")
@require(PUBLIC)
def home() -> ResponseReturnValue:
    cards = cards_of_reader()
    return page("home.html", top=cards[0] if cards else None, cards=cards[1:], today=clock.today())


def cards_of_reader() -> list[Card]:
    """What needs the reader, most urgent first."""
    person = access.me()
    cards = [card for service in all_services() for card in service.cards(person)] if person else []
    return sorted(cards, key=lambda card: (card.urgency, card.since))


@bp.get("/inbox")
@require("accounts.see_own")
def inbox() -> ResponseReturnValue:
    return page("inbox.html", notices=notify.inbox(access.me().id))


@bp.post("/inbox/read")
@require("accounts.see_own")
def mark_read() -> ResponseReturnValue:
    notify.mark_read(access.me().id)
    return answer("inbox.html", "notices", to=url_for(".inbox"), notices=notify.inbox(access.me().id))


@bp.post("/preferences")
@require(PUBLIC)
def set_preferences() -> ResponseReturnValue:
    for name, choices in i18n.PREFERENCES.items():
        if request.form.get(name) in choices:
            session[name] = request.form[name]
            session.permanent = True
    return go(own_path(request.form.get("next")))


@bp.get("/privacy")
@require(PUBLIC)
def privacy() -> ResponseReturnValue:
    return page("privacy.html")


@bp.get("/gaya")
@require(PUBLIC)
def gaya() -> ResponseReturnValue:
    return page("gaya.html")


@bp.get("/healthz")
@require(PUBLIC)
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@bp.get("/readyz")
@require(PUBLIC)
def ready() -> ResponseReturnValue:
    """The process can work: its database answers."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}


@bp.post("/csp-report")
@require(PUBLIC)
@limiter.limit("30/minute")
def content_policy_report() -> ResponseReturnValue:
    """A browser refused something that a page asked for: which rule, and which site. Addresses may tell of people."""
    body = request.get_json(force=True, silent=True)
    report = body.get("csp-report") if isinstance(body, dict) else None
    told = report if isinstance(report, dict) else {}
    rule, site = str(told.get("effective-directive"))[:40], urlsplit(str(told.get("blocked-uri"))).netloc[:80]
    log.warning("content policy report: %r %r", rule, site)
    return "", 204
