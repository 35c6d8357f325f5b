"""Figures of one line: every figure of the definitions by code, and the ones pages show by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from cases.performance.definitions import Value, Values
from cases.performance.reading import Days, Sums, numbers

#: Standard deviations on either side that hold 95 of 100.
Z = 1.96


@dataclass(frozen=True)
class Share:
    """A share of `n`; None while there is nothing to divide."""

    n: int = 0
    share: float | None = None


@dataclass(frozen=True)
class Figures:
    """What is counted for the city or a part of it. Hours are clock hours; `values` has everything, by code."""

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
    values: Mapping[str, Value] = field(default_factory=dict, compare=False, repr=False)


def interval(share: Share) -> tuple[float, float] | None:
    """The 95 % interval of a share, so that a handful is not taken for a fact; None without one. Source: Wilson, 1927."""
    if share.share is None or not share.n:
        return None
    n, p = share.n, share.share
    middle, width = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    low, high = ((middle + sign * width) / (1 + Z * Z / n) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)


def figures(sums: Sums, days: Days, inhabitants: int = 0) -> Figures:
    """The figures of what was added up, in a place of so many inhabitants; 0 where that says nothing or is not known."""
    values = Values(
        numbers(sums, days) | {"inhabitants": inhabitants}, sums.spreads, sums.measures, is_aged=sums.is_aged
    )
    return Figures(
        received=values["received"].n,
        closed=values["closed"].n,
        open=values["open_now"].n,
        overdue_now=values["overdue_now"].n,
        due_soon=values["due_soon"].n,
        on_time_share=_share(values["on_time_share"]),
        handling_hours_median=_hours(values["handling_clock_median"]),
        handling_hours_p90=_hours(values["handling_clock_p90"]),
        satisfaction=_share(values["satisfaction"]),
        reopened=values["reopened"].n,
        values=values,
    )


def _share(value: Value) -> Share:
    return Share(value.n, value.value)


def _hours(value: Value) -> float | None:
    return None if value.value is None else value.value / 60
