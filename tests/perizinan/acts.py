"""Every act of a random history, done to the product: True when it went through, False when it was refused."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

from werkzeug.exceptions import NotFound

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.cases import queries
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.deciding import actions as deciding
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.examining.actions import Opinion, Refusing, Seen
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.talking import actions as talking
from blueprints.perizinan.watching import actions as watching
from tests.factories import permits as make
from tests.perizinan.town import HERE, NOWHERE, Act, Town
from webapp import clock
from webapp.errors import Refusal
from webapp.payments import actions as payments
from webapp.payments.word import Word

OPINIONS = {
    "fit": make.FIT,
    "unfit": make.UNFIT,
    "hasty": Opinion("unfit", "Tidak", None),
    "mute": Opinion("fit", " "),
}
HASTY = Refusing("spatial", "Peta", " ")
references = count(1)


def went_through(town: Town, act: Act) -> bool:
    """Do it. What the product refuses, in whatever words, is a refusal; anything else that it raises is a fault."""
    try:
        return DO[act.name](town, act) is not False
    except (Refusal, NotFound):
        return False


def seen(act: Act) -> int:
    """What the actor's page shows: the last event of the case, or an earlier one."""
    last = make.seen(queries.case_of(act.twin.code))
    return last if act.args["fresh"] else last - 1


def save_part(town: Town, act: Act) -> Any:
    how, area = act.args["how"], str(act.args["area"])
    place = {"well": HERE, "badly": "12.75.01", "elsewhere": NOWHERE}[how]
    purpose, area = ("", "luas sekali") if how == "badly" else ("Rumah", area)
    typed = {"purpose": purpose, "kelurahan": place, "area": area, "fee": "1", "state": "issued"}
    return filing.save_part(act.twin.code, act.args["part"], typed, by=town.person(act.who))


def give_paper(town: Town, act: Act) -> Any:
    upload = make.an_upload(town.person(act.args["whose"]))
    return filing.give_paper(act.twin.code, act.args["paper"], upload, by=town.person(act.who))


def find(town: Town, act: Act) -> Any:
    return examining.find(act.twin.code, OPINIONS[act.args["verdict"]], seen(act), by=town.person(act.who))


def a_moment(town: Town, act: Act) -> datetime:
    """A working day to come; or one that is none, or is over. Whoever moves a visit moves it to another day."""
    if act.args["coming"]:
        return make.next_morning() if act.name == "move_visit" else make.soon()
    sunday = clock.today() + timedelta(days=13 - clock.today().weekday())
    return town.chance.choice([clock.at(sunday, time(10)), clock.now(), clock.now() - timedelta(days=7)])


def make_appointment(town: Town, act: Act) -> Any:
    return examining.make_appointment(act.twin.code, a_moment(town, act), seen(act), by=town.person(act.who))


def move_visit(town: Town, act: Act) -> Any:
    return filing.move_visit(act.twin.code, a_moment(town, act), by=town.person(act.who))


def record_visit(town: Town, act: Act) -> Any:
    by = town.person(act.who)
    checklist = dict.fromkeys(queries.case_of(act.twin.code).type.definition.checklist, True)
    photos = (make.an_upload(by),)
    saw = Seen(checklist, 3.6, 98.49, photos)
    if not act.args["seen_well"]:
        other = make.an_upload(town.person("siti" if act.who != "siti" else "budi"))
        saw = town.chance.choice([
            Seen({**checklist, "Lain": True}, 3.6, 98.49, photos), Seen(checklist, 98.49, 3.6, photos),
            Seen(checklist, float("nan"), 98.49, photos), Seen(checklist, 3.6, 98.49),
            Seen(checklist, 3.6, 98.49, (other,)),
        ])  # fmt: skip
    return examining.record_visit(act.twin.code, saw, OPINIONS[act.args["verdict"]], seen(act), by=by)


def pay(town: Town, act: Act) -> bool:
    """Money comes in; True when it settles the bill."""
    bill = bill_of(queries.case_of(act.twin.code))
    code, amount = (bill.code, bill.amount) if bill else ("IZ-2222-2222", 1000)
    if not act.args["right"]:
        code, amount = town.chance.choice([(code, amount + 1), (code, 1), ("IZ-2222-2223", amount)])
    payment = payments.receive(Word(f"R{next(references)}", code, amount, clock.now()))
    return payment.state == "accepted"


def refuse(town: Town, act: Act) -> Any:
    why = make.WHY if act.args["reasoned"] else HASTY
    return deciding.refuse(act.twin.code, seen(act), by=town.person(act.who), why=why)


Doing = Callable[[Town, Act], Any]


def plainly(use_case: Callable[..., Any], *names: str) -> Doing:
    """A use case that is called with the case, these arguments, and who acts."""
    return lambda town, act: use_case(act.twin.code, *(act.args[name] for name in names), by=town.person(act.who))


DO: dict[str, Doing] = {
    "save_part": save_part,
    "give_paper": give_paper,
    "remove_paper": plainly(filing.remove_paper, "paper"),
    "submit": lambda town, act: filing.submit(act.twin.code, by=town.person(act.who), **act.args),
    "resubmit": plainly(filing.resubmit),
    "discard": plainly(filing.discard),
    "withdraw": plainly(filing.withdraw),
    "move_visit": move_visit,
    "write": lambda town, act: filing.write(None, act.twin.code, "Kapan selesai?", by=town.person(act.who)),
    "object_to": lambda town, act: filing.object_to(act.twin.code, "Tidak setuju", by=town.person(act.who)),
    "check_file": lambda town, act: checking.check_file(
        act.twin.code, act.args["defects"], seen(act), by=town.person(act.who)
    ),
    "find_late_defect": plainly(checking.find_late_defect, "item", "note"),
    "find": find,
    "make_appointment": make_appointment,
    "record_visit": record_visit,
    "answer": lambda town, act: talking.write(None, act.twin.code, "Sedang diperiksa.", by=town.person(act.who)),
    "pay": pay,
    "sign": lambda town, act: deciding.sign(act.twin.code, seen(act), by=town.person(act.who)),
    "refuse": refuse,
    "send_back": lambda town, act: deciding.send_back(
        act.twin.code, act.args["note"], seen(act), by=town.person(act.who)
    ),
    "answer_objection": plainly(deciding.answer_objection, "upheld", "note"),
    "revoke": plainly(deciding.revoke, "note"),
    "stop_clock": plainly(watching.stop_clock, "reason", "note"),
    "go_on": plainly(watching.go_on),
    "redraw": plainly(watching.redraw, "note"),
}
