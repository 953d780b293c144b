"""The live feed: event log -> feed -> drawn once -> streams."""

import time
from contextvars import Context
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import OperationalError

from blueprints.dokter import queries
from blueprints.dokter.models import Ticket
from blueprints.dokter.tiles import SHIFT
from tests import people
from tests.factories import clinics as make
from tests.pages import Browser
from webapp import clock, i18n
from webapp.access import PUBLIC
from webapp.accounts import actions as accounts
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.events import Event
from webapp.live import Channel, Topic
from webapp.live import feed as live_feed
from webapp.live.bell import Bell
from webapp.live.feed import Feed, TooMany, current_feed
from webapp.live.streams import BY_THREAD, Told
from webapp.service import all_tiles


class AtOnce:
    """A hub without a thread."""

    def tell(self, streams, name, message) -> None:
        for stream in streams:
            stream.put(name, message)

    def end(self, streams) -> None:
        for stream in streams:
            stream.end()


def quiet(app, most) -> Feed:
    """A feed whose looks the test makes itself."""
    feed = Feed(app, most, current_feed().bell)
    feed.hub, feed._start = AtOnce(), lambda: None
    return feed


@pytest.fixture
def feed(app) -> Feed:
    return quiet(app, 3)


@pytest.fixture
def shift(app):
    return make.a_shift()


def opened(feed, *channels, by=None) -> Told:
    """A stream that has not been greeted."""
    stream = Told(channels, i18n.language(), by.id if by else None, clock.now())
    feed.open(stream)
    return stream


def watching(feed, *channels) -> Told:
    """A stream that has been told the present state."""
    stream = opened(feed, *channels)
    feed.poll()
    return stream


def told(feed, *channels) -> Told:
    """A stream that waits for the next change."""
    stream = watching(feed, *channels)
    taken(stream)
    return stream


def taken(stream) -> list[str]:
    """What is to be sent now."""
    messages, stream._pending = list(stream._pending.values()), {}
    return [message.decode() for message in messages]


def names(messages) -> list[str]:
    return [line.removeprefix("event: ") for message in messages for line in message.splitlines() if "event:" in line]


def test_a_stream_begins_with_the_present_state(feed, shift, siti):
    make.a_ticket(shift, siti)
    stream = watching(feed, SHIFT.channel(shift.id))
    messages = taken(stream)
    assert names(messages) == ["beat", f"dokter-shift-{shift.id}"]
    assert 'data-waiting="1"' in messages[1]


def test_the_wall_moves_when_somebody_takes_a_number(feed, shift, siti):
    stream = told(feed, *(tile.channel() for tile in all_tiles()))
    make.a_ticket(shift, siti)
    feed.poll()
    assert "dokter-queue" in names(taken(stream))


def test_at_midnight_everything_is_drawn_anew_though_nothing_happens(feed, shift, siti):
    """Else a wall that has just turned to the new day would be told yesterday's numbers for a while."""
    make.a_ticket(shift, siti)
    tile = next(tile for tile in all_tiles() if tile.name == "dokter-queue").channel()
    before = taken(watching(feed, tile))
    with clock.frozen(clock.now() + timedelta(days=1)):
        feed.poll()
        after = taken(watching(feed, tile))
    assert ">1<" in before[-1] and ">1<" not in after[-1]


def test_a_quiet_log_sends_nothing(feed, shift):
    stream = told(feed, SHIFT.channel(shift.id))
    feed.poll()
    assert set(names(taken(stream))) <= {"beat"}


def test_only_the_shift_that_changed_is_drawn_anew(feed, shift, siti):
    other = make.a_shift(make.a_ward(make.a_clinic("PKM-B", "Puskesmas Contoh B")))
    here, there = told(feed, SHIFT.channel(shift.id)), told(feed, SHIFT.channel(other.id))
    make.a_ticket(shift, siti)
    feed.poll()
    assert f"dokter-shift-{shift.id}" in names(taken(here))
    assert f"dokter-shift-{other.id}" not in names(taken(there))


