"""What lists of cases can be narrowed down to, by the names people know."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

import words
from cases.models import Area, Category, Unit
from engine.base import session
from web.pages.staff import case_parts

Choice = dict[str, str]
#: Ways in which reports come in.
CHANNELS = ("web", "phone", "api", "open311", "import")


def units() -> list[Choice]:
    """The units there are today."""
    return [_named(unit) for unit in session().scalars(select(Unit).where(Unit.valid_to.is_(None)).order_by(Unit.id))]


def categories() -> list[Choice]:
    """Every category, in the order of the report form."""
    return [_named(category) for category in session().scalars(select(Category).order_by(Category.position))]


def statuses() -> list[Choice]:
    """Every status, in the order of a case's life."""
    return [{"value": code, "label": words.status(code)} for code in words.STATUSES]


def areas() -> list[Choice]:
    """The areas there are today."""
    return [_named(area) for area in session().scalars(select(Area).where(Area.valid_to.is_(None)).order_by(Area.id))]


def channels() -> list[Choice]:
    """The ways in which reports come in."""
    return [{"value": code, "label": case_parts.channel(code)} for code in CHANNELS]


def promises() -> list[Choice]:
    """How the promises of an open case may stand."""
    said = {
        "open": _("Still open"),
        "overdue": _("Overdue now"),
        "soon": _("Due soon"),
        "none": _("Open without target"),
    }
    return [{"value": code, "label": text} for code, text in said.items()]


def orders() -> list[Choice]:
    """In which order cases may be listed."""
    said = {"newest": _("Newest first"), "risk": _("Likely late first")}
    return [{"value": code, "label": text} for code, text in said.items()]


def _named(row: Unit | Category | Area) -> Choice:
    return {"value": row.code, "label": words.local_name(row)}
