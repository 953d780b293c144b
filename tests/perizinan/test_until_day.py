"""A permit that holds until a day which the applicant names: nobody asks for, or signs, one that is already over."""

from datetime import timedelta

import pytest

from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.permits import queries as permits
from tests.conftest import TUESDAY
from tests.factories import permits as make
from webapp import clock
from webapp.errors import Refusal

UNTIL = {"key": "until", "label": "Sampai", "kind": "date", "part": "details"}


@pytest.fixture(autouse=True)
def research(office):
    fields = [*make.a_definition()["fields"], UNTIL]
    make.a_type(fields=fields, validity={"words": "Sampai selesai", "until_field": "until"})


def on(day):
    return clock.frozen(clock.at(day, clock.local(clock.now()).time()))


def test_a_day_that_is_over_is_not_taken(office, siti):
    yesterday = TUESDAY - timedelta(days=1)
    case = make.a_draft(siti, until=yesterday.isoformat())
    assert list(items.answers(case).faults) == ["until"] and not items.is_complete(case)
    with pytest.raises(Refusal):
        filing.submit(case.code, declared=True, by=siti)
    filing.save_part(case.code, "details", {"until": TUESDAY.isoformat()}, by=siti)
    assert filing.submit(case.code, declared=True, by=siti).state == "checking"


def test_the_permit_ends_on_that_very_day(office, siti):
    case = make.a_submitted_case(siti, until=TUESDAY.isoformat())
    case = make.sign(make.verify(make.accept(case, office), office), office)
    assert permits.permit_of(case).valid_until == TUESDAY


def test_what_is_over_when_it_comes_to_the_head_is_not_signed(office, siti):
    """The control is the test before: on the day itself it is."""
    case = make.a_submitted_case(siti, until=TUESDAY.isoformat())
    case = make.verify(make.accept(case, office), office)
    with on(TUESDAY + timedelta(days=1)), pytest.raises(Refusal):
        make.sign(case, office)
    case = queries.case_of(case.code)
    assert case.state == "signing" and permits.permit_of(case) is None
    assert items.answers(case).values["until"] == TUESDAY, "what was sent stays what it was"


@pytest.mark.parametrize("item, sendable", [("ktp", True), ("part.details", False)])
def test_a_day_that_passes_while_the_file_is_mended_traps_nobody(office, siti, item, sendable):
    """Where only a paper is mended the answer is locked: it must not become wrong by itself. Where the answer is the
    defect, it must be a day that is still to come."""
    case = make.send_back_for(make.a_submitted_case(siti, until=TUESDAY.isoformat()), office, **{item: "Kurang"})
    with on(TUESDAY + timedelta(days=1)):
        if sendable:
            filing.give_paper(case.code, item, make.an_upload(siti), by=siti)
            assert filing.resubmit(case.code, by=siti).state == "checking"
            return
        filing.save_part(case.code, "details", {"until": TUESDAY.isoformat()}, by=siti)
        with pytest.raises(Refusal):
            filing.resubmit(case.code, by=siti)
        filing.save_part(case.code, "details", {"until": "2026-12-24"}, by=siti)
        assert filing.resubmit(case.code, by=siti).state == "checking"
