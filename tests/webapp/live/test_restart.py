"""The server restarts: two thousand browsers are back without a storm, and none has missed anything."""

import resource
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.webapp.live.browsers import Browsers

MANY = 2000
FILES = 4096


@pytest.fixture
def browsers(server, channel) -> Iterator[Browsers]:
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(few, min(FILES, most)), most))
    made = Browsers(server.port, channel, MANY)
    yield made
    made.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, most))


def knows(words: str):
    return lambda browser: words.encode() in browser.said


def test_all_come_back_spread_over_time_and_see_what_happened_meanwhile(server, browsers, take_number):
    assert browsers.until(knows("data-waiting"), 60)
    when = Counter(int(browser.retry) for browser in browsers.all)
    assert sum(when.values()) == MANY and max(when.values()) < MANY / 4, "they are told to come back one by one"
    server.stop()
    meanwhile = take_number()
    began = [browser.opened[-1] for browser in browsers.all]
    server.start()
    assert browsers.until(knows(meanwhile), 60)
    assert all(browser.opened[-1] > before for browser, before in zip(browsers.all, began, strict=True))
    later = take_number()
    assert browsers.until(knows(later), 60)
