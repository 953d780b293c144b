"""Two tablets run one queue: the one whose line was cut is told politely and shown the present."""

import re

from playwright.sync_api import Route, expect

from tests.journeys.browsers import TABLET, alone, is_marked, mark, settled
from tests.journeys.tour import natively
from tests.journeys.town import DOCTOR, NURSE


def test_the_stale_tablet_calls_nobody_twice(visit, town, guard):
    shift = town.shift("D")
    town.wait_in_line(shift, 4)
    guard.forgive_answers(409)
    guard.forgive("ERR_FAILED", "Response Status Error Code 409")
    guard.forgive_cut_streams()
    doctor, nurse = alone(visit(TABLET, by=DOCTOR)), visit(TABLET, by=NURSE)
    doctor.route(re.compile(r"/live\?watch="), lambda route: route.abort())
    doctor.goto(f"/dokter/shifts/{shift}/tablet")
    settled(nurse, lambda: nurse.goto(f"/dokter/shifts/{shift}/tablet"))
    mark(doctor)
    mark(nurse)
    expect(doctor.get_by_text("Sambungan terputus")).to_be_visible()

    settled(nurse, nurse.locator("[data-key=next]").tap)
    expect(nurse.locator(".calling-number")).to_have_text("D-001")
    expect(doctor.locator(".calling-number")).to_have_text("–")

    doctor.locator("[data-key=next]").tap()
    told = doctor.locator(".calling [role=status]")
    expect(told).to_have_text("Tablet lain lebih dulu. Ini antrean yang sekarang.")
    expect(doctor.locator(".calling-number")).to_have_text("D-001")
    assert town.states(shift) == {"D-001": "called", "D-002": "waiting", "D-003": "waiting", "D-004": "waiting"}

    doctor.locator("[data-key=next]").tap()
    expect(doctor.locator(".calling-number")).to_have_text("D-002")
    expect(told).to_have_count(0)
    expect(nurse.locator(".calling-number")).to_have_text("D-002")
    assert is_marked(doctor) and is_marked(nurse)
    assert town.states(shift) == {"D-001": "done", "D-002": "called", "D-003": "waiting", "D-004": "waiting"}


def test_who_loses_a_race_has_time_to_read_why(visit, town, guard):
    """Both lines are live: the news of the other's call comes right after the polite no, and must not wipe it."""
    shift = town.extra_shift("X", "RS-BIDADARI")
    town.wait_in_line(shift, 3)
    guard.forgive_answers(409)
    guard.forgive("Response Status Error Code 409")
    tablet = visit(TABLET, by=town.nurse_of(shift))
    settled(tablet, lambda: tablet.goto(f"/dokter/shifts/{shift}/tablet"))

    def another_is_first(route: Route) -> None:
        town.call_next(shift)
        route.continue_()

    tablet.route("**/call", another_is_first, times=1)
    tablet.locator("[data-key=next]").tap()
    told = tablet.locator("#queue [role=status]")
    expect(told).to_contain_text("Tablet lain lebih dulu")
    tablet.wait_for_timeout(1500)
    expect(told).to_contain_text("Tablet lain lebih dulu")
    expect(tablet.locator(".calling-number")).to_have_text("X-001")
    assert list(town.states(shift).values()) == ["called", "waiting", "waiting"]


def test_what_the_answer_to_a_plain_form_says_is_not_wiped_by_the_stream_that_it_opens(visit, town, guard):
    shift = town.extra_shift("Z", "RS-BIDADARI")
    town.wait_in_line(shift, 2)
    town.call_next(shift)
    guard.forgive_answers(409)
    tablet = visit(TABLET, by=town.nurse_of(shift))
    tablet.goto(f"/dokter/shifts/{shift}/tablet")
    settled(tablet, lambda: natively(f"/dokter/shifts/{shift}/call", seen="0")(tablet))
    expect(tablet.locator("#queue [role=status]")).to_contain_text("Tablet lain lebih dulu")


def test_a_press_in_the_very_moment_when_the_queue_is_drawn_anew_is_no_plain_form(visit, town):
    shift = town.extra_shift("Y", "RS-BIDADARI")
    town.wait_in_line(shift, 3)
    tablet = visit(TABLET, by=town.nurse_of(shift))
    settled(tablet, lambda: tablet.goto(f"/dokter/shifts/{shift}/tablet"))
    mark(tablet)
    tablet.evaluate(
        """() => {
          const press = () => document.querySelector("[data-key=next]")?.click();
          document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
            if (detail.requestConfig?.verb === "post") setTimeout(press);  // the stream swaps too, without a request
          });
        }"""
    )
    tablet.locator("[data-key=next]").tap()
    expect(tablet.get_by_text("Tidak ada yang menunggu").first).to_be_visible()
    assert is_marked(tablet), "each press was htmx's"
    assert list(town.states(shift).values()) == ["done", "done", "called"]


def test_a_press_does_not_wait_behind_what_is_being_drawn(visit, town, guard):
    """Of two drawings one is under way and one waits: the press comes before both, or its button would be gone."""
    shift = town.extra_shift("SY", "RS-BIDADARI")
    town.wait_in_line(shift, 2)
    guard.forgive("ERR_ABORTED")
    tablet = visit(TABLET, by=town.nurse_of(shift))
    settled(tablet, lambda: tablet.goto(f"/dokter/shifts/{shift}/tablet"))
    held = []
    tablet.route("**/part/queue", lambda route: held.append(route.request.url))  # and never answered
    tablet.evaluate("for (const _ of [1, 2]) htmx.trigger(document.body, 'queue-stale')")
    tablet.locator("[data-key=next]").tap()
    expect(tablet.locator(".calling-number")).to_have_text("SY-001")
    assert held, "none of them was answered"
