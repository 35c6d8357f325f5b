"""Figures from the sums: however many cases there are, a period is a few blocks, read in three queries for each dimension."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sqlalchemy import text

from cases import city
from cases import working_time as wt
from cases.performance.definitions import AGES
from cases.performance.measures import CUBES, GRAINS, SPREADS, Count, Spread, blocks, cube_for
from engine import clock
from engine.base import session
from engine.errors import Invalid, Problem

Vector = npt.NDArray[np.int64]
Key = int | str
#: Before and after everything that is counted, at the edges of the largest blocks.
LONG_AGO, FAR_AHEAD = (date(year, 1, 1).toordinal() // GRAINS[-1] * GRAINS[-1] for year in (1990, 2110))
SUMS = ", ".join(f"coalesce(sum(counts[{one + 1}]), 0) AS c{one.value}" for one in Count)
_RANGES = (
    "unnest(CAST(:labels AS text[]), CAST(:grains AS smallint[]), CAST(:firsts AS int[]), CAST(:lasts AS int[]))"
    " AS range (label, grain, first, last)"
)
#: Ranges that are other ones for each period; the rest is as of now.
OWN = ("period", "before", "late")
_MOMENTS = ("remind_at", "due_at", "resolve_due_at")


@dataclass(frozen=True)
class Scope:
    """Of what: by dimension, the values that count. An empty one is the whole city."""

    within: Mapping[str, list[Any]] = field(default_factory=dict)

    def where(self, table: str) -> str:
        """The condition on rows that carry the dimensions."""
        return "".join(f" AND {table}.{name} = ANY(:{name})" for name in self.within)


def of_ranges(table: str, scope: Scope, further: str = "") -> str:
    """The sums of ranges of days as `kpi`, each beside its `range`, for a FROM; a few blocks make a range (`as_columns`).

    Found by their key: `OFFSET 0` keeps the database from reading the whole table instead. Where only some values of a
    dimension count, they are looked up block by block, for the key has the block before the dimensions.
    """
    wanted = f"SELECT * FROM {table} AS sums WHERE cube = :cube AND grain = range.grain {further}"  # noqa: S608  # our own table
    if not scope.within:
        return f"{_RANGES} CROSS JOIN LATERAL ({wanted} AND block BETWEEN range.first AND range.last OFFSET 0) AS kpi"
    each = "generate_series(range.first, range.last) AS one (block)"
    wanted += f" AND sums.block = one.block{scope.where('sums')} OFFSET 0"
    return f"{_RANGES} CROSS JOIN LATERAL {each} CROSS JOIN LATERAL ({wanted}) AS kpi"


@dataclass
class Sums:
    """What was added up for one key: counts by label of a range, durations as packed by those measures that were read, what
    came due today.
    """

    measures: frozenset[Spread]

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

    def ranges(self) -> dict[str, tuple[int, int]]:
        """The ranges of days read, by label."""
        yesterday = self.today - 1
        edges = [FAR_AHEAD, *self.ages, LONG_AGO]
        aged = {f"age_{place}": (edges[place + 1], edges[place] - 1) for place in range(len(edges) - 1)}
        return {
            "period": (self.first, self.last),
            "before": (LONG_AGO, self.first - 1),
            "ever": (LONG_AGO, FAR_AHEAD - 1),
            "past": (LONG_AGO, yesterday),
            "late": (self.first, min(self.last, yesterday)),
            **aged,
        }


def read(
    periods: Sequence[Days], scope: Scope, by: str | None, measures: frozenset[Spread] = SPREADS
) -> list[dict[Key, Sums]]:
    """The sums of periods for each value of a dimension, or for 0 the whole; what is as of now is read once for all of them.

    Raises: Invalid (cannot_combine).
    """
    needed = {*scope.within, *([by] if by else ())}
    cube = cube_for(needed)
    if cube is None:
        raise Invalid([Problem(by or next(iter(needed)), "cannot_combine")])
    found: dict[Key, list[Sums]] = defaultdict(lambda: [Sums(measures) for _ in periods])
    asked = {"cube": cube, **scope.within}
    ranges = {
        (label, _owner(label, number)): days
        for number, one in enumerate(periods)
        for label, days in one.ranges().items()
    }
    for key, label, *counts in _rows(_counts(by, scope), asked | as_columns(_labelled(ranges))):
        name, _, owner = label.partition(" ")
        vector = np.array(counts, np.int64)
        for sums in found[key][int(owner) : int(owner) + 1] if owner else found[key]:
            sums.counts[name] = vector
    whole = {place: days for place, days in ranges.items() if place[0] == "period"}
    asked |= {"measures": sorted(measures)}
    for key, label, measure, packed in _rows(_durations(by, scope), asked | as_columns(_labelled(whole))):
        found[key][int(label.partition(" ")[2])].spreads[measure] = packed
    for key, *numbers in _rows(
        _today(by, scope), {"midnight": periods[0].midnight, "now": periods[0].now, **scope.within}
    ):
        for sums in found[key]:
            sums.today = np.array(numbers, np.int64)
    return [{key: sums[number] for key, sums in found.items()} for number in range(len(periods))]


def _owner(label: str, number: int) -> int | None:
    """Which of the periods a range belongs to; None for those that are the same for all."""
    return number if label in OWN else None


def _labelled(ranges: Mapping[tuple[str, int | None], tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {label if owner is None else f"{label} {owner}": days for (label, owner), days in ranges.items()}


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
        **{one.name.lower(): int(period[one]) for one in Count},
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


def _counts(by: str | None, scope: Scope) -> str:
    return f"SELECT {_key(by)}, range.label, {SUMS} FROM {of_ranges('kpi_cell', scope)} GROUP BY 1, 2"  # noqa: S608  # names of dimensions from measures.py


def _durations(by: str | None, scope: Scope) -> str:
    return (
        f"SELECT {_key(by)}, range.label, kpi.measure, string_agg(kpi.buckets, CAST('' AS bytea))"  # noqa: S608  # see above
        f" FROM {of_ranges('kpi_spread', scope, 'AND measure = ANY(:measures)')} GROUP BY 1, 2, 3"
    )


def _today(by: str | None, scope: Scope) -> str:
    """What is coming due today and has come due by now: too fine for whole days, and little."""
    fallen = [f"kpi.{moment} >= :midnight AND kpi.{moment} <= :now" for moment in _MOMENTS]
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in fallen)
    either = " OR ".join(f"({condition})" for condition in fallen)
    return f"SELECT {_key(by)}, {counted} FROM kpi_case AS kpi WHERE ({either}){scope.where('kpi')} GROUP BY 1"  # noqa: S608  # see above


def _key(by: str | None) -> str:
    if by is not None and all(by not in dimensions for dimensions in CUBES):
        raise Invalid([Problem(by, "unknown")])
    return f"kpi.{by}" if by else "0"


def _rows(statement: str, parameters: Mapping[str, Any]) -> Iterable[Any]:
    return session().execute(text(statement), parameters).all()


def as_columns(ranges: Mapping[str, tuple[int, int]]) -> dict[str, list[Any]]:
    """Ranges of days as the parameters of `of_ranges`, each in as few blocks as there are."""
    rows = [(label, *block) for label, (first, last) in ranges.items() for block in blocks(first, last)]
    return {name: [row[place] for row in rows] for place, name in enumerate(("labels", "grains", "firsts", "lasts"))}


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
