"""What people type and hand in: what it means, what is kept of it, and what is nobody else's business."""

import random
import re
import time
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from blueprints.perizinan.cases import answers, items, queries
from blueprints.perizinan.cases.answers import value_of
from blueprints.perizinan.catalogue.definition import FieldSpec
from blueprints.perizinan.catalogue.reading import Faulty, definition_from
from blueprints.perizinan.filing import actions as filing
from tests.factories import permits as make
from tests.webapp.uploads.files import jpeg
from webapp.db import db
from webapp.errors import NotAllowed, Refusal
from webapp.uploads.models import Upload

PRINCIPAL = "1275024504900007"
TYPED = {"principal_name": "Ibu Contoh", "principal_nik": "1275 0245 0490 0007", "purpose": "Rumah"}


def a_field(kind: str, **facts: object) -> FieldSpec:
    return FieldSpec("f", "Luas", kind, "details", **facts)


def means(kind: str, text: str, **facts: object) -> object:
    """The value, or None where the person is asked to write it anew."""
    try:
        return value_of(a_field(kind, **facts), text)
    except ValueError as told:
        assert "Luas" in str(told) or "digit" in str(told) or "angka" in str(told)
        return None


# --- numbers, as people here write them


@pytest.mark.parametrize("text, value", [
    ("120", 120), (" 120 ", 120), ("0", 0), ("1250", 1250), ("1.250", 1250), ("1 250", 1250), ("12.500", 12_500),
    ("1.250.000", 1_250_000), ("999999999", 999_999_999),
    ("36,5", None), ("36.5", None), ("1.25", None), ("1.2500", None), ("0.125", None), ("1.250 000", None),
    ("1,250", None), ("-5", None), ("+5", None), ("1e3", None), ("0x10", None), ("\uff11\uff12", None), ("dua", None),
    ("12 m2", None), ("1" * 10, None), ("1.000.000.000", None), ("9" * 20_000, None), ("", None), ("½", None),
])  # fmt: skip
def test_a_whole_number(app, text, value):
    assert means("number", text) == value


@pytest.mark.parametrize("text, value", [
    ("36,5", "36.5"), ("36.5", "36.5"), ("36", "36"), ("1.250", "1250"), ("1.250,75", "1250.75"), ("1 250,5", "1250.5"),
    ("0,125", "0.125"), ("0.125", "0.125"), ("12.5", "12.5"), ("1.234.567,8", "1234567.8"),
    ("1,250.5", None), ("1.2.3,4", None), ("1.25,5", None), ("12,34567", None), (",5", None), ("5,", None),
    ("-0,5", None), ("NaN", None), ("Infinity", None), ("1e5", None), ("1,2,3", None), ("9" * 20_000, None),
])  # fmt: skip
def test_a_number_with_a_comma(app, text, value):
    assert means("decimal", text) == (Decimal(value) if value else None)


@pytest.mark.parametrize("kind", ["number", "decimal"])
def test_a_number_keeps_within_its_limits(app, kind):
    limits = {"least": 1, "most": 100_000}
    assert [means(kind, text, **limits) for text in ("0", "1", "100.000", "100.001")] == [None, 1, 100_000, None]


def test_a_number_is_understood_as_it_was_meant_or_asked_for_again(app):
    """Dots between threes make thousands; else there is one comma or one dot, before decimals."""
    chance = random.Random(1)  # noqa: S311 - it must repeat
    for _number in range(3000):
        text = "".join(chance.choices("0123456789.,", k=chance.randint(1, 9)))
        found = means("decimal", text)
        if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+(,\d*)?", text):
            assert found in (None, Decimal(text.replace(".", "").replace(",", "."))), text
        else:
            assert found is None or (text.count(".") + text.count(",") < 2 and found == Decimal(text.replace(",", ".")))


# --- days, choices, places, numbers of cards


