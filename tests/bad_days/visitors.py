"""People with phones in front of a real server. Their sessions are made beforehand: no password is hashed."""

import http.client
import re
import secrets
import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from tests.servers import Server
from webapp import clock
from webapp.accounts.actions import CITIZEN_SESSION
from webapp.accounts.models import Person, SignIn
from webapp.accounts.queries import digest
from webapp.accounts.sessions import TOKEN
from webapp.db import db, transactional
from webapp.replay import FIELD

PATIENCE = 60
TICKET = re.compile(r"/dokter/tickets/([0-9A-Z]{3}-[0-9A-Z]{3})")


@dataclass(frozen=True)
class Answer:
    """What came back from the server."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def code(self) -> str | None:
        """The code of the ticket to which a success sends the browser; None for every other answer."""
        found = TICKET.fullmatch(self.headers.get("location", ""))
        return found[1] if found and self.status == 303 else None


@dataclass(frozen=True)
class Visitor:
    """One person's browser: the cookie, the forgery token of its pages, and the key of the form it has open."""

    person_id: int
    cookie: str
    csrf_token: str
    key: str = field(default_factory=lambda: str(uuid.uuid4()))

    def take_ticket(self, server: Server, shift_id: int) -> Answer:
        """Send the form for a number; a second time it is the same form. Raises OSError when the line breaks."""
        form = {"share": "jkn", FIELD: self.key, "csrf_token": self.csrf_token}
        return ask(server, "POST", f"/dokter/shifts/{shift_id}/ticket", self.cookie, urlencode(form))

    def open(self, server: Server, path: str) -> Answer:
        return ask(server, "GET", path, self.cookie)


def ask(server: Server, method: str, path: str, cookie: str = "", body: str | None = None) -> Answer:
    """One request on a connection of its own. Whatever breaks on the way is an OSError."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as line:
        try:
            line.request(method, path, body, headers)
            response = line.getresponse()
            text = response.read().decode(errors="replace")  # a picture is no text
        except http.client.HTTPException as broken:
            raise ConnectionError(repr(broken)) from broken
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, text)


@transactional
def visitors_of(app: Flask, crowd: Sequence[Person]) -> list[Visitor]:
    """All of them signed in: a row for each in the table of sessions."""
    tokens = [secrets.token_urlsafe(32) for _person in crowd]
    now = clock.machine()
    for person, token in zip(crowd, tokens, strict=True):
        row = SignIn(token_hash=digest(token), person_id=person.id, began_at=now, expires_at=now + CITIZEN_SESSION)
        db.session.add(row)
    return [_visitor(app, person.id, token) for person, token in zip(crowd, tokens, strict=True)]


def _visitor(app: Flask, person_id: int, token: str) -> Visitor:
    known = {TOKEN: token, "_fresh": True, "csrf_token": secrets.token_hex()}
    cookie = app.session_interface.get_signing_serializer(app).dumps(known)
    csrf_token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(known["csrf_token"])
    return Visitor(person_id, f"{app.config['SESSION_COOKIE_NAME']}={cookie}", csrf_token)
