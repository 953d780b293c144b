"""Every page as each role, in every state: what the audits walk through and `make shots` photographs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from playwright.sync_api import Page, expect

from tests.journeys import permits_tour
from tests.journeys.browsers import PHONE, SCREEN, TABLET
from tests.journeys.town import ADMIN, BUDI, DEWI, NURSE, OPERATOR, PASSWORD, SITI, Town
from webapp import errors, i18n
from webapp.typed import Typed

Act = Callable[[Page], Any]
CLINIC = "RSUD-DJOELHAM"
ROLES = {
    "stranger": None, "citizen": SITI, "patient": BUDI, "neighbour": DEWI, "nurse": NURSE, "operator": OPERATOR,
    "admin": ADMIN, "unsent": SITI, **permits_tour.STAFF,
}  # fmt: skip


@dataclass(frozen=True)
class Stop:
    """One page of the tour: a name for its picture, who sees it, where it is, and what is done there first."""

    name: str
    role: str
    path: str
    act: Act | None = None
    device: str = "citizen"  # whose rules of size hold: citizen, tablet or wall

    @property
    def who(self) -> str | None:
        return ROLES[self.role]

    @property
    def home(self) -> dict[str, Any]:
        """The device it is made for."""
        return {"citizen": PHONE, "tablet": TABLET, "wall": SCREEN}[self.device]

    def open(self, page: Page) -> None:
        page.goto(self.path)
        if self.act:
            self.act(page)
        expect(page.locator("h1").first).to_be_attached()
        if self.device == "wall":
            expect(page.locator("[data-age]").first).not_to_be_empty()


def stops_of(town: Town, desk: int, empty_desk: int) -> list[Stop]:
    """Bring the town into all the states there are, and list the pages that show them. Once for each town.

    The desks are shifts at Kebun Lada for the nurse's tablet.
    """
    shifts = town.shifts_today(CLINIC)
    states = _tickets_of_budi(town, shifts)
    own, full, open_, *_others = shifts
    ticket = town.take(own, SITI)
    town.fill(full)
    later = town.shift("A", days_ahead=2)
    town.wait_in_line(desk, 5)
    town.call_next(desk)
    town.step(desk, "skip")
    town.call_next(desk)
    return [
        *_for_strangers(open_, full, later),
        *_for_citizens(ticket, open_, full, states),
        *_for_staff(desk, empty_desk),
        *(Stop(name, role, path) for name, role, path in permits_tour.pages_of(permits_tour.cases_of(town))),
    ]


def _tickets_of_budi(town: Town, shifts: list[int]) -> dict[str, str]:
    """One ticket of Budi's in each state, each in a ward of its own. Returns their codes."""
    roads = {"waiting": (), "called": (), "serving": ("serve",), "done": ("finish",), "missed": ("skip",)}
    codes = {}
    for state, steps in roads.items():
        shift = shifts.pop(0)
        if state == "waiting":
            town.wait_in_line(shift, 3)
            town.call_next(shift)
        codes[state] = town.take(shift, BUDI)
        if state != "waiting":
            town.call(shift, codes[state])
        for step in steps:
            town.step(shift, step)
    codes["cancelled"] = town.take(shifts.pop(0), BUDI)
    town.cancel(codes["cancelled"], BUDI)
    return codes


def _for_strangers(open_: int, full: int, later: int) -> list[Stop]:
    return [
        Stop("home", "stranger", "/"),
        Stop("clinics", "stranger", "/dokter/"),
        Stop("search", "stranger", "/dokter/?q=gigi"),
        Stop("search-nothing", "stranger", "/dokter/?q=zzz"),
        Stop("clinic", "stranger", f"/dokter/clinics/{CLINIC}"),
        Stop("clinic-closed-day", "stranger", "/dokter/clinics/PKM-RAMBUNG?day=2026-11-29"),
        Stop("shift", "stranger", f"/dokter/shifts/{open_}"),
        Stop("shift-full", "stranger", f"/dokter/shifts/{full}"),
        Stop("shift-not-open", "stranger", f"/dokter/shifts/{later}"),
        Stop("sign-in", "stranger", "/sign-in"),
        Stop("sign-in-registered", "stranger", "/sign-in?registered=1"),
        Stop("sign-in-422", "stranger", "/sign-in", press("form[action*='/sign-in'] button[data-busy]")),
        Stop("sent-unsigned-401", "stranger", f"/dokter/shifts/{open_}", natively(f"/dokter/shifts/{open_}/ticket")),
        Stop("register", "stranger", "/register"),
        Stop("register-422", "stranger", "/register", press("form[action*='/register'] button[data-busy]")),
        Stop("privacy", "stranger", "/privacy"),
        Stop("look", "stranger", "/gaya"),
        Stop("offline", "stranger", "/offline"),
        Stop("not-sent", "stranger", "/offline/unsent"),
        Stop("outbox-empty", "citizen", "/outbox"),
        Stop("error-404", "stranger", "/nothing/here"),
        *(Stop(f"error-{status}", "stranger", f"/_error/{status}") for status in ERRORS),
    ]