def test_each_change_is_rendered_once_however_many_watch(app, shift, siti, monkeypatch):
    feed = quiet(app, 50)
    streams = [told(feed, SHIFT.channel(shift.id)) for _screen in range(20)]
    drawn = drawings(monkeypatch)
    make.a_ticket(shift, siti)
    feed.poll()
    assert len(drawn) == 1
    assert all(f"dokter-shift-{shift.id}" in names(taken(stream)) for stream in streams)


def drawings(monkeypatch) -> list[Channel]:
    """Every drawing from here on."""
    drawn, draw = [], Channel.html
    monkeypatch.setattr(Channel, "html", lambda channel: drawn.append(channel) or draw(channel))
    return drawn


def test_whoever_comes_is_told_what_was_drawn_for_others(app, shift, siti, monkeypatch):
    feed, drawn = quiet(app, 50), drawings(monkeypatch)
    make.a_ticket(shift, siti)
    together = [opened(feed, SHIFT.channel(shift.id)) for _screen in range(10)]
    feed.poll()
    later = [watching(feed, SHIFT.channel(shift.id)) for _screen in range(10)]
    assert all('data-waiting="1"' in taken(stream)[1] for stream in together + later)
    assert len(drawn) == 1


def test_whoever_comes_misses_nothing_and_sees_nothing_older_than_others(app, feed, shift, siti, budi):
    """What was drawn for others is out of date as soon as something has happened, although nobody has noticed yet."""
    here = told(feed, SHIFT.channel(shift.id))
    make.a_ticket(shift, siti)
    newcomer = watching(feed, SHIFT.channel(shift.id))
    assert taken(newcomer)[1] == taken(here)[0]
    make.a_ticket(shift, budi)
    feed.poll()
    assert 'data-waiting="1 2"' in taken(newcomer)[0]


def test_what_nobody_watched_meanwhile_is_drawn_anew(feed, shift, siti):
    other = told(feed, *(tile.channel() for tile in all_tiles()))
    first = told(feed, SHIFT.channel(shift.id))
    feed.leave(first)
    make.a_ticket(shift, siti)
    feed.poll()
    assert 'data-waiting="1"' in taken(watching(feed, SHIFT.channel(shift.id)))[1]
    feed.leave(other)


def test_who_missed_ten_messages_needs_only_the_last(feed, shift):
    stream = told(feed, SHIFT.channel(shift.id))
    for person in people.a_crowd(10):
        make.a_ticket(shift, person)
        feed.poll()
    messages = [message for message in taken(stream) if "dokter-shift" in message]
    assert len(messages) == 1 and 'data-waiting="1 2 3 4 5 6 7 8 9 10"' in messages[0]


def test_a_message_names_no_person(feed, shift, siti):
    make.a_ticket(shift, siti)
    everything = "".join(taken(watching(feed, SHIFT.channel(shift.id), *(tile.channel() for tile in all_tiles()))))
    assert siti.name not in everything and people.SITI_NIK not in everything
    assert "csrf" not in everything and "<form" not in everything


def test_above_the_cap_the_answer_is_clear(feed, shift):
    for _stream in range(3):
        watching(feed, SHIFT.channel(shift.id))
    with pytest.raises(TooMany):
        watching(feed, SHIFT.channel(shift.id))


def test_a_stream_that_is_closed_makes_room(feed, shift):
    streams = [watching(feed, SHIFT.channel(shift.id)) for _stream in range(3)]
    feed.leave(streams[0])
    assert watching(feed, SHIFT.channel(shift.id))


def test_streams_that_hold_a_thread_are_fewer_than_the_threads(app, shift):
    feed = quiet(app, 1000)
    for _stream in range(BY_THREAD):
        opened(feed, SHIFT.channel(shift.id))
    with pytest.raises(TooMany):
        opened(feed, SHIFT.channel(shift.id))


def test_the_cap_over_http_is_503_with_a_time_to_come_back(app, shift, monkeypatch):
    monkeypatch.setattr(current_feed(), "most", 0)
    answer = Browser(app).http.get(f"/live?watch=dokter-shift-{shift.id}")
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


def test_a_beat_tells_the_servers_time_at_least_every_15_seconds(feed, shift, monkeypatch):
    stream = told(feed, SHIFT.channel(shift.id))
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
    stream = told(feed, SHIFT.channel(shift.id))

    def gone() -> None:
        raise OSError("the database is gone")

    monkeypatch.setattr(feed.log, "fresh", gone)
    feed._beat_at = 0
    with pytest.raises(OSError, match="gone"):
        feed.poll()
    assert taken(stream) == []


