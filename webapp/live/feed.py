"""Follows the event log: each touched channel is drawn once, and the same bytes go to every stream."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import uniform

from flask import Flask, current_app
from sqlalchemy import func, select

from webapp import clock, i18n
from webapp.db import db
from webapp.events import Event
from webapp.live.topics import Channel

log = logging.getLogger(__name__)

POLL = 0.25
BEAT = 15.0
LOOK_BACK = timedelta(seconds=30)
LIFETIME = (20 * 60, 30 * 60)


class TooMany(Exception):
    """This process holds as many streams as it can; come back later."""

    retry_after = 30


class Stream:
    """One open stream: what waits to be sent, the newest state per channel."""

    def __init__(self, feed: "Feed", channels: Sequence[Channel], language: str) -> None:
        self.feed, self.channels, self.language = feed, tuple(channels), language
        self._pending: dict[str, bytes] = {}
        self._there = threading.Condition()
        self._ends = time.monotonic() + uniform(*LIFETIME)  # noqa: S311 - spreads reconnects, guards nothing

    def put(self, name: str, message: bytes) -> None:
        """The newest state of a channel; what had not been sent yet is out of date."""
        with self._there:
            self._pending[name] = message
            self._there.notify()

    def begin(self, name: str, message: bytes) -> None:
        """The state at the opening, unless the feed has already put a newer one."""
        with self._there:
            self._pending.setdefault(name, message)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield f"retry: {int(uniform(1000, 4000))}\n\n".encode()  # noqa: S311 - the same
            while time.monotonic() < self._ends and self.feed.serving():
                yield from self._taken()
        finally:
            self.feed.leave(self)

    def _taken(self) -> list[bytes]:
        with self._there:
            self._there.wait_for(lambda: bool(self._pending), timeout=1)
            messages, self._pending = list(self._pending.values()), {}
        return messages


@dataclass
class Feed:
    """One thread per process that follows the event log, whatever the number of screens."""

    app: Flask
    most: int
    serving: Callable[[], bool] = lambda: True
    _streams: dict[tuple[Channel, str], set[Stream]] = field(default_factory=dict)
    _open: set[Stream] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _wake: threading.Event = field(default_factory=threading.Event)
    _seen: set[int] = field(default_factory=set)
    _floor: int | None = None  # everything up to here is settled
    _last: int = 0  # the newest event seen: the id of the messages
    _anchoring: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None
    _beat_at: float = 0.0
    _drawn_at: dict[tuple[Channel, str], float] = field(default_factory=dict)
    _touched: set[tuple[Channel, str]] = field(default_factory=set)

    def open(self, channels: Sequence[Channel]) -> Stream:
        """A stream that begins with the present state of its channels. Raises TooMany above the cap."""
        stream = Stream(self, channels, i18n.language())
        with self._lock:
            if len(self._open) >= self.most:
                raise TooMany
            self._open.add(stream)
            for channel in stream.channels:
                self._streams.setdefault((channel, stream.language), set()).add(stream)
        try:
            self._show_present(stream)
        except BaseException:  # the database may be gone: this place must not stay taken
            self.leave(stream)
            raise
        return stream

    def _show_present(self, stream: Stream) -> None:
        db.session.rollback()  # what this request has read before may be older than the feed's first news
        self._anchor()
        self._start()
        stream.begin("beat", self._beat())
        for channel in stream.channels:
            stream.begin(channel.name, _message(channel, self._last))

    def leave(self, stream: Stream) -> None:
        with self._lock:
            self._open.discard(stream)
            for channel in stream.channels:
                watching = self._streams.get((channel, stream.language), set())
                watching.discard(stream)
                if not watching:
                    self._streams.pop((channel, stream.language), None)

    def wake(self) -> None:
        self._wake.set()

    def poll(self) -> None:
        """Look for new events once and send every channel that they touch its new state."""
        fresh = self._fresh()
        now = time.monotonic()
        for (channel, language), watching in self._watched():
            if any(channel.touched_by(event) for event in fresh):
                self._touched.add((channel, language))
            if self._is_due(channel, language, now):
                self._send(channel, language, watching)
        db.session.rollback()
        if now - self._beat_at >= BEAT:
            self._beat_at = now
            for stream in list(self._open):
                stream.put("beat", self._beat())

    def _is_due(self, channel: Channel, language: str, now: float) -> bool:
        age = now - self._drawn_at.setdefault((channel, language), now - channel.topic.pause)
        if (channel, language) in self._touched:
            return age >= channel.topic.pause
        return channel.topic.every is not None and age >= channel.topic.every

    def _watched(self) -> list[tuple[tuple[Channel, str], list[Stream]]]:
        with self._lock:
            return [(key, list(watching)) for key, watching in self._streams.items()]

    def _send(self, channel: Channel, language: str, watching: list[Stream]) -> None:
        with i18n.in_language(language):
            message = _message(channel, self._last)
        self._drawn_at[channel, language] = time.monotonic()
        self._touched.discard((channel, language))
        for stream in watching:
            stream.put(channel.name, message)

    def _fresh(self) -> list[Event]:
        """Events not seen before. Ids can become visible out of order, so it looks back a while each time."""
        self._anchor()
        rows = db.session.scalars(select(Event).where(Event.id > self._floor).order_by(Event.id)).all()
        fresh = [event for event in rows if event.id not in self._seen]
        self._seen.update(event.id for event in fresh)
        self._last = max(self._last, *self._seen) if self._seen else self._last
        settled = [event.id for event in rows if event.at < clock.now() - LOOK_BACK]
        if settled:
            self._floor = max(settled)
            self._seen = {seen for seen in self._seen if seen > self._floor}
        return fresh

    def _anchor(self) -> None:
        """Begin after what has already happened; what may still become visible late is looked for all the same."""
        with self._anchoring:
            if self._floor is not None:
                return
            settled = select(func.max(Event.id)).where(Event.at < clock.now() - LOOK_BACK)
            floor = db.session.scalar(settled) or 0
            self._seen = set(db.session.scalars(select(Event.id).where(Event.id > floor)))
            self._last = max(self._seen, default=floor)
            self._floor = floor

    def _rest(self) -> None:
        with self._lock:
            if not self._open:
                self._floor = None

    def _beat(self) -> bytes:
        return f"event: beat\ndata: {i18n.iso(clock.now())}\n\n".encode()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._follow, name="feed", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        while self.serving():
            self._wake.wait(POLL)
            self._wake.clear()
            if not self._open:
                self._rest()
                continue
            try:
                with self.app.app_context():
                    self.poll()
            except Exception:  # no beat either: screens see that their data grows old
                log.exception("the feed could not read the event log")
                time.sleep(1)


def _message(channel: Channel, last_id: int) -> bytes:
    lines = channel.html().strip().splitlines()
    data = "".join(f"data: {line}\n" for line in lines)
    return f"id: {last_id}\nevent: {channel.name}\n{data}\n".encode()


def current_feed() -> Feed:
    found: Feed = current_app.extensions["feed"]
    return found
