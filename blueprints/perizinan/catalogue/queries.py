"""Permit types as they stand on a day. Never writes."""

from datetime import date

from flask import abort
from sqlalchemy import select

from blueprints.perizinan.catalogue import matching
from blueprints.perizinan.catalogue.models import PermitType
from webapp.db import db


def types_on(day: date) -> list[PermitType]:
    """The version of each type that is in force on this day, by name."""
    rows = select(PermitType).where(PermitType.valid_from <= day).order_by(PermitType.valid_from)
    latest = {row.code: row for row in db.session.scalars(rows)}
    return sorted(latest.values(), key=lambda row: row.name)


def type_of(code: str, day: date) -> PermitType:
    """The version of this type that is in force on this day. Answers 404 when there is none."""
    rows = (
        select(PermitType)
        .where(PermitType.code == code.upper(), PermitType.valid_from <= day)
        .order_by(PermitType.valid_from.desc())
        .limit(1)
    )
    return db.session.scalar(rows) or abort(404)


def search(words: str, day: date) -> list[PermitType]:
    """The types of this day that have these words in their name, code or keywords, best first, though mistyped."""
    types = {row.id: row for row in types_on(day)}
    texts = {key: (f"{row.name} {row.code}", " ".join(row.definition.keywords)) for key, row in types.items()}
    return [types[key] for key in matching.best(words, texts)]