def test_an_event_that_becomes_visible_late_is_not_missed(feed, shift, siti, budi):
    """On PostgreSQL a lower id can be committed after a higher one: here the lower one is written last."""
    stream = watching(feed, SHIFT.channel(shift.id))
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


def test_after_a_restore_all_that_is_shown_is_drawn_anew(feed, shift, siti, budi, caplog):
    """The numbers that were taken since the backup are gone, and so are their events."""
    with clock.frozen(clock.now() - timedelta(minutes=1)):
        make.a_ticket(shift, siti)
    make.a_ticket(shift, budi)
    stream = watching(feed, SHIFT.channel(shift.id))
    assert 'data-waiting="1 2"' in taken(stream)[1]
    restore_before(budi)
    feed.poll()
    assert 'data-waiting="1"' in taken(stream)[-1] and "restore" in caplog.text
    make.a_ticket(shift, next(iter(people.a_crowd(1))))
    feed.poll()
    assert 'data-waiting="1 3"' in taken(stream)[-1]


@transactional
def restore_before(person) -> None:
    """To the moment before this person took a number."""
    db.session.execute(delete(Event).where(Event.name == "dokter.ticket.taken", Event.actor_id == person.id))
    db.session.execute(delete(Ticket).where(Ticket.person_id == person.id))


def test_a_busy_tile_is_drawn_at_most_once_in_its_pause(app, feed, shift, monkeypatch):
    drawn = []
    topic = Topic("dokter-x", "dokter/_tile_places.html", ("dokter.",), lambda: {}, PUBLIC, pause=1.0)
    monkeypatch.setattr(Channel, "html", lambda channel: drawn.append(channel) or "x")
    watching(feed, topic.channel())
    now, drawn[:] = time.monotonic(), []
    for tenth, person in enumerate(people.a_crowd(11)):
        monkeypatch.setattr(live_feed.time, "monotonic", lambda tenth=tenth: now + tenth / 10)
        make.a_ticket(shift, person)
        feed.poll()
    assert len(drawn) == 2


def test_the_thread_follows_by_itself_and_at_once_after_a_commit(app, shift, siti):
    feed, words = current_feed(), f"dokter-shift-{shift.id}".encode()
    stream = opened(feed, SHIFT.channel(shift.id))
    try:
        assert said(stream, words)
        make.a_ticket(shift, siti)
        assert said(stream, b'data-waiting="1"')
    finally:
        feed.leave(stream)


def said(stream, words, patience=20) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if any(words in message for message in stream.taken()):
            return True
    return False


def test_streams_speak_the_language_of_their_reader(app, feed, shift, siti):
    with i18n.in_language("en"):
        english = watching(feed, *(tile.channel() for tile in all_tiles()))
    assert any("Waiting" in message or "waiting" in message for message in taken(english))
    make.a_ticket(shift, siti)
    feed.poll()
    assert not any("Menunggu" in message for message in taken(english))


def test_whoever_came_while_nothing_could_be_drawn_is_told_afterwards(feed, shift, monkeypatch):
    def gone(_channel) -> str:
        raise OperationalError("SELECT", {}, OSError("the database is gone"))

    stream = opened(feed, SHIFT.channel(shift.id))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Channel, "html", gone)
        with pytest.raises(OperationalError, match="gone"):
            feed.poll()
        assert f"dokter-shift-{shift.id}" not in names(taken(stream))
    feed.poll()
    assert f"dokter-shift-{shift.id}" in names(taken(stream))


def test_a_channel_that_cannot_be_drawn_does_not_silence_the_others(feed, shift, siti, caplog):
    def torn() -> dict:
        raise RuntimeError("the roof leaks")

    topic = Topic("dokter-x", "dokter/_tile_places.html", ("dokter.",), torn, PUBLIC)
    broken, whole = opened(feed, topic.channel()), opened(feed, SHIFT.channel(shift.id))
    feed.poll()
    assert "the roof leaks" in caplog.text and broken.ends_at == 0
    assert f"dokter-shift-{shift.id}" in names(taken(whole)) and whole.ends_at > 0
    make.a_ticket(shift, siti)
    feed.poll()
    assert 'data-waiting="1"' in taken(whole)[-1]


