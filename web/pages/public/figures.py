"""The public figures: the same as the city's own, one day later, each share with the number it rests on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from babel.numbers import parse_pattern
from flask_babel import format_decimal, format_percent
from flask_babel import gettext as _

from cases import city, performance, public_list
from cases.performance import Figures, Kind, Kpi, Performance, Share, Value
from engine import clock

#: Days of the short and the longer periods offered.
SHORT, PERIODS = 30, (30, 90, 365)
#: Shares of fewer cases than this say more about chance than about the city.
ENOUGH = 10
#: Says to spreadsheets that a file is UTF-8.
BOM = "\ufeff"
#: A space at which no line breaks.
TIE = "\u00a0"
_SHARE, _BOUND = (parse_pattern(f"#,##0{fraction}{TIE}%") for fraction in (".#", ""))
KEPT_FOR = timedelta(minutes=10)

_kept: list[tuple[datetime, Figures, int]] = []


@city.on_forget
def _forget() -> None:
    _kept.clear()


def period(days: int) -> tuple[date, date]:
    """The last `days` days up to yesterday, in the city's time zone."""
    return city.today() - timedelta(days=days), city.today() - timedelta(days=1)


def of(days: int, by: Collection[str] = performance.USUAL, *, is_brief: bool = False) -> Performance:
    """All figures of the last days up to yesterday; in brief as of `performance.summary`."""
    from_on, to_on = period(days)
    return performance.summary(from_on=from_on, to_on=to_on, by=by, most_overdue=0, is_brief=is_brief)


def last_days() -> list[dict[str, Any]]:
    """The three figures of the start page; they change once a day, so they are counted every ten minutes only."""
    now = clock.now()
    if not _kept or not _kept[0][0] <= now < _kept[0][0] + KEPT_FOR:
        found = of(SHORT, by=())
        _kept[:] = [(now, found.totals, handled(found))]
    _, totals, number_handled = _kept[0]
    return three(totals, number_handled)


def handled(found: Performance) -> int:
    """How many cases got their result in a period."""
    return public_list.handled(from_on=found.from_on, to_on=found.to_on)


def three(totals: Figures, number_handled: int) -> list[dict[str, Any]]:
    """Handled, on time, satisfied; what has not been counted yet is not 0."""
    return [
        {"term": _("Handled"), "value": number(number_handled) if number_handled or totals.received else none_yet()},
        {"term": _("On time"), "value": share(totals.on_time_share), "note": note(totals.on_time_share)},
        {"term": _("Satisfied"), "value": share(totals.satisfaction), "note": note(totals.satisfaction)},
    ]


def share(counted: Share) -> str:
    """`93.4 %`, or that there is nothing to say yet."""
    return none_yet() if counted.share is None else format_percent(counted.share, _SHARE)


def share_of_enough(counted: Share) -> str:
    """The same, for small groups: a share of a handful of cases is no share."""
    if counted.n == 0:
        return "–"
    if counted.n < ENOUGH:
        return _("Not enough data (%(n)s)", n=rests_on(counted.n))
    return f"{share(counted)} ({note(counted)})"


def cell(counted: Share) -> str:
    """The same, where there is little room: only the n of a small group."""
    return share(counted) if counted.n >= ENOUGH else note(counted) or "–"


def interval(counted: Share) -> str:
    """`86 % to 95 %`, between which the true share surely lies; nothing for small groups."""
    found = bounds(counted)
    if found is None:
        return "–"
    low, high = (format_percent(one / 100, _BOUND) for one in found)
    return _("%(low)s to %(high)s", low=low, high=high)


def bounds(counted: Share) -> tuple[float, float] | None:
    """The ends of the interval in percent; None for small groups."""
    found = performance.interval(counted) if counted.n >= ENOUGH else None
    return (round(found[0] * 100, 1), round(found[1] * 100, 1)) if found else None


def said(kpi: Kpi, value: Value) -> str:
    """Any figure in words."""
    if value.value is None:
        return none_yet()
    if kpi.kind == Kind.SHARE:
        return share(Share(value.n, value.value)) if value.n >= ENOUGH else share_of_enough(Share(value.n, value.value))
    if kpi.kind == Kind.MINUTES:
        return hours(value.value / 60)
    if kpi.kind == Kind.RATE:
        return rate(value)
    return " · ".join(number(one) for one in value.parts) if kpi.kind == Kind.AGES else number(value.value)


def as_json(body: object) -> bytes:
    """JSON for people too: indented."""
    return orjson.dumps(body, option=orjson.OPT_INDENT_2)


def number(value: float) -> str:
    """`1,234.5` in the reader's way of writing."""
    return format_decimal(round(value, 1))


def rate(value: Value) -> str:
    """`1.35` of 1,000."""
    return "–" if value.value is None else format_decimal(round(value.value, 2))


def hours(value: float | None) -> str:
    """Hours below two days, days above."""
    if value is None:
        return "–"
    return _("%(n)s hours", n=number(value)) if value < 48 else _("%(n)s days", n=number(value / 24))


def note(counted: Share) -> str:
    """`n = 398`."""
    return rests_on(counted.n) if counted.n else ""


def rests_on(n: int) -> str:
    """`n = 398`, on one line."""
    return f"n{TIE}={TIE}{number(n)}"


def none_yet() -> str:
    """What stands in the place of a figure that does not exist."""
    return _("No figures yet")