@pytest.mark.parametrize("text", [
    "2026-02-31", "2026-13-01", "0000-01-01", "0001-01-01", "1899-12-31", "2101-01-01", "31-02-2026", "besok",
    "2026-11-24T08:00", "99999-01-01", "2026-11-24\n", "\uff19999-01-01", "-2026-01-01",
])  # fmt: skip
def test_a_day_that_does_not_exist_is_asked_for_again(app, text):
    """T48: a clear word and no crash."""
    assert means("date", text.rstrip("\n") if text.endswith("\n") else text) in (None, date(2026, 11, 24))
    assert "T" not in text or means("date", text) is None


def test_a_leap_day_exists_when_it_does(app):
    assert means("date", "2028-02-29") == date(2028, 2, 29)
    assert means("date", "2026-02-29") is None


def test_only_the_citys_own_kelurahans_count(office):
    assert means("kelurahan", "12.75.01.1005") == "12.75.01.1005"
    for place in ("12.75.01", "12.75", "12.75.99.9999", "Kebun Lada", "' OR 1=1 --", "x" * 5000):
        assert means("kelurahan", place) is None


def test_only_what_can_be_chosen_counts(app):
    spec = a_field("choice", choices=(("a", "Satu"), ("b", "Dua")))
    for text, value in (("a", "a"), ("c", None), ("Satu", None), ("a,b", None)):
        try:
            assert value_of(spec, text) == value
        except ValueError:
            assert value is None
    assert [means("yes_no", text) for text in ("yes", "no", "true", "1", "Ya")] == [True, False, None, None, None]


def test_cards_have_their_digits(app):
    assert value_of(FieldSpec("n", "NIB", "nib", "applicant"), "1234 5678 90123") == "1234567890123"
    for kind, text in (("nib", "123"), ("nib", "12345678901234"), ("nik", "1275"), ("nik", "0000000000000000")):
        with pytest.raises(ValueError, match=r"\d"):
            value_of(FieldSpec("n", "Nomor", kind, "applicant"), text)


def test_what_may_be_left_empty_is_nothing(app):
    assert value_of(a_field("number", required=False), "  ") is None


# --- what is kept of what was typed


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u00ad", "\x07", "\x1b", "\ue000"]
)
def test_letters_that_nobody_sees_are_not_kept(hidden):
    """T40: nobody reads on paper another name than on the screen."""
    assert answers.kept({"purpose": f"Rumah{hidden} Sakit"}) == {"purpose": "Rumah Sakit"}


def test_names_of_all_peoples_are_kept_as_they_are():
    names = ["Siti", "O'Brien-Nasution, S.H.", "Nguyễn Văn Ánh", "王小明", "محمد", "Jean–Luc", "🏠 Rumah"]
    assert [answers.visible(name) for name in names] == names
    assert answers.visible("e\u0301") == "é", "the same letter is written in one way"


def test_a_long_answer_is_told_and_not_cut(office, siti):
    """What was typed comes back whole, so that the person can shorten it."""
    make.a_type()
    case = filing.start(None, "UJI", "self", by=siti)
    words = "kata " * 500
    case = filing.save_part(case.code, "applicant", {"purpose": words}, by=siti)
    given = items.answers(case)
    assert given.typed["purpose"] == words.strip()
    assert "200" in given.faults["purpose"]
    case = filing.save_part(case.code, "applicant", {"purpose": "x" * 200_000}, by=siti)
    assert len(case.answers["purpose"]) == answers.KEPT


def test_a_line_is_one_line_and_a_text_keeps_its_lines(app):
    assert means("text", "Jalan\nJambi   12") == "Jalan Jambi 12"
    assert means("long_text", "Satu\nDua") == "Satu\nDua"
    assert answers.visible("Satu\r\nDua\tTiga") == "Satu\nDua Tiga"


@pytest.mark.parametrize("kind", ["text", "number", "decimal", "date", "nib", "nik", "choice", "yes_no"])
@pytest.mark.parametrize("piece", ["1", "1.", "1.000", "1 ", ".", "a", " ", "1,"])
def test_a_hostile_answer_is_judged_at_once(app, kind, piece):
    """T44."""
    text = (piece * 50_000)[:50_000]
    began = time.process_time()
    means(kind, text)
    assert time.process_time() - began < 0.05


