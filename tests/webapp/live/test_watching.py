"""One address for all streams: each channel asks for its own permission, and what may not be known does not exist."""

import errno
import socket
import time

import pytest

from tests import people
from tests.factories import clinics as make
from tests.pages import Browser
from webapp.live import answer as live_answer
from webapp.live import hub as live_hub
from webapp.live import live_url
from webapp.live.feed import current_feed
from webapp.live.hub import Hub
from webapp.live.views import MOST
from webapp.service import all_services, all_tiles


@pytest.fixture
def shift(app):
    return make.a_shift()


@pytest.fixture
def rudi(app):
    make.a_unit("KOMINFO")
    return people.rudi()


def opened(browser: Browser, *names: str) -> int:
    answer = browser.http.get("/live", query_string={"watch": names}, buffered=False)
    answer.close()
    return answer.status_code


def test_anybody_may_watch_a_queue(browser, shift):
    assert opened(browser, f"dokter-shift-{shift.id}") == 200


def test_several_channels_share_one_stream(app, rudi, shift):
    names = [f"dokter-shift-{shift.id}", *(tile.name for tile in all_tiles())]
    browser = Browser(app).as_person(rudi)
    answer = browser.http.get("/live", query_string={"watch": names}, buffered=False)
    said = b"".join(next(answer.response) for _message in range(len(names) + 2)).decode()
    answer.close()
    assert all(f"event: {name}\n" in said for name in (*names, "beat"))


def test_tiles_are_for_the_wall_of_an_operator(app, rudi, siti):
    for tile in all_tiles():
        assert opened(Browser(app).as_person(rudi), tile.name) == 200
        assert opened(Browser(app).as_person(siti), tile.name) == 404
        assert opened(Browser(app), tile.name) == 404


def test_one_channel_that_may_not_be_seen_spoils_the_stream(app, siti, shift):
    assert opened(Browser(app).as_person(siti), f"dokter-shift-{shift.id}", "dokter-queue") == 404


@pytest.mark.parametrize(
    "name", ["", "dokter", "dokter-shift", "dokter-shift-0", "dokter-shift-01", "dokter-shift--1",
             "dokter-shift-2147483648", "dokter-shift-1\n", "dokter-queue-1", "dokter-shift-\u0661", "beat", "x" * 99],
)  # fmt: skip
def test_what_cannot_be_watched_does_not_exist(app, rudi, shift, name):
    assert opened(Browser(app).as_person(rudi), name) == 404


def test_nothing_to_watch_is_nothing(browser):
    assert opened(browser) == 404


def test_a_shift_that_is_not_there_cannot_be_watched(browser, shift):
    assert opened(browser, f"dokter-shift-{shift.id + 1}") == 404


def test_nobody_watches_more_than_a_browser_can_show(browser, shift):
    one = f"dokter-shift-{shift.id}"
    assert opened(browser, *[one] * (MOST + 1)) == 200, "the same, said twice, is one"
    assert opened(browser, *(f"dokter-shift-{n}" for n in range(1, MOST + 2))) == 400


def test_a_look_at_the_head_takes_no_place(app, browser, shift):
    for _look in range(5):
        browser.http.head(f"/live?watch=dokter-shift-{shift.id}").close()
    assert not current_feed()._open


def test_an_address_for_pages(app, rudi, shift):
    with app.test_request_context():
        address = live_url(tile.channel() for tile in all_tiles())
    answer = Browser(app).as_person(rudi).http.get(address, buffered=False)
    answer.close()
    assert answer.status_code == 200


def test_every_topic_carries_the_name_of_its_service(app):
    for service in all_services():
        prefix = service.name.replace("_", "-") + "-"
        assert all(topic.name.startswith(prefix) for topic in service.topics)


def test_where_the_server_keeps_its_socket_a_thread_tells(app):
    """The fallback: the same stream as an ordinary answer."""
    shift = make.a_shift()
    told = Browser(app).http.get(f"/live?watch=dokter-shift-{shift.id}", buffered=False)
    said = b""
    for message in told.response:
        said += message
        if b"data-waiting" in said:
            break
    assert b"retry: " in said and b"event: beat" in said and "Content-Length" not in told.headers
    assert len(current_feed()._open) == 1
    told.close()
    assert not current_feed()._open


def test_a_thread_notices_at_once_that_its_reader_has_gone(app, shift):
    """And not when the next is said: it is one of few."""
    reader, theirs = socket.socketpair()
    with reader, theirs:
        told = Browser(app).http.get(
            f"/live?watch=dokter-shift-{shift.id}", buffered=False,
            environ_overrides={"gunicorn.socket": theirs, "HTTP_VERSION": "2"},
        )  # fmt: skip
        messages = iter(told.response)
        assert b"retry: " in next(messages)
        (stream,) = current_feed()._open
        stream.ends_at = time.monotonic() + 10
        reader.close()
        for _message in messages:
            pass  # what was on its way; then it ends
        assert time.monotonic() < stream.ends_at - 5
        told.close()


@pytest.mark.parametrize("what", [(live_answer.os, "dup"), (live_hub.select, "epoll")], ids=["copy", "hub"])
def test_a_stream_that_cannot_be_handed_over_gives_its_place_back(app, shift, monkeypatch, what):
    feed, (reader, theirs) = current_feed(), socket.socketpair()
    monkeypatch.setattr(feed, "_start", lambda: None)
    monkeypatch.setattr(feed, "hub", Hub(feed.leave, feed.serving))
    with reader, monkeypatch.context() as full:
        full.setattr(*what, no_descriptor)
        with pytest.raises(OSError, match="open files"):
            Browser(app).http.get(f"/live?watch=dokter-shift-{shift.id}", environ_overrides={"gunicorn.socket": theirs})
        assert not feed._open
        theirs.close()
        reader.settimeout(5)
        assert reader.recv(1) == b"", "nothing keeps this connection open"


def no_descriptor(*_args) -> None:
    raise OSError(errno.ENFILE, "Too many open files in system")