def _for_citizens(own: str, open_: int, full: int, states: dict[str, str]) -> list[Stop]:
    shift = f"/dokter/shifts/{open_}"
    return [
        Stop("home", "citizen", "/"),
        Stop("clinics", "citizen", "/dokter/"),
        Stop("shift", "citizen", shift),
        Stop("shift-422", "citizen", shift, press("#ticket button[data-busy]", then=".summary")),
        Stop("refused-409", "citizen", shift, natively(f"/dokter/shifts/{full}/ticket", share="jkn")),
        Stop("ticket", "citizen", f"/dokter/tickets/{own}"),
        Stop("cancel", "citizen", f"/dokter/tickets/{own}/cancel"),
        Stop("cancel-422", "citizen", f"/dokter/tickets/{own}/cancel", press("#cancel button[data-busy]")),
        Stop("mine", "patient", "/dokter/tickets"),
        Stop("home-called", "patient", "/"),
        *(Stop(f"ticket-{state}", "patient", f"/dokter/tickets/{code}") for state, code in states.items()),
        Stop("inbox", "patient", "/inbox"),
        Stop("account", "citizen", "/account"),
        Stop("confirm", "citizen", "/confirm"),
        Stop("continue", "citizen", "/confirm", natively("/confirm", password=PASSWORD, typed_to="/inbox/read")),
        Stop("wall-hidden-404", "citizen", "/command-center/"),
        Stop("outbox", "unsent", "/outbox#leaving", two_wait),
        Stop("home", "unsent", "/"),
    ]


def _for_staff(desk: int, empty_desk: int) -> list[Stop]:
    tablet = f"/dokter/shifts/{desk}/tablet"
    stale = natively(f"/dokter/shifts/{desk}/call", seen="0")
    return [
        Stop("home", "nurse", "/"),
        Stop("clinics", "nurse", "/dokter/"),
        Stop("account", "nurse", "/account"),
        Stop("desk", "nurse", "/dokter/desk", device="tablet"),
        Stop("tablet", "nurse", tablet, device="tablet"),
        Stop("tablet-interrupt", "nurse", f"/dokter/shifts/{desk}/interrupt", device="tablet"),
        Stop(
            "tablet-interrupt-422",
            "nurse",
            f"/dokter/shifts/{desk}/interrupt",
            press("form[action$='/close'] button[data-busy]"),
            device="tablet",
        ),
        Stop("tablet-empty", "nurse", f"/dokter/shifts/{empty_desk}/tablet", device="tablet"),
        Stop("tablet-keys", "nurse", tablet, press("[data-help]", then="#keys[open]"), device="tablet"),
        Stop("tablet-409", "nurse", tablet, stale, device="tablet"),
        Stop("home", "operator", "/"),
        Stop("wall", "operator", "/command-center/", device="wall"),
        Stop("home", "admin", "/"),
        Stop("account", "admin", "/account"),
        Stop("inbox-empty", "admin", "/inbox", lambda page: expect(page.locator("#notices .empty")).to_be_visible()),
    ]


def press(selector: str, then: str | None = None) -> Act:
    """Press the button; wait for what appears, or for the next page."""

    def act(page: Page) -> None:
        if then:
            page.locator(selector).click()
            expect(page.locator(then)).to_be_visible()
        else:
            with page.expect_navigation():
                page.locator(selector).click()

    return act


def natively(path: str, **fields: str) -> Act:
    """Send a form as a browser without scripts would, from whatever page is open."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(
                """([path, fields]) => {
                  const form = Object.assign(document.createElement("form"), { method: "post", action: path });
                  const token = document.querySelector("[name=csrf_token]").value;
                  for (const [name, value] of Object.entries({ ...fields, csrf_token: token }))
                    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
                  document.body.append(form);
                  form.submit();
                }""",
                [path, fields],
            )

    return act


def two_wait(page: Page) -> None:
    """What the service worker would have kept: one form that waits, and one that the city did not accept."""
    page.evaluate(
        """async () => {
          await (await caches.open("owner")).put("/owner", new Response("a reader"));
          const box = await caches.open("outbox-a reader");
          const form = { page: "/", to: "/", at: Date.UTC(2026, 10, 24, 1, 12), editable: true, tries: 0, after: 0 };
          const own = { key: "one", title: "Saya di jalan", state: "waiting", ...form, editable: false };
          const answer = "<p class='error'>Permohonan ini sudah ditarik.</p>";
          const no = { key: "two", title: "Pesan tentang Kartu pencari kerja", state: "rejected", ...form, answer };
          for (const each of [own, no]) {
            await box.put("/outbox/form/" + each.key, new Response("a=1"));
            await box.put("/outbox/state/" + each.key, new Response(JSON.stringify(each)));
          }
        }"""
    )
    page.reload()
    expect(page.locator("[data-rows] article")).to_have_count(2)


# --- error pages that cannot be called up without breaking the server: drawn here, shown at an address of their own

ERRORS: dict[int, tuple[str, dict[str, Any]]] = {
    403: ("errors/expired.html", {"typed": Typed("/register", (("name", "Siti"),), had_files=True)}),
    429: ("errors/too_many.html", {"retry_after": 60}),
    500: ("errors/crashed.html", {"code": errors.incident_code()}),
    503: ("errors/unavailable.html", {}),
}


def show_errors(page: Page, town: Town, language: str = "id") -> None:
    """Let this page's browser find the error pages under /_error/."""

    def answer(route: Any) -> None:
        template, context = ERRORS[int(route.request.url.rsplit("/", 1)[-1])]
        with town.inside(), town.app.test_request_context(), i18n.in_language(language):
            html = render_template(template, **context)
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.context.route("**/_error/*", answer)