# --- the form


@pytest.fixture
def proxy(office, siti):
    """Siti acts for somebody else."""
    make.a_type()
    case = filing.start(None, "UJI", "proxy", by=siti)
    return filing.save_part(case.code, "applicant", TYPED, by=siti)


def test_the_nik_of_whom_one_acts_for_is_sealed(proxy):
    assert PRINCIPAL not in str(proxy.answers)
    stored = db.session.execute(db.text("SELECT CAST(answers AS TEXT) FROM perizinan_application")).scalar()
    assert "Ibu Contoh" in stored
    for secret in (PRINCIPAL, "0245 0490", "4504900007"):
        assert secret not in stored
    assert items.answers(proxy).values["principal_nik"] == PRINCIPAL


def test_the_nik_of_whom_one_acts_for_stands_on_no_page(office, proxy, siti, browser, another_browser):
    paths = ["", "/parts/applicant", "/papers", "/check"]
    browser.as_person(siti)
    for path in paths:
        assert_hidden(
            browser.open(f"/perizinan/applications/{proxy.spoken_code}{path}").response.get_data(as_text=True)
        )
    for needed in items.requirements_of(proxy):
        filing.give_paper(proxy.code, needed.key, make.an_upload(siti), by=siti)
    filing.save_part(proxy.code, "location", {"kelurahan": "12.75.01.1005"}, by=siti)
    case = filing.submit(proxy.code, declared=True, by=siti)
    assert_hidden(browser.open(f"/perizinan/applications/{case.spoken_code}").response.get_data(as_text=True))
    another_browser.as_person(office.front)
    assert_hidden(another_browser.open(f"/perizinan/desk/{case.spoken_code}").response.get_data(as_text=True))
    for who in (office.front, siti):
        assert PRINCIPAL not in str([event.facts for event in queries.history_of(case)]), who


def assert_hidden(html: str) -> None:
    plain = re.sub(r"\s", "", html)
    assert PRINCIPAL not in plain and PRINCIPAL[4:12] not in plain


def test_saving_again_what_the_form_shows_keeps_the_nik(proxy, siti, browser):
    path = f"/perizinan/applications/{proxy.spoken_code}/parts/applicant"
    page = browser.as_person(siti).open(path)
    assert page.find("[name=principal_nik]")["value"] == "1275 •••• •••• 0007"
    page.form("/parts/applicant").send(purpose="Toko")
    db.session.expire_all()
    assert items.answers(queries.case_of(proxy.code)).values["principal_nik"] == PRINCIPAL
    browser.open(path).form("/parts/applicant").send(principal_nik="1275024504900008")
    db.session.expire_all()
    assert items.answers(queries.case_of(proxy.code)).values["principal_nik"] == "1275024504900008"


def test_a_nik_that_is_wrong_is_shown_as_it_was_typed(proxy, siti, browser):
    path = f"/perizinan/applications/{proxy.spoken_code}/parts/applicant"
    page = browser.as_person(siti).open(path).form("/parts/applicant").send(principal_nik="1275")
    assert page.status == 422
    assert page.find("[name=principal_nik]")["value"] == "1275"


def test_whoever_acts_for_others_hands_in_the_letter_of_attorney_once(office, siti):
    extra = [{"key": "surat_kuasa", "name": "Surat kuasa"}, {"key": "ktp", "name": "KTP"}]
    make.a_type("UJI", requirements=extra)
    case = filing.start(None, "UJI", "proxy", by=siti)
    assert [needed.key for needed in items.requirements_of(case)] == ["surat_kuasa", "ktp"]


MORE = {
    "role": "business", "fee": "1", "state": "issued", "person_id": "2", "number": "IZN/2026/999999", "code": "AAAA",
    "officer_id": "1", "declared": "1", "type_id": "9", "submitted_at": "2020-01-01", "area": "5", "principal_nik": "1",
    "created_at": "2020-01-01", "answers": "{}", "is_demo": "1",
}  # fmt: skip


