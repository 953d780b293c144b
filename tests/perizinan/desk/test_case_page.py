"""The officer's page of one case: who may open it, what stands on it, and two who act on it at once (T53)."""

import pytest

from blueprints.perizinan.cases import queries
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.filing import actions as filing
from blueprints.perizinan.talking import actions as talking
from blueprints.perizinan.watching import actions as watching
from tests import people
from tests.factories import permits as make
from tests.pages import Browser, Page
from webapp import clock, viewing


def at_desk(browser: Browser, case, status: int = 200) -> Page:
    return browser.open(f"/perizinan/desk/{case.spoken_code}", status)


@pytest.fixture
def case(office, siti):
    make.a_type()
    return make.a_submitted_case(siti)


@pytest.fixture
def two(app, office, siti):
    """The same case of the technical team, open in two browsers of its officer."""
    make.a_type("POHON", make.INSPECTED)
    case = make.a_case_to_visit(siti, office)
    return case, *(at_desk(Browser(app).as_person(office.technical), case) for _browser in range(2))


# --- who may see it


@pytest.mark.parametrize("who", ["front", "back", "technical", "head", "inspector"])
def test_whoever_works_on_it_or_watches_over_it_opens_it(office, case, browser, who):
    page = at_desk(browser.as_person(getattr(office, who)), case)
    assert case.number in page.text and "Siti Contoh" in page.text and "Kebun Lada" in page.text


def test_each_opening_is_written_down_for_the_applicant(office, case, browser):
    at_desk(browser.as_person(office.back), case)
    assert [row.person_id for row in viewing.of(case)] == [office.back.id]


def test_for_an_officer_of_another_office_it_does_not_exist(office, case, browser, another_browser, siti):
    """T19: the page, the files and every form, and nothing is written down; the control is the office's own officer."""
    other = make.OtherOffice()
    code = case.spoken_code
    for who in (other.front, other.technical, other.head, siti):
        theirs = Browser(browser.app).as_person(who)
        at_desk(theirs, case, 404)
        if who is not siti:
            theirs.open(f"/perizinan/applications/{code}/papers/ktp/file", 404)
        for act in ("check", "finding", "appointment", "visit", "messages", "sign", "refuse", "send-back", "objection",
                    "revoke", "late-defect", "clock/stop", "clock/go-on", "redraw"):  # fmt: skip
            assert post(theirs, f"/perizinan/desk/{code}/{act}", body="", note="").status_code == 404, act
    assert viewing.of(case) == [] and queries.messages_of(case) == []
    assert post(browser.as_person(office.front), f"/perizinan/desk/{code}/messages", body="").status_code == 422


def post(browser: Browser, path: str, **typed: str):
    token = browser.open("/inbox").find("input[name=csrf_token]")["value"] if browser.open("/account") else ""
    return browser.http.post(path, data={**typed, "csrf_token": token}, headers={"Sec-Fetch-Site": "same-origin"})


def test_a_draft_is_nobodys_but_the_applicants(office, siti, browser):
    make.a_type()
    at_desk(browser.as_person(office.head), make.a_draft(siti), 404)


@pytest.mark.parametrize("who", ["front", "back", "technical", "head", "inspector"])
def test_neither_phone_nor_nik_stands_on_it(office, siti, browser, who):
    make.a_type()
    case = make.a_draft(siti, role="proxy", principal_name="Ibu Contoh", principal_nik=people.BUDI_NIK)
    filing.save_part(case.code, "applicant", {"principal_nik": people.BUDI_NIK, "principal_name": "Ibu"}, by=siti)
    filing.give_paper(case.code, "surat_kuasa", make.an_upload(siti), by=siti)
    case = filing.submit(case.code, declared=True, by=siti)
    html = at_desk(browser.as_person(getattr(office, who)), case).html
    for chance in html.select("[name=csrf_token], [name=idempotency_key]"):
        chance.decompose()  # any digits may stand in these
    text = str(html)
    assert "Ibu" in text
    for secret in (people.SITI_NIK, people.BUDI_NIK, "1275", "0812", "6789"):
        assert secret not in text


