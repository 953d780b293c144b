"""On which days a place may be visited: soon enough for the deadline, late enough to be there."""

from datetime import date, timedelta
from itertools import islice

from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.workflow import LATE
from webapp import calendar, clock, deadlines
from webapp.working_time import last_day

MOST_DAYS = 10


def days_to_choose(case: Application) -> list[date]:
    """The coming working days up to the last one of the deadline; always the next one, however late it is.

    So that nobody who moves an appointment makes the office late by it. None where no visit is due.
    """
    if case.state != "inspecting":
        return []
    tomorrow = clock.today() + timedelta(days=1)
    coming = list(islice(calendar.working_days_from(tomorrow), MOST_DAYS))
    found = deadlines.of(case, LATE)
    if found is None or found.due_at is None:
        return coming
    end = last_day(found.due_at)
    return [day for day in coming if day <= end] or coming[:1]