def test_whoever_goes_before_being_greeted_leaves_nothing_behind(feed, shift):
    feed.leave(opened(feed, SHIFT.channel(shift.id)))
    feed.poll()
    assert not feed._open and not feed._coming and not feed._watching


def test_whoever_comes_while_others_are_greeted_is_called_at_once_too(feed, shift, monkeypatch):
    """And not at the next look of its own accord: of a city that comes back at once, nearly all come like this."""
    greet, channel = feed._greet, SHIFT.channel(shift.id)
    feed.bell = Bell()  # one that nobody else of this process listens to

    def somebody_comes_meanwhile(coming) -> None:
        feed.bell.wait(0)
        opened(feed, channel)
        greet(coming)

    monkeypatch.setattr(feed, "_greet", somebody_comes_meanwhile)
    opened(feed, channel)
    feed.poll()
    assert feed._coming and feed.bell.wait(0)


def test_the_opening_sees_what_happened_since_the_request_began(app, feed, shift, siti):
    """On SQLite a request reads from one moment; what happened since is told all the same."""
    db.session.scalar(select(Ticket.id))  # the request's snapshot begins here
    stream = opened(feed, SHIFT.channel(shift.id))
    Context().run(in_another_request, app, lambda: make.a_ticket(queries.shift_on_show(shift.id), afresh(siti)))
    Context().run(in_another_request, app, feed.poll)
    assert any('data-waiting="1"' in message for message in taken(stream))


def in_another_request(app, act) -> None:
    with app.app_context():
        act()


def afresh(person) -> Person:
    return db.session.get_one(Person, person.id)


@pytest.fixture
def rudi(app):
    make.a_unit("KOMINFO")
    return people.rudi()


def ends_role(person) -> None:
    accounts.end_membership(person.memberships[0].id, by=None)


def signs_out(person) -> None:
    accounts.sign_out(accounts.open_session(person))


def test_also_when_their_leaving_becomes_visible_late(feed, rudi, shift):
    """As after a stall of the database."""
    with clock.frozen(clock.now() - timedelta(minutes=2)):
        theirs = opened(feed, SHIFT.channel(shift.id), by=rudi)
        feed.poll()
        ends_role(rudi)
    feed.poll()
    assert theirs.ends_at == 0


@pytest.mark.parametrize("leave", [ends_role, signs_out])
def test_whoever_loses_a_role_or_signs_out_must_ask_anew(feed, shift, rudi, leave):
    """T07; somebody else's stream, and one that everybody may see, go on."""
    queue = SHIFT.channel(shift.id)
    theirs, others, anybodys = opened(feed, queue, by=rudi), opened(feed, queue, by=people.ani()), opened(feed, queue)
    feed.poll()
    assert theirs.ends_at > time.monotonic()
    leave(rudi)
    feed.poll()
    assert theirs.ends_at == 0
    assert others.ends_at > time.monotonic() and anybodys.ends_at > time.monotonic()


def test_whoever_was_let_in_before_and_comes_after_must_ask_anew_too(feed, rudi, shift):
    """The request that opens the stream may have read the role just before it ended."""
    told(feed, SHIFT.channel(shift.id))
    asked_at = clock.now()
    ends_role(rudi)
    feed.poll()
    late = Told((SHIFT.channel(shift.id),), "id", rudi.id, asked_at)
    feed.open(late)
    feed.poll()
    assert late.ends_at == 0


def test_also_when_this_process_slept_meanwhile(feed, rudi, shift):
    asked_at = clock.now()
    ends_role(rudi)
    late = Told((SHIFT.channel(shift.id),), "id", rudi.id, asked_at)
    feed.open(late)
    feed.poll()
    assert late.ends_at == 0


def test_whoever_signs_in_again_may_watch_again(feed, rudi, shift):
    told(feed, SHIFT.channel(shift.id))
    signs_out(rudi)
    feed.poll()
    with clock.frozen(clock.now() + timedelta(seconds=5)):
        again = opened(feed, SHIFT.channel(shift.id), by=rudi)
        feed.poll()
    assert again.ends_at > time.monotonic()
