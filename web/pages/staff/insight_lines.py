"""Figures as people read them, and the lines of the tables by unit and by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from babel.numbers import format_decimal, parse_pattern
from flask_babel import get_locale
from flask_babel import gettext as _

import words
from cases.performance import Figures, Line, Performance, Share, Value
from cases.performance.periods import Period
from web.pages.staff.insight_asked import Asked

#: Fewer than this and a share says nothing.
SMALLEST_N = 5
#: Below this share of promises kept, a bar is drawn as late; below the next as close.
POOR, FAIR = 0.8, 0.9
#: Read once: a page of figures has hundreds of them.
_WRITTEN = parse_pattern("#,##0.######")
#: A difference of less than this many points is none.
LEAST_POINTS = 0.05


def units(asked: Asked, found: Performance, before: Performance | None) -> list[dict[str, Any]]:
    """A line for each unit: as the tree is, or the largest first by what is asked for."""
    earlier = {line.of.id: line.figures for line in before.by_unit} if before else {}
    lines = [_line(line, earlier.get(line.of.id), "unit") for line in found.by_unit]
    by = _SORTED.get(asked.sort)
    if by is None:
        return lines
    lines.sort(key=lambda line: _last(by(line["figures"])))
    return [{**line, "depth": 0} for line in lines]


def areas(found: Performance, before: Performance | None) -> list[dict[str, Any]]:
    """A line for each area, in the city's order, with how many reports its people sent."""
    earlier = {line.of.id: line.figures for line in before.lines["area"]} if before else {}
    return [
        {
            **_line(line, earlier.get(line.of.id), "area"),
            "per_1000": rate(line.figures.values["received_per_1000"]),
            "overdue_per_1000": rate(line.figures.values["overdue_per_1000"]),
        }
        for line in found.lines["area"]
    ]


def categories(found: Performance, before: Performance | None) -> list[dict[str, Any]]:
    """A line for each category, in the city's order."""
    earlier = {line.of.id: line.figures for line in before.by_category} if before else {}
    return [_line(line, earlier.get(line.of.id), "category") for line in found.by_category]


def _line(line: Line, before: Figures | None, name: str) -> dict[str, Any]:
    share = line.figures.on_time_share
    reopened = line.figures.values.get("reopened_share")
    return {
        "code": line.of.code,
        "name": words.local_name(line.of),
        "parameter": name,
        "depth": line.depth,
        "figures": line.figures,
        "meter": share.share * 100 if share.share is not None and share.n >= SMALLEST_N else None,
        "state": state(share),
        "on_time": percent(share),
        "change": change(share, before.on_time_share if before else None),
        "median": hours(line.figures.handling_hours_median),
        "p90": hours(line.figures.handling_hours_p90),
        "reopened": percent(Share(reopened.n, reopened.value)) if reopened else "–",
        "satisfied": percent(line.figures.satisfaction),
    }


_SORTED: Mapping[str, Callable[[Figures], float | None]] = {
    "on_time": lambda figures: None if figures.on_time_share.share is None else -figures.on_time_share.share,
    "received": lambda figures: -figures.received,
    "open": lambda figures: -figures.open,
    "overdue": lambda figures: -figures.overdue_now,
    "median": lambda figures: None if figures.handling_hours_median is None else -figures.handling_hours_median,
    "p90": lambda figures: None if figures.handling_hours_p90 is None else -figures.handling_hours_p90,
    "reopened": lambda figures: -figures.reopened,
    "satisfied": lambda figures: None if figures.satisfaction.share is None else -figures.satisfaction.share,
}


def _last(value: float | None) -> tuple[bool, float]:
    """Lines without a value stand last."""
    return value is None, value or 0


# --------------------------------------------------------------------------------------------------------------- words


def state(share: Share) -> str:
    """How a bar is drawn."""
    if share.share is None or share.share >= FAIR:
        return "ontime"
    return "overdue" if share.share < POOR else "soon"


def percent(share: Share) -> str:
    """`93,4 %`; with too little to go on, it says so."""
    if share.share is None:
        return "–"
    if share.n < SMALLEST_N:
        return _("n = %(n)s", n=share.n)
    return f"{number(round(share.share * 100, 1))} %"


def change(now: Share, before: Share | None) -> dict[str, str] | None:
    """By how many points a share has risen or fallen; None where there is too little to compare."""
    if before is None or now.share is None or before.share is None or min(now.n, before.n) < SMALLEST_N:
        return None
    points = round((now.share - before.share) * 100, 1)
    if abs(points) < LEAST_POINTS:
        return {"icon": "minus", "text": _("unchanged"), "tone": "same"}
    if points > 0:
        return {"icon": "arrow-up", "text": _("up %(n)s points", n=number(points)), "tone": "up"}
    return {"icon": "arrow-down", "text": _("down %(n)s points", n=number(-points)), "tone": "down"}


def hours(amount: float | None) -> str:
    """`9,5 h` or, from two days on, `3 d`."""
    if amount is None:
        return "–"
    two_days = 48
    if amount >= two_days:
        return _("%(n)s d", n=number(round(amount / 24, 1)))
    return _("%(n)s h", n=number(round(amount, 1)))


def rate(value: Value) -> str:
    """`1,35` of 1,000."""
    return "–" if value.value is None else number(round(value.value, 2))


def part(share: Share) -> int:
    """How many of `n`."""
    return round((share.share or 0) * share.n)


def number(value: float) -> str:
    """A number in the reader's way of writing."""
    return format_decimal(value, format=_WRITTEN, locale=get_locale())


def days(period: Period) -> str:
    """`21/10/2026 – 20/11/2026`."""
    return f"{_day(period.from_on)} – {_day(period.to_on)}" if period.from_on != period.to_on else _day(period.to_on)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
