"""The page of the Inspektorat: what is late, what is held, and who returns more than others."""

from datetime import timedelta

import pytest

from blueprints.perizinan.cases import desks, queries
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.talking import actions as talking
from blueprints.perizinan.watching import actions as watching
from blueprints.perizinan.watching import queries as watched
from blueprints.perizinan.watching import shown
from tests import people
from tests.factories import permits as make
from tests.pages import Browser, Page
from webapp import clock, deadlines
from webapp.accounts.models import Person
from webapp.db import db
from webapp.errors import NotAllowed, Refusal


@pytest.fixture(autouse=True)
def law(office):
    return make.a_type()


@pytest.fixture
def inspector(app, office) -> Browser:
    return Browser(app).as_person(office.inspector)


def watch(browser: Browser) -> Page:
    return browser.open("/perizinan/watch")


@pytest.mark.parametrize("who", ["front", "back", "technical", "head"])
def test_only_the_inspektorat_watches(office, browser, who):
    browser.as_person(getattr(office, who)).open("/perizinan/watch", 404)


def test_a_quiet_city(inspector):
    page = watch(inspector)
    assert len(page.html.select(".empty")) == 2 and page.has('a[href="/payments/held"]')


def test_a_late_case_stands_there_with_how_often_it_reported_itself(office, siti, inspector):
    case = make.a_submitted_case(siti)
    for days in (6, 7):
        with clock.frozen(clock.now() + timedelta(days=days)):
            deadlines.report_late()
    with clock.frozen(clock.now() + timedelta(days=7)):
        page = watch(inspector.as_person(office.inspector))
        row = page.find(f'a.row[href="/perizinan/desk/{case.spoken_code}"]').get_text(" ")
        assert case.number in row and "DPMPTSP" in row and "Fitri Contoh" in row and "2" in row
        assert shown.late_cases()[0].reports == 2
        assert inspector.open(f"/perizinan/desk/{case.spoken_code}").status == 200


def test_a_held_message_is_read_and_let_through(office, siti, inspector, browser):
    case = make.a_submitted_case(siti)
    message = talking.write(None, case.code, "Biaya resmi Rp150.000 sesuai tagihan", by=office.back)
    page = watch(inspector)
    assert "Rp150.000" in page.find(".held-words").get_text() and "Beni Contoh" in page.text
    own = f"/perizinan/applications/{case.spoken_code}"
    assert "Rp150.000" not in browser.as_person(siti).open(own).text
    after = page.form(f"/messages/{message.id}").send()
    assert not after.has(".held-words")
    assert "Rp150.000" in browser.open(own).text


def test_a_message_is_stopped_for_good(office, siti, inspector, browser):
    case = make.a_submitted_case(siti)
    talking.write(None, case.code, "Transfer ke BRI 1234567890", by=office.back)
    stop = watch(inspector).html.select('form:has([value="stop"])')[0]
    token = inspector.page.find("input[name=csrf_token]")["value"]
    send = {"data": {"csrf_token": token, "verdict": "stop"}, "headers": {"Sec-Fetch-Site": "same-origin"}}
    assert inspector.http.post(stop["action"], **send).status_code == 303
    assert queries.messages_of(case)[0].state == "stopped"
    assert "BRI" not in browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}").text
    assert inspector.http.post(stop["action"], **send).status_code == 409, "it was judged already"
    send["data"]["verdict"] = "perhaps"
    assert inspector.http.post(stop["action"], **send).status_code == 400


def test_judging_by_htmx_answers_with_the_rest_of_the_messages(office, siti, inspector):
    case = make.a_submitted_case(siti)
    for words in ("Bayar Rp1.000", "Kirim lewat OVO"):
        talking.write(None, case.code, words, by=office.back)
    left = watch(inspector).form("/messages/").send(htmx=True).check_fragment("held_words")
    assert len(left.html.select(".held-words")) == 1


def test_nobody_else_judges(office, siti):
    message = talking.write(None, make.a_submitted_case(siti).code, "Bayar Rp1.000", by=office.back)
    for who in (office.head, office.back, siti):
        with pytest.raises(NotAllowed):
            talking.judge(message.id, True, by=who)


