"""What the command center puts on an operator's home page."""

from typing import Any

from flask import url_for

from webapp import access, clock
from webapp.i18n import gettext as _
from webapp.service import Card


def cards_of(person: Any) -> list[Card]:
    if not access.allowed(person, "command_center.watch"):
        return []
    note = _("All services at a glance, live")
    card = Card(
        title=_("Command center"), note=note, word=_("Staff"), tone="info", href=url_for("command_center.front"),
        urgency=5, since=clock.now(),
    )  # fmt: skip
    return [card]
