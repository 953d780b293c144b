"""What permits show on the wall: one tile. Counts and times only."""

from datetime import timedelta
from typing import Any

from blueprints.perizinan.cases import statistics
from blueprints.perizinan.cases.workflow import WORDS
from webapp import clock
from webapp.i18n import gettext as _
from webapp.i18n import lazy_gettext as lazy
from webapp.live import Tile
from webapp.payments import queries as payments

MONTH = timedelta(days=30)


def cases() -> dict[str, Any]:
    rows = [(str(WORDS[row.state][0]), row.count, row.oldest_days) for row in statistics.in_process()]
    late, held, paid_free = statistics.over_deadline(), payments.held_count(), statistics.paid_but_free()
    record = statistics.of_all()
    return {
        "rows": rows,
        "open": sum(count for _word, count, _days in rows),
        "late": late,
        "reports": statistics.reports_sent(clock.now() - MONTH),
        "median": f"{record.median:.1f}".replace(".", ",") if record else "–",
        "held": held,
        "paid_free": paid_free,
        "word": _("look at the payments") if paid_free or held else _("cases are late"),
        "tone": "late" if paid_free or held else "attention" if late else "neutral",
    }


TOPICS = (
    Tile("perizinan-cases", "perizinan/_tile_cases.html", ("perizinan.", "payments."), cases,
         title=lazy("Permits in process"), size="full", pause=1, every=60),
)  # fmt: skip