def test_who_returns_far_more_than_others_is_marked(office, inspector, monkeypatch):
    """Fitri returns all of her five files, Gita none of her seven: a sign, not a proof."""
    gita = people.officer("Gita Contoh", "DPMPTSP", "front_office")
    lots = iter([office.front.id] * 5 + [gita.id] * 7)
    monkeypatch.setattr(desks, "draw", lambda able, _seed: next(lots) if len(able) > 1 else able[0])
    for person in people.a_crowd(12):
        case = make.a_submitted_case(person)
        if case.officer_id == gita.id:
            checking.check_file(case.code, {}, make.seen(case), by=gita)
        else:
            make.send_back_for(case, office)
    found = {row.officer: (row.row.checked, row.row.returned, row.is_odd) for row in shown.returns()}
    assert found == {"Fitri Contoh": (5, 5, True), "Gita Contoh": (7, 0, False)}
    assert len(watch(inspector).html.select(".counts .badge-late")) == 1


def test_one_return_is_no_sign(office, siti):
    make.send_back_for(make.a_submitted_case(siti), office)
    assert [(row.share, row.is_odd) for row in shown.returns()] == [(100, False)]


def test_a_late_defect_counts_for_whoever_had_accepted_the_file(office, siti, inspector):
    case = make.accept(make.a_submitted_case(siti), office)
    checking.find_late_defect(case.code, "ktp", "KTP orang lain", by=office.head)
    row = watched.judged_since(clock.now() - timedelta(days=1))[0]
    assert (row.person_id, row.checked, row.returned, row.taken_back) == (office.front.id, 1, 0, 1)
    assert watch(inspector).has(".counts .badge-attention")


def test_what_a_supervisor_does_with_desks_and_clocks_stands_there_with_name_and_reason(office, siti, inspector):
    people.officer("Gita Contoh", "DPMPTSP", "front_office")
    case = make.a_submitted_case(siti)
    taken = db.session.get_one(Person, case.officer_id).name
    watching.redraw(case.code, "Cuti sakit dua minggu", by=office.head)
    watching.stop_clock(case.code, "elsewhere", "Menunggu surat BPN", by=office.head)
    text = watch(inspector).text
    for words in ("Cuti sakit dua minggu", "Menunggu surat BPN", "Kartika Contoh", taken):
        assert words in text


def test_a_case_taken_from_an_officer_does_not_come_back_to_them(office, siti):
    people.officer("Gita Contoh", "DPMPTSP", "front_office")
    case = make.a_submitted_case(siti)
    before = case.officer_id
    after = watching.redraw(case.code, "Saudara pemohon", by=office.head).officer_id
    assert after != before
    holder = next(person for person in queries.members(case.office_id, "front_office") if person.id == after)
    checking.check_file(case.code, {"ktp": "Gelap"}, make.seen(case), by=holder)
    filing.give_paper(case.code, "ktp", make.an_upload(siti), by=siti)
    assert filing.resubmit(case.code, by=siti).officer_id == after


def test_from_the_only_officer_nothing_is_taken(office, siti):
    case = make.a_submitted_case(siti)
    with pytest.raises(Refusal):
        watching.redraw(case.code, "Cuti", by=office.head)
    assert queries.case_of(case.code).officer_id == office.front.id


def test_an_objection_without_an_answer_in_time_stands_there(office, siti, inspector):
    case = make.a_refused_case(siti, office)
    filing.object_to(case.code, "Petanya lama", by=siti)
    assert not watch(inspector).has("#objections")
    with clock.frozen(clock.now() + timedelta(days=20)):
        assert (
            watch(inspector.as_person(office.inspector))
            .find("#objections")
            .parent.select(f'a[href="/perizinan/desk/{case.spoken_code}"]')
        )


def test_the_home_page_tells_the_inspektorat_how_much_waits(office, siti, inspector):
    case = make.a_submitted_case(siti)
    talking.write(None, case.code, "Bayar Rp1.000", by=office.back)
    assert inspector.open("/").has('a[href="/perizinan/watch"]')