# --- which panels it has


def panels(page: Page) -> set[str]:
    code = page.path.split("/")[3]
    return {str(form["action"]).split(f"{code}/")[1] for form in page.html.select("#case form")}


@pytest.mark.parametrize(
    ("who", "acts"),
    [
        ("front", {"check", "messages"}),
        ("back", {"messages"}),
        ("technical", {"messages"}),
        ("head", {"clock/stop", "redraw", "messages"}),
        ("inspector", set()),
    ],
)
def test_each_role_sees_only_what_it_may_do(office, case, browser, who, acts):
    assert panels(at_desk(browser.as_person(getattr(office, who)), case)) == acts


def test_a_colleague_without_the_case_sees_it_and_may_write_only(office, case, browser):
    colleague = people.officer("Gita Contoh", "DPMPTSP", "front_office")
    assert panels(at_desk(browser.as_person(colleague), case)) == {"messages"}


def test_the_panels_follow_the_case(office, siti, browser):
    make.a_type("POHON", make.INSPECTED)
    case = make.a_case_to_verify(siti, office, "POHON")
    supervising = {"clock/stop", "redraw", "late-defect", "messages"}
    assert panels(at_desk(browser.as_person(office.back), case)) == {"finding", "messages"}
    assert panels(at_desk(browser.as_person(office.head), case)) == supervising
    case = make.verify(case, office)
    assert panels(at_desk(browser.as_person(office.technical), case)) == {"appointment", "messages"}
    examining.make_appointment(case.code, make.next_morning(), make.seen(case), by=office.technical)
    assert panels(at_desk(browser, case)) == {"appointment", "visit", "messages"}
    filing.move_visit(case.code, make.next_morning(), by=siti)
    assert panels(at_desk(browser, case)) == {"visit", "messages"}, "the applicant has chosen this time"
    with clock.frozen(make.next_morning()):
        case = make.sign(make.recommend(record(case, office), office), office)
    assert panels(at_desk(browser.as_person(office.head), case)) == {"revoke"}


def record(case, office):
    saw = make.Seen({"Ada di tempat": True}, 3.6, 98.49, (make.an_upload(office.technical),))
    return examining.record_visit(case.code, saw, make.FIT, make.seen(case), by=office.technical)


# --- two at once


def test_the_second_browser_is_told_what_the_first_did_and_succeeds_after(office, two):
    case, first, second = two
    day = second.find("select[name=day] option:nth-of-type(3)")["value"]
    first.form("/appointment").send(day=first.find("select[name=day] option")["value"], hour="08.30")
    told = second.form("/appointment").send(day=day, hour="13.30").check()
    assert told.status == 409
    assert told.has("[data-changes] li") and "Tono Contoh" in told.find("[data-changes]").get_text()
    assert told.find("select[name=day] option[selected]")["value"] == day, "what was typed stays"
    assert queries.visit_of(case).starts_at.hour == 1, "nothing was overwritten: 08.30 is 01.30 UTC"
    assert told.form("/appointment").send(day=day, hour="13.30").status == 200
    assert queries.visit_of(queries.case_of(case.code)).starts_at.hour == 6


@pytest.mark.parametrize("htmx", [True, False])
def test_a_long_finding_survives_what_others_do_meanwhile(office, siti, browser, app, htmx):
    make.a_type()
    case = make.a_case_to_verify(siti, office)
    page = at_desk(browser.as_person(office.back), case)
    filing.write(None, case.code, "Apakah sudah diperiksa?", by=siti)
    typed = {"finding-verdict": "unfit", "finding-note": "Tidak sesuai peta kota", "finding-reason": "spatial",
             "finding-evidence": "Peta rencana kota 2024", "finding-cure": "Pilih tempat lain"}  # fmt: skip
    told = page.form("/finding").send(htmx=htmx, **typed)
    assert told.status == 409 and queries.case_of(case.code).state == "verifying"
    for name in ("finding-note", "finding-evidence", "finding-cure"):
        assert told.find(f"textarea[name={name}]").get_text() == typed[name]
    assert told.find("[name=finding-reason] [selected]")["value"] == "spatial"
    assert told.find("[name=finding-verdict][checked]")["value"] == "unfit"
    assert len(told.html.select("[data-changes] li")) == 1
    told.form("/finding").send(htmx=htmx, **typed)
    assert queries.case_of(case.code).state == "signing"


