"""The control of T07: a server whose feed does not hear who leaves. Switched on by naming it in SERVICES."""

from tests.bad_days.broken import service
from webapp.live.feed import LEAVING

LEAVING.clear()

__all__ = ["service"]
