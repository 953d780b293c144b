"""Permits from the first question to a document that anyone can check; and one that nobody decides in time."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from blueprints.perizinan.cases import queries
from tests.factories import permits as make
from tests.journeys.browsers import PHONE, TABLET
from tests.journeys.town import BUDI, PASSWORD, SITI, Town
from tests.servers import Server, a_worker, eventually, free_port, serving
from tests.webapp.signing import poppler
from webapp import clock, signing
from webapp.accounts.models import Person
from webapp.db import transactional
from webapp.settings import ROOT

FRONT, BACK, TECHNICAL = "fo.izin@demo.test", "bo.izin@demo.test", "teknis@demo.test"
HEAD, INSPECTOR = "kadis@demo.test", "inspektorat@demo.test"
ASKED_AGAIN = (401, 404)  # the head's password; a code that the city has not issued
SEND = "button[data-busy]"


@pytest.fixture(scope="module")
def bank(town: Town) -> dict[str, str]:
    """The settings of a city that is connected to the sandbox bank."""
    return {"PAYMENT_SECRET": "a secret between the city and its bank", "PAYMENT_SANDBOX_PORT": str(free_port())}


@pytest.fixture(scope="module")
def paying(town: Town, bank: dict[str, str], log: Path) -> Iterator[Server]:
    """The town with its bank, each a process of its own."""
    gateway = f"http://127.0.0.1:{bank['PAYMENT_SANDBOX_PORT']}"
    with serving(town.environ(**bank, PAYMENT_GATEWAY=gateway), log) as server:
        command = [sys.executable, "-m", "webapp.payments.sandbox"]
        environ = {**server.environ, "PAYMENT_GATEWAY": gateway}
        with log.open("ab") as trouble, subprocess.Popen(command, cwd=ROOT, env=environ, stderr=trouble) as program:
            yield server
            program.terminate()


def a_photo() -> dict[str, object]:
    """A picture as a telephone takes it."""
    picture = io.BytesIO()
    Image.effect_noise((900, 1200), 40).convert("RGB").save(picture, "JPEG")
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def applies(phone: Page, type_code: str, search: str, numbers: dict[str, str]) -> str:
    """From the search to the receipt, with the telephone's own forms. Returns the path of the application."""
    phone.goto("/perizinan/")
    phone.locator("#search").fill(search)
    phone.locator("form[role=search] button").click()
    phone.locator(f"a[href*='/types/{type_code}']").first.click()
    phone.locator(f"a[href$='/types/{type_code}/fit']").first.click()
    phone.wait_for_url(f"**/types/{type_code}/fit")
    answers_what_fits(phone)
    phone.locator("form[action$='/start'] input[type=radio]").first.check(force=True)
    phone.locator(f"form[action$='/start'] {SEND}").click()
    phone.wait_for_url("**/applications/*")
    path = phone.url
    for part in ("applicant", "location", "details"):
        if phone.locator(f"a[href$='/parts/{part}']").count():
            fills_in(phone, f"{path}/parts/{part}", numbers)
            expect(phone).to_have_url(path)
    hands_in_papers(phone, path)
    phone.goto(f"{path}/check")
    phone.locator("[name=declared]").check(force=True)
    phone.locator(f"#check form {SEND}").click()
    phone.wait_for_url("**/receipt")
    return path


def answers_what_fits(phone: Page) -> None:
    """Try the answers until the page says that this permit is for them."""
    questions = sorted({str(box.get_attribute("name")) for box in phone.locator("main input[type=radio]").all()})
    address = phone.url
    for mask in range(2 ** len(questions)):
        chosen = "&".join(f"{name}={'no' if mask >> i & 1 else 'yes'}" for i, name in enumerate(questions))
        phone.goto(f"{address}?{chosen}")
        if phone.locator("form[action$='/start']").count():
            return
    raise AssertionError(f"no answer fits at {address}")


def fills_in(phone: Page, path: str, numbers: dict[str, str]) -> None:
    phone.goto(path)
    for box in phone.locator("#part input.input, #part textarea").all():
        box.fill(what_to_type(box, numbers))
    for choice in phone.locator("#part select").all():
        choice.select_option(index=1)
    for name in {str(radio.get_attribute("name")) for radio in phone.locator("#part input[type=radio]").all()}:
        phone.locator(f"#part input[name='{name}']").first.check(force=True)
    phone.locator(f"#part {SEND}").click()


