"""Clinic queue: citizens take a number from home, the doctor calls, everybody sees the queue move."""

from blueprints.dokter import demo, home, loader, notices, views  # noqa: F401 - notices listen from here on
from blueprints.dokter.access import PERMISSIONS
from blueprints.dokter.jobs import SWEEPS
from blueprints.dokter.tiles import TOPICS
from webapp.i18n import lazy_gettext as _
from webapp.service import Service

service = Service(
    "dokter",
    title=_("Clinic queue"),
    tab=_("Queue"),
    about=_("Take a number from home"),
    icon="ticket",
    blueprint=views.bp,
    permissions=PERMISSIONS,
    topics=TOPICS,
    cards=home.cards_of,
    note=home.places_left_today,
    load=loader.load,
    demo=demo.MORNING,
    sweeps=SWEEPS,
    offline=("dokter.mine", "dokter.ticket"),
)
