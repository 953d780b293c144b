"""The counter gives the code that opens an account, to whoever is there with the KTP."""

import re

import pytest

from tests import people
from tests.pages import Browser, Page
from webapp.accounts import actions

DEWI, PATH = "1275056203950003", "/perizinan/counter/account"


@pytest.fixture
def lia(app, office) -> Browser:
    return Browser(app).as_person(office.front)


@pytest.fixture
def page(office, lia) -> Page:
    actions.person_at_counter(DEWI, "Dewi Contoh", None, by=office.front)
    return lia.open(PATH)


def test_the_slip_shows_a_code_that_works(page, browser):
    slip = page.form(PATH).send(nik="1275 0562 0395 0003", agrees="y").check()
    assert "Dewi Contoh" in slip.text and slip.has("[data-print]") and DEWI not in slip.response.request.url
    code = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", slip.text)[0]
    typed = {"nik": DEWI, "name": "Dewi", "phone": "081200000003", "password": "kopi pagi hari", "consent": "y"}
    entered = browser.open("/register").form("/register").send(**typed, code=code)
    assert entered.form("/sign-in").send(login=DEWI, password="kopi pagi hari").path == "/"


@pytest.mark.parametrize(
    "typed", [{"nik": "12"}, {"nik": ""}, {"agrees": ""}, {"nik": "1275056203950099"}, {"nik": people.SITI_NIK}]
)
def test_no_code_without_the_person_the_ktp_and_a_reason(page, siti, typed):
    sent = {"nik": DEWI, "agrees": "y", **typed}
    told = page.form(PATH).send(**{key: value for key, value in sent.items() if value}).check()
    assert told.status in (409, 422) and told.has(".summary") and not told.has(".spoken")


@pytest.mark.parametrize("who", ["back", "technical", "head", "inspector"])
def test_only_the_counter_gives_codes(office, browser, who):
    browser.as_person(getattr(office, who)).open(PATH, 404)
