"""How large and how often: the marks of a view that takes files."""

from collections.abc import Callable
from typing import Any, TypeVar

from webapp import access, intake
from webapp.limits import limiter

PER_PERSON = "120/10 minutes"  # more than anybody photographs, less than keeps the checking children busy for all

V = TypeVar("V", bound=Callable[..., Any])


def room_for(files: int) -> Callable[[V], V]:
    """Mark a view that takes so many files of somebody signed in: 10 MB each, 120 forms in ten minutes."""

    def mark(view: V) -> V:
        return limiter.limit(PER_PERSON, key_func=sender)(intake.room_for(files)(view))  # type: ignore[return-value]

    return mark


accepts_files = room_for(1)


def sender() -> str:
    return f"files of {access.somebody().id}"
