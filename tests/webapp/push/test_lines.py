"""Who gets a line: calls before all else, no push service all of them, and one that does not answer is left alone."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from blueprints.dokter.notices import YOUR_TURN
from tests import people
from tests.push_service import Phone, PushService, push_service
from tests.servers import eventually
from tests.webapp.push.conftest import KEY, SOON, subscribed, tell
from webapp.accounts.models import Person
from webapp.notify import Alert
from webapp.push import lines, sending, vapid
from webapp.push.lines import LINES, SILENCES, SPARE, TO_ONE
from webapp.push.worker import Sender

SOON_ENOUGH = 1.0  # seconds
CROWD = 20
POST = sending._post


@pytest.fixture
def sender(city) -> Iterator[Sender]:
    """The worker's own part, one look at a time."""
    made = Sender(city)
    yield made
    made.end()


@pytest.fixture
def other(city, service, monkeypatch) -> Iterator[PushService]:
    """Another push service, which the city knows, too."""
    with push_service() as running:
        running.key = vapid.public_key(KEY)
        settings = replace(city.extensions["settings"], push_hosts=(service.url, running.url))
        monkeypatch.setitem(city.extensions, "settings", settings)
        yield running


def crowd_at(service: PushService, many: int = CROWD) -> None:
    """So many people at this service are each told something that is high."""
    for number, person in enumerate(people.a_crowd(many)):
        subscribed(person, service.phone(f"crowd{number}"))
        tell(person, SOON)


def looks(sender: Sender, times: int = 3) -> None:
    for _look in range(times):
        sender.step()


def comes_soon(sender: Sender, service: PushService, phone: Phone) -> bool:
    """Whether this phone's service is asked before the others have answered."""
    until = time.monotonic() + SOON_ENOUGH
    while time.monotonic() < until:
        sender.step()
        if phone.endpoint.removeprefix(service.url) in service.asked:
            return True
    return False


def comes_beside_a_crowd(at: PushService, sender: Sender, service: PushService, budi: Person, alert: Alert) -> bool:
    """Whether Budi's phone is reached at once while a crowd waits at that service."""
    crowd_at(at)
    looks(sender)
    his = service.phone("budi")
    subscribed(budi, his)
    tell(budi, alert)
    return comes_soon(sender, service, his)


@pytest.mark.parametrize(("alert", "comes"), [(YOUR_TURN, True), (SOON, False)], ids=["a call", "control: high only"])
def test_a_call_is_on_its_way_while_a_crowd_of_high_notices_waits(sender, service, budi, alert, comes):
    service.delay = SOON_ENOUGH * 2
    assert comes_beside_a_crowd(service, sender, service, budi, alert) is comes


def test_to_the_push_service_a_call_is_as_high_as_others(sender, service, phone, siti):
    tell(siti, YOUR_TURN)
    looks(sender)
    assert [push.headers["urgency"] for push in service.pushes] == ["high"]


@pytest.mark.parametrize("alert", [YOUR_TURN, SOON], ids=["a call", "another notice"])
def test_a_service_that_does_not_answer_holds_up_nobody_at_another(other, sender, service, budi, alert):
    other.delay = SOON_ENOUGH * 2
    assert comes_beside_a_crowd(other, sender, service, budi, alert)
    assert len(other.asked) == TO_ONE


def test_control_with_all_lines_to_one_service_it_does(other, sender, service, budi, monkeypatch):
    monkeypatch.setattr(lines, "TO_ONE", LINES)
    test = test_a_service_that_does_not_answer_holds_up_nobody_at_another
    with pytest.raises(AssertionError):
        test(other, sender, service, budi, SOON)


@pytest.fixture
def mute(monkeypatch) -> list[str]:
    """Nobody answers, and that is known at once. Returns who was asked."""
    asked: list[str] = []

    def nobody(_door, message, _settings):
        asked.append(message.endpoint)
        raise ConnectionError

    monkeypatch.setattr(sending, "_post", nobody)
    monkeypatch.setattr(lines, "REST", 1.0)
    return asked


def test_a_service_that_has_not_answered_is_asked_by_one_message_at_a_time(sender, service, mute):
    crowd_at(service)
    looks(sender, 10)
    asked = len(mute)
    assert SILENCES <= asked < SILENCES + TO_ONE, "those that were under way; the others wait together"
    time.sleep(lines.REST)
    looks(sender, 10)
    assert len(mute) == asked + 1


def test_once_it_answers_again_the_others_follow(sender, service, mute, monkeypatch):
    crowd_at(service)
    looks(sender, 10)
    monkeypatch.setattr(sending, "_post", POST)
    time.sleep(lines.REST)
    assert eventually(lambda: (sender.step(), len(mute) + len(service.pushes) == CROWD)[1], 10)
    assert not sender.lines.silences


@pytest.mark.usefixtures("mute")
def test_the_sweep_knows_of_it_too(city, sender, service):
    crowd_at(service)
    looks(sender, 5)
    assert Sender(city).lines.room(only_calls=True).closed == [service.url]


def test_an_answer_that_is_no_yes_is_an_answer(sender, service):
    service.answers = {f"/crowd{number}": [503] for number in range(6)}
    crowd_at(service, 6)
    looks(sender, 20)
    assert len(service.asked) == 6 and not sender.lines.silences


# --- what has no end of its own


@pytest.fixture
def endless(monkeypatch) -> Iterator[threading.Event]:
    """A look for a name that does not come back, until this is set."""
    over = threading.Event()

    def wait_for_it(*_any):
        over.wait(30)
        raise ConnectionError

    monkeypatch.setattr(sending, "_post", wait_for_it)
    monkeypatch.setattr(lines, "PATIENCE", 0.2)
    yield over
    over.set()


def test_a_message_is_given_up_after_a_while_and_its_line_is_not_given_twice(sender, service, endless):
    crowd_at(service)
    looks(sender)
    assert not sender.lines.under_way and len(sender.lines.given_up) == TO_ONE
    room = sender.lines.room(only_calls=False)
    assert room.most == LINES - SPARE and room.closed == [service.url]
    endless.set()
    assert eventually(lambda: (sender.step(), not sender.lines.given_up)[1], 5)


@pytest.mark.usefixtures("endless")
def test_the_worker_ends_all_the_same(city, service):
    sender, over = Sender(city), threading.Event()
    crowd_at(service)
    thread = threading.Thread(target=sender.run, args=(over,))
    thread.start()
    assert eventually(lambda: sender.lines.under_way or sender.lines.given_up, 5)
    over.set()
    thread.join(5)
    assert not thread.is_alive()
