"""What happens to some cases besides the ordinary: questions, held messages, wrong sums, objections, and the like."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from blueprints.perizinan.access import HEAD
from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.cases.visits import days_to_choose
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.deciding import actions as deciding
from blueprints.perizinan.demo import hands, words
from blueprints.perizinan.demo.chance import dice
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.talking import actions as talking
from blueprints.perizinan.watching import actions as watching
from webapp import clock
from webapp.accounts.models import Person

Act = Callable[[Application, datetime], None]
TOO_MUCH = 5_000


@dataclass(frozen=True)
class Turn:
    """In this state this happens, so many working days after the last act; by citizens at some hour of their own."""

    state: str
    act: Act
    days: int = 0
    by_citizen: bool = False


def supervisor_of(case: Application) -> Person:
    return dice.choice(queries.members(case.office_id or 0, HEAD))


def discard(case: Application, _morning: datetime) -> None:
    filing.discard(case.code, by=case.person)


def withdraw(case: Application, _morning: datetime) -> None:
    filing.withdraw(case.code, by=case.person)


def appoint(case: Application, morning: datetime) -> None:
    """A visit that is still to come when the demo begins, if the deadline of the case lets it wait so long."""
    days, begins = days_to_choose(case), clock.local(morning).date()
    hands.appoint(case, hands.at_a_visiting_hour(dice.choice([day for day in days if day >= begins][:3] or days[-1:])))


def ask(case: Application, _morning: datetime) -> None:
    talking.write(None, case.code, dice.choice(words.QUESTIONS), by=hands.officer_of(case))


def reply(case: Application, _morning: datetime) -> None:
    filing.write(None, case.code, dice.choice(words.REPLIES), by=case.person)


def ask_for_money(case: Application, _morning: datetime) -> None:
    talking.write(None, case.code, words.MONEY, by=hands.officer_of(case))


def pay_too_much(case: Application, _morning: datetime) -> None:
    hands.pay(case, too_much=TOO_MUCH)


def redraw(case: Application, _morning: datetime) -> None:
    watching.redraw(case.code, words.REDRAW, by=supervisor_of(case))


def stop_clock(case: Application, _morning: datetime) -> None:
    watching.stop_clock(case.code, "elsewhere", words.PAUSE, by=supervisor_of(case))


def find_late_defect(case: Application, _morning: datetime) -> None:
    accepted = next(item.key for item in items.items_of(case) if item.paper and item.accepted)
    checking.find_late_defect(case.code, accepted, words.LATE_DEFECT, by=supervisor_of(case))


def object_to(case: Application, _morning: datetime) -> None:
    filing.object_to(case.code, words.OBJECTION, by=case.person)


def uphold(case: Application, _morning: datetime) -> None:
    deciding.answer_objection(case.code, True, words.UPHELD, by=supervisor_of(case))


def dismiss(case: Application, _morning: datetime) -> None:
    deciding.answer_objection(case.code, False, words.DISMISSED, by=supervisor_of(case))


def revoke(case: Application, _morning: datetime) -> None:
    deciding.revoke(case.code, words.REVOKED, by=supervisor_of(case))


OBJECTS = Turn("refused", object_to, days=3, by_citizen=True)
TURNS: dict[str, tuple[Turn, ...]] = {
    "": (),
    "discarded": (Turn("draft", discard, by_citizen=True),),
    "withdrawn": (Turn("verifying", withdraw, by_citizen=True),),
    "appointed": (Turn("inspecting", appoint),),
    "asked": (Turn("verifying", ask), Turn("verifying", reply, by_citizen=True)),
    "held": (Turn("verifying", ask_for_money),),
    "overpaid": (Turn("billed", pay_too_much, by_citizen=True),),
    "redrawn": (Turn("checking", redraw),),
    "paused": (Turn("verifying", stop_clock),),
    "late defect": (Turn("verifying", find_late_defect),),
    "objected": (OBJECTS,),
    "upheld": (OBJECTS, Turn("refused", uphold, days=4)),
    "dismissed": (OBJECTS, Turn("refused", dismiss, days=5)),
    "revoked": (Turn("issued", revoke, days=8),),
}
