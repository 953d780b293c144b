"""Every page as each role: readable for everybody, in both languages, by day and by night, under any thumb."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import tour
from tests.journeys.browsers import settled
from tests.journeys.tour import Stop
from tests.servers import Server, serving
from webapp.push import vapid
from webapp.settings import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# All of axe's rules, also those that it leaves out by default, but for one experiment of theirs that takes every large
# number for a heading.
RUN = """async (only) => {
  const off = ["p-as-heading"];
  const wanted = axe.getRules().map((rule) => rule.ruleId).filter((id) => !off.includes(id));
  const rules = Object.fromEntries(wanted.map((id) => [id, { enabled: true }]));
  const options = { resultTypes: ["violations"], ...(only ? { runOnly: { type: "tag", values: only } } : { rules }) };
  const { violations, passes } = await axe.run(document, options);
  const told = violations.map((one) => one.id + ": " + one.nodes.map((node) => node.target + " " +
    (node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? "")).slice(0, 4).join(" | "));
  return { told, passes: passes.length };
}"""
NO_SCROLLING = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CONTROLS = "a, button, input:not([type=hidden]), select, textarea, summary, label.choice, [role=button]"
TOO_SMALL = """([controls, least]) => [...document.querySelectorAll(controls)].filter((control) => {
  const style = getComputedStyle(control), box = control.getBoundingClientRect();
  const inText = style.display === "inline" && control.parentElement.textContent.trim() !== control.textContent.trim();
  const hidden = !control.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || control.disabled;
  const off = box.right <= 0 || box.bottom + scrollY <= 0;  // the skip link waits above the page
  const insideLabel = control.matches("label.choice input");
  return !(inText || hidden || off || insideLabel) && (box.width < least - 0.5 || box.height < least - 0.5);
}).map((control) => {
  const box = control.getBoundingClientRect();
  return `${control.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`;
})"""
# A browser without a face has said no already, and pages would show only that.
ASKABLE = "Object.defineProperty(Notification, 'permission', { get: () => 'default' });"
ROOMS = tuple(tour.ROLES)


@pytest.fixture(scope="module")
def server(town, log) -> Iterator[Server]:
    """One that has a key for push messages: without it no page has its bell."""
    with serving(town.environ(VAPID_PRIVATE_KEY=vapid.new_key()), log) as running:
        yield running


@pytest.fixture(scope="module")
def stops(town) -> list[Stop]:
    return tour.stops_of(town, desk=town.extra_shift("X"), empty_desk=town.extra_shift("Y"))


@pytest.fixture(params=ROOMS)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def walk(visit, town, guard, stops, role) -> Callable[..., Iterator[tuple[Stop, Page]]]:
    """Through all pages of a role in one browser: `for stop, page in walk(language="en")`."""
    guard.forgive_answers(401, 404, 409, 422)
    guard.forgive("Response Status Error Code 4")

    def through(**preferences: Any) -> Iterator[tuple[Stop, Page]]:
        page = visit(by=tour.ROLES[role], service_workers="block", **preferences)
        page.add_init_script(ASKABLE)
        tour.show_errors(page, town, preferences.get("language", "id"))
        for stop in (stop for stop in stops if stop.role == role):
            page.set_viewport_size(stop.home["viewport"])
            stop.open(page)
            yield stop, page

    return through


def no(findings: list[str]) -> None:
    assert not findings, f"{len(findings)} findings:\n" + "\n".join(findings)


WORDS = ["cat.language", "cat.name-role-value", "cat.text-alternatives", "cat.forms"]


@pytest.mark.parametrize(
    ("language", "looks"),  # all of axe's rules, those of colours, or those that another language can break
    [("id", {"light": None, "dark": ["cat.color"]}), ("en", {"dark": WORDS})],
    ids=["indonesian-by-day-and-night", "english-by-night"],
)
def test_it_is_readable_and_fits_the_device_and_the_thumb(walk, language, looks):
    """Both in one walk: to open a page costs more than to look at it."""
    axe, findings, seen = AXE.read_text(encoding="utf-8"), [], 0
    for stop, page in walk(language=language):
        assert page.locator("html").get_attribute("lang") == language
        page.evaluate(axe)
        for light, tags in looks.items():
            findings += unreadable(stop, page, light, tags)
        findings += unfitting(stop, page)
        seen += 1
    assert seen
    no(findings)


def unreadable(stop: Stop, page: Page, light: str, tags: list[str] | None) -> list[str]:
    """What axe finds in this light."""
    page.emulate_media(color_scheme=light)
    result = page.evaluate(RUN, tags)
    assert result["passes"] > (1 if tags else 15), f"axe did not look at {stop.path}"
    return [f"{stop.name} {light}: {one}" for one in result["told"]]


def unfitting(stop: Stop, page: Page) -> list[str]:
    """What is too wide for the devices on which it is seen, and what is too small to be touched."""
    widths = {"citizen": (320, 360), "tablet": (800, 1024), "wall": ()}[stop.device]
    findings = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 768})
        if extra := page.evaluate(NO_SCROLLING):
            findings.append(f"{stop.name} at {width}: {extra} px too wide")
    least = 64 if stop.device == "tablet" else 48
    return findings + [f"{stop.name}: too small: {one}" for one in page.evaluate(TOO_SMALL, [CONTROLS, least])]


@pytest.mark.parametrize("role", ["patient"])
def test_the_bell_is_among_what_is_looked_at(walk):
    seen = []
    for stop, page in walk():
        if page.locator("[data-bell]").count():
            expect(page.locator("[data-bell-ask]").first).to_be_visible()
            seen.append(stop.name)
    assert {"inbox", "ticket-waiting"} <= set(seen)


def test_axe_is_awake(visit):
    page = visit(service_workers="block")
    page.goto("/privacy")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(
        """() => {
          document.documentElement.removeAttribute("lang");
          const seen = [...document.querySelectorAll("main p")].find((each) => each.offsetParent);
          seen.style.color = "#aaa";
          seen.style.background = "#fff";
          document.querySelector("main").append(document.createElement("button"));
        }"""
    )
    told = [one.split(":")[0] for one in page.evaluate(RUN, None)["told"]]
    assert {"html-has-lang", "color-contrast", "button-name"} <= set(told)


def test_the_call_button_is_huge_and_stands_alone(visit, stops):
    stop = next(stop for stop in stops if stop.name == "tablet")
    page = visit(stop.home, by=stop.who)
    settled(page, lambda: stop.open(page))  # its queue is drawn anew by the first word of the stream
    assert not page.evaluate(NO_SCROLLING)
    call = page.locator("[data-key=next]").bounding_box()
    assert call["height"] >= 96
    assert call["y"] + call["height"] <= 768, "without scrolling"
    others = page.locator(".button:visible, a:visible").all()
    near = [other for other in others if 0 <= distance(call, other.bounding_box()) < 24]
    assert not [other.inner_text() for other in near if other.bounding_box() != call]


def distance(a: dict[str, float], b: dict[str, float]) -> float:
    """Between two boxes, by the nearer way round."""
    across = max(a["x"] - b["x"] - b["width"], b["x"] - a["x"] - a["width"], 0)
    down = max(a["y"] - b["y"] - b["height"], b["y"] - a["y"] - a["height"], 0)
    return max(across, down)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (3840, 2160)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_wall_has_no_scrollbar(visit, stops, size):
    stop = next(stop for stop in stops if stop.device == "wall")
    page = visit({"viewport": {"width": size[0], "height": size[1]}}, by=stop.who)
    stop.open(page)
    assert page.evaluate(NO_SCROLLING) <= 0
    inner, outer = page.evaluate("() => [document.documentElement.scrollHeight, innerHeight]")
    assert inner <= outer
    tiles = page.locator("[data-tile]")
    assert 0 < tiles.count() <= 9
    for tile in tiles.all():
        box = tile.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
        cut = tile.evaluate("tile => tile.scrollHeight - tile.clientHeight")
        assert cut <= 1, f"{tile.get_attribute('id')} is {cut} px too full"


@pytest.mark.parametrize("width", [360, 800, 1024, 1366, 1920])
def test_no_clinics_name_is_cut_on_the_wall_or_the_style_page(visit, stops, width):
    for stop in (stop for stop in stops if stop.name in ("wall", "look")):
        page = visit({"viewport": {"width": width, "height": round(width * 9 / 16)}}, by=stop.who)
        stop.open(page)
        names = page.locator(".bars-name")
        assert names.count() > 0
        cut = "names => names.filter((name) => name.scrollWidth > name.clientWidth).map((name) => name.textContent)"
        assert names.evaluate_all(cut) == []
        assert page.locator(".bars-second").evaluate_all("seconds => seconds.every((second) => second.offsetWidth > 0)")
