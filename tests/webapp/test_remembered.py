"""A property that is worked out once for each object, without letting others wait."""

import threading
from dataclasses import dataclass
from functools import cached_property

import pytest

from webapp.remembered import remembered

PATIENCE = 5


def a_kind(once: type) -> type:
    """A thing whose property waits until another thing's has been asked for."""

    class Thing:
        def __init__(self, own: threading.Event, others: threading.Event) -> None:
            self.own, self.others = own, others

        @once
        def answer(self) -> bool:
            self.own.set()
            return self.others.wait(PATIENCE if once is remembered else 0.5)

    return Thing


def ask_two_at_once(kind: type) -> list[bool]:
    events = threading.Event(), threading.Event()
    answers: list[bool] = []
    things = [kind(*events), kind(*reversed(events))]
    asking = [threading.Thread(target=lambda thing=thing: answers.append(thing.answer)) for thing in things]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    return answers


def test_two_objects_never_wait_for_each_other():
    assert ask_two_at_once(a_kind(remembered)) == [True, True]


def test_control_with_the_lock_of_functools_one_waits_in_vain():
    if not hasattr(cached_property(len), "lock"):
        pytest.skip("from Python 3.12 on there is no such lock")
    assert sorted(ask_two_at_once(a_kind(cached_property))) == [False, True]


def test_it_is_worked_out_once_even_in_something_frozen():
    asked: list[int] = []

    @dataclass(frozen=True)
    class Square:
        side: int

        @remembered
        def area(self) -> int:
            """Side by side."""
            asked.append(self.side)
            return self.side**2

    square = Square(3)
    assert (square.area, square.area, asked) == (9, 9, [3])
    assert Square.area.__doc__ == "Side by side."
