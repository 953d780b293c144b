"""The guard of all journeys is awake: what it is there for alarms it."""

from playwright.sync_api import expect

from tests.journeys.browsers import Guard

INLINE = "() => { document.body.append(Object.assign(document.createElement('script'), { text: 'x = 1' })); }"


def alarmed_by(guard: Guard, words: str) -> bool:
    found = any(words in alarm for alarm in guard.alarms())
    guard.forgive(".")
    return found


def test_an_inline_script_is_refused_and_told(visit, guard):
    page = visit()
    page.goto("/")
    with page.expect_event("console"):
        page.evaluate(
            "() => { document.body.append(Object.assign(document.createElement('script'), { text: 'x = 1' })); }"
        )
    assert page.evaluate("() => window.x") is None
    page.wait_for_timeout(300)  # the report travels by itself
    assert any(alarm.startswith("server: ") and "content policy report" in alarm for alarm in guard.alarms())
    assert alarmed_by(guard, "console: ")


def test_a_request_to_somebody_else_is_told(visit, guard):
    page = visit()
    page.route("https://example.invalid/**", lambda route: route.fulfill(body="hello"))
    page.goto("https://example.invalid/")
    assert alarmed_by(guard, "third party: https://example.invalid/")


def test_an_error_of_a_script_is_told(visit, guard):
    page = visit()
    page.goto("/")
    with page.context.expect_event("weberror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('on purpose'); }); }")
    assert alarmed_by(guard, "page error: on purpose")


def test_a_file_that_is_not_there_is_told(visit, guard):
    page = visit()
    page.goto("/")
    expect(page.locator("h1")).to_be_visible()
    page.evaluate("() => fetch('/static/dist/nothing.js')")
    assert alarmed_by(guard, "status of 404")
