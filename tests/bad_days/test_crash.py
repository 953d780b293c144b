"""Something fails that nobody thought of: a plain page with a code, and the process lives (T101)."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.bad_days.conftest import Story
from tests.bad_days.visitors import ask
from tests.pages import Browser
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
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    for code in codes:
        (incident,) = [line for line in lines if code in line["message"]]
        assert incident["level"] == "ERROR"
        assert BROKEN in incident["trace"] and "Traceback" in incident["trace"]


@pytest.fixture
def breaking(app: Flask, monkeypatch) -> Flask:
    """The front page of the queue fails in the middle of its work."""

    def fail() -> None:
        raise RuntimeError(BROKEN)

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "dokter.front", fail)
    return app


@pytest.mark.parametrize("language, sorry", [("id", "Bukan salah Anda"), ("en", "It is not your fault")])
def test_the_page_is_plain_and_in_the_readers_language(breaking, siti, caplog, language, sorry):
    browser = Browser(breaking).as_person(siti)
    with browser.http.session_transaction() as session:
        session["language"] = language
    with caplog.at_level(logging.ERROR):
        page = browser.open("/dokter/", status=500)
    assert page.find("html")["lang"] == language
    assert sorry in page.text
    code = CODE.search(page.text)[0]
    (record,) = [record for record in caplog.records if code in record.getMessage()]
    assert str(record.exc_info[1]) == BROKEN
    assert not any("contoh" in r.getMessage().lower() for r in caplog.records), "no names in the log"


def test_an_htmx_reader_sees_the_code_too(breaking, siti, monkeypatch):
    """A fragment that fails must not swallow the page it was asked for."""
    browser = Browser(breaking).as_person(siti)
    response = browser.get("/dokter/", headers={"HX-Request": "true"})
    assert response.status_code == 500
    assert CODE.search(response.get_data(as_text=True))
