"""Each channel as it was last drawn: for those who watch it, and for those who come."""

import time
from collections.abc import Container, Iterable
from dataclasses import dataclass

from webapp import clock, i18n
from webapp.events import Event
from webapp.live.topics import Channel

Key = tuple[Channel, str]  # a channel in one language
KEPT = 600.0  # seconds, when nobody watches it


@dataclass(frozen=True, slots=True)
class Drawn:
    message: bytes
    at: float


class Drawings:
    """Kept as long as they are right; used by the feed's thread alone."""

    def __init__(self) -> None:
        self._drawn: dict[Key, Drawn] = {}
        self._touched: set[Key] = set()
        self._day = clock.today()

    def touch(self, events: Iterable[Event]) -> None:
        """These have happened: what they touch is to be drawn anew."""
        for event in events:
            self._touched |= {key for key in self._drawn if key[0].touched_by(event)}

    def due(self, watched: Container[Key]) -> list[Key]:
        """Those to be drawn anew now. One that nobody watches is forgotten instead."""
        self._turn_the_day()
        now = time.monotonic()
        due = [key for key in self._drawn if self._is_due(key, now)]
        for key in [key for key in self._drawn if key not in watched]:
            if key in due or key in self._touched or now - self._drawn[key].at > KEPT:
                self.forget(key)
        return [key for key in due if key in self._drawn]

    def _turn_the_day(self) -> None:
        """Figures of today are another day's after midnight, though nothing has happened."""
        if self._day != clock.today():
            self._day = clock.today()
            self.touch_all()

    def touch_all(self) -> None:
        """Whatever has been drawn is to be drawn anew."""
        self._touched |= set(self._drawn)

    def _is_due(self, key: Key, now: float) -> bool:
        topic, age = key[0].topic, now - self._drawn[key].at
        if key in self._touched:
            return age >= topic.pause
        return topic.every is not None and age >= topic.every

    def anew(self, key: Key, last_id: int) -> bytes:
        """Draw the present state."""
        return self._draw(key, last_id, time.monotonic())

    def of(self, key: Key, last_id: int) -> bytes:
        """The state as everybody has been told it last. Drawn only now, it does not put off the first change."""
        known = self._drawn.get(key)
        return known.message if known else self._draw(key, last_id, time.monotonic() - key[0].topic.pause)

    def _draw(self, key: Key, last_id: int, at: float) -> bytes:
        channel, language = key
        with i18n.in_language(language):
            message = message_of(channel.name, channel.html(), last_id)
        self._drawn[key] = Drawn(message, at)
        self._touched.discard(key)
        return message

    def knows(self, channel: Channel) -> bool:
        """Whether this channel has been drawn; it may be asked by any thread."""
        return any((channel, language) in self._drawn for language in i18n.LANGUAGES)

    def clear(self) -> None:
        self._drawn.clear()
        self._touched.clear()

    def forget(self, key: Key) -> None:
        self._drawn.pop(key, None)
        self._touched.discard(key)


def message_of(name: str, html: str, last_id: int) -> bytes:
    data = "".join(f"data: {line}\n" for line in html.strip().splitlines())
    return f"id: {last_id}\nevent: {name}\n{data}\n".encode()
