"""What can be watched: topics, the tiles among them, and the channels by which a browser names them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, abort, current_app, render_template, url_for
from markupsafe import Markup

from webapp import access, clock
from webapp.access import Predicate, has_role
from webapp.events import Event
from webapp.intake import LARGEST_ID

SEE_TILES = "live.see_tiles"
PERMISSIONS: dict[str, Predicate] = {SEE_TILES: has_role("operator")}
NAMED = re.compile(r"([a-z-]{1,60}?)(?:-([1-9][0-9]{0,9}))?")


@dataclass(frozen=True)
class Topic:
    """Something that can be watched. With `key`, there is one channel per value of that fact ("dokter-shift-12").

    `permission` says who may watch; where there is a key, `thing` loads from it what the permission is about.
    """

    name: str
    template: str
    watches: tuple[str, ...]
    figures: Callable[..., dict[str, Any]]
    permission: str
    key: str | None = None
    thing: Callable[[int], Any] | None = None
    every: float | None = None  # also drawn anew after so many seconds
    pause: float = 0.0  # drawn at most once in so many seconds

    def channel(self, key: int | None = None) -> "Channel":
        return Channel(self, key)


@dataclass(frozen=True)
class Tile(Topic):
    """A topic that the command centre's wall shows. Counts and trends only, never personal data."""

    permission: str = SEE_TILES
    title: Any = ""
    size: str = "normal"

    @property
    def html(self) -> Markup:
        """The present state, as the page shows it before its stream is open."""
        return self.channel().html()


@dataclass(frozen=True)
class Channel:
    """One topic, for one key where it has keys."""

    topic: Topic
    key: int | None = None

    @property
    def name(self) -> str:
        return self.topic.name if self.key is None else f"{self.topic.name}-{self.key}"

    def touched_by(self, event: Event) -> bool:
        if not event.name.startswith(self.topic.watches):
            return False
        return self.key is None or event.facts.get(self.topic.key or "") == self.key

    def html(self) -> Markup:
        """The present state, the same for everybody who may see it."""
        figures = self.topic.figures() if self.key is None else self.topic.figures(self.key)
        return Markup(render_template(self.topic.template, at=clock.now(), **figures))  # noqa: S704 - our own template


def offer(app: Flask, topics: Iterable[Topic]) -> None:
    """Let these be watched."""
    app.extensions["topics"] |= {topic.name: topic for topic in topics}


def live_url(channels: Iterable[Channel]) -> str:
    """The address of the stream of these channels."""
    return url_for("live.watch", watch=[channel.name for channel in channels])


def channel_named(name: str) -> Channel:
    """The channel that a reader asks for: 404 when there is none, or none that they may know of (T17)."""
    topics: dict[str, Topic] = current_app.extensions["topics"]
    parts = NAMED.fullmatch(name)
    topic = topics.get(parts[1]) if parts else None
    if parts is None or topic is None or (parts[2] is None) != (topic.key is None):
        abort(404)
    channel = topic.channel(int(parts[2]) if parts[2] else None)
    if not access.allowed(access.me(), topic.permission, *_things(channel)):
        abort(404)
    return channel


def _things(channel: Channel) -> list[Any]:
    """What the permission is about, when it is about one thing."""
    if channel.key is None or channel.topic.thing is None:
        return []
    if channel.key > LARGEST_ID:
        abort(404)
    return [channel.topic.thing(channel.key)]
