"""How deadlines and promises are said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from cases.deadlines import DeadlineState, DeadlineView
from words.moments import moment


@dataclass(frozen=True)
class SaidDeadline:
    """A deadline in words, for the badge."""

    state: str
    text: str
    due_at: datetime | None
    title: str


def deadline(view: DeadlineView | None) -> SaidDeadline | None:
    """The badge of a deadline; one that fell away (refused, merged, withdrawn) has none."""
    if view is None or view.state == DeadlineState.ENDED:
        return None
    title = _("Deadline: %(moment)s", moment=moment(view.due_at))
    return SaidDeadline(view.state, _text(view), view.due_at, title)


def promise(amount: float, measure: str) -> str:
    """`2 working days`; less than an hour in minutes."""
    if amount % 1:
        return _amount({"working_hours": "working_minutes"}.get(measure, "minutes"), round(amount * 60))
    return _amount(measure, int(amount))


def _text(view: DeadlineView) -> str:
    fixed = {"paused": _("Clock paused"), "met": _("Done on time"), "late": _("Done late")}
    if view.state in fixed:
        return fixed[view.state]
    amount = _amount(view.unit, view.amount)
    return _("%(amount)s overdue", amount=amount) if view.state == "overdue" else _("%(amount)s left", amount=amount)


def _amount(unit: str, number: int) -> str:
    said = {
        "minutes": lambda n: ngettext("%(num)d minute", "%(num)d minutes", n),
        "hours": lambda n: ngettext("%(num)d hour", "%(num)d hours", n),
        "working_minutes": lambda n: ngettext("%(num)d working minute", "%(num)d working minutes", n),
        "working_hours": lambda n: ngettext("%(num)d working hour", "%(num)d working hours", n),
        "days": lambda n: ngettext("%(num)d day", "%(num)d days", n),
        "working_days": lambda n: ngettext("%(num)d working day", "%(num)d working days", n),
    }
    return said[unit](number)
