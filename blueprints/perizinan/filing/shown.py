"""An application as its applicant sees it: the task list, the check page, the fee, the status."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, url_for

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.bills.models import BILL_WORDS, Bill
from blueprints.perizinan.cases import items, queries, story
from blueprints.perizinan.cases.models import Application, Decision, Objection
from blueprints.perizinan.cases.workflow import LATE, OBJECTION, OBJECTION_LATE, REASONS, ROLES, UNDECIDED, WORDS
from blueprints.perizinan.catalogue.fees import Charge, Incomplete, charge_of
from blueprints.perizinan.catalogue.models import PermitType
from blueprints.perizinan.filing import actions
from blueprints.perizinan.permits import queries as permits
from webapp import clock, deadlines, i18n, payments
from webapp.i18n import gettext as _
from webapp.i18n import ngettext

NOT_YET, PARTLY, DONE, TO_MEND = "not_yet", "partly", "done", "to_mend"


def words_of_standing(standing: str) -> tuple[str, str]:
    return {
        NOT_YET: (_("Not yet"), "neutral"),
        PARTLY: (_("Partly"), "attention"),
        DONE: (_("Done"), "good"),
        TO_MEND: (_("To be mended"), "late"),
    }[standing]


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    title: str
    note: str
    standing: str
    href: str
    was_defective: bool = False

    @property
    def word(self) -> str:
        return words_of_standing(self.standing)[0]

    @property
    def tone(self) -> str:
        return words_of_standing(self.standing)[1]


def tasks_of(case: Application) -> list[Task]:
    """What there is to do before sending: each part of the form, then the papers."""
    found, given = items.items_of(case), items.answers(case)
    tasks = [_part_task(case, item, given) for item in found if item.is_part]
    papers = [item for item in found if not item.is_part]
    return [*tasks, _papers_task(case, papers)] if papers else tasks


def _part_task(case: Application, item: items.Item, given: Any) -> Task:
    part = item.key.removeprefix("part.")
    standing = DONE if item.complete else PARTLY if given.is_begun(part) else NOT_YET
    href = url_for("perizinan.fill_in", code=case.spoken_code, part=part)
    return Task(item.title, item.defect, TO_MEND if item.to_mend else standing, href, bool(item.defect))


def _papers_task(case: Application, papers: list[items.Item]) -> Task:
    given = sum(item.paper is not None for item in papers)
    note = _("%(given)s of %(all)s papers", given=given, all=len(papers))
    standing = DONE if all(item.complete for item in papers) else PARTLY if given else NOT_YET
    if any(item.to_mend for item in papers):
        standing = TO_MEND
    href = url_for("perizinan.papers", code=case.spoken_code)
    return Task(_("Papers"), note, standing, href, any(item.defect for item in papers))


@dataclass(frozen=True)
class FeeShown:
    """What it costs by law, the same on every page: an amount, or why it cannot be told yet."""

    charge: Charge | None
    is_free: bool
    basis: str
    rule: str
    note: str

    @property
    def amount(self) -> str:
        if self.is_free:
            return _("FREE")
        return i18n.rupiah(self.charge.amount) if self.charge else _("Worked out from your answers")


def fee_of(case: Application) -> FeeShown:
    """By the tariff of the day of submission; until then by that of today. Once it is sent, what was charged (T63)."""
    fee = items.definition_of(case).fee
    try:
        charge = charge_of(fee, items.answers(case).values)
    except Incomplete:
        charge = None
    if is_settled(case) and (charge is None or charge.amount != case.fee):
        charge = Charge(case.fee or 0, ())
    return FeeShown(charge, fee.is_free, fee.basis, fee.rule, fee.note)


def is_settled(case: Application) -> bool:
    """Whether the fee stays as it is, whatever is mended in the answers."""
    return case.fee is not None and (case.state != "returned" or bill_of(case) is not None)


@dataclass(frozen=True)
class Answered:
    """One part of the form on the check page: its questions with the answers, and where to change them."""

    key: str
    title: str
    rows: list[tuple[str, str]]
    href: str


def answered(case: Application) -> list[Answered]:
    given = items.answers(case)
    parts = []
    for part in items.parts_of(case):
        rows = [(spec.label, given.shown(spec) or "–") for spec in given.of(part)]
        href = url_for("perizinan.fill_in", code=case.spoken_code, part=part)
        parts.append(Answered(part, items.PART_TITLES[part](), rows, href))
    return parts


@dataclass(frozen=True)
class Status:
    """Everything that the page of a sent application shows."""

    case: Application
    word: str
    tone: str
    standing: Any  # of its deadline
    last_day: date | None
    fee: FeeShown
    stages: list[story.StageLine]
    lines: list[story.Line]
    pauses: list[Any]
    defects: list[items.Item]
    bill: Bill | None
    decision: Decision | None
    objection: Objection | None
    last_day_to_object: Any
    last_day_to_answer: date | None
    permit: Any

    @property
    def number(self) -> str:
        return self.case.number or ""

    @property
    def is_open(self) -> bool:
        return self.case.state in UNDECIDED

    @property
    def office_now(self) -> str:
        """The office that has it now; nothing while the applicant must act."""
        return story.office_now(self.case) if self.is_open else ""

    @property
    def all_mended(self) -> bool:
        return items.is_complete(self.case)

    @property
    def openings(self) -> list[story.Line]:
        return [line for line in reversed(self.lines) if line.kind == "opening"]

    @property
    def happenings(self) -> list[story.Line]:
        return [line for line in self.lines if line.kind == "event"]

    @property
    def reason(self) -> str:
        return str(REASONS[self.decision.reason]) if self.decision and self.decision.reason else ""

    @property
    def bill_word(self) -> tuple[Any, str]:
        return BILL_WORDS[self.bill.state] if self.bill else ("", "neutral")


def status_of(case: Application) -> Status:
    word, tone = WORDS[case.state]
    found = deadlines.of(case, LATE)
    standing = found.standing(clock.now()) if found else None
    refused, objection = case.state == "refused", queries.objection_of(case)
    return Status(
        case=case,
        word=str(word),
        tone=tone,
        standing=standing,
        last_day=standing.due_day if standing and standing.kind in ("safe", "near", "late") else None,
        fee=fee_of(case),
        stages=story.stages_of(case),
        lines=story.lines_of(case),
        pauses=story.pauses_of(case),
        defects=story.defects_of(case),
        bill=bill_of(case),
        decision=queries.decision_of(case),
        objection=objection,
        last_day_to_object=actions.last_day_to_object(case) if refused else None,
        last_day_to_answer=last_day_to_answer(objection),
        permit=permits.permit_of(case),
    )


def last_day_to_answer(objection: Objection | None) -> date | None:
    """Until when the head must answer; nothing where there is no open objection."""
    found = deadlines.of(objection, OBJECTION_LATE) if objection and objection.state == OBJECTION.begins else None
    return found.standing(clock.now()).due_day if found else None


def pay_address(bill: Bill) -> str | None:
    """Where the bill can be paid, or None while the gateway is not connected."""
    back = url_for("perizinan.application", code=bill.application.spoken_code)
    return payments.gateway().pay_address(bill.code, bill.amount, back) if bill.state == "open" else None


def by_need(case: Application) -> int:
    """What its person must act on comes before everything else in the list."""
    return 0 if case.state in ("returned", "billed") else 1


def row_of(case: Application) -> dict[str, Any]:
    """The application in the list of one's own."""
    word, tone = WORDS[case.state]
    when = case.submitted_at or case.saved_at
    note = i18n.DOT.join(filter(None, [case.number, i18n.unbroken(i18n.day_short(clock.local(when).date()))]))
    href = url_for("perizinan.application", code=case.spoken_code)
    return {"href": href, "title": case.type.name, "note": note, "word": str(word), "tone": tone}


def role_of(case: Application) -> str:
    return str(ROLES[case.role])


def days_words(days: int) -> str:
    return ngettext("%(num)s working day", "%(num)s working days", days)


def price_and_days(law: PermitType) -> str:
    """What a type costs and takes here, in a line."""
    definition = law.definition
    price = _("FREE") if definition.fee.is_free else _("Fee by law")
    example = [_("example")] if "channel" in definition.sample else []
    return i18n.DOT.join([price, days_words(definition.days), *example])


def bill_or_404(case: Application) -> Bill:
    """The bill of the case. Answers 404 when there is none."""
    return bill_of(case) or abort(404)
