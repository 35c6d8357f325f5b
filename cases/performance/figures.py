"""The counting: all figures for any number of units or categories at once, four queries in all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Subquery, and_, distinct, func, or_, select

from cases import city
from cases.models import Case, Deadline, DeadlinePause, Event, Feedback
from cases.models.deadlines import DeadlineKind
from engine import clock
from engine.base import session
from engine.errors import Invalid, Problem

SATISFIED = "satisfied"
REOPENED = "case_reopened"

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Share:
    """A share of `n`; None while there is nothing to divide."""

    n: int = 0
    share: float | None = None


@dataclass(frozen=True)
class Figures:
    """What is counted for the city, a unit or a category. Hours are clock hours, nights and holidays included."""

    received: int = 0
    closed: int = 0
    open: int = 0
    overdue_now: int = 0
    due_soon: int = 0
    on_time_share: Share = Share()
    handling_hours_median: float | None = None
    handling_hours_p90: float | None = None
    satisfaction: Share = Share()
    reopened: int = 0


@dataclass(frozen=True)
class Period:
    """Whole days at the city's clocks."""

    start: datetime
    end: datetime

    @staticmethod
    def of(from_on: date, to_on: date) -> Period:
        """From the first day's midnight to the one after the last. Raises: Invalid (`to_on` before_from)."""
        if to_on < from_on:
            raise Invalid([Problem("to_on", "before_from")])
        zone = ZoneInfo(city.settings().time_zone)
        midnight = datetime.combine(to_on + timedelta(days=1), time(), zone)
        return Period(datetime.combine(from_on, time(), zone), midnight)

    def holds(self, moment: Any) -> Condition:
        """The moment lies in the period."""
        return and_(moment >= self.start, moment < self.end)


def figures(keyed: Subquery, period: Period) -> dict[int, Figures]:
    """All figures for each key, in four queries however many keys there are."""
    rows: dict[int, dict[str, Any]] = {}
    for count in (_count_cases, _count_promises, _count_answers, _count_reopenings):
        for key, figures in count(keyed, period).items():
            rows.setdefault(key, {}).update(figures)
    return {key: Figures(**figures) for key, figures in rows.items()}


def _count_cases(keyed: Subquery, period: Period) -> dict[int, dict[str, Any]]:
    hours = func.extract("epoch", Case.resolved_at - Case.opened_at) / 3600.0
    resolved = period.holds(Case.resolved_at)
    query = select(
        keyed.c.key,
        func.count().filter(period.holds(Case.opened_at)).label("received"),
        func.count().filter(period.holds(Case.closed_at)).label("closed"),
        func.count().filter(Case.closed_at.is_(None)).label("open"),
        func.percentile_cont(0.5).within_group(hours).filter(resolved).label("handling_hours_median"),
        func.percentile_cont(0.9).within_group(hours).filter(resolved).label("handling_hours_p90"),
    ).join_from(keyed, Case, Case.id == keyed.c.case_id)
    return {row.pop("key"): row for row in _rows(query.group_by(keyed.c.key))}


def _count_promises(keyed: Subquery, period: Period) -> dict[int, dict[str, Any]]:
    now = clock.now()
    is_open = and_(Deadline.met_at.is_(None), Deadline.ended_at.is_(None), ~stands_still())
    is_late = and_(is_open, Deadline.due_at <= now)
    judged = and_(
        Deadline.kind == DeadlineKind.RESOLVE,
        period.holds(Deadline.due_at),
        Deadline.ended_at.is_(None),
        or_(Deadline.met_at.is_not(None), is_late),
    )
    query = select(
        keyed.c.key,
        func.count(distinct(Deadline.case_id)).filter(is_late).label("overdue_now"),
        func.count(distinct(Deadline.case_id))
        .filter(is_open, Deadline.remind_at <= now, Deadline.due_at > now)
        .label("soon"),
        func.count().filter(judged).label("n"),
        func.count().filter(judged, Deadline.met_at <= Deadline.due_at).label("kept"),
    ).join_from(keyed, Deadline, Deadline.case_id == keyed.c.case_id)
    return {
        row["key"]: {
            "overdue_now": row["overdue_now"],
            "due_soon": row["soon"],
            "on_time_share": _share(row["kept"], row["n"]),
        }
        for row in _rows(query.group_by(keyed.c.key))
    }


def _count_answers(keyed: Subquery, period: Period) -> dict[int, dict[str, Any]]:
    query = select(
        keyed.c.key, func.count().label("n"), func.count().filter(Feedback.verdict == SATISFIED).label("satisfied")
    ).join_from(keyed, Feedback, Feedback.case_id == keyed.c.case_id)
    rows = _rows(query.where(period.holds(Feedback.given_at)).group_by(keyed.c.key))
    return {row["key"]: {"satisfaction": _share(row["satisfied"], row["n"])} for row in rows}


def _count_reopenings(keyed: Subquery, period: Period) -> dict[int, dict[str, Any]]:
    query = select(keyed.c.key, func.count().label("reopened")).join_from(
        keyed, Event, Event.case_id == keyed.c.case_id
    )
    rows = _rows(query.where(Event.name == REOPENED, period.holds(Event.at)).group_by(keyed.c.key))
    return {row.pop("key"): row for row in rows}


def _rows(query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session().execute(query).mappings()]


def _share(part: int, n: int) -> Share:
    return Share(n, part / n if n else None)


def stands_still() -> Condition:
    """The clock of the promise stands still now."""
    pause = select(DeadlinePause.id).where(DeadlinePause.deadline_id == Deadline.id, DeadlinePause.ended_at.is_(None))
    return pause.exists()
