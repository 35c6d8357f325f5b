"""How well the city keeps its promises: counted in the database, every share with the number it rests on.

Figures, not lists of what people wrote; who may see them is asked by the doors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, literal, select
from sqlalchemy.orm import selectinload

from cases.models import Case, Category, Deadline, Unit
from cases.performance.figures import Condition, Figures, Period, Share, figures, stands_still
from engine import clock
from engine.base import session
from engine.errors import Invalid, Problem

__all__ = ["CategoryRow", "Figures", "OverdueRow", "Performance", "Share", "UnitRow", "summary"]

#: Late promises listed at most.
LONGEST_LIST = 50


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
    period = Period.of(from_on, to_on)
    units = _branch(unit)
    scope = _scope(units, category)
    return Performance(
        from_on=from_on,
        to_on=to_on,
        totals=figures(_keyed(scope, literal(0)), period).get(0, Figures()),
        by_unit=_by_unit(scope, period, units),
        by_category=_by_category(scope, period),
        overdue=_overdue(scope),
    )


# ------------------------------------------------------------------------------------------------- period and scope


def _branch(unit: str | None) -> list[int] | None:
    """The unit and everything below it; None for the whole city."""
    if unit is None:
        return None
    root = session().scalar(select(Unit.id).where(Unit.code == unit))
    above = _closure()
    return list(session().scalars(select(above.c.unit_id).where(above.c.above_id == _known(root, "unit"))))


def _scope(units: list[int] | None, category: str | None) -> list[Condition]:
    conditions: list[Condition] = []
    if units is not None:
        conditions.append(Case.unit_id.in_(units))
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
    pairs = select(Unit.id.label("unit_id"), Unit.id.label("above_id")).cte(recursive=True)
    parent = select(pairs.c.unit_id, Unit.parent_id).join(Unit, Unit.id == pairs.c.above_id)
    return pairs.union(parent.where(Unit.parent_id.is_not(None)))


def _keyed(scope: Iterable[Condition], key: Any) -> Subquery:
    return select(Case.id.label("case_id"), key.label("key")).where(*scope).subquery()


# --------------------------------------------------------------------------------------------------------- by what


def _by_unit(scope: list[Condition], period: Period, within: list[int] | None) -> list[UnitRow]:
    above = _closure()
    keyed = select(Case.id.label("case_id"), above.c.above_id.label("key")).join(above, above.c.unit_id == Case.unit_id)
    if within is not None:
        keyed = keyed.where(above.c.above_id.in_(within))
    counted = figures(keyed.where(*scope).subquery(), period)
    units = {unit.id: unit for unit in session().scalars(select(Unit).where(Unit.id.in_(counted)).order_by(Unit.id))}
    rows = [UnitRow(unit, _depth(unit, units), counted[unit.id]) for unit in units.values()]
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


def _by_category(scope: list[Condition], period: Period) -> list[CategoryRow]:
    counted = figures(_keyed(scope, Case.category_id), period)
    query = select(Category).where(Category.id.in_(counted)).order_by(Category.position, Category.id)
    return [CategoryRow(category, counted[category.id]) for category in session().scalars(query)]


def _overdue(scope: list[Condition]) -> list[OverdueRow]:
    query = (
        select(Case, Deadline)
        .join(Deadline, Deadline.case_id == Case.id)
        .where(*scope, Deadline.met_at.is_(None), Deadline.ended_at.is_(None), Deadline.due_at <= clock.now())
        .where(~stands_still())
        .order_by(Deadline.due_at, Deadline.id)
        .options(
            selectinload(Case.category), selectinload(Case.area), selectinload(Case.unit), selectinload(Deadline.pauses)
        )
        .limit(LONGEST_LIST)
    )
    return [OverdueRow(case, deadline) for case, deadline in session().execute(query)]
