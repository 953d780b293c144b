"""What people can do with push: being told in this browser, and no longer."""

import base64
import binascii
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from flask import current_app
from sqlalchemy import delete, or_

from webapp import clock, i18n
from webapp.access import demand
from webapp.accounts.models import Person
from webapp.accounts.queries import digest, session_of
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.push import hosts, queries
from webapp.push.models import LONGEST_ENDPOINT, Subscription
from webapp.settings import Settings

SECRET_LENGTH = 16
MOST_DEVICES = 10


@dataclass(frozen=True)
class Browser:
    """What a browser says of itself when it subscribes."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    device: str = ""


@transactional
def subscribe(token: str, browser: Browser, *, by: Person) -> Subscription:
    """From now on this person is told in the browser that holds the session `token`.

    A browser is one subscription: what it, or somebody before on the same phone, had said earlier is forgotten.
    Raises Refusal for what no browser says.
    """
    demand(by, "push.subscribe")
    refuse_strange(browser)
    session = session_of(token)
    if session is None or session.person_id != by.id:
        raise Refusal(_("Your session has ended. Please sign in again."))
    here = or_(Subscription.session_hash == session.token_hash, Subscription.endpoint == browser.endpoint)
    db.session.execute(delete(Subscription).where(here))
    for surplus in queries.subscriptions_of(by.id)[MOST_DEVICES - 1 :]:
        db.session.delete(surplus)
    made = Subscription(
        session_hash=session.token_hash, person_id=by.id, endpoint=browser.endpoint, p256dh=browser.p256dh,
        auth=browser.auth, language=i18n.language(), device=browser.device, made_at=clock.machine(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def refuse_strange(browser: Browser) -> None:
    settings: Settings = current_app.extensions["settings"]
    told = _("This browser's push service is not known to the city.")
    if len(browser.endpoint) > LONGEST_ENDPOINT:
        raise Refusal(told)
    try:
        hosts.door_of(browser.endpoint, settings.push_hosts)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _raw(browser.p256dh))
        if len(_raw(browser.auth)) != SECRET_LENGTH:
            raise ValueError("the secret has another length")
    except (hosts.NotAllowedHost, ValueError, binascii.Error) as why:
        raise Refusal(told) from why


def _raw(text: str) -> bytes:
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


@transactional
def stop_here(token: str) -> None:
    """This browser is told nothing any more."""
    db.session.execute(delete(Subscription).where(Subscription.session_hash == digest(token)))


@transactional
def stop(subscription_id: int, *, by: Person) -> None:
    """One of the person's own browsers, wherever it is, is told nothing any more."""
    own = (Subscription.id == subscription_id, Subscription.person_id == by.id)
    db.session.execute(delete(Subscription).where(*own))
