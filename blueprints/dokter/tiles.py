"""What the queue shows live: tiles for the command centre, and the state of one shift for everybody."""

from statistics import median
from typing import Any

from blueprints.dokter import queries, statistics
from blueprints.dokter.models import Ticket
from webapp.access import PUBLIC
from webapp.i18n import lazy_gettext as _
from webapp.live import Tile, Topic

PROMISE_MEDIAN, PROMISE_P90 = 30, 45  # minutes; the city's own promise, not a law
SHOWN = 10  # clinics with a bar of their own; the rest are summed up
MOVES = ("dokter.ticket.",)


def queue_of_shift(shift_id: int) -> dict[str, Any]:
    return {"queue": queries.queue_of(queries.shift_on_show(shift_id))}


def queue_by_clinic() -> dict[str, Any]:
    rows = statistics.counts_by_clinic()
    return {
        "rows": rows[:SHOWN],
        "rest": [row.waiting for row in rows[SHOWN:]],
        "waiting": sum(row.waiting for row in rows),
        "served": sum(row.served for row in rows),
    }


def waiting_time() -> dict[str, Any]:
    waits = statistics.waits_today()
    minutes = [wait.minutes for wait in waits]
    middle, slow = (median(minutes) if minutes else None), statistics.p90(minutes)
    over = (middle or 0) > PROMISE_MEDIAN or (slow or 0) > PROMISE_P90
    return {
        "median": middle,
        "p90": slow,
        "promise_median": PROMISE_MEDIAN,
        "promise_p90": PROMISE_P90,
        "trend": statistics.trend_of(waits),
        "tone": "attention" if over else "neutral",
    }


def places_used() -> dict[str, Any]:
    places, use = statistics.places_today(), statistics.use_of_places()
    return {
        "taken": places.taken,
        "places": places.places,
        "percent": places.percent,
        "trend": [count for _moment, count in use],
        "since": use[0][0],
    }


def pace() -> dict[str, Any]:
    taken = statistics.moments_of(Ticket.taken_at)
    called = statistics.moments_of(Ticket.called_at)
    by_hour = statistics.by_hour(called)
    return {
        "per_hour": statistics.in_last_hour(taken),
        "called_per_hour": statistics.in_last_hour(called),
        "by_hour": by_hour,
        "most": max((count for _hour, count in by_hour), default=1),
    }


SHIFT = Topic("dokter-shift", "dokter/_now.html", ("dokter.ticket.", "dokter.shift."), queue_of_shift, PUBLIC,
              key="shift_id", thing=queries.shift_on_show)  # fmt: skip

TOPICS = (
    SHIFT,
    Tile("dokter-queue", "dokter/_tile_queue.html", MOVES, queue_by_clinic, title=_("Waiting and served, by clinic"),
         size="wide", pause=1, every=60),
    Tile("dokter-wait", "dokter/_tile_wait.html", MOVES, waiting_time, title=_("Waiting time today"), pause=1,
         every=15),
    Tile("dokter-places", "dokter/_tile_places.html", MOVES, places_used, title=_("Places used today"), pause=1,
         every=60),
    Tile("dokter-pace", "dokter/_tile_pace.html", MOVES, pace, title=_("Numbers per hour"), pause=1, every=15),
)  # fmt: skip
