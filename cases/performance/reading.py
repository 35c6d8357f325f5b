"""Figures of periods from the sums, for each dimension: counts, durations, and what has come due today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import text

from cases import city
from cases import working_time as wt
from cases.performance.definitions import AGES
from cases.performance.measures import SPREADS, Count, Spread
from cases.performance.ranges import FAR_AHEAD, LONG_AGO, Range, Scope, Vector, as_columns, counted, cube, of_ranges
from engine import clock
from engine.base import session
from engine.errors import Invalid, Problem

Key = int | str
#: The names of the counts, in the order in which they stand in a vector.
_NAMES = [one.name.lower() for one in sorted(Count)]
_MOMENTS = ("remind_at", "due_at", "resolve_due_at")


@dataclass
class Sums:
    """What was added up for one key: counts by label of a range (those of ages if `is_aged`), durations as packed by those
    measures that were read, what came due today.
    """

    measures: frozenset[Spread]
    is_aged: bool = True

    counts: dict[str, Vector] = field(default_factory=lambda: defaultdict(_no_counts))
    spreads: dict[int, bytes] = field(default_factory=lambda: defaultdict(bytes))
    today: Vector = field(default_factory=lambda: np.zeros(len(_MOMENTS), np.int64))

    def add(self, other: Sums) -> None:
        """Take the other's in."""
        for label, counts in other.counts.items():
            self.counts[label] = self.counts[label] + counts
        for measure, packed in other.spreads.items():
            self.spreads[measure] += packed
        self.today = self.today + other.today


@dataclass(frozen=True)
class Days:
    """The days of a period as ordinals, and where they stand to today."""

    first: int
    last: int
    today: int
    midnight: datetime
    now: datetime
    ages: tuple[int, ...]

    @staticmethod
    def of(from_on: date, to_on: date) -> Days:
        """From the first to the last day, both included. Raises: Invalid (`to_on` before_from)."""
        if to_on < from_on:
            raise Invalid([Problem("to_on", "before_from")])
        zone = ZoneInfo(city.settings().time_zone)
        now = clock.now()
        today = now.astimezone(zone).date()
        midnight = datetime.combine(today, time(), zone)
        return Days(from_on.toordinal(), to_on.toordinal(), today.toordinal(), midnight, now, tuple(_ages(today)))

    def ranges(self, *, is_aged: bool = True) -> dict[str, Range]:
        """The ranges of days read, by label, with or without those of the ages."""
        yesterday = self.today - 1
        edges = [FAR_AHEAD, *self.ages, LONG_AGO]
        aged = {f"age_{place}": (edges[place + 1], edges[place] - 1) for place in range(len(edges) - 1)}
        return {
            "period": (self.first, self.last),
            "before": (LONG_AGO, self.first - 1),
            "ever": (LONG_AGO, FAR_AHEAD - 1),
            "past": (LONG_AGO, yesterday),
            "late": (self.first, min(self.last, yesterday)),
            **(aged if is_aged else {}),
        }


def read(
    periods: Sequence[Days],
    scope: Scope,
    by: str | None,
    measures: frozenset[Spread] = SPREADS,
    *,
    is_aged: bool = True,
) -> list[dict[Key, Sums]]:
    """The sums of periods for each value of a dimension, or for 0 the whole; what is as of now is read once for all of them.

    Durations are of these measures; numbers by age only if `is_aged`.
    Raises: Invalid (cannot_combine).
    """
    listed = [by] if by else []
    found: dict[Key, list[Sums]] = defaultdict(lambda: [Sums(measures, is_aged) for _ in periods])
    asked = {
        (label, number): days
        for number, one in enumerate(periods)
        for label, days in one.ranges(is_aged=is_aged).items()
    }
    whole = [place for place in asked if place[0] == "period"]
    for key, counts in counted(asked, scope, listed, whole=whole).items():
        for (label, number), vector in counts.items():
            found[_key(key)][number].counts[label] = vector
    wanted = {"cube": cube(scope, listed), "measures": sorted(measures), **scope.within}
    lasted = {number: (one.first, one.last) for number, one in enumerate(periods)}
    for *key, number, measure, packed in _rows(_durations(listed, scope), wanted | as_columns(lasted)):
        found[_key(key)][number].spreads[measure] = packed
    moments = {"midnight": periods[0].midnight, "now": periods[0].now, **scope.within}
    for *key, due_soon, due, resolve_due in _rows(_today(listed, scope), moments):
        for sums in found[_key(key)]:
            sums.today = np.array((due_soon, due, resolve_due), np.int64)
    return [{key: sums[number] for key, sums in found.items()} for number in range(len(periods))]


