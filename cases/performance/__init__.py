"""How well the city keeps its promises: every figure as `definitions` says, read from sums the clock keeps up to date.

Figures, not lists of what people wrote; who may see them is asked by the doors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from cases.performance import grouping, late, periods, series, usual
from cases.performance.definitions import Kind, Kpi, Value, kpis
from cases.performance.figures import Figures, Share, figures, interval
from cases.performance.folding import fold, mark_all, refresh
from cases.performance.grouping import LINES, Line, Matrix
from cases.performance.late import LONGEST_LIST, OverdueRow
from cases.performance.measures import BRIEF, SPREADS, Spread
from cases.performance.ranges import Scope
from cases.performance.reading import Days, Sums, read
from cases.performance.series import Cell, Outlook, Stretch
from engine import clock

__all__ = [
    "LINES",
    "LONGEST_LIST",
    "USUAL",
    "Cell",
    "Figures",
    "Kind",
    "Kpi",
    "Line",
    "Matrix",
    "Outlook",
    "OverdueRow",
    "Performance",
    "Share",
    "Stretch",
    "Value",
    "by_area_and_category",
    "fold",
    "interval",
    "kpis",
    "mark_all",
    "of_units",
    "oldest_open",
    "outlook",
    "over_time",
    "periods",
    "refresh",
    "summary",
    "usual",
]

#: What is listed unless something else is asked for.
USUAL = ("unit", "category")


@dataclass(frozen=True)
class Performance:
    """The figures of a period, its first and last day included; `before` those of the period before, where asked for."""

    from_on: date
    to_on: date
    totals: Figures
    lines: Mapping[str, list[Line]] = field(default_factory=dict)
    overdue: list[OverdueRow] = field(default_factory=list)
    before: Performance | None = None

    @property
    def by_unit(self) -> list[Line]:
        return self.lines.get("unit", [])

    @property
    def by_category(self) -> list[Line]:
        return self.lines.get("category", [])


def summary(
    *,
    from_on: date,
    to_on: date,
    unit: str | None = None,
    category: str | None = None,
    area: str | None = None,
    channel: str | None = None,
    official: str | None = None,
    by: Collection[str] = USUAL,
    before: tuple[date, date] | None = None,
    most_overdue: int = LONGEST_LIST,
    is_brief: bool = False,
) -> Performance:
    """The figures of a period, of the whole city or of what is asked for; a unit with everything below it.

    `by` are the dimensions to list (`LINES`); `before` is another period to stand beside this one. In brief, lines have no
    durations but the handling time by the clock, and only those of units numbers by age.
    Raises: Invalid (`to_on` before_from; a code that is unknown; dimensions that cannot_combine).
    """
    scope = grouping.scope(unit=unit, category=category, area=area, channel=channel, official=official)
    found, *earlier = _of([(from_on, to_on), *([before] if before else ())], scope, by, BRIEF if is_brief else SPREADS)
    return replace(found, overdue=late.listed(scope, most_overdue), before=earlier[0] if earlier else None)


def over_time(*, from_on: date, to_on: date, **scope: str | None) -> list[Stretch]:
    """Week by week, each from Monday to Sunday; scope as of `summary`. Raises: Invalid."""
    Days.of(from_on, to_on)  # refuses what is no period
    return series.series(series.weeks(from_on, to_on), grouping.scope(**_whole(scope)))


def by_area_and_category(*, from_on: date, to_on: date, **scope: str | None) -> Matrix:
    """A cell for each area and category; scope as of `summary`. Raises: Invalid."""
    return grouping.matrix(series.matrix(Days.of(from_on, to_on), grouping.scope(**_whole(scope))))


def outlook(*, overdue_now: int, **scope: str | None) -> Outlook:
    """How many will be overdue in five working days; scope as of `summary`. Raises: Invalid."""
    today = clock.now().date()
    return series.outlook(Days.of(today, today), grouping.scope(**_whole(scope)), overdue_now=overdue_now)


def of_units(*, from_on: date, to_on: date) -> dict[str, Figures]:
    """The figures of each unit by its code, without what is below it. Raises: Invalid."""
    return grouping.own_units(Days.of(from_on, to_on), Scope())


def oldest_open() -> dict[int, date]:
    """The day on which the oldest open case of each area came in, by the id of the area."""
    return series.oldest_open(Scope())


def _whole(scope: Mapping[str, str | None]) -> dict[str, str | None]:
    return {**dict.fromkeys(("unit", "category", "area", "channel", "official")), **scope}


def _of(
    spans: list[tuple[date, date]], scope: Scope, by: Collection[str], measures: frozenset[Spread]
) -> list[Performance]:
    periods = [Days.of(*span) for span in spans]
    wholes, people = read(periods, scope, None), grouping.inhabitants(scope)
    lines = {name: grouping.lines(name, periods, scope, measures, people) for name in by}
    return [
        Performance(
            *span,
            figures(whole.get(0) or Sums(SPREADS), days, people),
            {name: listed[number] for name, listed in lines.items()},
        )
        for number, (span, days, whole) in enumerate(zip(spans, periods, wholes, strict=True))
    ]