def what_to_type(box: Locator, numbers: dict[str, str]) -> str:
    name = str(box.get_attribute("name"))
    if box.get_attribute("type") == "date":
        return "2026-12-21"
    number = box.get_attribute("inputmode") in ("numeric", "decimal")
    return numbers.get(name, "1" if number else "Jalan Contoh 1")


def hands_in_papers(phone: Page, path: str) -> None:
    phone.goto(f"{path}/papers")
    forms = [str(form.get_attribute("action")) for form in phone.locator("form[data-upload]").all()]
    for action in forms:
        with phone.expect_response(lambda answer, to=action: answer.url.endswith(to)):
            phone.locator(f"form[action='{action}'] input[type=file]").set_input_files(a_photo())
        expect(phone.locator(f"#{urlsplit(action).path.rsplit('/', 1)[1]} .file")).to_be_visible()


def works(page: Page, path: str, act: Callable[[Page], None]) -> None:
    """An officer opens the case in the inbox and, when all of it is there, acts."""
    case = f"/desk/{path.rsplit('/', 1)[1]}"
    page.goto("/perizinan/desk")
    page.locator(f"a[href$='{case}']").first.click()
    page.wait_for_url(f"**{case}", wait_until="domcontentloaded")
    act(page)


def accepts_everything(page: Page) -> None:
    for box in page.locator("input[type=radio][value=accepted]").all():
        box.check(force=True)
    page.locator(f"form[action$='/check'] {SEND}").click()
    expect(page.locator("form[action$='/check']")).to_have_count(0)


def finds_it_fit(page: Page) -> None:
    page.locator("input[name$=verdict][value=fit]").check(force=True)
    page.locator("form[action$='/finding'] [name$=note]").fill("Sesuai")
    page.locator(f"form[action$='/finding'] {SEND}").click()
    expect(page.locator("form[action$='/finding']")).to_have_count(0)


def arranges_a_visit(page: Page) -> None:
    page.locator("form[action$='/appointment'] select").first.select_option(index=0)
    page.locator(f"form[action$='/appointment'] {SEND}").click()
    expect(page.locator("form[action$='/visit']")).to_be_visible()


@transactional
def bring_the_visit_forward(path: str) -> None:
    """The clock of a running server cannot be moved: the day of the visit comes to it."""
    visit = queries.visit_of(queries.case_of(path.rsplit("/", 1)[1]))
    visit.starts_at = clock.now()


def visits_the_place(page: Page) -> None:
    record = page.locator("form[action$='/visit']")
    for box in record.locator("input[type=radio][value=yes]").all():
        box.check(force=True)
    record.locator("[name$=photos]").set_input_files(a_photo())
    record.locator("[name$=latitude]").fill("3,6002")
    record.locator("[name$=longitude]").fill("98,4892")
    record.locator("input[name$=verdict][value=fit]").check(force=True)
    record.locator("[name$=note]").fill("Sudah dilihat")
    record.locator(SEND).click()
    expect(page.locator("form[action$='/visit']")).to_have_count(0)


def signs(page: Page) -> None:
    """The head signs from a telephone, and is asked for the password again."""
    page.locator(f"form[action$='/sign'] {SEND}").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator(f"form[action*='/confirm'] {SEND}").click()
    page.locator(f"form[action$='/sign'] {SEND}").click()
    expect(page.locator("form[action$='/sign']")).to_have_count(0)


def holds_a_document_that_anyone_can_check(phone: Page, visit: Callable[..., Page], town: Town, path: str) -> None:
    phone.goto(path)
    with phone.expect_download() as download:
        phone.locator("a[href$='permit.pdf']").click()
    pdf = Path(download.value.path()).read_bytes()
    assert town.aside(lambda: signing.verify(pdf).kind) == "valid"
    assert poppler.accepted(pdf)
    code = str(phone.locator("a[href*='/perizinan/check/']").get_attribute("href"))
    stranger = visit()
    stranger.goto(code)
    expect(stranger.locator(".badge-good")).to_be_visible()
    stranger.goto(code[:-1] + ("2" if code[-1] != "2" else "3"))
    expect(stranger.locator("[role=alert]")).to_be_visible()


