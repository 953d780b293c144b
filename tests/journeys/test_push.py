"""From "tell me" to the page that a tap leads to: a real phone, a real worker, and a push service beside them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from tests.factories import permits as make
from tests.journeys.browsers import WORKER, phone_with
from tests.journeys.test_wall_stays_honest import start_anew
from tests.journeys.town import BUDI, DEWI, SITI, Town
from tests.push_service import Phone, PushService, push_service, raw
from tests.servers import Server, a_worker, eventually, serving
from webapp.db import db
from webapp.push import vapid
from webapp.push.models import Subscription

pytestmark = pytest.mark.whole_browser
KEY = vapid.new_key()
CLINIC = "PKM-RAMBUNG"
# Only the browser's own manager is replaced: without its vendor's service it never answers.
MANAGER = """(() => {
  const { endpoint, p256dh, auth } = __PHONES__[Number(sessionStorage.getItem("phone"))];
  const kept = sessionStorage.getItem("told");
  let present = kept ? made(Uint8Array.from(JSON.parse(kept))) : null;
  function made(key) {
    return {
      options: { applicationServerKey: key.buffer },
      toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
      unsubscribe: async () => { present = null; sessionStorage.removeItem("told"); return true; },
    };
  }
  PushManager.prototype.getSubscription = async () => present;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    sessionStorage.setItem("told", JSON.stringify([...applicationServerKey]));
    return (present = made(applicationServerKey));
  };
})();"""
FORGET = """() => {
  sessionStorage.removeItem("told");
  sessionStorage.setItem("phone", "1");  // whoever subscribes anew gets another address
}"""
SHOWN = """async () => {
  const found = await (await navigator.serviceWorker.ready).getNotifications();
  return found.map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path }));
}"""
TAP = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""
SPY = """async () => {
  Object.defineProperty(self.clients, "openWindow", { value: async (url) => { self.led = url; }, configurable: true });
}"""
NO_WINDOW = """async () => {
  Object.defineProperty(self.clients, "matchAll", { value: async () => [], configurable: true });
}"""

WATCHED = """() => {
  self.unsubscribed = 0;
  const subscription = { unsubscribe: async () => { self.unsubscribed += 1; return true; } };
  PushManager.prototype.getSubscription = async () => subscription;
}"""


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with push_service() as running:
        running.key = vapid.public_key(KEY)
        yield running
        assert running.faults == []


@pytest.fixture(scope="module")
def server(town: Town, service: PushService, log: Path) -> Iterator[Server]:
    with serving(town.environ(VAPID_PRIVATE_KEY=KEY, PUSH_HOSTS=service.url), log) as running:
        yield running


def a_phone(visit, server: Server, by: str, *phones: Phone) -> Page:
    """One whose browser can be told, with the app's worker awake."""
    page = visit(by=by, at=server)
    page.context.grant_permissions(["notifications"], origin=server.url)
    page.add_init_script(MANAGER.replace("__PHONES__", json.dumps([phone.keys for phone in phones])))
    page.goto("/")
    assert page.evaluate(WORKER) == "ready"
    return page


def say_yes(page: Page) -> None:
    bell = page.locator("#bell")
    bell.get_by_role("button", name="Kabari saya").click()
    expect(bell.get_by_role("button", name="Jangan kabari saya lagi")).to_be_visible()


def deliver(page: Page, said: Any) -> None:
    """What the push service does next: the browser wakes the app's worker with the message."""
    devtools = page.context.new_cdp_session(page)
    known: list[dict[str, Any]] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda news: known.extend(news["registrations"]))
    devtools.send("ServiceWorker.enable")
    assert eventually(lambda: page.evaluate("() => 1") and known)
    data = said if isinstance(said, str) else json.dumps(said)
    devtools.send("ServiceWorker.deliverPushMessage", {
        "origin": page.evaluate("() => location.origin"), "registrationId": known[0]["registrationId"], "data": data,
    })  # fmt: skip


def shown(page: Page) -> list[dict[str, Any]]:
    return page.evaluate(SHOWN)


