"""Bad days of permits: no place for files, or a listener fails. Nothing is half done, and nobody is told it was."""

import errno
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask

from blueprints.perizinan.bills.actions import bill_of
from blueprints.perizinan.cases import items, queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.permits import queries as permits
from tests.factories import permits as make
from tests.factories.permits import Office
from tests.pages import Browser, Page
from tests.webapp.uploads.files import jpeg
from webapp import clock, events, notify
from webapp.accounts.models import Person
from webapp.db import db
from webapp.payments import actions as payments
from webapp.payments import queries as money
from webapp.payments.word import Word
from webapp.uploads.models import Upload

WORST = "the town crier has lost his voice"


@pytest.fixture
def office(app: Flask, signing_key) -> Office:
    make.a_type()
    return make.Office()


@pytest.fixture
def draft(office: Office, siti: Person) -> Application:
    return make.a_draft(siti)


@pytest.fixture
def fails(app: Flask, monkeypatch) -> Iterator[None]:
    """Whoever listens to a case being sent, signed or paid cannot be reached."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def fail(_event: events.Event) -> None:
        raise RuntimeError(WORST)

    for step in ("submit", "issue", "pay"):
        name = f"perizinan.application.{step}"
        monkeypatch.setitem(events._listeners, name, [*events._listeners[name], fail])


def again(case: Application) -> Application:
    db.session.rollback()
    db.session.expire_all()
    return queries.case_of(case.code)


# --- no place for files


class FullDisk:
    """A place for files that takes none any more."""

    def put(self, _key: str, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def hand_in(browser: Browser, page: Page, requirement: str) -> Page:
    data = {**page.form(f"/papers/{requirement}").values(), "file": (BytesIO(jpeg()), "ktp.jpg")}
    headers = {"Sec-Fetch-Site": "same-origin"}
    return Page(browser, browser.http.post(f"{page.path}/{requirement}", data=data, headers=headers))


@pytest.mark.usefixtures("office")
def test_where_there_is_no_place_for_a_file_the_draft_stays_as_it_was(app, draft, siti, browser, monkeypatch):
    """T88: a plain word, what stood there stays, and once there is room it goes on."""
    page = browser.as_person(siti).open(f"/perizinan/applications/{draft.spoken_code}/papers")
    before = {paper.requirement: paper.upload_id for paper in draft.papers}
    with monkeypatch.context() as full:
        full.setitem(app.extensions, "uploads", FullDisk())
        told = hand_in(browser, page, "ktp")
    assert told.status in (422, 503)
    assert "tidak bisa disimpan" in told.text or "belum bisa disimpan" in told.text, told.text
    assert "No space" not in told.text
    case = again(draft)
    assert {paper.requirement: paper.upload_id for paper in case.papers} == before
    assert (case.state, items.is_complete(case)) == ("draft", True)
    assert db.session.query(Upload).count() == len(before)
    assert hand_in(browser, page, "ktp").status in (200, 303)
    assert {paper.requirement: paper.upload_id for paper in again(draft).papers}["ktp"] not in before.values()


# --- a listener that fails


@pytest.mark.usefixtures("fails")
def test_an_application_whose_events_fail_is_not_sent_and_nobody_says_so(draft, siti, browser, monkeypatch):
    page = browser.as_person(siti).open(f"/perizinan/applications/{draft.spoken_code}/check")
    told = page.form("/submit").send(declared="y", follow=False)
    assert told.status == 500
    assert WORST not in told.text and "IZN/" not in told.text
    case = again(draft)
    assert (case.state, case.number, case.fee, case.officer_id) == ("draft", None, None, None)
    assert not [event for event in queries.history_of(case) if event.name.endswith(".submit")]
    assert notify.inbox(siti.id) == []
    monkeypatch.undo()
    assert page.form("/submit").send(declared="y").status == 200
    assert again(draft).number == "IZN/2026/000001", "the number was not used up"


@pytest.mark.usefixtures("fails")
def test_a_signature_whose_events_fail_signs_nothing(office, siti, app, monkeypatch):
    with monkeypatch.context() as well:
        well.setattr(events, "_listeners", {})
        case = make.verify(make.accept(make.a_submitted_case(siti), office), office)
    page = Browser(app).as_person(office.head, confirmed=True).open(f"/perizinan/desk/{case.spoken_code}")
    assert page.form("/sign").send(follow=False).status == 500
    case = again(case)
    assert (case.state, case.signer_human, permits.permit_of(case)) == ("signing", None, None)
    assert queries.decision_of(case).decided_at is None
    monkeypatch.undo()
    assert page.form("/sign").send().status == 200
    assert permits.permit_of(again(case)).number == "UJI/0001/2026"


@pytest.mark.usefixtures("fails")
def test_money_whose_events_fail_is_told_again_by_the_bank(office, siti, monkeypatch):
    make.a_type("PBG", ("check", "verify", "pay", "sign"), fee=make.PAID)
    with monkeypatch.context() as well:
        well.setattr(events, "_listeners", {})
        case = make.verify(make.accept(make.a_submitted_case(siti, "PBG"), office), office)
    word = Word("R1", bill_of(case).code, 150_000, clock.now())
    with pytest.raises(RuntimeError, match=re.escape(WORST)):
        payments.receive(word)
    assert (again(case).state, bill_of(case).state, money.payment_of("R1")) == ("billed", "open", None)
    monkeypatch.undo()
    assert payments.receive(word).state == "accepted"
    assert (again(case).state, bill_of(case).state) == ("signing", "paid")
