"""News is new until its reader has seen it, or the thing it speaks of."""

from playwright.sync_api import expect

from tests.journeys.browsers import PHONE
from tests.journeys.town import BUDI
from tests.servers import eventually


def test_whoever_has_opened_the_thing_has_read_its_news(visit, town):
    shift = town.extra_shift("R", "PKM-HAH-HASAN")
    ticket = town.take(shift, BUDI)
    town.call(shift, ticket)
    phone = visit(PHONE, by=BUDI)
    phone.goto("/inbox")
    news = phone.locator(f".row-unread[href$='/{ticket}']")
    expect(news).to_have_count(1)
    with phone.expect_request("**/inbox/opened"):
        news.click()
    assert eventually(lambda: phone.goto("/inbox") and phone.locator(f"a[href$='/{ticket}']").count() > news.count())