def test_a_free_permit_from_the_first_question_to_a_document_that_anyone_can_check(visit, town, guard):
    guard.forgive_answers(*ASKED_AGAIN)
    guard.forgive("Response Status Error Code 401 from /perizinan/desk/", "console: htmx:(sendError|afterRequest)")
    guard.forgive_silence()
    phone = visit(PHONE, by=SITI)
    path = applies(phone, "SIP-PRW", "ijin perawat", {})
    expect(phone.locator("[data-fee='0']").first).to_be_visible()
    works(visit(TABLET, by=FRONT), path, accepts_everything)
    works(visit(TABLET, by=BACK), path, finds_it_fit)
    works(visit(TABLET, by=TECHNICAL), path, finds_it_fit)
    phone.goto(path)
    expect(phone.locator("[aria-labelledby=openings] li").first).to_be_visible()
    head = visit(PHONE, by=HEAD)
    works(head, path, cannot_sign_without_a_network)
    works(head, path, signs)
    holds_a_document_that_anyone_can_check(phone, visit, town, path)


def cannot_sign_without_a_network(page: Page) -> None:
    page.context.set_offline(True)
    page.locator(f"form[action$='/sign'] {SEND}").click()
    expect(page.locator("#notice")).to_contain_text("Menandatangani perlu sambungan. Belum ada yang ditandatangani")
    page.context.set_offline(False)


def test_a_paid_permit_shows_one_price_everywhere_and_waits_for_the_bank(visit, town, guard, paying):
    guard.forgive_answers(*ASKED_AGAIN)
    guard.forgive("Response Status Error Code 401 from /perizinan/desk/")
    phone = visit(PHONE, by=BUDI, at=paying)
    path = applies(phone, "PBG-HS", "imb rumah", {"floor_area": "36"})
    price = phone.locator("[data-fee]").first.get_attribute("data-fee")
    assert price and int(price) > 0
    works(visit(TABLET, by=FRONT, at=paying), path, accepts_everything)
    works(visit(TABLET, by=BACK, at=paying), path, finds_it_fit)
    works(visit(TABLET, by=TECHNICAL, at=paying), path, arranges_a_visit)
    town.aside(lambda: bring_the_visit_forward(path))
    works(visit(TABLET, by=TECHNICAL, at=paying), path, visits_the_place)
    works(visit(TABLET, by=TECHNICAL, at=paying), path, finds_it_fit)
    phone.goto(f"{path}/bill")
    assert phone.locator("[data-fee]").first.get_attribute("data-fee") == price
    pay = phone.locator("a[href*='/pay?']")
    phone.context.set_offline(True)
    pay.click()
    expect(phone.locator("#notice")).to_contain_text("Membayar perlu sambungan. Belum ada yang dibayar")
    phone.context.set_offline(False)
    pay.click()
    phone.locator("form button").first.click()
    phone.wait_for_url("**/perizinan/applications/*")
    expect(phone.locator("form[action$='/sign']")).to_have_count(0)
    works(visit(PHONE, by=HEAD, at=paying), path, signs)
    holds_a_document_that_anyone_can_check(phone, visit, town, path)


def test_what_nobody_decides_in_time_reports_itself_to_the_inspektorat(visit, tmp_path_factory):
    """Sent on a Tuesday; then the clock passes, and only the city's own clockwork runs."""
    late_town = Town(tmp_path_factory.mktemp("late"), crowd=0)
    log = late_town.settings.instance / "server.log"
    with late_town.inside():
        siti: Person = late_town.person(SITI)
        number = make.a_submitted_case(siti, "SKP-LIT").number
    late_town.offset = clock.store_offset(late_town.settings.instance, clock.at(date(2026, 12, 2), time(8)))
    with serving(late_town.environ(), log) as server, a_worker(late_town.environ(), log):
        inspector = visit(at=server)
        inspector.context.add_cookies([late_town.cookie(server.url, INSPECTOR)])
        inspector.goto("/inbox")
        assert eventually(lambda: inspector.reload() and number in inspector.locator("#notices").inner_text(), 30)
    late_town.end()
