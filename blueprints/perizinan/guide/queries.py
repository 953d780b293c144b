"""What the public pages count. Never writes."""

from datetime import datetime

from sqlalchemy import func, select

from blueprints.perizinan.cases.models import Application
from webapp.db import db


def most_used(since: datetime, most: int) -> list[str]:
    """The codes of the types that were applied for most often since then, the most wanted first."""
    rows = (
        select(Application.type_code)
        .where(Application.submitted_at >= since)
        .group_by(Application.type_code)
        .order_by(func.count().desc(), Application.type_code)
        .limit(most)
    )
    return list(db.session.scalars(rows))
