"""The control room: one wall that shows whatever tiles the services offer, live."""

from blueprints.command_center import views
from blueprints.command_center.access import PERMISSIONS
from blueprints.command_center.home import cards_of
from blueprints.command_center.tiles import TOPICS
from webapp.i18n import lazy_gettext as _
from webapp.service import Service

service = Service(
    "command_center",
    title=_("Command center"),
    tab=_("Wall"),
    icon="wall",
    blueprint=views.bp,
    permissions=PERMISSIONS,
    entry="command_center.watch",
    topics=TOPICS,
    cards=cards_of,
)
