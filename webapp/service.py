"""How a service introduces itself to the platform."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, current_app, url_for

from webapp import access, live
from webapp.access import Predicate
from webapp.jobs import Sweep
from webapp.live import Tile, Topic

if TYPE_CHECKING:
    from webapp.loading import CityFolder


@dataclass(frozen=True)
class Card:
    """One matter of a person on the home page. The most urgent one (least number) stands on top, drawn in full."""

    title: str
    note: str
    word: str
    tone: str
    href: str
    urgency: int
    since: datetime
    action: Any = ""  # what its button says, where it is not simply opened
    template: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


def no_cards(_person: Any) -> list[Card]:
    return []


def no_note() -> str:
    return ""


@dataclass(frozen=True)
class Service:
    """A service's front door: what it is called, what it offers, and what it asks the platform to run."""

    name: str
    title: Any
    tab: Any
    icon: str
    blueprint: Blueprint
    permissions: dict[str, Predicate]
    entry: str = "public"  # the permission of its front page
    about: Any = ""
    topics: tuple[Topic, ...] = ()  # what can be watched, the wall's tiles among it
    cards: Callable[[Any], list[Card]] = no_cards
    note: Callable[[], str] = no_note
    load: "Callable[[CityFolder], None] | None" = None
    demo: Any = None
    sweeps: tuple[Sweep, ...] = ()
    offline: tuple[str, ...] = ()  # endpoints whose pages a citizen's phone keeps for when there is no network

    @property
    def front(self) -> str:
        return url_for(f"{self.name}.front")

    @property
    def tiles(self) -> list[Tile]:
        return [topic for topic in self.topics if isinstance(topic, Tile)]


def all_services() -> list[Service]:
    """The services of this installation, in the order of the settings."""
    found: list[Service] = current_app.extensions["services"]
    return found


def all_tiles() -> list[Tile]:
    return [tile for service in all_services() for tile in service.tiles]


def init_app(app: Flask, services: list[Service]) -> None:
    app.extensions["services"] = services
    app.jinja_env.globals["services"] = services
    for service in services:
        access.permit(service.permissions)
        app.register_blueprint(service.blueprint)
        live.offer(app, service.topics)
        for topic in service.topics:
            if not topic.name.startswith(service.name.replace("_", "-") + "-"):
                raise ValueError(f"the topic {topic.name} does not begin with its service {service.name}")
