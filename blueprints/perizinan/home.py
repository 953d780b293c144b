"""What permits put on a person's home page: their own cases, and for staff the work that waits."""

from typing import Any

from flask import url_for

from blueprints.perizinan.cases import queries, statistics
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.workflow import LATE, UNDECIDED, WORDS
from blueprints.perizinan.catalogue import queries as catalogue
from blueprints.perizinan.watching import queries as watching
from webapp import access, calendar, clock, deadlines, i18n
from webapp.deadlines import Deadline
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy
from webapp.i18n import ngettext
from webapp.service import Card
from webapp.working_time import WorkingDay

DECIDED: dict[str, Any] = {
    "issued": lazy("Your document is ready since %(day)s"),
    "withdrawn": lazy("Withdrawn on %(day)s"),
}
ACTIONS: dict[str, Any] = {
    "draft": lazy("Go on filling it in"),
    "returned": lazy("Mend it now"),
    "billed": lazy("To the bill"),
    "issued": lazy("To the document"),
}
MUST_ACT, RUNNING, DRAFT = 2, 4, 5
SHOWN_FOR_DAYS = 30


def cards_of(person: Any) -> list[Card]:
    cases = [case for case in queries.cases_of(person.id) if _is_news(case)]
    running, table = deadlines.of_each(Application, [case.id for case in cases], LATE), calendar.working_day_table()
    cards = [_card(case, _note(case, running.get(case.id), table)) for case in cases]
    return cards + _desk_cards(person) + _watch_cards(person)


def how_many_are_free() -> str:
    """Behind the door of this service: of all permits, how many cost nothing by law."""
    free, all_of_them = catalogue.how_many_are_free(clock.today())
    return _("%(free)s of %(all)s are free", free=free, all=all_of_them)


def _is_news(case: Application) -> bool:
    if case.state in ("draft", *UNDECIDED):
        return True
    return case.decided_at is not None and (clock.now() - case.decided_at).days < SHOWN_FOR_DAYS


def _card(case: Application, note: str) -> Card:
    word, tone = WORDS[case.state]
    urgency = {"returned": MUST_ACT, "billed": MUST_ACT, "draft": DRAFT}.get(case.state, RUNNING)
    return Card(
        title=case.type.name, note=note, word=str(word), tone=tone, urgency=urgency, since=case.saved_at,
        href=url_for("perizinan.application", code=case.spoken_code), action=ACTIONS.get(case.state, ""),
    )  # fmt: skip


def _note(case: Application, found: Deadline | None, table: WorkingDay) -> str:
    if case.state == "draft":
        return _("Saved %(when)s", when=i18n.ago(case.saved_at))
    if case.decided_at is not None:
        decided = i18n.unbroken(i18n.day_short(clock.local(case.decided_at).date()))
        return str(DECIDED.get(case.state, lazy("Decided on %(day)s"))) % {"day": decided}
    if case.state == "returned":
        return _("Please mend what the office has found")
    if case.state == "billed":
        return _("Please pay the bill of %(amount)s", amount=i18n.rupiah(case.fee or 0))
    if found is not None and found.open_pause is None:
        day = found.standing(clock.now(), table).due_day
        return _("Done at the latest on %(day)s", day=i18n.day_short(day))
    return _("Application %(number)s", number=case.number)


def _desk_cards(person: Any) -> list[Card]:
    if not access.allowed(person, "perizinan.open_desk"):
        return []
    waiting = queries.loads_of([person.id])[person.id]
    note = ngettext("%(num)s case waits for you", "%(num)s cases wait for you", waiting)
    card = Card(
        title=_("Permit desk"), note=note, word=_("Staff"), tone="info", href=url_for("perizinan.desk"), urgency=3,
        since=clock.now(),
    )  # fmt: skip
    return [card]


def _watch_cards(person: Any) -> list[Card]:
    """For the Inspektorat: how much is late, and how many messages wait to be judged."""
    if not access.allowed(person, "perizinan.watch"):
        return []
    late, held = statistics.over_deadline(), watching.held_count()
    words = [
        ngettext("%(num)s case is late", "%(num)s cases are late", late),
        ngettext("%(num)s message is held", "%(num)s messages are held", held),
    ]
    card = Card(
        title=_("Watch over permits"), note=i18n.DOT.join(words), word=_("Inspektorat"),
        tone="late" if late or held else "info", href=url_for("perizinan.watch"), urgency=MUST_ACT if held else 3,
        since=clock.now(),
    )  # fmt: skip
    return [card]
