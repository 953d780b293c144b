"""The lines to the push services: how many at once, to whom, and which service does not answer at present."""

import threading
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass

from flask import Flask

from webapp.push import sending
from webapp.push.hosts import service_of
from webapp.push.queries import Room
from webapp.push.queue import Outcome
from webapp.push.sending import Message
from webapp.settings import Settings

LINES = 12  # messages under way at once
SPARE = 3  # of these, and to each service besides the next: only for calls
TO_ONE = 3  # to one service: one that does not answer must not hold up the others
PATIENCE = 15.0  # seconds for a whole message: a look for a name, or an answer that drips, has no end of its own
SILENCES = 3  # so often in a row without an answer, and a service is left alone for a while
REST = 15.0  # seconds; then one message asks whether it is back


@dataclass(frozen=True, eq=False)
class Trip:
    """A message under way."""

    message: Message
    answer: Future[Outcome]
    late_at: float

    @property
    def service(self) -> str:
        return service_of(self.message.endpoint)

    def outcome(self) -> Outcome:
        return self.answer.result() if self.answer.done() else sending.unanswered(self.message, "takes too long")


@dataclass(frozen=True)
class Silence:
    """How often in a row a service has not answered, and until when it is left alone if that was too often."""

    times: int
    until: float


class Lines:
    """Each message travels in a thread that never sees the database, and that holds up no end of the process."""

    def __init__(self, app: Flask) -> None:
        self.settings: Settings = app.extensions["settings"]
        self.under_way: list[Trip] = []
        self.given_up: list[Trip] = []  # too late, but their threads still wait: they hold a line to their service
        self.silences: dict[str, Silence] = app.extensions.setdefault("push_silences", {})  # of thread and sweep

    def send(self, message: Message) -> None:
        answer = Future[Outcome]()
        travel = threading.Thread(target=lambda: answer.set_result(sending.send(message, self.settings)), daemon=True)
        self.under_way.append(Trip(message, answer, time.monotonic() + PATIENCE))
        travel.start()

    def come_back(self, patience: float) -> list[Outcome]:
        """How those went that have ended or are too late; waits so long for the first of them."""
        wait([trip.answer for trip in self.under_way], timeout=patience, return_when=FIRST_COMPLETED)
        now = time.monotonic()
        ended = [trip for trip in self.under_way if trip.answer.done() or trip.late_at <= now]
        self.under_way = [trip for trip in self.under_way if trip not in ended]
        self.given_up = [trip for trip in self.given_up + ended if not trip.answer.done()]
        return [self._noted(trip) for trip in ended]

    def _noted(self, trip: Trip) -> Outcome:
        outcome = trip.outcome()
        before = self.silences.pop(trip.service, Silence(0, 0))
        if not outcome.answered:
            self.silences[trip.service] = Silence(before.times + 1, time.monotonic() + REST)
        return outcome

    def room(self, *, only_calls: bool) -> Room:
        """What may be sent now. Calls find lines free also while a crowd of slow answers holds all others."""
        spare = SPARE if only_calls else 0
        busy = Counter(trip.service for trip in self.under_way + self.given_up)
        left = {service: TO_ONE + spare - lines for service, lines in busy.items()}
        for service, silence in list(self.silences.items()):
            if silence.times >= SILENCES:
                left[service] = int(not busy[service] and silence.until <= time.monotonic())
        return Room(LINES - SPARE + spare - len(self.under_way), TO_ONE + spare, left, only_calls)