def arrives(page: Page, said: Any) -> dict[str, Any]:
    """A push service brings it again until the phone has it. Returns what the phone shows."""

    def brought() -> bool:
        deliver(page, said)
        return eventually(lambda: shown(page), patience=3)

    assert eventually(brought)
    [notice] = shown(page)
    return notice


def test_who_is_called_hears_it_and_a_tap_leads_to_the_ticket(visit, town, server, service):
    shift, phone = town.extra_shift("V", CLINIC), service.phone("called")
    nik = town.citizen("Lastri Percobaan", 951)
    code = town.take(shift, nik)
    page = a_phone(visit, server, nik, phone)
    page.goto(f"/dokter/tickets/{code}")
    say_yes(page)
    with a_worker(server.environ, server.log):
        town.call_next(shift)
        assert eventually(lambda: service.said_to(phone))
    [said] = service.said_to(phone)
    page.goto("/inbox")
    notice = arrives(page, said)
    assert notice["body"] == "Silakan masuk, Anda dipanggil." and notice["tag"] == said["tag"]
    [listener] = page.context.service_workers
    listener.evaluate(TAP)
    expect(page).to_have_url(f"{server.url}/dokter/tickets/{code}")
    assert eventually(lambda: not shown(page)), "a tap closes it"
    arrives(page, said)
    listener.evaluate(SPY)
    listener.evaluate(NO_WINDOW)
    listener.evaluate(TAP)
    assert eventually(lambda: listener.evaluate("() => self.led") == f"{server.url}/dokter/tickets/{code}")


def test_a_tap_does_not_lead_away_from_what_is_half_written(visit, town, server, service):
    """It opens another window; where the page it speaks of is the very one, it stands there already."""
    code = town.aside(lambda: make.a_submitted_case(town.person(DEWI), "AK1").spoken_code)
    case = f"/perizinan/applications/{code}"
    page = a_phone(visit, server, DEWI, service.phone("tap"))
    page.goto(case)
    message = page.get_by_role("textbox", name="Pesan Anda")
    message.fill("Denah sudah saya perbaiki.")
    [worker] = page.context.service_workers
    worker.evaluate(SPY)
    for path, led in ((case, None), ("/inbox", f"{server.url}/inbox")):
        arrives(page, {"title": "Binjai", "text": "Ada kabar.", "tag": "x", "path": path})
        worker.evaluate(TAP)
        assert eventually(lambda: not shown(page))
        assert eventually(lambda led=led: worker.evaluate("() => self.led ?? null") == led)
        page.wait_for_timeout(1500)  # the worker waits a second for an answer
        expect(page).to_have_url(f"{server.url}{case}")
        expect(message).to_have_value("Denah sudah saya perbaiki.")
        assert worker.evaluate("() => self.led ?? null") == led


def test_a_message_that_cannot_be_read_is_shown_all_the_same(visit, server, service):
    notice = arrives(a_phone(visit, server, SITI, service.phone("unread")), "{")
    assert notice["body"] == "Ada kabar dari kota." and notice["path"] == "/inbox"


def test_the_next_word_on_a_ticket_takes_the_place_of_the_last(visit, server, service):
    page = a_phone(visit, server, SITI, service.phone("newest"))
    for text in ("pertama", "kedua"):
        said = {"title": "Binjai", "text": text, "tag": "x", "path": "/"}
        assert eventually(lambda said=said: arrives(page, said)["body"] == said["text"])


# --- the states of the bell


def bell_on(page: Page) -> Locator:
    page.goto("/inbox")
    return page.locator("#bell")


def says(bell: Locator, words: str, timeout: float = 10_000) -> None:
    """All states are in the page; one is seen."""
    expect(bell.get_by_text(words)).to_be_visible(timeout=timeout)


def test_a_browser_that_never_answers_is_not_waited_for(town, server, tmp_path):
    """Chromium's own manager, without its vendor's service; only a browser with a memory has one."""

    def story() -> None:
        with phone_with(tmp_path, server.url, town.cookie(server.url, SITI)) as context:
            context.grant_permissions(["notifications"], origin=server.url)
            page = context.new_page()
            page.goto("/")
            assert page.evaluate(WORKER) == "ready"
            bell = bell_on(page)
            bell.get_by_role("button", name="Kabari saya").click()
            says(bell, "Pilih Izinkan")
            says(bell, "Belum berhasil", timeout=30_000)
            bell.get_by_role("button", name="Coba lagi").click()
            says(bell, "Pilih Izinkan")

    town.aside(story)


