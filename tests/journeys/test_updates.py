"""A newer build: it waits, a toast asks, one reload; nothing typed is lost, and it can all be taken back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import permits as make
from tests.journeys.between import answer, between
from tests.journeys.browsers import WORKER, becomes, is_marked, mark
from tests.journeys.releases import Change, next_release
from tests.journeys.test_no_network import ENOUGH, RULES, kept, see
from tests.journeys.test_wall_stays_honest import start_anew
from tests.journeys.town import DEWI, Town
from tests.servers import eventually, serving

TOAST, WANTED = ".toast", "Pakai sekarang"
LOOK = "async () => { await (await navigator.serviceWorker.ready).update(); }"
WAITS = "async () => Boolean((await navigator.serviceWorker.ready).waiting)"
LEFT = """async () => ({
  registrations: (await navigator.serviceWorker.getRegistrations()).length, caches: await caches.keys(),
})"""
RENAMED: tuple[Change, ...] = (
    ("blueprints/perizinan/filing/forms.py", "    body = TextArea", "    words = TextArea"),
    ("blueprints/perizinan/following/views.py", "form.body.data", "form.words.data"),
    ("blueprints/perizinan/desk/views.py", "form.body.data", "form.words.data"),
    ("templates/perizinan/_messages.html", "message_form.body", "message_form.words"),
    ("templates/perizinan/_refused.html", "object_form.body", "object_form.words"),
)
LONG = "Denah sudah saya perbaiki, dengan ukuran yang benar."


@pytest.fixture
def server(town: Town, log, guard):
    """One that is replaced in this story."""
    guard.forgive_silence()
    guard.forgive_cut_streams()
    with serving(town.environ(), log) as server:
        yield server


@pytest.fixture
def release(server, tmp_path, guard):
    """Replace what is served: `release(changes, SETTING="…")`. It may turn down what old pages send."""
    guard.forgive_answers(403, 422)
    guard.forgive(r"^console: Response Status Error Code 422")

    def begin(*changes: Change, **settings: str) -> None:
        server.product = next_release(tmp_path, *changes)
        server.environ |= settings
        start_anew(server)

    return begin


@pytest.fixture
def case(town: Town) -> str:
    """The address of an application of Dewi that is open for messages."""
    return f"/perizinan/applications/{town.aside(lambda: make.a_submitted_case(town.person(DEWI), 'AK1').spoken_code)}"


def look(page: Page) -> None:
    """Coming back to the page makes the browser look for a newer build; so does this, at once."""
    page.evaluate(LOOK)
    assert eventually(lambda: page.evaluate(WAITS)), "the new build waits"


def left(page: Page) -> bool:
    """Whether neither a worker nor anything that it kept is on this phone."""
    return bool(page.evaluate(LEFT) == {"registrations": 0, "caches": []})


def style_of(page: Page) -> str:
    return str(page.locator("link[rel=stylesheet]").first.get_attribute("href"))


def test_the_first_worker_asks_nobody_and_reloads_nothing(visit, server):
    page = visit(by=DEWI, at=server)
    page.goto("/account")
    mark(page)
    assert page.evaluate(WORKER) == "ready"
    expect(page.locator(TOAST)).to_have_count(0)
    assert is_marked(page)


def test_a_newer_build_waits_until_it_is_wanted_then_reloads_once(phone, release):
    before = style_of(phone)
    mark(phone)
    release()
    look(phone)
    toast = phone.locator(TOAST)
    expect(toast).to_contain_text("Versi baru sudah siap.")
    expect(phone.get_by_role("status").filter(has=toast)).to_be_visible()
    assert is_marked(phone), "nothing happens unasked"
    loads: list[str] = []
    phone.on("load", lambda page: loads.append(page.url))
    toast.get_by_role("button", name=WANTED).click()
    expect(phone.locator(TOAST)).to_have_count(0)
    assert not phone.evaluate(WAITS) and not is_marked(phone)
    assert style_of(phone) != before
    phone.wait_for_timeout(500)  # a second reload would follow at once
    assert len(loads) == 1


def test_it_can_be_put_off_and_asks_again_on_the_next_page(phone, release):
    mark(phone)
    release()
    look(phone)
    phone.locator(TOAST).get_by_role("button", name="Nanti").click()
    expect(phone.locator(TOAST)).to_have_count(0)
    assert is_marked(phone) and phone.evaluate(WAITS)
    phone.goto("/account")
    expect(phone.locator(TOAST)).to_contain_text("Versi baru sudah siap.")


def test_the_old_builds_files_are_there_for_whoever_still_reads_an_old_page(phone, release, server):
    files = phone.evaluate(
        "() => [...document.querySelectorAll('link[rel=stylesheet], script[src]')].map(e => e.href || e.src)"
    )
    release()
    for url in files:
        answer = phone.context.request.get(url)
        assert answer.ok and "immutable" in answer.headers["cache-control"], url


def test_what_was_kept_before_it_is_dressed_without_a_network_after_it(phone, release, case):
    """A kept page names the files of its own build."""
    phone.goto(case)
    before = style_of(phone)
    phone.goto("/account")
    release()
    look(phone)
    phone.locator(TOAST).get_by_role("button", name=WANTED).click()
    expect(phone.locator(TOAST)).to_have_count(0)
    assert style_of(phone) != before
    phone.context.new_cdp_session(phone).send("Network.clearBrowserCache")
    phone.context.set_offline(True)
    phone.goto(case)
    assert style_of(phone) == before
    assert phone.evaluate(RULES) > ENOUGH


def test_it_never_comes_over_a_form_that_is_half_filled(phone, release, case):
    """Neither on the page where it is asked for nor in another tab of the same browser."""
    writing, reading = phone, phone.context.new_page()
    reading.goto("/account")
    writing.goto(case)
    writing.get_by_role("textbox", name="Pesan Anda").fill(LONG)
    for page in (writing, reading):
        mark(page)
    release()
    look(reading)
    expect(writing.locator(TOAST)).to_contain_text("menunggu")
    expect(writing.locator(TOAST).get_by_role("button", name=WANTED)).to_be_hidden()
    reading.locator(TOAST).get_by_role("button", name=WANTED).click()
    expect(reading.locator(TOAST)).to_have_count(0)
    assert not is_marked(reading)
    writing.wait_for_timeout(500)  # the worker has changed under it
    assert is_marked(writing)
    expect(writing.get_by_role("textbox", name="Pesan Anda")).to_have_value(LONG)
    writing.get_by_role("button", name="Kirim pesan").click()
    expect(writing.locator(".word-own")).to_have_count(1)
    expect(writing.locator(".word-own")).to_contain_text(LONG)
    expect(writing.locator(TOAST)).to_have_count(0)
    assert style_of(writing) == style_of(reading), "the answer is a page of the new build"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_old_page_keeps_what_was_typed_though_the_form_has_changed(visit, server, release, case, scripts):
    """T92: its one field has another name now."""
    page = visit(by=DEWI, at=server, java_script_enabled=scripts)
    page.goto(case)
    page.get_by_role("textbox", name="Pesan Anda").fill(LONG)
    release(*RENAMED)
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.locator(".summary")).to_contain_text(LONG)
    page.get_by_role("textbox", name="Pesan Anda").fill(LONG)
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.locator(".word-own")).to_contain_text(LONG)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_old_page_keeps_what_was_typed_though_no_token_counts_any_more(visit, server, release, scripts):
    """T92: with the key for cookies and forms replaced, nobody is signed in and no form is trusted."""
    page = visit(at=server, java_script_enabled=scripts)
    page.goto("/register")
    page.locator("#nik").fill("12750245049")
    page.locator("#name").fill("Agus Percobaan")
    release(SECRET_KEY="another secret of the journeys, as long")
    page.get_by_role("button", name="Daftar", exact=True).click()
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.locator("#nik")).to_have_value("12750245049")
    expect(page.locator("#name")).to_have_value("Agus Percobaan")


TRIED = """async () => {
  const { register } = ServiceWorkerContainer.prototype;
  const worker = (await register.call(navigator.serviceWorker, "/sw.js")).installing;
  await new Promise((done) => worker.addEventListener("statechange", done, { once: true }));
  return [worker.state, (await caches.keys()).filter((name) => name.startsWith("shell-"))];
}"""


def test_where_a_node_of_another_release_answers_the_worker_is_not_installed(visit, server, guard):
    """Without a network its pages would be bare: what they name nobody has kept."""
    guard.forgive("pages of another release", "redundant")
    with between(server) as line:
        line.instead["GET /offline"] = answer(b"<script src='/static/dist/offline-OLDRELSE.js'></script>")
        page = visit(at=line)
        page.add_init_script(
            "navigator.serviceWorker.register = () => new Promise(() => {})"
        )  # in the story's own time
        page.goto("/privacy")
        assert page.evaluate(TRIED) == ["redundant", []]
        line.instead.clear()
        assert page.evaluate(TRIED)[0] == "installed"


def test_a_city_can_be_rid_of_the_worker(phone, server, case):
    """The switch takes effect on the next page; nothing is left on the phone, and pages work."""
    see(phone, case)
    assert kept(phone)
    server.environ["SERVICE_WORKER"] = "off"
    start_anew(server)
    phone.goto("/account")
    assert becomes(phone, left)
    for _visit in range(2):
        phone.goto(case)
        expect(phone.locator("h1")).to_be_visible()
        assert left(phone)
    expect(phone).to_have_url(re.compile(case))
    server.environ.pop("SERVICE_WORKER")
    start_anew(server)
    phone.goto("/")
    assert phone.evaluate(WORKER) == "ready", "and have it back"