def test_fields_that_nobody_asked_for_change_nothing(office, siti, budi, browser):
    """T23."""
    make.a_type()
    case = filing.start(None, "UJI", "self", by=siti)
    before = {
        column: getattr(case, column) for column in ("role", "fee", "state", "person_id", "number", "code", "is_demo")
    }
    page = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}/parts/applicant")
    page.form("/parts/applicant").send(purpose="Rumah", **MORE)
    db.session.expire_all()
    case = queries.case_of(case.code)
    assert {column: getattr(case, column) for column in before} == before
    assert case.answers == {"purpose": "Rumah"}


def test_fields_that_nobody_asked_for_do_not_make_a_permit_dearer_or_cheaper(office, siti, browser):
    make.a_type("PBG", ("check", "verify", "pay", "sign"), fee=make.PAID)
    case = make.a_draft(siti, "PBG")
    page = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}/check")
    page.form("/submit").send(declared="y", fee="0", amount="0", area="1", state="issued", officer_id="1")
    db.session.expire_all()
    case = queries.case_of(case.code)
    assert (case.state, case.fee) == ("checking", 150_000)


# --- files


def test_the_file_of_another_cannot_be_handed_in(office, siti, budi):
    make.a_type()
    case = filing.start(None, "UJI", "self", by=siti)
    with pytest.raises(Refusal):
        filing.give_paper(case.code, "ktp", make.an_upload(budi), by=siti)
    with pytest.raises(NotAllowed):
        filing.give_paper(case.code, "ktp", make.an_upload(budi), by=budi)
    assert queries.case_of(case.code).papers == []


@pytest.mark.parametrize("requirement", ["lain", "../../etc/passwd", "part.applicant", "KTP", "x" * 400])
def test_a_paper_that_is_not_asked_for_is_refused(office, siti, requirement):
    make.a_type()
    case = filing.start(None, "UJI", "self", by=siti)
    with pytest.raises(Refusal):
        filing.give_paper(case.code, requirement, make.an_upload(siti), by=siti)


def test_a_file_that_is_refused_leaves_nothing_in_the_database(office, siti, browser):
    """The officer accepts it while the applicant still has the page open: the picture is kept for nobody."""
    make.a_type()
    case = make.send_back_for(make.a_submitted_case(siti), office, ktp="Gelap", surat="Kurang")
    page = browser.as_person(siti).open(f"/perizinan/applications/{case.spoken_code}/papers")
    form, path = page.form("/papers/surat").values(), f"{page.path}/surat"
    for requirement in ("ktp", "surat"):
        filing.give_paper(case.code, requirement, make.an_upload(siti), by=siti)
    filing.resubmit(case.code, by=siti)
    before = db.session.query(Upload).count()
    data = {**form, "file": (BytesIO(jpeg()), "surat.jpg")}
    answer = browser.http.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 422
    assert db.session.query(Upload).count() == before


def test_taking_a_paper_out_again_is_an_event(office, siti):
    """T76: what is taken away is written down."""
    make.a_type()
    case = make.a_draft(siti)
    filing.remove_paper(case.code, "ktp", by=siti)
    filing.remove_paper(case.code, "ktp", by=siti)
    names = [event.name for event in queries.history_of(case)]
    assert names.count("perizinan.application.remove_paper") == 1


@pytest.mark.parametrize("key", ["data", "errors", "validate", "process", "populate_obj", "csrf_token", "meta"])
@pytest.mark.parametrize("place", ["fields", "questions"])
def test_nothing_that_is_asked_has_a_name_that_every_form_keeps_for_itself(key, place):
    content = make.a_definition() | {"name": "Izin"}
    content[place] = [*content[place], {**content[place][0], "key": key}]
    with pytest.raises(Faulty, match=rf"{place}\[\d\].key: .* keeps for itself"):
        definition_from(content)
