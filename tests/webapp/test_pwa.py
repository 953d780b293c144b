"""The installable app."""

import json
from dataclasses import replace

from PIL import Image

from tests.pages import Browser
from webapp import create_app
from webapp.hypermedia import DIST


def test_the_manifest_names_icons_that_are_there(app):
    answer = Browser(app).http.get("/manifest.webmanifest")
    manifest = json.loads(answer.data)
    assert (manifest["id"], manifest["display"], manifest["lang"]) == ("/", "standalone", "id")
    for picture in [*manifest["icons"], *manifest["screenshots"]]:
        with Image.open(DIST / picture["src"].removeprefix("/static/dist/")) as image:
            assert f"{image.width}x{image.height}" == picture["sizes"]
    assert {screen["form_factor"] for screen in manifest["screenshots"]} == {"narrow", "wide"}
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == ["/dokter/", "/perizinan/"]


def test_the_worker_is_asked_for_anew_each_time(app):
    answer = Browser(app).http.get("/sw.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    answer.close()


def test_the_offline_page_says_nothing_of_anybody(app, siti):
    page = Browser(app).as_person(siti).open("/offline")
    assert siti.name not in page.text


def test_files_with_a_hash_in_their_name_are_kept_for_good(app):
    browser = Browser(app)
    script = browser.open("/").find("script[src]")["src"]
    answer = browser.http.get(script)
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Content-Security-Policy" in answer.headers, "a worker made of it heeds that"
    assert "Permissions-Policy" not in answer.headers and "Cross-Origin-Opener-Policy" not in answer.headers
    assert "Vary" not in answer.headers, "one copy for all, in browsers and in front of them"
    answer.close()


def test_a_city_that_switches_the_worker_off_answers_with_the_one_that_ends_it(settings):
    app = create_app(replace(settings, service_worker=False))
    answer = app.test_client().get("/sw.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert answer.data == (DIST / "kill.js").read_bytes() != (DIST / "sw.js").read_bytes()
    answer.close()
    assert 'name="service-worker" content="off"' in app.test_client().get("/offline").text


def test_pages_ask_for_the_worker_where_it_is_wanted(browser):
    assert browser.open("/").html.select("meta[name=service-worker]") == []


def test_a_file_of_the_build_before_is_served_and_kept_for_good(app):
    """Pages that were opened before a release ask for it (build.mjs leaves it there for 30 days)."""
    earlier = DIST / "app-EARLIER0.js"
    earlier.write_text("// the build before", encoding="utf-8")
    try:
        answer = Browser(app).http.get(f"/static/dist/{earlier.name}")
        assert answer.status_code == 200 and answer.text == "// the build before"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        answer.close()
    finally:
        earlier.unlink()
