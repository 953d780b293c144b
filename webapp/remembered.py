"""A property that is worked out once for each object.

Until Python 3.12, functools.cached_property holds one lock for all objects while it works. Whoever asks the database in
it lets every other thread wait; and two threads of which one waits for a row and the other for that lock wait for ever.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

V = TypeVar("V")


class remembered(Generic[V]):
    """Works out the value at the first question and keeps it in the object, without any lock."""

    def __init__(self, work_out: Callable[[Any], V]) -> None:
        self.work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, thing: None, owner: type) -> "remembered[V]": ...

    @overload
    def __get__(self, thing: object, owner: type) -> V: ...

    def __get__(self, thing: object | None, owner: type) -> "remembered[V] | V":
        if thing is None:
            return self
        value = thing.__dict__[self.name] = self.work_out(thing)
        return value
