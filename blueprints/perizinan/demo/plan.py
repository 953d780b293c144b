"""Which cases a new demo has: how each of them goes, and when it begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from blueprints.perizinan.cases.workflow import STAGE_OF, UNDECIDED
from blueprints.perizinan.catalogue.definition import Definition
from blueprints.perizinan.catalogue.models import PermitType
from blueprints.perizinan.demo.chance import A_DAY, EARLY, LATE, WorkingDay, between, dice, working_day_before
from blueprints.perizinan.demo.hands import Way
from blueprints.perizinan.demo.turns import TURNS
from webapp import clock

NOBODY = -1
SITI, BUDI, DEWI = range(3)  # the demo's citizens with accounts, in the order of the city's file


@dataclass(frozen=True)
class Row:
    """So many cases that end in this state. `late` working days are lost on one desk, `turn` is one of TURNS."""

    ends: str
    times: int = 1
    turn: str = ""
    late: int = 0
    defect: bool = False
    counter: bool = False
    code: str = ""  # of its type; else by chance
    whose: int = NOBODY  # a citizen with an account; else somebody invented


ROWS = (
    # what waits for the three citizens: nobody does anything with it but themselves
    Row("returned", code="POHON", defect=True, whose=SITI),
    Row("issued", code="KEL-USAHA", whose=SITI),
    Row("billed", code="PBG-HS", whose=SITI),
    Row("inspecting", code="REK-PER", turn="appointed", whose=BUDI),
    Row("issued", code="SKP-LIT", whose=BUDI),
    Row("draft", code="KEL-DOM", whose=DEWI),
    Row("refused", code="ITR", whose=DEWI),
    # what the offices have on their desks, or wait for
    Row("draft", 4), Row("checking", 6), Row("returned", 4, defect=True), Row("verifying", 7), Row("inspecting", 2),
    Row("inspecting", 4, turn="appointed"), Row("recommending", 6), Row("billed", 2), Row("signing", 7),
    # over the deadline: these have told the Inspektorat, some on several days
    Row("checking", late=3), Row("verifying", 2, late=5), Row("recommending", late=4), Row("signing", late=2),
    # something besides the ordinary
    Row("verifying", turn="held"), Row("verifying", turn="asked"), Row("billed", turn="overpaid", code="PBG-HS"),
    Row("checking", turn="redrawn"), Row("verifying", turn="paused"), Row("returned", turn="late defect"),
    Row("verifying", counter=True), Row("verifying", turn="upheld"), Row("refused", turn="objected"),
    Row("refused", turn="dismissed"), Row("revoked", turn="revoked"), Row("discarded", turn="discarded"),
    # what is over
    Row("refused", 2), Row("withdrawn", 3, turn="withdrawn"), Row("issued", 33), Row("issued", 7, defect=True),
    Row("issued", 3, late=2), Row("issued", 2, counter=True), Row("issued", 2, turn="asked"),
    Row("issued", 2, code="PBG-HS"),
)  # fmt: skip
WEIGHTS = {  # how often each type is asked for, about
    "SIP-PRW": 9, "SIP-BDN": 8, "SIP-DU": 5, "SIP-APT": 4, "SIP-DG": 2, "SIP-TVF": 2, "KEL-USAHA": 10, "KEL-SKTM": 10,
    "KEL-DOM": 6, "KEL-WARIS": 3, "SKP-LIT": 11, "MAG-PKL": 7, "REK-INS": 8, "AK1": 8, "MAKAM-TPU": 6, "POHON": 5,
    "PBG-HS": 5, "ITR": 3, "DISP-JALAN": 2, "IUTM": 2, "REK-PER": 2,
}  # fmt: skip
SELDOM = 0.3  # each other type


@dataclass(frozen=True)
class Plan:
    """One case to come."""

    row: Row
    type_code: str
    definition: Definition
    begins: datetime

    @property
    def way(self) -> Way:
        return Way(defect=self.row.defect, unfit=self.row.ends == "refused" or self.row.turn == "upheld")


def plans_of(
    rows: Sequence[Row], types: Sequence[PermitType], morning: datetime, is_working_day: WorkingDay
) -> list[Plan]:
    """Every case of these rows, with a type and a moment at which it begins, in time to end as it should."""
    plans = []
    for row in rows:
        for _time in range(row.times):
            chosen = type_for(row, types)
            day = working_day_before(clock.local(morning).date(), days_ago(row, chosen.definition), is_working_day)
            day = max(day, chosen.valid_from)  # before that there was no such permit
            if row.ends in UNDECIDED or row.counter:
                begins = between(day, time(8), time(10, 30))
            else:
                begins = between(day + A_DAY * (dice.random() < ON_ANY_DAY), EARLY, LATE)
            plans.append(Plan(row, chosen.code, chosen.definition, begins))
    return plans


ON_ANY_DAY = 0.15
LONGEST_AGO = 55  # working days
RECENT = ("objected", "upheld")  # the offices have not done with them


def type_for(row: Row, types: Sequence[PermitType]) -> PermitType:
    """The type that the row names, where this city has it; else any that meets the state in which the case ends."""
    if named := [each for each in types if each.code == row.code]:
        return named[0]
    stage = STAGE_OF.get(row.ends)
    return some_type([each for each in types if stage is None or each.definition.has(stage)])


def some_type(types: Sequence[PermitType]) -> PermitType:
    """One of these types, each as often as people ask for it."""
    return dice.choices(types, weights=[WEIGHTS.get(each.code, SELDOM) for each in types])[0]


def days_ago(row: Row, definition: Definition) -> int:
    """How many working days before the first morning a case of this row begins."""
    if row.ends == "draft":
        return dice.randint(1, 10)
    if row.ends not in UNDECIDED or row.turn in RECENT:
        needed = min(time_needed(row, definition), LONGEST_AGO)
        return dice.randint(needed, needed + 3 if row.turn in RECENT else LONGEST_AGO)
    if row.late:
        return definition.days + row.late
    least = 1 + days_before(row, definition)
    if row.ends in WAITING:
        return dice.randint(least, least + 4)
    return dice.randint(least, max(least, definition.days))


WAITING = ("returned", "billed")  # for their applicants: the clock stands still


def days_before(row: Row, definition: Definition) -> int:
    """Working days until the case is in the state in which it ends."""
    if row.turn == "late defect":
        return definition.stages[0].days + 1
    stage = STAGE_OF.get(row.ends)
    position = definition.stage_names.index(stage) if stage else 1
    return sum(each.days for each in definition.stages[:position])


def time_needed(row: Row, definition: Definition) -> int:
    """Working days until the case is decided, and what follows has been done."""
    pauses = 5 * row.defect + 5 * (row.turn == "late defect") + 4 * definition.has("pay")
    return definition.days + row.late + pauses + sum(2 + turn.days for turn in TURNS[row.turn]) + 2