def test_whose_case_was_given_to_another_keeps_the_words_to_copy(office, case, browser):
    people.officer("Gita Contoh", "DPMPTSP", "front_office")
    page = at_desk(browser.as_person(office.front), case)
    watching.redraw(case.code, "Fitri sakit", by=office.head)
    told = page.form("/check").send(
        **{"mark-ktp": "defective", "note-ktp": "Foto KTP terlalu gelap", **accepted("ktp")}
    )
    assert told.status == 403 and not told.has('form[action$="/check"]')
    assert told.find("[data-typed]").get_text() == "Foto KTP terlalu gelap"
    assert "Kartika Contoh" in told.find("[data-changes]").get_text()
    assert queries.case_of(case.code).state == "checking"


def accepted(but: str = "") -> dict[str, str]:
    return {f"mark-{key}": "accepted" for key in ("part.applicant", "part.location", "ktp", "surat") if key != but}


def test_a_page_that_says_nothing_of_what_it_saw_changes_nothing(office, case, browser):
    page = at_desk(browser.as_person(office.front), case)
    assert page.form("/check").send(seen="", **accepted()).status == 409
    assert queries.case_of(case.code).state == "checking"


# --- messages


def test_a_message_reaches_the_applicant(office, case, browser):
    page = at_desk(browser.as_person(office.back), case).form("/messages").send(body="Mohon tunggu sampai Jumat.")
    assert page.status == 200 and "Mohon tunggu sampai Jumat." in page.text
    assert [message.state for message in queries.messages_of(case)] == ["sent"]


def test_an_empty_message_is_not_sent_and_one_about_money_is_held(office, case, browser):
    page = at_desk(browser.as_person(office.back), case).form("/messages").send(body="")
    assert page.status == 422 and page.has(".summary")
    page = page.form("/messages").send(body="Kirim Rp50.000 dulu")
    assert page.has(".word-own .badge-attention")
    assert [message.state for message in queries.messages_of(case)] == ["held"]


def test_after_the_decision_nothing_more_is_written(office, siti, browser):
    make.a_type()
    case = make.an_issued_case(siti, office)
    assert not at_desk(browser.as_person(office.back), case).has('form[action$="/messages"]')
    with pytest.raises(talking.Refusal):
        talking.write(None, case.code, "Satu lagi", by=office.back)


# --- the head's clock and desk


def test_the_head_stops_the_clock_with_a_reason_and_lets_it_go_on(office, case, browser):
    page = at_desk(browser.as_person(office.head), case)
    wrong = page.form("/clock/stop").send(**{"pause-reason": "elsewhere", "pause-note": "x" * 201})
    assert wrong.status == 422 and wrong.has("details[open] .summary")
    page = wrong.form("/clock/stop").send(**{"pause-reason": "elsewhere", "pause-note": "Menunggu surat BPN"})
    assert page.has('form[action$="/clock/go-on"]') and not page.has('form[action$="/clock/stop"]')
    assert page.form("/clock/go-on").send().has('form[action$="/clock/stop"]')


def test_where_nobody_else_works_nothing_is_drawn_and_the_reason_stays(office, case, browser):
    page = at_desk(browser.as_person(office.head), case)
    told = page.form("/redraw").send(**{"redraw-note": "Fitri sakit"})
    assert told.status == 409 and told.find("textarea[name=redraw-note]").get_text() == "Fitri sakit"
    assert queries.case_of(case.code).officer_id == office.front.id


def test_the_page_alone_may_ask_where_one_stands(office, case, browser):
    policy = at_desk(browser.as_person(office.front), case).response.headers["Permissions-Policy"]
    assert "geolocation=(self)" in policy and "camera=()" in policy
    assert "geolocation=()" in browser.open("/perizinan/desk").response.headers["Permissions-Policy"]
