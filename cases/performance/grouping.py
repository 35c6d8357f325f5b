"""Which part of the city, and a line for each unit, category, area or channel of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import defer

from cases.models import Area, Category, Unit
from cases.performance.figures import Figures, figures
from cases.performance.measures import SPREADS, Spread
from cases.performance.ranges import Scope
from cases.performance.reading import Days, Key, Sums, read
from cases.performance.series import Cell
from engine.base import session
from engine.errors import Invalid, Problem

#: What may be listed, and the dimension it stands for.
LINES = {"unit": "unit_id", "category": "category_id", "area": "area_id", "channel": "channel"}
_TABLES: Mapping[str, Any] = {"category": Category, "area": Area}


@dataclass(frozen=True)
class Line:
    """One of what is listed: its row, or for a channel its code. A unit counts with everything below it, 0 is the highest."""

    of: Any
    figures: Figures
    depth: int = 0

    @property
    def unit(self) -> Unit:
        unit: Unit = self.of
        return unit

    @property
    def category(self) -> Category:
        category: Category = self.of
        return category


@dataclass(frozen=True)
class Matrix:
    """Cells by the ids of area and category, and the rows of both in the city's order, as far as there are cells."""

    areas: list[Area]
    categories: list[Category]
    cells: Mapping[tuple[int, int], Cell]


def scope(
    *, unit: str | None, category: str | None, area: str | None, channel: str | None, official: str | None
) -> Scope:
    """What is asked for, by code. Raises: Invalid (unknown), with everything that is."""
    problems: list[Problem] = []
    within: dict[str, list[Any]] = {}
    if unit is not None:
        within["unit_id"] = [_known("unit", Unit, unit, problems)]
    for name, code in (("category", category), ("area", area)):
        if code is not None:
            within[LINES[name]] = [_known(name, _TABLES[name], code, problems)]
    if problems:
        raise Invalid(problems)
    if unit is not None:
        within["unit_id"] = _branch(within["unit_id"][0])
    for name, value in (("channel", channel), ("official", official)):
        if value is not None:
            within[name] = [value]
    return Scope(within)


def lines(name: str, periods: Sequence[Days], of: Scope, measures: frozenset[Spread], people: int) -> list[list[Line]]:
    """For each period a line for each value of what is listed that ever had a case, in the city's order.

    `people` live where the scope is (`inhabitants`). With fewer measures than all, only units have numbers by age.
    """
    is_aged = name == "unit" or measures == SPREADS
    read_ones = read(periods, of, LINES[name], measures, is_aged=is_aged)
    return [_lines(name, found, days, of, people) for found, days in zip(read_ones, periods, strict=True)]


def _lines(name: str, everything: Mapping[Key, Sums], days: Days, of: Scope, people: int) -> list[Line]:
    found = {key: sums for key, sums in everything.items() if key}
    if name == "unit":
        return _unit_lines(found, days, set(of.within.get("unit_id", ())))
    if name == "area":
        areas = session().scalars(_areas(found))
        return [Line(area, figures(found[area.id], days, area.inhabitants or 0)) for area in areas]
    if name == "channel":
        return [Line(key, figures(found[key], days, people)) for key in sorted(found, key=str)]
    rows = session().scalars(select(Category).where(Category.id.in_(found)).order_by(Category.position, Category.id))
    return [Line(row, figures(found[row.id], days, people)) for row in rows]


def _areas(ids: Collection[Any]) -> Select[Any]:
    """Without their borders, which are long and which no figure needs."""
    return select(Area).where(Area.id.in_(ids)).order_by(Area.id).options(defer(Area.polygon))


def inhabitants(of: Scope) -> int:
    """How many people live where the scope is; 0 when it is no place (units and officials) or somebody was not counted."""
    if of.within.keys() & {"unit_id", "official"}:
        return 0
    areas = of.within.get("area_id")
    wanted = Area.id.in_(areas) if areas is not None else Area.valid_to.is_(None)
    numbers = session().scalars(select(Area.inhabitants).where(wanted)).all()
    return 0 if None in numbers else sum(one or 0 for one in numbers)


def matrix(cells: Mapping[tuple[int, int], Cell]) -> Matrix:
    """The cells with the rows they belong to."""
    areas, kinds = {area for area, _ in cells}, {kind for _, kind in cells}
    return Matrix(
        list(session().scalars(_areas(areas))),
        list(session().scalars(select(Category).where(Category.id.in_(kinds)).order_by(Category.position))),
        cells,
    )


def own_units(days: Days, of: Scope) -> dict[str, Figures]:
    """The figures of each unit by its code, without what is below it; the empty code is for cases with no unit."""
    codes = dict(session().execute(select(Unit.id, Unit.code)).all())
    return {codes.get(int(key), ""): figures(sums, days) for key, sums in read([days], of, "unit_id")[0].items()}


def _known(name: str, table: Any, code: str, problems: list[Problem]) -> int:
    found: int | None = session().scalar(select(table.id).where(table.code == code))
    if found is None:
        problems.append(Problem(name, "unknown"))
    return found or 0


# ------------------------------------------------------------------------------------------------------------ units


def _parents() -> dict[int, int | None]:
    return {row.id: row.parent_id for row in session().execute(select(Unit.id, Unit.parent_id))}


def _path(unit_id: int, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    """The ids from the highest unit down; a circle in the data ends where it began."""
    path: list[int] = []
    here: int | None = unit_id
    while here is not None and here not in path:
        path.append(here)
        here = parents.get(here)
    return tuple(reversed(path))


def _branch(unit_id: int) -> list[int]:
    """A unit and everything below it."""
    parents = _parents()
    return sorted(one for one in parents if unit_id in _path(one, parents))


def _unit_lines(found: Mapping[Key, Sums], days: Days, within: set[int]) -> list[Line]:
    parents = _parents()
    added: dict[int, Sums] = {}
    for key, sums in found.items():
        for above in _path(int(key), parents):
            if not within or above in within:
                added.setdefault(above, Sums(sums.measures, sums.is_aged)).add(sums)
    shown = {one: tuple(above for above in _path(one, parents) if above in added) for one in added}
    units = {unit.id: unit for unit in session().scalars(select(Unit).where(Unit.id.in_(added)))}
    order = sorted(units, key=shown.__getitem__)
    return [Line(units[one], figures(added[one], days), len(shown[one]) - 1) for one in order]
