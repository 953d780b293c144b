"""City permits: applied for from home, by the law's own list, days and fee; late ones report themselves."""

from blueprints.perizinan import home, notices  # noqa: F401 - notices listen from here on
from blueprints.perizinan.access import PERMISSIONS
from blueprints.perizinan.blueprint import bp
from blueprints.perizinan.catalogue import loader
from blueprints.perizinan.counter import views as counter_views  # noqa: F401 - routes
from blueprints.perizinan.deciding import views as deciding_views  # noqa: F401 - routes
from blueprints.perizinan.demo import MORNING
from blueprints.perizinan.desk import views as desk_views  # noqa: F401 - routes
from blueprints.perizinan.filing import views as filing_views  # noqa: F401 - routes
from blueprints.perizinan.following import views as following_views  # noqa: F401 - routes
from blueprints.perizinan.guide import views as guide_views  # noqa: F401 - routes
from blueprints.perizinan.jobs import SWEEPS
from blueprints.perizinan.permits import views as permit_views  # noqa: F401 - routes
from blueprints.perizinan.tiles import TOPICS
from blueprints.perizinan.watching import views as watching_views  # noqa: F401 - routes
from webapp.i18n import lazy_gettext as _
from webapp.service import Service

service = Service(
    "perizinan",
    title=_("Permits"),
    tab=_("Permits"),
    about=_("Apply from home, fee only by law"),
    icon="permit",
    blueprint=bp,
    permissions=PERMISSIONS,
    topics=TOPICS,
    cards=home.cards_of,
    note=home.how_many_are_free,
    load=loader.load,
    demo=MORNING,
    sweeps=SWEEPS,
    offline=("perizinan.mine", "perizinan.application", "perizinan.receipt"),
)