def _key(values: Sequence[Key]) -> Key:
    """The value of the dimension that is listed; 0 where none is."""
    return values[0] if values else 0


def numbers(sums: Sums, days: Days) -> dict[str, int]:
    """Everything a figure may be made of, by name."""
    period, before, ever, past = (sums.counts[label] for label in ("period", "before", "ever", "past"))
    remind, due, resolve = (int(one) for one in sums.today)
    overdue = int(past[Count.OPEN_DUE]) + due
    late = int(sums.counts["late"][Count.OPEN_RESOLVE_DUE]) + (resolve if days.first <= days.today <= days.last else 0)
    aged = [sums.counts[f"age_{place}"] for place in range(len(AGES) + 1)]
    overdue_by_age = [int(one[Count.OPEN_DUE]) for one in aged]
    overdue_by_age[0] = overdue - sum(overdue_by_age[1:])
    return {
        **dict(zip(_NAMES, period.tolist(), strict=True)),
        "carried_over": int(before[Count.RECEIVED] - before[Count.CLOSED]),
        "open_now": int(ever[Count.OPEN]),
        "open_no_target_now": int(ever[Count.OPEN_NO_TARGET]),
        "overdue_now": overdue,
        "due_soon_now": int(past[Count.OPEN_REMIND]) + remind - overdue,
        "overdue_promises": late,
        **{f"overdue_age_{place}": number for place, number in enumerate(overdue_by_age)},
        **{f"open_age_{place}": int(one[Count.OPEN]) for place, one in enumerate(aged)},
    }


# ---------------------------------------------------------------------------------------------------------- queries


def _durations(by: Sequence[str], scope: Scope) -> str:
    keys, groups = _listed(by), ", ".join(str(place + 1) for place in range(len(by) + 2))
    return (
        f"SELECT {keys}range.number, kpi.measure, string_agg(kpi.buckets, CAST('' AS bytea))"  # noqa: S608  # names of dimensions from measures.py
        f" FROM {of_ranges('kpi_spread', scope, 'AND measure = ANY(:measures)')} GROUP BY {groups}"
    )


def _today(by: Sequence[str], scope: Scope) -> str:
    """What is coming due today and has come due by now: too fine for whole days, and little."""
    fallen = [f"kpi.{moment} >= :midnight AND kpi.{moment} <= :now" for moment in _MOMENTS]
    numbers = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in fallen)
    either = " OR ".join(f"({condition})" for condition in fallen)
    grouped = " GROUP BY 1" if by else ""
    return f"SELECT {_listed(by)}{numbers} FROM kpi_case AS kpi WHERE ({either}){scope.where('kpi')}{grouped}"  # noqa: S608  # see above


def _listed(by: Sequence[str]) -> str:
    return "".join(f"kpi.{name}, " for name in by)


def _rows(statement: str, parameters: Mapping[str, Any]) -> Iterable[Any]:
    return session().execute(text(statement), parameters).all()


def _ages(today: date) -> Iterable[int]:
    """For each age the first day that is no older: so many working days back, by the city's first calendar."""
    hours = city.first_calendar()
    day, passed = today, 0
    for age in AGES:
        while passed < age:
            passed += _is_worked(hours, day)
            day -= timedelta(days=1)
        yield day.toordinal() + 1


def _is_worked(hours: wt.Calendar, day: date) -> bool:
    return hours.is_working_day(day)


def _no_counts() -> Vector:
    return np.zeros(len(Count), np.int64)