REFUSED = "<!doctype html><html lang=id><body><main><h1>Terlalu sering</h1></main></body></html>"


@pytest.mark.parametrize("how", ["no network", "refused"])
def test_a_city_that_does_not_answer_is_not_waited_for_either(visit, server, service, guard, how):
    guard.forgive_silence()
    guard.forgive_answers(429)
    guard.forgive(r"^console: (htmx:sendError|Response Status Error Code 429)")
    page = a_phone(visit, server, SITI, service.phone("in-vain"))
    bell = bell_on(page)

    def answer(route: Any) -> None:
        route.abort() if how == "no network" else route.fulfill(status=429, content_type="text/html", body=REFUSED)

    page.route("**/push/on", answer)
    bell.get_by_role("button", name="Kabari saya").click()
    says(bell, "Belum berhasil")
    page.unroute("**/push/on")
    bell.get_by_role("button", name="Coba lagi").click()
    expect(bell.get_by_role("button", name="Jangan kabari saya lagi")).to_be_visible()


def test_nothing_is_asked_before_a_tap(visit, server):
    page = visit(by=SITI, at=server)
    page.add_init_script(
        "window.asked = 0; Notification.requestPermission = async () => { window.asked += 1; return 'denied'; };"
        "Object.defineProperty(Notification, 'permission', { get: () => 'default' });"
    )
    for path in ("/", "/account", "/inbox"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("() => window.asked") == 0
    bell = page.locator("#bell")
    bell.get_by_role("button", name="Kabari saya").click()
    says(bell, "Nyalakan di pengaturan")
    assert page.evaluate("() => window.asked") == 1


def test_whoever_says_no_reads_how_to_change_it(visit, server):
    """A browser without a face says no to whatever it is not told to allow."""
    bell = bell_on(visit(by=SITI, at=server))
    bell.get_by_role("button", name="Kabari saya").click()
    says(bell, "Nyalakan di pengaturan")
    expect(bell.get_by_role("button")).to_have_count(0)


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


@pytest.mark.parametrize(
    ("more", "told"), [({}, "tidak bisa mengabari"), ({"user_agent": IPHONE}, "layar utama")], ids=["browser", "iPhone"]
)
def test_a_browser_that_cannot_do_it_says_so(visit, server, more, told):
    page = visit(by=SITI, at=server, **more)
    page.add_init_script("delete window.PushManager;")
    says(bell_on(page), told)


def test_without_scripts_there_is_no_button_that_does_nothing(visit, server):
    page = visit(by=SITI, at=server, java_script_enabled=False)
    expect(bell_on(page)).to_be_hidden()


# --- whose phone


def test_on_off_and_on_again_with_the_list_of_devices(visit, server, service):
    page = a_phone(visit, server, DEWI, service.phone("dewi-1"))
    bell_on(page)
    say_yes(page)
    page.goto("/account")
    expect(page.get_by_text("yang ini")).to_be_visible()
    page.get_by_role("button", name="Matikan").click()
    expect(page.get_by_text("yang ini")).to_have_count(0)
    say_yes(page)


def test_when_the_phone_has_forgotten_it_is_subscribed_anew_at_the_next_visit(visit, server, service):
    page = a_phone(visit, server, DEWI, service.phone("dewi-2"), service.phone("anew-3"))
    bell_on(page)
    say_yes(page)
    before = page.locator("#bell").get_attribute("data-mark")
    page.goto("/inbox")
    expect(page.locator("#bell")).to_have_attribute("data-mark", before)
    page.evaluate(FORGET)
    page.goto("/inbox")
    expect(page.locator("#bell")).not_to_have_attribute("data-mark", before)
    assert page.locator("#bell").get_attribute("data-mark")


def test_a_phone_that_its_push_service_drops_is_subscribed_anew_at_the_next_visit(visit, town, server, service):
    """Nobody has said «off»: the city hears 410 and forgets it, and the browser has lost it, too."""
    shift, dropped, anew = town.extra_shift("W", CLINIC), service.phone("dropped"), service.phone("anew-4")
    nik = town.citizen("Lastri Percobaan", 952)
    code = town.take(shift, nik)
    service.answers["/dropped"] = [410]
    page = a_phone(visit, server, nik, dropped, anew)
    bell_on(page)
    say_yes(page)
    with a_worker(server.environ, server.log):
        town.call_next(shift)
        assert eventually(lambda: not town.aside(lambda: is_known(dropped)))
    page.evaluate(FORGET)
    page.goto(f"/dokter/tickets/{code}")
    expect(page.locator("#bell").get_by_role("button", name="Jangan kabari saya lagi")).to_be_visible()
    assert town.aside(lambda: is_known(anew))


def test_what_was_switched_off_on_the_list_stays_off(visit, server, service):
    page = a_phone(visit, server, DEWI, service.phone("off-1"), service.phone("off-2"))
    bell_on(page)
    say_yes(page)
    page.goto("/account")
    page.get_by_role("button", name="Matikan").first.click()
    expect(page.get_by_text("yang ini")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.evaluate(FORGET)
    expect(bell_on(page).get_by_role("button", name="Kabari saya")).to_be_visible()
    page.wait_for_timeout(500)  # it would subscribe anew at once
    expect(page.locator("#bell")).to_have_attribute("data-mark", "")


def test_when_the_city_has_another_key_the_phone_subscribes_to_it_at_the_next_visit(visit, town, service, log, guard):
    guard.forgive_silence()
    guard.forgive_cut_streams()
    old, new = service.phone("key-1"), service.phone("key-2")
    with serving(town.environ(VAPID_PRIVATE_KEY=KEY, PUSH_HOSTS=service.url), log) as server:
        page = a_phone(visit, server, DEWI, old, new)
        bell_on(page)
        say_yes(page)
        page.evaluate("() => sessionStorage.setItem('phone', '1')")
        another = vapid.new_key()
        server.environ["VAPID_PRIVATE_KEY"] = another
        start_anew(server)
        bell = bell_on(page)
        assert eventually(lambda: town.aside(lambda: is_known(new) and not is_known(old)))
        expect(bell).to_have_attribute("data-key", vapid.public_key(another))
        told = page.evaluate("() => JSON.parse(sessionStorage.getItem('told'))")
        assert bytes(told) == raw(vapid.public_key(another))


def is_known(phone: Phone) -> bool:
    """Whether the city tells this browser anything. Asked inside the town."""
    return db.session.scalar(select(Subscription).where(Subscription.endpoint == phone.endpoint)) is not None


def test_after_signing_out_this_phone_hears_nothing(visit, town, server, service):
    phone = service.phone("leaves")
    page = a_phone(visit, server, SITI, phone)
    bell_on(page)
    say_yes(page)
    assert town.aside(lambda: is_known(phone))
    page.goto("/account")
    [worker] = page.context.service_workers
    worker.evaluate(WATCHED)
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_text("Anda sudah keluar")).to_be_visible()
    assert worker.evaluate("() => self.unsubscribed") == 1, "the browser itself has forgotten it"
    assert not town.aside(lambda: is_known(phone))


def test_signing_out_without_a_network_ends_it_in_the_browser_at_once(visit, server, service, guard):
    guard.forgive_silence()
    page = a_phone(visit, server, BUDI, service.phone("budi-4"))
    page.goto("/account")
    [worker] = page.context.service_workers
    worker.evaluate(WATCHED)
    server.stop()
    page.get_by_role("button", name="Keluar").click()
    expect(page.locator("h1")).to_have_text("Tidak ada sambungan")
    assert worker.evaluate("() => self.unsubscribed") == 1
    server.start()


def test_when_somebody_else_signs_in_the_last_one_is_told_nothing(visit, town, server, service):
    """The first one's session stands on the server; its cookie is gone, and the next page is somebody else's."""
    page = a_phone(visit, server, SITI, service.phone("siti-5"))
    [worker] = page.context.service_workers
    worker.evaluate(WATCHED)
    page.context.add_cookies([town.cookie(server.url, BUDI)])
    page.goto("/")
    assert worker.evaluate("() => self.unsubscribed") == 1
