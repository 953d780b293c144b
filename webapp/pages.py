"""The platform's own pages: home, inbox, preferences, privacy, the component book, health; the way round all pages."""

import logging
from dataclasses import dataclass
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from webapp import access, clock, i18n, notify
from webapp.access import PUBLIC, require
from webapp.db import db
from webapp.hypermedia import answer, go, own_path, page
from webapp.i18n import gettext as _
from webapp.limits import limiter
from webapp.service import Card, all_services

bp = Blueprint("platform", __name__)
log = logging.getLogger(__name__)

MOST_SERVICES = 4  # as many as fit beside "Home" under a thumb


@dataclass(frozen=True)
class Tab:
    """One way to go, at the foot of a phone or at the top of a screen."""

    href: str
    icon: str
    word: Any
    news: int = 0

    @property
    def current(self) -> str | None:
        """What `aria-current` says: the page itself, or some page behind it."""
        if request.path == self.href:
            return "page"
        return "true" if self.href != url_for("platform.home") and request.path.startswith(self.href) else None


@dataclass(frozen=True)
class Tabs:
    """The way round: the front page, the services, and the reader's own pages."""

    home: Tab
    services: list[Tab]
    own: list[Tab]
    news_here: int | None  # the newest of what the reader was told of the very thing that this page shows

    @property
    def own_fit(self) -> bool:
        """With few services there is room for the reader's own pages under the thumb, too."""
        return len(self.services) + len(self.own) <= MOST_SERVICES


@bp.app_template_global()
def tabs() -> Tabs:
    person = access.me()
    unread = notify.unread(person.id, here=request.path) if person else None
    found = [service for service in all_services() if access.can(service.entry)]
    services = [Tab(service.front, service.icon, service.tab) for service in found[:MOST_SERVICES]]
    return Tabs(
        Tab(url_for("platform.home"), "home", _("Home")), services, own_tabs(unread), unread.here if unread else None
    )


def own_tabs(unread: notify.Unread | None) -> list[Tab]:
    if unread is None:
        return [Tab(url_for("accounts.sign_in"), "person", _("Sign in"))]
    inbox = Tab(url_for("platform.inbox"), "bell", _("Inbox"), unread.elsewhere)
    return [inbox, Tab(url_for("accounts.account"), "person", _("Account"))]


@bp.get("/")
@require(PUBLIC)
def home() -> ResponseReturnValue:
    cards, person = cards_of_reader(), access.me()
    greeting = greeting_of(person.name) if person else None
    return page("home.html", greeting=greeting, top=cards[0] if cards else None, cards=cards[1:], today=clock.today())


def greeting_of(name: str) -> str:
    """By the hour, as people here greet each other: pagi, siang, sore, malam."""
    hour = clock.local(clock.now()).time()
    if hour < time(11):
        return _("Good morning, %(name)s", name=name)
    if hour < time(15):
        return _("Good day, %(name)s", name=name)
    if hour < time(18, 30):
        return _("Good afternoon, %(name)s", name=name)
    return _("Good evening, %(name)s", name=name)


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
    notify.mark_read(access.me().id, up_to=request.form.get("up_to", 0, type=int))
    return answer("inbox.html", "notices", to=url_for(".inbox"), notices=notify.inbox(access.me().id))


@bp.post("/inbox/opened")
@require("accounts.see_own")
def note_opened() -> ResponseReturnValue:
    """Who opens a thing has read what they were told of it. The page says so when it is seen: to look changes nothing
    (T10), and a browser may fetch ahead of its reader."""
    up_to = request.form.get("up_to", 0, type=int)
    notify.mark_opened(access.me().id, request.form.get("href", ""), up_to)
    return "", 204


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
