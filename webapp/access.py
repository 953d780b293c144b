"""Who may do what: one table of permissions, asked with the same words in views, use cases and templates."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, Protocol, TypeVar

from flask import Flask, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.errors import NotAllowed, SignInNeeded
from webapp.i18n import gettext as _

P = ParamSpec("P")
V = TypeVar("V", bound=Callable[..., ResponseReturnValue])
PUBLIC = "public"


class MembershipLike(Protocol):
    unit_id: int
    role: str


class Actor(Protocol):
    """Somebody who acts: a person, or the city itself."""

    @property
    def id(self) -> int | None: ...

    @property
    def memberships(self) -> Iterable[MembershipLike]: ...

    @property
    def is_citizen(self) -> bool: ...


class _TheCity:
    """The city's own clockwork: sweeps act in its name, and no permission is asked of it."""

    id = None
    memberships: tuple[MembershipLike, ...] = ()
    is_citizen = False


THE_CITY: Actor = _TheCity()
Predicate = Callable[[Any, Any], bool]
_table: dict[str, Predicate] = {}


def permit(permissions: Mapping[str, Predicate]) -> None:
    """Enter a service's permissions; a name belongs to one rule only."""
    for name, predicate in permissions.items():
        if _table.setdefault(name, predicate) is not predicate:
            raise ValueError(f"the permission {name} is given twice")


def known() -> frozenset[str]:
    return frozenset(_table) | {PUBLIC}


def me() -> Any:
    """The person who is signed in, or None."""
    return current_user._get_current_object() if current_user and current_user.is_authenticated else None


def somebody() -> Any:
    """The person who is signed in. Raises SignInNeeded when nobody is."""
    if person := me():
        return person
    raise SignInNeeded


def allowed(by: Actor | None, permission: str, thing: Any = None) -> bool:
    if permission == PUBLIC or by is THE_CITY:
        return True
    return by is not None and _table[permission](by, thing)


def can(permission: str, thing: Any = None) -> bool:
    """For templates: may the reader do this?"""
    return allowed(me(), permission, thing)


def demand(by: Actor | None, permission: str, thing: Any = None) -> None:
    """For use cases: raise NotAllowed unless this actor may do this to this thing."""
    if not allowed(by, permission, thing):
        raise NotAllowed(_("You may not do this."))


def require(permission: str, thing: Callable[..., Any] | None = None) -> Callable[[V], V]:
    """Name a view's permission. `thing` loads what the permission is about from those parts of the address that it
    takes as arguments; the view is given the thing in their place.

    A stranger is sent to sign in; whoever may not know of it gets the same answer as for what does not exist.
    """
    parts = tuple(signature(thing).parameters) if thing else ()

    def mark(view: V) -> V:
        @wraps(view)
        def guarded(**address: Any) -> ResponseReturnValue:
            by = None if permission == PUBLIC else somebody()
            found = [thing(*[address.pop(part) for part in parts])] if thing else []
            if not allowed(by, permission, *found):
                abort(404)
            return view(*found, **address)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def described(predicate: Predicate, words: str) -> Predicate:
    """A predicate made on the spot, with the words that the README's table of permissions prints."""
    predicate.__doc__ = words
    return predicate


def permissions() -> dict[str, str]:
    """Every permission and, in words, who has it."""
    return {name: (predicate.__doc__ or "").strip() for name, predicate in sorted(_table.items())}


def is_signed_in(_person: Actor, _thing: Any) -> bool:
    """Whoever is signed in."""
    return True


def is_citizen(person: Actor, _thing: Any) -> bool:
    """Whoever is known by their NIK."""
    return person.is_citizen


def has_role(*roles: str) -> Predicate:
    """A membership in one of the roles at any unit: for things that belong to the whole city."""
    words = f"Whoever works for the city as {' or '.join(roles).replace('_', ' ')}."
    return described(lambda person, _thing: any(m.role in roles for m in person.memberships), words)


def nobody(_person: Actor, _thing: Any) -> bool:
    """Nobody: only the city's own clockwork does this."""
    return False


def init_app(app: Flask) -> None:
    app.jinja_env.globals["can"] = can
