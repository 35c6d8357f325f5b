"""Periods as the city reports them: months that begin on the city's reporting day, quarters and years made of them.

A reporting month bears the name of the month it ends in: from the 21st on, November is 21 October to 20 November.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from engine.errors import Invalid, Problem

_NAME = re.compile(r"(?P<year>20\d\d)(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])))?")
_ONE_DAY = timedelta(days=1)


class Period(NamedTuple):
    """Whole days, the first and the last included."""

    from_on: date
    to_on: date


def named(name: str, first_day: int) -> Period:
    """`2026-11`, `2026-Q4` or `2026`, months beginning on `first_day`. Raises: Invalid (`period` not_a_period)."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise Invalid([Problem("period", "not_a_period")])
    year, month, quarter = int(found["year"]), int(found["month"] or 0), int(found["quarter"] or 0)
    first = month or (3 * quarter - 2 if quarter else 1)
    last = month or (3 * quarter if quarter else 12)
    return Period(_begin(year, first, first_day), _begin(year, last + 1, first_day) - _ONE_DAY)


def before(name: str, first_day: int) -> Period:
    """The period of the same kind before the one of this name."""
    begin = named(name, first_day).from_on - _ONE_DAY
    ending = begin if first_day == 1 or begin.day < first_day else begin + timedelta(days=31)
    if "Q" in name:
        return named(f"{ending.year}-Q{(ending.month + 2) // 3}", first_day)
    return named(f"{ending.year}-{ending.month:02}" if "-" in name else f"{ending.year}", first_day)


def containing(day: date, first_day: int, kind: str) -> str:
    """The name of the reporting `month`, `quarter` or `year` a day lies in."""
    ending = day if first_day == 1 or day.day < first_day else day.replace(day=1) + timedelta(days=31)
    if kind == "month":
        return f"{ending.year}-{ending.month:02}"
    return f"{ending.year}-Q{(ending.month + 2) // 3}" if kind == "quarter" else f"{ending.year}"


def as_long_before(period: Period) -> Period:
    """As many days, right before."""
    length = period.to_on - period.from_on
    return Period(period.from_on - length - _ONE_DAY, period.from_on - _ONE_DAY)


def _begin(year: int, month: int, first_day: int) -> date:
    """The first day of a reporting month (13 is January of the next year)."""
    months = year * 12 + month - 1 - (first_day > 1)
    return date(months // 12, months % 12 + 1, first_day)
