"""How moments, deadlines, statuses and errors are said in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask_babel import get_locale, ngettext, to_user_timezone
from flask_babel import gettext as _

from cases.deadlines import DeadlineState, DeadlineView
from engine.errors import CasewayError, Invalid, Problem, TaskAlreadyClaimed, TaskAlreadyCompleted
from web import problems

WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class SaidDeadline:
    """A deadline in words, for the badge."""

    state: str
    text: str
    due_at: datetime | None
    title: str


def register(app: Flask) -> None:
    """Let templates say things."""
    app.jinja_env.globals.update(format_moment=moment, sla=deadline, status_word=status)
    app.jinja_env.filters.update(moment=moment, short_moment=short_moment, day=day, local_name=local_name)


def moment(at: datetime | None) -> str:
    """`16:30, thứ Ba 24/11/2026`."""
    if at is None:
        return ""
    local = to_user_timezone(at)
    names = WEEKDAYS_VI if str(get_locale()) == "vi" else WEEKDAYS_EN
    return f"{local:%H:%M}, {names[local.weekday()]} {local:%d/%m/%Y}"


def short_moment(at: datetime | None) -> str:
    """`24/11 16:30`."""
    return f"{to_user_timezone(at):%d/%m %H:%M}" if at else ""


def day(at: datetime | None) -> str:
    """`24/11/2026`."""
    return f"{to_user_timezone(at):%d/%m/%Y}" if at else ""


def local_name(thing: object) -> str:
    """The name of a unit, area or category in the reader's language."""
    if thing is None:
        return ""
    return str(getattr(thing, "name_en" if str(get_locale()) == "en" else "name_vi"))


def deadline(view: DeadlineView | None) -> SaidDeadline | None:
    """The badge of a deadline; one that fell away (refused, merged, withdrawn) has none."""
    if view is None or view.state == DeadlineState.ENDED:
        return None
    title = _("Deadline: %(moment)s", moment=moment(view.due_at))
    return SaidDeadline(view.state, _deadline_text(view), view.due_at, title)


def _deadline_text(view: DeadlineView) -> str:
    fixed = {"paused": _("Clock paused"), "met": _("Done on time"), "late": _("Done late")}
    if view.state in fixed:
        return fixed[view.state]
    amount = _amount(view.unit, view.amount)
    return _("%(amount)s overdue", amount=amount) if view.state == "overdue" else _("%(amount)s left", amount=amount)


def _amount(unit: str, number: int) -> str:
    said = {
        "minutes": lambda n: ngettext("%(num)d minute", "%(num)d minutes", n),
        "hours": lambda n: ngettext("%(num)d hour", "%(num)d hours", n),
        "working_hours": lambda n: ngettext("%(num)d working hour", "%(num)d working hours", n),
        "days": lambda n: ngettext("%(num)d day", "%(num)d days", n),
        "working_days": lambda n: ngettext("%(num)d working day", "%(num)d working days", n),
    }
    return said[unit](number)


def promise(amount: float, measure: str) -> str:
    """`2 working days`."""
    return _amount(
        {"working_days": "working_days", "working_hours": "working_hours"}.get(measure, "hours"), int(amount)
    )


def status(code: str) -> str:
    """The public word for a step or status."""
    said = {
        "submitted": _("Submitted"),
        "received": _("Received"),
        "in_progress": _("In progress"),
        "awaiting_info": _("Waiting for your answer"),
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


def problem_text(problem: Problem) -> str:
    """One problem of an input, in the reader's language."""
    return problems.text(problem)


def error_text(error: CasewayError) -> str:
    """An error in the reader's language."""
    if isinstance(error, Invalid) and error.problems:
        return "; ".join(f"{p.where}: {problem_text(p)}" if p.where else problem_text(p) for p in error.problems)
    if isinstance(error, TaskAlreadyCompleted) and error.by:
        at = moment(error.at) if isinstance(error.at, datetime) else ""
        return _("%(person)s completed this step at %(moment)s.", person=error.by, moment=at)
    if isinstance(error, TaskAlreadyClaimed) and error.by:
        return _("%(person)s has claimed this task.", person=error.by)
    return problems.error(error)
