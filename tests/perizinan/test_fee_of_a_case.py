"""What one application costs: by the law of the day on which it was sent, the same on every page (T62, T63, T64)."""

from datetime import time, timedelta

import pytest

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.cases import queries
from blueprints.perizinan.catalogue.models import PermitType
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.deciding import actions as deciding
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.filing import shown
from tests.factories import permits as make
from webapp import clock
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.payments import actions as payments
from webapp.payments.word import Word

STAGES = ("check", "verify", "pay", "sign")
DEARER = {**make.PAID, "amount": {"product": [{"field": "area"}, {"value": 9000}]}}
OSS = {"channel": "elsewhere", "door": "Ajukan lewat OSS."}


@pytest.fixture
def paid(office):
    return make.a_type("PBG", STAGES, fee=make.PAID)


@transactional
def newer(law: PermitType, **changes: object) -> None:
    """From tomorrow on the law says something else."""
    content = {**law.content, **changes}
    db.session.add(PermitType(
        code=law.code, valid_from=clock.today() + timedelta(days=1), name=law.name, fee_kind=content["fee"]["kind"],
        channel=content["channel"], content=content,
    ))  # fmt: skip


def a_corrected_case(siti, office, area: str):
    """The front office finds the area wrong; the applicant mends it and sends the file again."""
    case = make.send_back_for(make.a_submitted_case(siti, "PBG", area="100"), office, **{"part.details": "Luas salah"})
    filing.save_part(case.code, "details", {"area": area}, by=siti)
    return filing.resubmit(case.code, by=siti)


@pytest.mark.parametrize("area, fee", [("250", 375_000), ("10", 15_000), ("100", 150_000)])
def test_whoever_mends_a_wrong_area_pays_for_the_right_one(office, siti, paid, area, fee):
    """Neither ten times as much as the law says, nor a tenth of it."""
    case = a_corrected_case(siti, office, area)
    assert (case.fee, shown.fee_of(case).charge.amount) == (fee, fee)
    bill = bill_of(make.verify(make.accept(case, office), office))
    assert bill.amount == fee
    assert queries.history_of(case)[-1].facts is not None
    sent_again = next(event for event in queries.history_of(case) if event.name.endswith(".resubmit"))
    assert sent_again.facts["fee"] == fee


def test_mended_or_not_the_tariff_is_that_of_the_day_on_which_it_was_sent(office, siti, paid):
    newer(paid, fee=DEARER)
    case = make.send_back_for(make.a_submitted_case(siti, "PBG", area="100"), office, **{"part.details": "Luas salah"})
    with clock.frozen(clock.at(clock.today() + timedelta(days=2), time(9))):
        filing.save_part(case.code, "details", {"area": "200"}, by=siti)
        case = filing.resubmit(case.code, by=siti)
        assert case.fee == 300_000


def test_what_was_billed_stays_whatever_is_found_later(office, siti, paid):
    """A late defect after the payment: nobody is asked for money a second time, and no page shows another sum."""
    case = make.verify(make.accept(make.a_submitted_case(siti, "PBG", area="100"), office), office)
    payments.receive(Word("R1", bill_of(case).code, 150_000, clock.now()))
    case = queries.case_of(case.code)
    case = deciding.send_back(case.code, "Periksa luasnya", make.seen(case), by=office.head)
    case = checking.find_late_defect(case.code, "part.details", "Luas salah", by=office.head)
    case = filing.save_part(case.code, "details", {"area": "999"}, by=siti)
    assert shown.fee_of(case).charge.amount == 150_000
    case = filing.resubmit(case.code, by=siti)
    assert (case.fee, shown.fee_of(case).charge.amount, bill_of(case).amount) == (150_000, 150_000, 150_000)
    case = make.verify(make.accept(case, office), office)
    assert case.state == "signing", "it was paid before"


def test_while_it_is_being_mended_the_page_shows_what_it_will_cost(office, siti, paid):
    case = make.send_back_for(make.a_submitted_case(siti, "PBG", area="100"), office, **{"part.details": "Luas salah"})
    case = filing.save_part(case.code, "details", {"area": "200"}, by=siti)
    assert shown.fee_of(case).charge.amount == 300_000


def test_a_draft_is_charged_by_the_law_of_the_day_on_which_it_is_sent(office, siti, paid):
    draft = make.a_draft(siti, "PBG", area="100")
    newer(paid, fee=DEARER)
    with clock.frozen(clock.at(clock.today() + timedelta(days=1), time(9))):
        assert shown.fee_of(queries.case_of(draft.code)).charge.amount == 900_000
        assert filing.submit(draft.code, declared=True, by=siti).fee == 900_000


def test_what_the_city_gives_no_more_cannot_be_sent_and_says_where_to_go(office, siti):
    """The permit has moved to another door since the draft was begun."""
    law = make.a_type()
    draft = make.a_draft(siti)
    newer(law, **OSS)
    with clock.frozen(clock.at(clock.today() + timedelta(days=1), time(9))):
        with pytest.raises(Refusal, match="OSS"):
            filing.submit(draft.code, declared=True, by=siti)
        assert queries.case_of(draft.code).state == "draft"


def test_control_without_following_the_answers_somebody_pays_the_wrong_sum(office, siti, paid, monkeypatch):
    monkeypatch.setattr(filing, "bill_of", lambda _case: "there is one")
    assert a_corrected_case(siti, office, "10").fee == 150_000
