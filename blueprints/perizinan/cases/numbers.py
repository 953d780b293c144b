"""Numbers that rise by one within their year, without gaps: taken in the transaction that needs them."""

from sqlalchemy import update

from blueprints.perizinan.cases.models import Counter
from webapp.db import db


def next_number(name: str, year: int) -> int:
    """One more than the last of this row and year. Whoever is first in a year makes the row; a loser tries again."""
    last = db.session.scalar(
        update(Counter)
        .where(Counter.name == name, Counter.year == year)
        .values(last=Counter.last + 1)
        .returning(Counter.last)
    )
    if last is None:
        db.session.add(Counter(name=name, year=year, last=1))
        db.session.flush()
        return 1
    return int(last)
