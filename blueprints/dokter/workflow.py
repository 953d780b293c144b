"""The life of a ticket, and what each state is called."""

from typing import Any

from blueprints.dokter.models import Ticket
from webapp.i18n import lazy_gettext as _
from webapp.workflow import Step, Workflow

TICKET = Workflow("dokter.ticket", Ticket, "waiting", [
    #    step         from                     to           who
    Step("call",      ("waiting",),            "called",    "dokter.run_queue"),
    Step("recall",    ("called",),             "called",    "dokter.run_queue"),
    Step("serve",     ("called",),             "serving",   "dokter.run_queue"),
    Step("finish",    ("called", "serving"),   "done",      "dokter.run_queue"),
    Step("skip",      ("called",),             "missed",    "dokter.run_queue"),
    Step("call_back", ("missed",),             "called",    "dokter.run_queue"),
    Step("cancel",    ("waiting", "called"),   "cancelled", "dokter.cancel_own"),
    Step("call_off",  ("waiting",),            "cancelled", "dokter.run_queue"),
    Step("lapse",     ("waiting", "called"),   "missed",    "dokter.close_day"),
    Step("close",     ("serving",),            "done",      "dokter.close_day"),
])  # fmt: skip

# A finished visit is finished from `called` too: the national queue service knows "called, served" as one task (4),
# and a doctor who only ever presses "call next" must not turn patients who were treated into no-shows.

WORDS: dict[str, tuple[Any, str]] = {
    "waiting": (_("Waiting"), "info"),
    "called": (_("Your turn"), "good"),
    "serving": (_("Being served"), "good"),
    "done": (_("Done"), "neutral"),
    "missed": (_("Missed"), "attention"),
    "cancelled": (_("Cancelled"), "neutral"),
}
SHARE_WORDS: dict[str, Any] = {"jkn": _("JKN / BPJS"), "non_jkn": _("Without JKN"), "counter": _("Counter")}
DELAY_REASONS: dict[str, Any] = {
    "emergency": _("An emergency comes first"),
    "late": _("The doctor is still on the way"),
    "staff": _("Staff are missing"),
    "power": _("Electricity or equipment is out"),
}
CALLED_OFF = "closed"  # why a ticket is cancelled that its holder has not given up
CANCEL_REASONS: dict[str, Any] = {
    "recovered": _("I am well again"),
    "other_time": _("I cannot come at this time"),
    "other_clinic": _("I am going to another clinic"),
    "mistake": _("I took this number by mistake"),
    "other": _("Another reason"),
}
