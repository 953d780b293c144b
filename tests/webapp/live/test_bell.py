"""The bell that all processes of one server hear."""

import os
from collections.abc import Callable, Iterator

import pytest

from webapp.live import bell as live_bell
from webapp.live.bell import Bell

PATIENCE = 20


@pytest.fixture
def bell() -> Iterator[Bell]:
    made = Bell()
    yield made
    for file in (made._book, *made._wires):
        os.close(file)


def in_another_process(do: Callable[[], bool]) -> int:
    child = os.fork()
    if child == 0:
        os._exit(0 if do() else 1)
    return child


def went_well(child: int) -> bool:
    return os.waitpid(child, 0)[1] == 0


def test_it_is_heard_once(bell):
    assert not bell.wait(0)
    bell.ring()
    assert bell.wait(0) and not bell.wait(0)


def test_every_process_hears_every_other(bell):
    assert not bell.wait(0), "this one has its wire"
    others = [in_another_process(lambda: bell.wait(PATIENCE)) for _process in range(3)]
    assert went_well(in_another_process(lambda: bell.ring() or True))
    bell.ring()
    assert all(map(went_well, others)) and bell.wait(0)


def test_who_wakes_itself_wakes_nobody_else(bell):
    assert not bell.wait(0)
    assert went_well(in_another_process(lambda: bell.ring_here() or bell.wait(PATIENCE)))
    assert not bell.wait(0)


def test_the_wire_of_a_process_that_has_ended_is_free_again(bell, monkeypatch):
    monkeypatch.setattr(live_bell, "WIRES", 2)
    assert not bell.wait(0)
    for _process in range(3):
        assert went_well(in_another_process(lambda: bell._wire() is not None))


def test_more_processes_than_wires_only_wait(bell, monkeypatch):
    monkeypatch.setattr(live_bell, "WIRES", 1)
    assert not bell.wait(0)
    assert went_well(in_another_process(lambda: bell.ring_here() is None and not bell.wait(0.01)))
