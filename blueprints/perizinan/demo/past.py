"""What the permit offices lived through before the demo's first morning: every case by the same acts, in order of time.

Each case is a story that acts and then says when it wants to go on. The stories take turns by the clock, so that the
event log is in the order in which things happened, across all cases.
"""

import heapq
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, time

from sqlalchemy import select

from blueprints.perizinan.access import FRONT
from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.workflow import STAGE_OF
from blueprints.perizinan.catalogue import queries as catalogue
from blueprints.perizinan.demo import cast, hands
from blueprints.perizinan.demo.chance import A_DAY, WorkingDay, at_home, dice, in_office_hours, minutes, working_day
from blueprints.perizinan.demo.papers import PHOTO, files_of, give_files
from blueprints.perizinan.demo.plan import NOBODY, ROWS, Plan, Row, plans_of
from blueprints.perizinan.demo.turns import TURNS, Turn
from webapp import calendar, clock, deadlines, demo
from webapp.accounts.models import Person
from webapp.accounts.queries import person_by_nik
from webapp.db import db, transactional

log = logging.getLogger(__name__)
Story = Iterator[datetime]
SEED = 2026  # every new demo is alike
REPORTS_AT = time(0, 5)
QUICK = 0.4  # how often a desk needs a day less than it may take


@transactional
def live_until(morning: datetime, rows: Sequence[Row] = ROWS) -> None:
    """The cases of these rows, from 90 days before this moment until it. Once: nothing where there are cases."""
    if db.session.scalar(select(Application.id).limit(1)):
        return
    dice.seed(SEED)
    first, is_working_day = morning - demo.PAST, calendar.working_day_table()
    types = [each for each in catalogue.types_on(clock.local(morning).date()) if each.definition.is_here]
    plans = plans_of(rows, types, morning, is_working_day)
    with clock.frozen(first):
        cast.add_officers([each.definition for each in types])
        cast.add_files_of_staff()
        applicants = cast.add_applicants(len(plans))
    owned = zip(plans, whose(plans, applicants), strict=True)
    stories = [Case(plan, person, morning, is_working_day).story() for plan, person in owned]
    play([*stories, nights(first)], morning)


def whose(plans: Sequence[Plan], invented: Sequence[Person]) -> list[Person]:
    """The applicant of each plan: a citizen with an account where the plan wants one and there is one."""
    known = [person_by_nik(citizen["nik"]) for citizen in demo.city_people()["citizens"]]
    return [
        (known[plan.row.whose] if NOBODY < plan.row.whose < len(known) else None) or person
        for plan, person in zip(plans, invented, strict=True)
    ]


def play(stories: Sequence[Story], until: datetime) -> None:
    """Let each story act when it wants to, in order of time; what would happen later does not happen any more."""
    turns = [(next(story), number, story) for number, story in enumerate(stories)]
    heapq.heapify(turns)
    while turns and turns[0][0] < until:
        now, number, story = heapq.heappop(turns)
        following = acted(now, story)
        if following is not None:
            heapq.heappush(turns, (max(following, now), number, story))


def acted(now: datetime, story: Story) -> datetime | None:
    """One act at this moment, whole or not at all; when the story goes on, or None when it is over."""
    hands.look_again()
    try:
        with clock.frozen(now), db.session.begin_nested():
            return next(story, None)
    except Exception:
        log.exception("a case of the demo's past ends here")
        return None


def nights(first: datetime) -> Story:
    """Each night what is late reports itself, as the sweep lets it."""
    day = clock.local(first).date()
    while True:
        day += A_DAY
        yield clock.at(day, REPORTS_AT)
        deadlines.report_late()


class Case:
    """One case: its plan, its applicant, and how fast the desks are."""

    def __init__(self, plan: Plan, person: Person, morning: datetime, is_working_day: WorkingDay) -> None:
        self.plan, self.person, self.morning, self.is_working_day = plan, person, morning, is_working_day
        self.turns = list(TURNS[plan.row.turn])
        self.day = clock.local(plan.begins).date()  # on which the present desk has it, were the offices always open
        desks = [stage.name for stage in plan.definition.stages if stage.name not in ("inspect", "pay")]
        self.slow = dice.choice(desks) if plan.row.late else ""

    def story(self) -> Story:
        yield self.plan.begins
        case = self.begin()
        while self.turns or case.state != self.plan.row.ends:
            turn = self.turns[0] if self.turns and self.turns[0].state == case.state else None
            yield self.moment_of(turn) if turn else self.next_moment(case)
            if turn:
                self.turns.pop(0).act(case, self.morning)
            else:
                hands.move_on(case, self.plan.way)

    def begin(self) -> Application:
        if not files_of(self.person):
            give_files(self.person, PHOTO)
        kelurahan = cast.some_kelurahan(self.plan.definition)
        counter = cast.somebody_at(self.plan.definition, kelurahan, FRONT) if self.plan.row.counter else None
        return hands.begin(self.person, self.plan.type_code, kelurahan, counter)

    def moment_of(self, turn: Turn) -> datetime:
        if turn.by_citizen:
            return at_home(turn.days, turn.days + 1)
        self.day = max(self.day, clock.today())
        return self.at_desk(turn.days)

    def next_moment(self, case: Application) -> datetime:
        """When the case goes on by itself: citizens act at home, officers in the days that their stage may take."""
        if case.state == "draft":
            return clock.now() + minutes(10, 40)
        if case.state in ("returned", "billed"):
            moment = at_home(0, 3)
            self.day = clock.local(moment).date()
            return moment
        if case.state == "inspecting":
            return self.moment_of_visit(case)
        return self.at_desk(self.days_at_desk(case))

    def moment_of_visit(self, case: Application) -> datetime:
        found = queries.visit_of(case)
        if found is None or found.done_at is not None:
            return self.at_desk(0)
        self.day = clock.local(found.starts_at).date()
        return found.starts_at + minutes(30, 70)

    def days_at_desk(self, case: Application) -> int:
        """What the stage may take, or a day less; somewhere on a late case's way, so many more."""
        stage = next(each for each in self.plan.definition.stages if each.name == STAGE_OF[case.state])
        if self.slow:
            return stage.days + self.plan.row.late * (stage.name == self.slow)
        return stage.days - (stage.days > 0 and dice.random() < QUICK)

    def at_desk(self, days: int) -> datetime:
        """So many working days after the day on which the desk got it, at some hour; never before now."""
        self.day = max(working_day(self.day, days, self.is_working_day), clock.today())
        moment = in_office_hours(self.day, self.is_working_day)
        self.day = min(self.day, clock.local(moment).date())
        return moment
