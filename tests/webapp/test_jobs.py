"""Sweeps."""

import pytest

from webapp import jobs


def test_the_sweeps_of_the_queue_run_without_the_queue(app):
    names = {sweep.work.__name__ for sweep in jobs.sweeps()}
    assert {"make_coming_shifts", "close_past_days", "measure_typical_waits"} <= names
    jobs.run_all(app)
    jobs.run_all(app)


def test_a_sweep_that_fails_does_not_stop_the_others(app, caplog):
    def fails() -> None:
        raise ValueError("today only")

    jobs._run(app, jobs.Sweep(fails, 5))
    assert "failed" in caplog.text


def test_minutes_divide_the_hour():
    with pytest.raises(ValueError, match="divide"):
        jobs.sweep(every=7)
