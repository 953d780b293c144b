"""What a phone may keep for reading, or for sending later, without a network, and whose it is.

Offline is an allow-list: a service names the pages in its front door (`offline=`), and only a citizen's own answers to
them are marked. Every page says by an opaque tag whom it was made for, so that the service worker deletes what it has
kept as soon as somebody else, or nobody, is signed in.

What may be sent later is the other allow-list (`later=`): the address of such a form says so, and only a citizen's.
"""

import hashlib
import hmac
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, current_app, request

from webapp import access
from webapp.service import Service

TAG, ANYBODY, KEEP = "X-User-Tag", "X-Anon", "X-Keep"
LENGTH = 24


def tag_of(person_id: int) -> str:
    """The same for one person on every phone; tells nothing to whoever has not the city's key."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"offline {person_id}".encode(), hashlib.sha256).hexdigest()[:LENGTH]


def is_only_a_citizen(person: access.Actor) -> bool:
    """An office's screens keep nothing, also those of a citizen who works for the city."""
    return person.is_citizen and not any(person.memberships)


def later(url: str, overwrites: bool = False) -> str:
    """The address of a form that a citizen's phone may keep and send when there is a network. It says whose form it is:
    a page of theirs may still be open when somebody else has signed in. One that `overwrites` takes the place of an
    older one to the same address that still waits on the phone; without it both are sent.

    Raises ValueError where no service has named it: taking a number, paying and signing must not wait.
    """
    endpoint, _values = current_app.url_map.bind("").match(url, method="POST")
    if endpoint not in current_app.extensions["sent_later"]:
        raise ValueError(f"no service lets {endpoint} be sent later")
    person = access.me()
    if not person or not is_only_a_citizen(person):
        return url
    return f"{url}?later={tag_of(person.id)}" + ("&overwrites" if overwrites else "")


def reader_tag() -> str:
    """The tag of whoever reads this page; empty when nobody is signed in."""
    person = access.me()
    return tag_of(person.id) if person else ""


def init_app(app: Flask, services: Sequence[Service]) -> None:
    app.jinja_env.globals["reader_tag"] = reader_tag
    named = frozenset(endpoint for service in services for endpoint in service.offline)
    app.extensions["sent_later"] = frozenset(endpoint for service in services for endpoint in service.later)
    app.jinja_env.filters["later"] = later

    @app.after_request
    def say_whose(response: Response) -> Response:
        if response.mimetype != "text/html" or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return response
        person = access.me()
        if person is None:
            response.headers[ANYBODY] = "1"
            return response
        response.headers[TAG] = tag_of(person.id)
        found = request.method == "GET" and response.status_code == HTTPStatus.OK
        if found and request.endpoint in named and is_only_a_citizen(person):
            response.headers[KEEP] = "1"
        return response
