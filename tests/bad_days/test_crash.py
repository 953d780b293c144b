"""Something fails that nobody thought of: a plain page with a code, and the process lives (T101)."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests import people
from tests.bad_days.conftest import Story
from tests.bad_days.visitors import ask
from tests.servers import Server, serving
from webapp.settings import SERVICES

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
BROKEN = "the roof of the town hall leaks"


@pytest.fixture
def broken_server(story: Story, environment: dict[str, str], log: Path) -> Iterator[Server]:
    services = ",".join([*SERVICES, "tests.bad_days.broken"])
    with serving({**environment, "SERVICES": services}, log, workers=1) as running:
        yield running


def code_on(text: str) -> str:
    assert "Ada yang salah di pihak kami" in text
    assert BROKEN not in text and "Traceback" not in text
    return CODE.search(text)[0]


def test_the_worker_lives_and_the_log_knows_the_code(broken_server: Server, story: Story, log: Path):
    workers = broken_server.workers()
    codes = []
    for visit in (
        lambda: ask(broken_server, "GET", "/broken/"),
        lambda: story.crowd[0].open(broken_server, "/broken/"),
    ):
        answer = visit()
        assert answer.status == 500
        codes.append(code_on(answer.text))
    assert len(set(codes)) == len(codes)
    assert ask(broken_server, "GET", "/dokter/").status == 200
    assert broken_server.workers() == workers
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    for code in codes:
        (incident,) = [line for line in lines if code in line["message"]]
        assert incident["level"] == "ERROR"
        assert BROKEN in incident["trace"] and "Traceback" in incident["trace"]


@pytest.fixture
def breaks(app: Flask, monkeypatch) -> Callable[[Callable[[], object]], None]:
    """The front page of the queue does this instead of its work."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return lambda act: monkeypatch.setitem(app.view_functions, "dokter.front", act)


def fail() -> None:
    raise RuntimeError(BROKEN)


@pytest.mark.parametrize("language, sorry", [("id", "Ini bukan salah Anda"), ("en", "It is not your fault")])
def test_the_page_is_plain_and_in_the_readers_language(breaks, siti, browser, language, sorry):
    breaks(fail)
    browser.as_person(siti)
    with browser.http.session_transaction() as session:
        session["language"] = language
    page = browser.open("/dokter/", status=500)
    assert page.find("html")["lang"] == language
    assert sorry in page.text and CODE.search(page.text)


def test_the_log_names_nobody(breaks, siti, browser, caplog):
    """The trace of a failed statement would show what was to be written: here, a second person with this name."""
    name = siti.name
    breaks(lambda: people.a_citizen(name, people.SITI_NIK, "081234567899"))
    code = CODE.search(browser.open("/dokter/", status=500).text)[0]
    assert code in caplog.text and "IntegrityError" in caplog.text
    assert name not in caplog.text
