"""From "tell me" to the page that a tap leads to: a real phone, a real worker, and a push service beside them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_no_network import WORKER
from tests.journeys.town import SITI, Town
from tests.push_service import Phone, PushService, push_service
from tests.servers import Server, eventually, serving
from webapp.push import vapid
from webapp.settings import ROOT

pytestmark = pytest.mark.journey
KEY = vapid.new_key()
CLINIC = "PKM-RAMBUNG"
# Only the browser's own manager is replaced: without its vendor's service it never answers.
MANAGER = """(() => {
  const { endpoint, p256dh, auth } = __PHONE__;
  let present = sessionStorage.getItem("told") ? make() : null;
  function make() {
    sessionStorage.setItem("told", "1");
    return {
      options: { applicationServerKey: window.pushKey ?? null },
      toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
      unsubscribe: async () => { present = null; sessionStorage.removeItem("told"); return true; },
    };
  }
  PushManager.prototype.getSubscription = async () => present;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    window.pushKey = applicationServerKey.buffer;
    return (present = make());
  };
})();"""
SHOWN = """async () => {
  const found = await (await navigator.serviceWorker.ready).getNotifications();
  return found.map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path }));
}"""
TAP = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""
NO_WINDOW = """async () => {
  Object.defineProperty(self.clients, "openWindow", { value: async (url) => { self.led = url; }, configurable: true });
  Object.defineProperty(self.clients, "matchAll", { value: async () => [], configurable: true });
}"""


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        running.key = vapid.public_key(KEY)
        yield running
        assert running.faults == []


@pytest.fixture
def server(town: Town, service: PushService, log: Path) -> Iterator[Server]:
    with serving(town.environ(VAPID_PRIVATE_KEY=KEY, PUSH_HOSTS=service.url), log) as running:
        yield running


@contextmanager
def a_worker(server: Server) -> Iterator[subprocess.Popen]:
    """The product's own worker process, with the server's settings."""
    command = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", "worker"]
    with server.log.open("ab") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=server.environ, stderr=file)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def a_phone(visit, server: Server, by: str, phone: Phone) -> Page:
    """One whose browser can be told, with the app's worker awake."""
    page = visit(by=by, at=server)
    page.context.grant_permissions(["notifications"], origin=server.url)
    page.add_init_script(MANAGER.replace("__PHONE__", json.dumps(phone.keys)))
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


def test_who_is_called_hears_it_and_a_tap_leads_to_the_ticket(visit, town, server, service):
    shift = town.extra_shift("V", CLINIC)
    code = town.take(shift, SITI)
    page = a_phone(visit, server, SITI, service.phone("siti"))
    page.goto(f"/dokter/tickets/{code}")
    say_yes(page)
    with a_worker(server):
        town.call_next(shift)
        assert eventually(lambda: service.pushes)
    [push] = service.pushes
    page.goto("/inbox")
    deliver(page, push.said)
    assert eventually(lambda: shown(page))
    [notice] = shown(page)
    assert notice["body"] == "Silakan masuk, Anda dipanggil." and notice["tag"] == push.said["tag"]
    [worker] = page.context.service_workers
    worker.evaluate(TAP)
    expect(page).to_have_url(f"{server.url}/dokter/tickets/{code}")
    assert shown(page) == [], "a tap closes it"
    deliver(page, push.said)
    assert eventually(lambda: shown(page))
    worker.evaluate(NO_WINDOW)
    worker.evaluate(TAP)
    assert eventually(lambda: worker.evaluate("() => self.led") == f"{server.url}/dokter/tickets/{code}")
