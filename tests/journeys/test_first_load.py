"""What a telephone has to fetch before the first page stands, summed as nginx would send it."""

import gzip
import sys
from collections import Counter
from urllib.parse import urljoin

from playwright.sync_api import Page, Response

from tests.factories import permits
from tests.journeys.town import SITI

MOST = {"all": 100_000, "css": 15_000, "js": 35_000, "html": 14_000, "image": 30_000}
COMPRESSED = ("text/", "javascript", "json", "svg")
KEPT_BY_WORKER = """async () => {
  const worker = await Promise.race([navigator.serviceWorker.ready, new Promise((late) => setTimeout(late, 10000))]);
  if (!worker) throw new Error("no worker after 10 s");
  const names = await caches.keys();
  const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return requests.flat().map((request) => request.url);
}"""


def test_a_cold_browser_fetches_little(visit, town, capsys):
    own = town.take(town.shift("A", "PKM-HAH-HASAN"), SITI)
    shift = town.shift("B", "PKM-HAH-HASAN")
    sent = town.aside(lambda: permits.a_submitted_case(town.person(SITI), "SIP-DU").spoken_code)
    pages = {
        "home": ("/", None), "clinics": ("/dokter/", None), "clinic": ("/dokter/clinics/PKM-KEBUN-LADA", None),
        "shift": (f"/dokter/shifts/{shift}", None), "ticket": (f"/dokter/tickets/{own}", SITI),
        "permits": ("/perizinan/", None), "permit": ("/perizinan/types/PBG-HS", None),
        "questions": ("/perizinan/types/POHON/fit", None), "application": (f"/perizinan/applications/{sent}", SITI),
        "sign-in": ("/sign-in", None), "register": ("/register", None), "home of Siti": ("/", SITI),
    }  # fmt: skip
    lines, too_much = [], []
    for name, (path, by) in pages.items():
        fetched = first_load(visit(by=by), path)
        fetched["all"] = sum(fetched.values())
        lines.append(f"  {name:<13}" + "".join(f"{kind:>7} {fetched[kind] / 1000:5.1f}" for kind in [*MOST, "worker"]))
        too_much += [f"{name}: {kind} {fetched[kind]} > {most}" for kind, most in MOST.items() if fetched[kind] > most]
        assert all(fetched[kind] > 500 for kind in ("html", "css", "js", "worker")), f"the sum is real: {fetched}"
    with capsys.disabled():
        sys.stdout.write("\n".join(["\nFirst load in kB, gzip, with headers:", *lines, ""]))
    assert not too_much


def first_load(page: Page, path: str) -> Counter[str]:
    """Bytes by kind: the page with all it asks for, then what the service worker fetches beside it."""
    answers: dict[str, Response] = {}
    page.on("response", lambda answer: answers.setdefault(answer.url, answer))
    page.goto(path)
    page.wait_for_load_state("load")
    kept = page.evaluate(KEPT_BY_WORKER)
    links = page.evaluate("() => [...document.querySelectorAll('link[href]')].map((link) => link.href)")
    fetched: Counter[str] = Counter()
    for url, answer in list(answers.items()):
        if "/live?" not in url:
            fetched[kind_of(answer)] += weight(answer.all_headers(), answer.body())
    later = {urljoin(page.url, "/sw.js"), *kept, *links} - set(answers)
    for url in later:
        answer = page.context.request.get(url)
        assert answer.ok, url
        fetched["worker"] += weight(answer.headers, answer.body())
    return fetched


def kind_of(answer: Response) -> str:
    kind = answer.headers.get("content-type", "").split(";")[0]
    if "javascript" in kind:
        return "js"
    found = {"text/html": "html", "text/css": "css"}.get(kind)
    return found or ("image" if kind.startswith("image/") else "other")


def weight(headers: dict[str, str], body: bytes) -> int:
    """As many bytes as travel: the body compressed where it compresses, and the header lines."""
    if any(part in headers.get("content-type", "") for part in COMPRESSED) and "content-encoding" not in headers:
        body = gzip.compress(body, 6)
    return len(body) + sum(len(name) + len(value) + 4 for name, value in headers.items())
