"""How well the city keeps its promises: counted in the database, every share with the number it rests on.

Figures, not lists of what people wrote; who may see them is asked by the doors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Subquery, and_, distinct, func, literal, or_, select
from sqlalchemy.orm import selectinload

from cases import city
from cases.models import Case, Category, Deadline, DeadlinePause, Event, Feedback, Unit
from cases.models.deadlines import DeadlineKind
from engine import clock
from engine.base import session
from engine.errors import Invalid, Problem

#: Late promises listed at most.
LONGEST_LIST = 50
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
class UnitRow:
    """A unit with everything below it; `depth` 0 is the highest unit listed."""

    unit: Unit
    depth: int
    figures: Figures


@dataclass(frozen=True)
class CategoryRow:
    """A category of reports."""

    category: Category
    figures: Figures


@dataclass(frozen=True)
class OverdueRow:
    """An open promise that is late now."""

    case: Case
    deadline: Deadline


@dataclass(frozen=True)
class Performance:
    """The figures of a period, its first and last day included."""

    from_on: date
    to_on: date
    totals: Figures
    by_unit: list[UnitRow]
    by_category: list[CategoryRow]
    overdue: list[OverdueRow]


def summary(*, from_on: date, to_on: date, unit: str | None = None, category: str | None = None) -> Performance:
    """The figures of a period, of the whole city or of one unit (with all below it) or category.

    * on time = promises to resolve that fell due in the period and were met by then, divided by all that fell due in
      the period. Open ones already past due count as late; met ones count even if the due moment is still to come;
      those that stand still, are not yet due, or ended without a result (refused, merged, withdrawn, cancelled) are
      left out. A reopened case makes a new promise, which counts as well.
    * handling hours = clock hours from opening to the last published result, for results of the period.
    * satisfaction = answers "satisfied" divided by all answers of the period.
    * received, closed, reopened: in the period. open, overdue now, due soon: at this moment, whatever the period.

    Raises: Invalid (`to_on` before_from, `unit` unknown, `category` unknown).
    """
    period = _Period.of(from_on, to_on)
    scope = _scope(unit, category)
    return Performance(
        from_on=from_on,
        to_on=to_on,
        totals=_figures(_keyed(scope, literal(0)), period).get(0, Figures()),
        by_unit=_by_unit(scope, period),
        by_category=_by_category(scope, period),
        overdue=_overdue(scope),
    )


# ------------------------------------------------------------------------------------------------- period and scope


@dataclass(frozen=True)
class _Period:
    start: datetime
    end: datetime

    @staticmethod
    def of(from_on: date, to_on: date) -> _Period:
        if to_on < from_on:
            raise Invalid([Problem("to_on", "before_from")])
        zone = ZoneInfo(city.settings().time_zone)
        midnight = datetime.combine(to_on + timedelta(days=1), time(), zone)
        return _Period(datetime.combine(from_on, time(), zone), midnight)

    def holds(self, moment: Any) -> Condition:
        return and_(moment >= self.start, moment < self.end)


def _scope(unit: str | None, category: str | None) -> list[Condition]:
    conditions: list[Condition] = []
    if unit is not None:
        root = session().scalar(select(Unit.id).where(Unit.code == unit))
        above = _closure()
        within = select(above.c.unit_id).where(above.c.above_id == _known(root, "unit"))
        conditions.append(Case.unit_id.in_(within))
    if category is not None:
        found = session().scalar(select(Category.id).where(Category.code == category))
        conditions.append(Case.category_id == _known(found, "category"))
    return conditions


def _known(found: int | None, where: str) -> int:
    if found is None:
        raise Invalid([Problem(where, "unknown")])
    return found


def _closure() -> Any:
    """Every unit beside itself and each unit above it."""
    pairs = select(Unit.id.label("unit_id"), Unit.id.label("above_id")).cte("closure", recursive=True)
    parent = select(pairs.c.unit_id, Unit.parent_id).join(Unit, Unit.id == pairs.c.above_id)
    return pairs.union(parent.where(Unit.parent_id.is_not(None)))


def _keyed(scope: Iterable[Condition], key: Any) -> Subquery:
    return select(Case.id.label("case_id"), key.label("key")).where(*scope).subquery()


# --------------------------------------------------------------------------------------------------------- by what


def _by_unit(scope: list[Condition], period: _Period) -> list[UnitRow]:
    above = _closure()
    keyed = select(Case.id.label("case_id"), above.c.above_id.label("key")).join(above, above.c.unit_id == Case.unit_id)
    figures = _figures(keyed.where(*scope).subquery(), period)
    units = {unit.id: unit for unit in session().scalars(select(Unit).where(Unit.id.in_(figures)).order_by(Unit.id))}
    rows = [UnitRow(unit, _depth(unit, units), figures[unit.id]) for unit in units.values()]
    return sorted(rows, key=lambda row: _path(row.unit, units))


def _depth(unit: Unit, listed: Mapping[int, Unit]) -> int:
    return len(_path(unit, listed)) - 1


def _path(unit: Unit, listed: Mapping[int, Unit]) -> tuple[int, ...]:
    """The ids from the highest listed unit down: sorts parts right behind what they are part of."""
    path: list[int] = []
    here: Unit | None = unit
    while here is not None and here.id not in path:
        path.append(here.id)
        here = listed.get(here.parent_id) if here.parent_id is not None else None
    return tuple(reversed(path))


def _by_category(scope: list[Condition], period: _Period) -> list[CategoryRow]:
    figures = _figures(_keyed(scope, Case.category_id), period)
    query = select(Category).where(Category.id.in_(figures)).order_by(Category.position, Category.id)
    return [CategoryRow(category, figures[category.id]) for category in session().scalars(query)]


# --------------------------------------------------------------------------------------------------------- figures


def _figures(keyed: Subquery, period: _Period) -> dict[int, Figures]:
    """All figures for each key, in four queries however many keys there are."""
    rows: dict[int, dict[str, Any]] = {}
    for count in (_count_cases, _count_promises, _count_answers, _count_reopenings):
        for key, figures in count(keyed, period).items():
            rows.setdefault(key, {}).update(figures)
    return {key: Figures(**figures) for key, figures in rows.items()}


def _count_cases(keyed: Subquery, period: _Period) -> dict[int, dict[str, Any]]:
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


def _count_promises(keyed: Subquery, period: _Period) -> dict[int, dict[str, Any]]:
    now = clock.now()
    is_open = and_(Deadline.met_at.is_(None), Deadline.ended_at.is_(None), ~_stands_still())
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


def _count_answers(keyed: Subquery, period: _Period) -> dict[int, dict[str, Any]]:
    query = select(
        keyed.c.key, func.count().label("n"), func.count().filter(Feedback.verdict == SATISFIED).label("satisfied")
    ).join_from(keyed, Feedback, Feedback.case_id == keyed.c.case_id)
    rows = _rows(query.where(period.holds(Feedback.given_at)).group_by(keyed.c.key))
    return {row["key"]: {"satisfaction": _share(row["satisfied"], row["n"])} for row in rows}


def _count_reopenings(keyed: Subquery, period: _Period) -> dict[int, dict[str, Any]]:
    query = select(keyed.c.key, func.count().label("reopened")).join_from(
        keyed, Event, Event.case_id == keyed.c.case_id
    )
    rows = _rows(query.where(Event.name == REOPENED, period.holds(Event.at)).group_by(keyed.c.key))
    return {row.pop("key"): row for row in rows}


def _rows(query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session().execute(query).mappings()]


def _share(part: int, n: int) -> Share:
    return Share(n, part / n if n else None)


def _stands_still() -> Condition:
    pause = select(DeadlinePause.id).where(DeadlinePause.deadline_id == Deadline.id, DeadlinePause.ended_at.is_(None))
    return pause.exists()


def _overdue(scope: list[Condition]) -> list[OverdueRow]:
    query = (
        select(Case, Deadline)
        .join(Deadline, Deadline.case_id == Case.id)
        .where(*scope, Deadline.met_at.is_(None), Deadline.ended_at.is_(None), Deadline.due_at <= clock.now())
        .where(~_stands_still())
        .order_by(Deadline.due_at, Deadline.id)
        .options(
            selectinload(Case.category), selectinload(Case.area), selectinload(Case.unit), selectinload(Deadline.pauses)
        )
        .limit(LONGEST_LIST)
    )
    return [OverdueRow(case, deadline) for case, deadline in session().execute(query)]
