"""Figures over time and two ways at once: week by week, and area by category. Counts only, each in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import text

from cases import city
from cases.performance.figures import Share
from cases.performance.measures import Count
from cases.performance.ranges import LONG_AGO, Range, Scope, Vector, counted, cube
from cases.performance.reading import Days
from cases.working_time import Calendar
from engine.base import session

#: Days by which it is judged how much is usually done.
FOUR_WEEKS = 28
_BOTH = ("area_id", "category_id")


@dataclass(frozen=True)
class Stretch:
    """What happened between two days, both included. Promises that are open and past due count as broken."""

    from_on: date
    to_on: date
    received: int
    closed: int
    resolved: int
    on_time: Share
    open_at_end: int


@dataclass(frozen=True)
class Cell:
    """The cases of one area and category: received and promised in the period, overdue now."""

    received: int
    overdue_now: int
    on_time: Share


def weeks(from_on: date, to_on: date) -> list[tuple[date, date]]:
    """The weeks from Monday to Sunday that touch a period, the last one ending with it."""
    begin = from_on - timedelta(days=from_on.weekday())
    found = []
    while begin <= to_on:
        found.append((begin, min(begin + timedelta(days=6), to_on)))
        begin += timedelta(days=7)
    return found


def series(stretches: Sequence[tuple[date, date]], scope: Scope) -> list[Stretch]:
    """Each stretch of days in turn. Raises: Invalid (cannot_combine)."""
    if not stretches:
        return []
    days = Days.of(stretches[-1][1], stretches[-1][1])
    today, ranges = days.today, dict[str, Range]()
    for number, (first, last) in enumerate(stretches):
        begin, end = first.toordinal(), last.toordinal()
        ranges[f"all_{number}"] = (begin, end)
        ranges[f"late_{number}"] = (begin, min(end, today - 1))
        ranges[f"until_{number}"] = (LONG_AGO, end)
    found = _counts(ranges, scope, whole=[f"all_{number}" for number in range(len(stretches))])
    for number, (first, last) in enumerate(stretches):
        if first.toordinal() <= today <= last.toordinal():
            found[f"late_{number}"][Count.OPEN_RESOLVE_DUE] += _fallen_today(days, scope)[()][1]
    return [
        _stretch(first, last, *(found[f"{what}_{number}"] for what in ("all", "late", "until")))
        for number, (first, last) in enumerate(stretches)
    ]


def matrix(days: Days, scope: Scope) -> dict[tuple[int, int], Cell]:
    """A cell for each area and category that ever had a case, by their ids. Raises: Invalid (cannot_combine)."""
    ranges = {name: days.ranges()[name] for name in ("period", "past", "late")}
    found: dict[tuple[int, ...], dict[str, Vector]] = defaultdict(lambda: defaultdict(_nothing))
    found.update(counted(ranges, scope, _BOTH, whole=["period"]))
    for both, (due, resolve) in _fallen_today(days, scope, *_BOTH).items():
        found[both]["past"][Count.OPEN_DUE] += due
        if days.first <= days.today <= days.last:
            found[both]["late"][Count.OPEN_RESOLVE_DUE] += resolve
    return {
        (area_id, category_id): _cell(one["period"], one["past"], one["late"])
        for (area_id, category_id), one in found.items()
        if area_id
    }


@dataclass(frozen=True)
class Outlook:
    """How many cases will be overdue in some working days, if as much is done each day as in the last four weeks."""

    in_days: int
    until: date
    overdue_now: int
    coming_due: int
    done_per_day: float
    overdue_then: int


def outlook(days: Days, scope: Scope, in_days: int = 5, *, overdue_now: int) -> Outlook:
    """A simple queue: overdue now, and what falls due until then, less what is usually done; never below nothing.

    Raises: Invalid (cannot_combine).
    """
    hours, today = city.first_calendar(), date.fromordinal(days.today)
    until = _working_days_later(hours, today, in_days)
    past = [date.fromordinal(days.today - back) for back in range(1, FOUR_WEEKS + 1)]
    worked = sum(hours.is_working_day(day) for day in past) or 1
    ranges = {"coming": (days.today, until.toordinal()), "done": (days.today - FOUR_WEEKS, days.today - 1)}
    found = _counts(ranges, scope, whole=["done"])
    coming, done = int(found["coming"][Count.OPEN_DUE]), int(found["done"][Count.RESOLVED]) / worked
    then = max(0, round(overdue_now + coming - done * in_days))
    return Outlook(in_days, until, overdue_now, coming, done, then)


def _working_days_later(hours: Calendar, day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= hours.is_working_day(day)
    return day


def _cell(period: Vector, past: Vector, late: Vector) -> Cell:
    return Cell(int(period[Count.RECEIVED]), int(past[Count.OPEN_DUE]), _on_time(period, late))


def _stretch(first: date, last: date, counted: Vector, late: Vector, until: Vector) -> Stretch:
    return Stretch(
        first,
        last,
        received=int(counted[Count.RECEIVED]),
        closed=int(counted[Count.CLOSED]),
        resolved=int(counted[Count.RESOLVED]),
        on_time=_on_time(counted, late),
        open_at_end=int(until[Count.RECEIVED] - until[Count.CLOSED]),
    )


def _on_time(counted: Vector, late: Vector) -> Share:
    kept, n = int(counted[Count.KEPT]), int(counted[Count.KEPT] + counted[Count.BROKEN] + late[Count.OPEN_RESOLVE_DUE])
    return Share(n, kept / n if n else None)


def _fallen_today(days: Days, scope: Scope, *keys: str) -> dict[tuple[int, ...], tuple[int, int]]:
    """What has come due since midnight: nearest promises, and promises to resolve; too fine for whole days, and little."""
    listed = "".join(f"kpi.{key}, " for key in keys)
    fallen = [f"kpi.{moment} >= :midnight AND kpi.{moment} <= :now" for moment in ("due_at", "resolve_due_at")]
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in fallen)
    grouped = f" GROUP BY {', '.join(str(number + 1) for number in range(len(keys)))}" if keys else ""
    either = " OR ".join(f"({condition})" for condition in fallen)
    statement = f"SELECT {listed}{counted} FROM kpi_case AS kpi WHERE ({either}){scope.where('kpi')}{grouped}"  # noqa: S608  # names of columns from this module
    rows = session().execute(text(statement), {"midnight": days.midnight, "now": days.now, **scope.within})
    return {tuple(row[:-2]): (row[-2], row[-1]) for row in rows}


def _counts(ranges: Mapping[str, Range], scope: Scope, *, whole: Collection[str]) -> dict[str, Vector]:
    return counted(ranges, scope, whole=whole).get((), {name: _nothing() for name in ranges})


def _nothing() -> Vector:
    return np.zeros(len(Count), np.int64)


def oldest_open(scope: Scope) -> dict[int, date]:
    """The day on which the oldest open case of each area came in, by the id of the area."""
    statement = (
        "SELECT kpi.area_id, min(kpi.block) FROM kpi_cell AS kpi WHERE kpi.cube = :cube AND kpi.grain = 1"  # noqa: S608  # names of columns from this module
        f" AND kpi.counts[{Count.OPEN + 1}] > 0{scope.where('kpi')} GROUP BY 1"
    )
    rows = session().execute(text(statement), {"cube": cube(scope, ["area_id"]), **scope.within})
    return {area_id: date.fromordinal(day) for area_id, day in rows if area_id}
