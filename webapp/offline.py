"""What a phone may keep for reading without a network, and whose it is.

Offline is an allow-list: a service names the pages in its front door (`offline=`), and only a citizen's own answers to
them are marked. Every page says by an opaque tag whom it was made for, so that the service worker deletes what it has
kept as soon as somebody else, or nobody, is signed in.
"""

import hashlib
import hmac

from flask import Flask, Response, current_app, request

from webapp import access
from webapp.service import all_services

TAG, ANYBODY, KEEP = "X-User-Tag", "X-Anon", "X-Keep"
LENGTH = 24


def tag_of(person_id: int) -> str:
    """The same for one person on every phone; tells nothing to whoever has not the city's key."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"offline {person_id}".encode(), hashlib.sha256).hexdigest()[:LENGTH]


def may_be_kept(response: Response, person: access.Actor) -> bool:
    """Pages named by a service, of somebody who is a citizen and nothing else: an office's screens keep nothing."""
    named = {endpoint for service in all_services() for endpoint in service.offline}
    found = request.method == "GET" and response.status_code == 200  # noqa: PLR2004
    return found and request.endpoint in named and person.is_citizen and not any(person.memberships)


def init_app(app: Flask) -> None:
    @app.after_request
    def say_whose(response: Response) -> Response:
        if response.mimetype != "text/html" or response.status_code >= 500:  # noqa: PLR2004 - the database may be gone
            return response
        person = access.me()
        if person is None:
            response.headers[ANYBODY] = "1"
            return response
        response.headers[TAG] = tag_of(person.id)
        if may_be_kept(response, person):
            response.headers[KEEP] = "1"
        return response
