"""One message to one browser: what it says, how it is sealed, and what the push service's answer means. No database."""

import json
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import urllib3
from pywebpush import WebPusher
from urllib3.exceptions import HTTPError

from webapp import clock, hypermedia, i18n
from webapp.push import hosts, vapid
from webapp.push.hosts import Door, NotAllowedHost
from webapp.push.models import URGENCIES, Delivery
from webapp.push.queue import Outcome
from webapp.settings import Settings

log = logging.getLogger(__name__)
MOST_BYTES = 3000  # push services must take 4,096, sealed
PATIENCE = urllib3.Timeout(connect=3, read=7)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=10)
GONE, LATER = (404, 410), (408, 425, 429)
SERVER_ERROR = 500


class TooLong(Exception):
    """No push service takes such a message."""


@dataclass(frozen=True)
class Message:
    """All that it takes to send one delivery, also when its row is gone."""

    notice_id: int
    subscription_id: int
    tries: int
    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    body: bytes
    lasts: int  # seconds
    urgency: str
    topic: str


def message_of(delivery: Delivery, title: str) -> Message:
    """Worded in the language of its reader. Needs an application."""
    to, notice = delivery.subscription, delivery.notice
    with i18n.in_language(to.language):
        text = i18n.gettext(delivery.words)
    lasts = int((delivery.expires_at - clock.machine()).total_seconds())
    return Message(
        delivery.notice_id, to.id, delivery.tries, to.endpoint, to.p256dh, to.auth,
        body_of(title, text, delivery.topic, notice.href, to.language), max(lasts, 0), word_for(delivery.urgency),
        delivery.topic,
    )  # fmt: skip


def word_for(urgency: int) -> str:
    """As push services know it: a call is in a hurry here only, to them it is high like others (RFC 8030)."""
    return URGENCIES[max(urgency, URGENCIES.index("high"))]


def body_of(title: str, text: str, tag: str, path: str, lang: str) -> bytes:
    """What the service worker reads. The path leads nowhere but to this site. Raises TooLong."""
    said = {"title": title, "text": text, "lang": lang, "tag": tag, "path": hypermedia.own_path(path)}
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > MOST_BYTES:
        raise TooLong(f"{len(body)} bytes")
    return body


def send(message: Message, settings: Settings) -> Outcome:
    """Bring it to its push service. Whatever happens is an outcome, never an exception."""
    try:
        door = hosts.door_of(message.endpoint, settings.push_hosts)
        status, headers = _post(door, message, settings)
    except (HTTPError, ConnectionError) as error:
        return unanswered(message, type(error).__name__)
    except NotAllowedHost as error:
        return _outcome(message, "refused", why=str(error))
    except Exception as error:  # a key that is none, say: the others must go on
        log.exception("a push message could not be made")
        return _outcome(message, "refused", why=type(error).__name__)
    return _meaning(message, status, headers)


def unanswered(message: Message, why: str) -> Outcome:
    return replace(_outcome(message, "later", _pause(message.tries), why), answered=False)


def _post(door: Door, message: Message, settings: Settings) -> tuple[int, Mapping[str, str]]:
    keys = {"p256dh": message.p256dh, "auth": message.auth}
    sealed = WebPusher({"endpoint": message.endpoint, "keys": keys}).encode(message.body)["body"]
    headers = {
        "Host": door.origin.partition("://")[2], "Authorization": vapid.authorization(settings, door.origin),
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
        "TTL": str(message.lasts), "Urgency": message.urgency, "Topic": message.topic,
    }  # fmt: skip
    with _line_to(door) as line:
        answer = line.urlopen(
            "POST", door.path, body=sealed, headers=headers, redirect=False, retries=False, preload_content=False
        )
        answer.close()
        return answer.status, answer.headers


def _line_to(door: Door) -> urllib3.HTTPConnectionPool:
    """A connection to the very address that was looked at; the certificate must be the name's all the same."""
    if door.scheme == "http":
        return urllib3.HTTPConnectionPool(door.address(), door.port, timeout=PATIENCE)
    return urllib3.HTTPSConnectionPool(
        door.address(), door.port, timeout=PATIENCE, server_hostname=door.host, assert_hostname=door.host
    )


def _meaning(message: Message, status: int, headers: Mapping[str, str]) -> Outcome:
    if status // 100 == 2:  # noqa: PLR2004 - 201 as a rule
        return _outcome(message, "done")
    if status in GONE:
        return _outcome(message, "gone")
    if status in LATER or status >= SERVER_ERROR:
        asked = _asked_pause(headers.get("Retry-After", ""))
        return _outcome(message, "later", max(asked, _pause(message.tries)), str(status))
    return _outcome(message, "refused", why=str(status))


def _pause(tries: int) -> timedelta:
    """Twice as long after each try, and never for all at the same moment."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(tries - 1, 10)
    return min(doubled, LONGEST_PAUSE) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


def _asked_pause(text: str) -> timedelta:
    """What Retry-After asks for, in seconds or as a date."""
    if text.isdecimal() and text.isascii():
        return timedelta(seconds=min(int(text[:9]), 86_400))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return timedelta()
    return _until(until)


def _until(moment: datetime) -> timedelta:
    plain = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return min(max(plain - clock.machine(), timedelta()), timedelta(days=1))


def _outcome(message: Message, kind: str, wait: timedelta = timedelta(), why: str = "") -> Outcome:
    if kind in ("later", "refused"):
        log.warning("push %s (%s), try %d", kind, why, message.tries)
    return Outcome(message.notice_id, message.subscription_id, message.endpoint, message.tries, kind, wait, why)
