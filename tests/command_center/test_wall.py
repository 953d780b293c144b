"""The wall: operators only, at most nine tiles, each with its own name and present state."""

import pytest

from blueprints.command_center import queries, tiles
from tests import people
from tests.factories import clinics as make
from tests.pages import Browser
from webapp.service import all_tiles

TILES = ("dokter-queue", "dokter-places")


@pytest.fixture
def rudi(app):
    make.a_unit("KOMINFO")
    return people.rudi()


def test_the_operator_sees_every_tile_with_its_present_state(rudi, browser):
    make.a_shift()
    page = browser.as_person(rudi).open("/command-center/")
    for name in ("dokter-queue", "dokter-wait", "dokter-places", "dokter-pace", "command-center-health"):
        assert page.find(f"#{name} [data-at]")
    address = page.find("[sse-connect]")["sse-connect"]
    assert all(f"watch={tile.name}" in address for tile in all_tiles())


def test_strangers_are_sent_to_sign_in_and_citizens_find_nothing(app, siti):
    stranger = Browser(app).http.get("/command-center/")
    assert stranger.status_code == 303 and "/sign-in" in stranger.headers["Location"]
    assert Browser(app).as_person(siti).http.get("/command-center/").status_code == 404


def test_nurses_find_nothing_either(app):
    make.a_clinic()
    assert Browser(app).as_person(people.ani()).http.get("/command-center/").status_code == 404


def test_the_figures_are_right(rudi, browser):
    shift = make.a_shift()
    for person in people.a_crowd(3):
        make.a_ticket(shift, person)
    page = browser.as_person(rudi).open("/command-center/")
    figures = {tile: [f.get_text(strip=True) for f in page.html.select(f"#{tile} .figure-value")] for tile in TILES}
    assert figures["dokter-queue"] == ["3", "0"]
    assert figures["dokter-places"] == ["8%"]
    places = page.find("#dokter-places")
    assert "3 dari 36" in places.get_text() and places.select_one(".spark-limit"), "the line, and where all are taken"
    assert [hour.get_text() for hour in places.select(".tile-axis span")] == ["02.00", "08.00"]


def test_clinics_without_a_bar_are_summed_up(rudi, browser):
    crowd = people.a_crowd(13)
    for n in range(12):
        shift = make.a_shift(make.a_ward(make.a_clinic(f"PKM-{n}", f"Puskesmas {n:02}")))
        make.a_ticket(shift, crowd[n])
    make.a_ticket(shift, crowd[12])
    queue = browser.as_person(rudi).open("/command-center/").find("#dokter-queue")
    names = [name.get_text() for name in queue.select(".bars-name")]
    assert names == ["11", *(f"{n:02}" for n in range(9))], "the fullest first"
    assert "dan 2 tempat lain: 2 orang" in queue.get_text()


def test_an_empty_city_has_a_wall_too(rudi, browser):
    assert browser.as_person(rudi).open("/command-center/")


def test_health_says_what_is_out_of_bounds(app, monkeypatch):
    monkeypatch.setattr(queries, "health", lambda _instance: queries.Health(500.0, 3, 0.5, 4))
    found = tiles.health()
    assert found["tone"] == "attention"
    assert [tone for _name, _value, tone in found["figures"]] == ["attention", "neutral", "neutral", "attention"]


def test_health_of_this_very_machine(app, settings):
    found = queries.health(settings.instance)
    assert found.database_ms > 0 and 0 <= found.disk_free_percent <= 100
