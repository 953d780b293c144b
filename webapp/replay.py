"""The same form sent twice has one effect: the key of a form remembers what it made.

Browsers send a POST again by themselves when the answer is lost, people press twice, and workers replay queues.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import ForeignKey, String, inspect
from sqlalchemy.orm import Mapped, mapped_column

from webapp import clock
from webapp.db import Base, db
from webapp.errors import Refusal
from webapp.i18n import gettext as _

P = ParamSpec("P")
T = TypeVar("T", bound=Base)
FIELD = "idempotency_key"
KEY = re.compile(r"[0-9A-Za-z-]{16,64}")


class Replay(Base):
    """What a form with this key has made; never what was answered."""

    __tablename__ = "replay"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    result_id: Mapped[int]
    at: Mapped[datetime]


def once(model: type[T]) -> Callable[[Callable[P, T]], Callable[Concatenate[str | None, P], T]]:
    """Give a use case a form key as its first argument: the second call with it returns what the first one made.

    The use case must be called with `by=` and return a row of `model`. Stands inside @transactional, so that the
    memory is written with the effect or not at all. The same key with other arguments raises Refusal. Without a key
    (None) nothing is remembered.
    """

    def wrap(use_case: Callable[P, T]) -> Callable[Concatenate[str | None, P], T]:
        @wraps(use_case)
        def run(key: str | None, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if key is None or not KEY.fullmatch(key):
                return use_case(*args, **kwargs)
            by: Any = kwargs["by"]
            asked = _hash(use_case.__qualname__, args, kwargs)
            if earlier := db.session.get(Replay, (by.id, key)):
                return _the_same(model, earlier, asked)
            result: Any = use_case(*args, **kwargs)
            db.session.flush()
            db.session.add(Replay(person_id=by.id, key=key, request_hash=asked, result_id=result.id, at=clock.now()))
            return result  # type: ignore[no-any-return]

        return run

    return wrap


def _the_same(model: type[T], earlier: Replay, asked: str) -> T:
    if earlier.request_hash != asked:
        raise Refusal(_("This form was already used for something else. Please reload the page."))
    return db.session.get_one(model, earlier.result_id)


def _hash(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    facts = [*args, *(value for key, value in sorted(kwargs.items()) if key != "by")]
    return hashlib.sha256(repr((name, [_lasting(value) for value in facts])).encode()).hexdigest()


def _lasting(value: Any) -> Any:
    """The same for the same thing at the next request: a row is known by its table and its key, not by its place;
    what is made anew at each request says by `.lasting` what stays."""
    if isinstance(value, Base):
        return type(value).__name__, inspect(value).identity
    return getattr(value, "lasting", value)
