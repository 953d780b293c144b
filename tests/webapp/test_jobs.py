"""Sweeps."""

from dataclasses import replace

import pytest
from flask import Flask

from webapp import create_app, jobs


def names_of(app: Flask) -> list[str]:
    return [sweep.name for sweep in jobs.sweeps_of(app)]


def test_the_sweeps_of_the_queue_run_without_the_queue(app):
    assert {name.rpartition(".")[2] for name in names_of(app)} >= {"make_coming_shifts", "store_typical_waits"}
    jobs.run_all(app)
    jobs.run_all(app)


def test_an_installation_without_the_queue_has_none_of_its_sweeps(app, settings):
    """They belong to the services that are named, not to whatever has been imported."""
    alone = create_app(replace(settings, services=("blueprints.command_center",)))
    assert names_of(app) != names_of(alone)
    assert {name.partition(".")[0] for name in names_of(alone)} == {"webapp"}


def test_a_sweep_that_fails_does_not_stop_the_others(app, caplog):
    def fails() -> None:
        raise ValueError("today only")

    jobs.run(app, jobs.Sweep(fails, 5))
    assert "failed" in caplog.text


def test_minutes_divide_the_hour():
    with pytest.raises(ValueError, match="divide"):
        jobs.Sweep(print, every=7)


def test_no_sweep_is_given_twice():
    with pytest.raises(ValueError, match="twice"):
        jobs.init_app(Flask("twice"), [jobs.Sweep(print, 5), jobs.Sweep(print, 10)])
