"""The live feed: event log -> feed -> rendered once -> streams."""

import threading
import time
from contextvars import Context
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from blueprints.dokter import queries
from blueprints.dokter.models import Ticket
from blueprints.dokter.tiles import SHIFT
from tests import people
from tests.factories import clinics as make
from tests.pages import Browser
from webapp import clock, i18n
from webapp.access import PUBLIC
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.events import Event
from webapp.live import Channel, Topic
from webapp.live import feed as live_feed
from webapp.live.feed import Feed, TooMany, current_feed
from webapp.service import all_tiles


@pytest.fixture
def feed(app) -> Feed:
    """A feed whose polls the test makes itself."""
    quiet = Feed(app, most=3)
    quiet._start = lambda: None
    return quiet


@pytest.fixture
def shift(app):
    return make.a_shift()


def taken(stream) -> list[str]:
    return [message.decode() for message in stream._taken()]


def names(messages) -> list[str]:
    return [line.removeprefix("event: ") for message in messages for line in message.splitlines() if "event:" in line]


def test_a_stream_begins_with_the_present_state(feed, shift, siti):
    make.a_ticket(shift, siti)
    stream = feed.open([SHIFT.channel(shift.id)])
    messages = taken(stream)
    assert names(messages) == ["beat", f"dokter-shift-{shift.id}"]
    assert 'data-waiting="1"' in messages[1]


def test_the_wall_moves_when_somebody_takes_a_number(feed, shift, siti):
    stream = feed.open([tile.channel() for tile in all_tiles()])
    taken(stream)
    make.a_ticket(shift, siti)
    feed.poll()
    assert "dokter-queue" in names(taken(stream))


def test_a_quiet_log_sends_nothing(feed, shift):
    stream = feed.open([SHIFT.channel(shift.id)])
    taken(stream)
    feed.poll()
    assert set(names(taken(stream))) <= {"beat"}


def test_only_the_shift_that_changed_is_drawn_anew(feed, shift, siti):
    other = make.a_shift(make.a_ward(make.a_clinic("PKM-B", "Puskesmas Contoh B")))
    here, there = feed.open([SHIFT.channel(shift.id)]), feed.open([SHIFT.channel(other.id)])
    taken(here), taken(there)
    make.a_ticket(shift, siti)
    feed.poll()
    assert f"dokter-shift-{shift.id}" in names(taken(here))
    assert f"dokter-shift-{other.id}" not in names(taken(there))


def test_each_change_is_rendered_once_however_many_watch(app, shift, siti, monkeypatch):
    feed = Feed(app, most=50)
    feed._start = lambda: None
    streams = [feed.open([SHIFT.channel(shift.id)]) for _screen in range(20)]
    for stream in streams:
        taken(stream)
    drawn = []
    draw = Channel.html
    monkeypatch.setattr(Channel, "html", lambda channel: drawn.append(channel) or draw(channel))
    make.a_ticket(shift, siti)
    feed.poll()
    assert len(drawn) == 1
    assert all(f"dokter-shift-{shift.id}" in names(taken(stream)) for stream in streams)


def test_who_missed_ten_messages_needs_only_the_last(feed, shift):
    stream = feed.open([SHIFT.channel(shift.id)])
    taken(stream)
    for person in people.a_crowd(10):
        make.a_ticket(shift, person)
        feed.poll()
    messages = [message for message in taken(stream) if "dokter-shift" in message]
    assert len(messages) == 1 and 'data-waiting="1 2 3 4 5 6 7 8 9 10"' in messages[0]


def test_a_message_names_no_person(feed, shift, siti):
    make.a_ticket(shift, siti)
    everything = "".join(taken(feed.open([SHIFT.channel(shift.id), *(tile.channel() for tile in all_tiles())])))
    assert siti.name not in everything and people.SITI_NIK not in everything
    assert "csrf" not in everything and "<form" not in everything


def test_above_the_cap_the_answer_is_clear(feed, shift):
    for _stream in range(3):
        feed.open([SHIFT.channel(shift.id)])
    with pytest.raises(TooMany):
        feed.open([SHIFT.channel(shift.id)])


def test_a_stream_that_is_closed_makes_room(feed, shift):
    streams = [feed.open([SHIFT.channel(shift.id)]) for _stream in range(3)]
    running = iter(streams[0])
    next(running)
    running.close()
    assert feed.open([SHIFT.channel(shift.id)])


def test_the_cap_over_http_is_503_with_a_time_to_come_back(app, shift, monkeypatch):
    monkeypatch.setattr(current_feed(), "most", 0)
    answer = Browser(app).http.get(f"/live?watch=dokter-shift-{shift.id}")
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


def test_a_beat_tells_the_servers_time_at_least_every_15_seconds(feed, shift, monkeypatch):
    stream = feed.open([SHIFT.channel(shift.id)])
    taken(stream)
    now = time.monotonic()
    beats = []
    for second in range(0, 61, 5):
        monkeypatch.setattr(live_feed.time, "monotonic", lambda second=second: now + second)
        feed.poll()
        beats += [message for message in taken(stream) if "event: beat" in message]
    assert len(beats) >= 4
    assert "data: 2026-11-24T01:00:00.000Z" in beats[0]


