"""What lists of cases can be narrowed down to, by the names people know."""

from __future__ import annotations

from sqlalchemy import select

import words
from cases.models import Category, Unit
from engine.base import session

Choice = dict[str, str]


def units() -> list[Choice]:
    """The units there are today."""
    return [_named(unit) for unit in session().scalars(select(Unit).where(Unit.valid_to.is_(None)).order_by(Unit.id))]


def categories() -> list[Choice]:
    """Every category, in the order of the report form."""
    return [_named(category) for category in session().scalars(select(Category).order_by(Category.position))]


def statuses() -> list[Choice]:
    """Every status, in the order of a case's life."""
    return [{"value": code, "label": words.status(code)} for code in words.STATUSES]


def _named(row: Unit | Category) -> Choice:
    return {"value": row.code, "label": words.local_name(row)}
