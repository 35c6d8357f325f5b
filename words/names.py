"""What statuses, units, areas and categories are called."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _

#: Every status a case can have, in the order of its life.
STATUSES = (
    "submitted",
    "awaiting_info",
    "received",
    "in_progress",
    "awaiting_other",
    "awaiting_approval",
    "resolved",
    "reopened",
    "closed",
    "rejected",
    "merged",
    "withdrawn",
    "cancelled",
)


def status(code: str) -> str:
    """The public word for a status or step."""
    said = {
        "submitted": _("Submitted"),
        "received": _("Received"),
        "in_progress": _("In progress"),
        "awaiting_info": _("Waiting for your answer"),
        "awaiting_other": _("Waiting for another body"),
        "awaiting_approval": _("Waiting for approval"),
        "resolved": _("Resolved"),
        "closed": _("Closed"),
        "reopened": _("Reopened"),
        "rejected": _("Not accepted"),
        "merged": _("Merged with another report"),
        "withdrawn": _("Withdrawn"),
        "cancelled": _("Cancelled"),
    }
    return said.get(code, code)


def urgency(code: str) -> str:
    """How much time a report leaves, as the intake desk sees it."""
    return {"urgent": _("Urgent"), "normal": _("Normal"), "complex": _("Complex")}.get(code, code)


def local_name(thing: object) -> str:
    """The name of a unit, area or category in the reader's language."""
    if thing is None:
        return ""
    return str(getattr(thing, "name_en" if str(get_locale()) == "en" else "name_vi"))
