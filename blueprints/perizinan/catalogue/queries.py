"""Permit types as they stand on a day. Never writes."""

from datetime import date

from flask import abort
from sqlalchemy import case, func, select

from blueprints.perizinan.catalogue import matching
from blueprints.perizinan.catalogue.models import PermitType
from webapp.db import db


def types_on(day: date) -> list[PermitType]:
    """The version of each type that is in force on this day, by name."""
    rows = select(PermitType).where(PermitType.valid_from <= day).order_by(PermitType.valid_from)
    latest = {row.code: row for row in db.session.scalars(rows)}
    return sorted(latest.values(), key=lambda row: row.name)


def how_many_are_free(day: date) -> tuple[int, int]:
    """How many of the types that are applied for here cost nothing on this day, and how many there are."""
    latest = (
        select(PermitType.code, func.max(PermitType.valid_from).label("since"))
        .where(PermitType.valid_from <= day)
        .group_by(PermitType.code)
        .subquery()
    )
    rows = select(func.count(case((PermitType.fee_kind == "free", 1))), func.count()).select_from(PermitType)
    now = (PermitType.code == latest.c.code) & (PermitType.valid_from == latest.c.since)
    free, all_of_them = db.session.execute(rows.join(latest, now).where(PermitType.channel == "here")).one()
    return free, all_of_them


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