def test_no_beat_while_the_log_cannot_be_read(feed, shift, monkeypatch):
    """The control of staleness: a feed that cannot see must not say that all is well."""
    stream = feed.open([SHIFT.channel(shift.id)])
    taken(stream)

    def gone() -> None:
        raise OSError("the database is gone")

    monkeypatch.setattr(feed, "_fresh", gone)
    feed._beat_at = 0
    with pytest.raises(OSError, match="gone"):
        feed.poll()
    assert taken(stream) == []


def test_an_event_that_becomes_visible_late_is_not_missed(feed, shift, siti, budi):
    """On PostgreSQL a lower id can be committed after a higher one: here the lower one is written last."""
    stream = feed.open([SHIFT.channel(shift.id)])
    make.a_ticket(shift, siti)
    newest = db.session.scalar(select(func.max(Event.id)))
    push_up(newest)
    feed.poll()
    taken(stream)
    write_event(newest, shift.id)
    feed.poll()
    assert f"dokter-shift-{shift.id}" in names(taken(stream))


@transactional
def push_up(event_id) -> None:
    db.session.execute(update(Event).where(Event.id == event_id).values(id=event_id + 5))


@transactional
def write_event(event_id, shift_id) -> None:
    event = Event(id=event_id, name="dokter.ticket.cancel", subject_type="dokter_ticket", subject_id=1,
                  at=clock.now(), facts={"shift_id": shift_id})  # fmt: skip
    db.session.add(event)


def test_old_events_are_forgotten_so_that_memory_stays_flat(feed, shift, siti):
    feed.open([SHIFT.channel(shift.id)])
    make.a_ticket(shift, siti)
    feed.poll()
    assert feed._seen
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        feed.poll()
    assert not feed._seen


def test_a_busy_tile_is_drawn_at_most_once_in_its_pause(app, feed, shift, monkeypatch):
    drawn = []
    topic = Topic("dokter-x", "dokter/_tile_places.html", ("dokter.",), lambda: {}, PUBLIC, pause=1.0)
    monkeypatch.setattr(Channel, "html", lambda channel: drawn.append(channel) or "x")
    feed.open([topic.channel()])
    now, drawn[:] = time.monotonic(), []
    for tenth, person in enumerate(people.a_crowd(11)):
        monkeypatch.setattr(live_feed.time, "monotonic", lambda tenth=tenth: now + tenth / 10)
        make.a_ticket(shift, person)
        feed.poll()
    assert len(drawn) == 2


def test_the_thread_follows_by_itself_and_at_once_after_a_commit(app, shift, siti):
    feed = current_feed()
    with feed.app.app_context():
        stream = feed.open([SHIFT.channel(shift.id)])
    try:
        taken(stream)
        heard = threading.Event()
        stream.put = lambda name, message: heard.set() if name.startswith("dokter-shift") else None
        make.a_ticket(shift, siti)
        assert heard.wait(5)
    finally:
        feed.leave(stream)


def test_streams_speak_the_language_of_their_reader(app, feed, shift, siti):
    with i18n.in_language("en"):
        english = feed.open([tile.channel() for tile in all_tiles()])
    assert any("Waiting" in message or "waiting" in message for message in taken(english))
    make.a_ticket(shift, siti)
    feed.poll()
    assert not any("Menunggu" in message for message in taken(english))


def test_the_state_at_the_opening_does_not_cover_a_newer_one(feed, shift):
    """The feed may be quicker than the request that opens the stream."""
    stream = feed.open([SHIFT.channel(shift.id)])
    taken(stream)
    stream.put("x", b"newer")
    stream.begin("x", b"older")
    assert taken(stream) == ["newer"]


def test_a_stream_that_could_not_be_opened_leaves_no_place_taken(feed, shift, monkeypatch):
    def gone(_channel) -> str:
        raise OSError("the database is gone")

    monkeypatch.setattr(Channel, "html", gone)
    with pytest.raises(OSError, match="gone"):
        feed.open([SHIFT.channel(shift.id)])
    assert not feed._open and not feed._streams


def test_the_opening_sees_what_happened_since_the_request_began(app, feed, shift, siti):
    """On SQLite a request reads from one moment; the feed may already have told of a later one."""
    db.session.scalar(select(Ticket.id))  # the request's snapshot begins here
    Context().run(in_another_request, app, lambda: make.a_ticket(queries.shift_on_show(shift.id), afresh(siti)))
    stream = feed.open([SHIFT.channel(shift.id)])
    assert any('data-waiting="1"' in message for message in taken(stream))


def in_another_request(app, act) -> None:
    with app.app_context():
        act()


def afresh(person) -> Person:
    return db.session.get_one(Person, person.id)
