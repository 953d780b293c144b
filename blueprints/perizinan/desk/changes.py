"""What others have done to a case since its page was drawn, for whoever sends a form of that page (T53)."""

from dataclasses import dataclass
from datetime import datetime

from blueprints.perizinan.cases import queries, story
from blueprints.perizinan.cases.models import Application
from webapp.events import Event
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy

OTHER_CHANGES = {
    "perizinan.application.assign": lazy("Given to a desk"),
    "perizinan.application.answer": lazy("The office has written to the applicant"),
    "perizinan.application.write": lazy("The applicant has written"),
    "perizinan.application.give_paper": lazy("The applicant has given a paper"),
}


@dataclass(frozen=True)
class Change:
    """What somebody else has done since the page was drawn."""

    at: datetime
    text: str
    who: str


def changes_since(case: Application, seen: int) -> list[Change]:
    """What others have done since then, in words, with who it was."""
    found = queries.events_after(case, seen)
    names = queries.names_of({event.actor_id for event in found})
    return [Change(event.at, _changed(event), names.get(event.actor_id, "")) for event in found]


def _changed(event: Event) -> str:
    words = story.EVENTS.get(event.name.removeprefix(story.PREFIX)) or OTHER_CHANGES.get(event.name)
    return str(words or _("Something else was changed"))
