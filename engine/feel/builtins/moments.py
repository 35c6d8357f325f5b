"""Functions of dates, and what day it is. Source: DMN 1.4, 10.3.4.7 and 10.3.4.8."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal

from engine import clock
from engine.feel.builtins.signatures import builtin

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class _Place:
    """Where the clock of expressions hangs on the wall."""

    zone: tzinfo = UTC


def set_time_zone(zone: tzinfo) -> None:
    """Let `now()` and `today()` speak of this zone; the composition root says so once, before that it is UTC."""
    _Place.zone = zone


def time_zone() -> tzinfo:
    """The zone `now()` and `today()` speak of."""
    return _Place.zone


@builtin("now()", pure=False)
def now() -> datetime:
    """The current moment."""
    return clock.now().astimezone(_Place.zone)


@builtin("today()", pure=False)
def today() -> date:
    """The current day."""
    return now().date()


@builtin("day of year(date: date|moment)")
def day_of_year(day: date) -> Decimal:
    """1 for the first of January."""
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week(date: date|moment)")
def day_of_week(day: date) -> str:
    """Its English name."""
    return _DAYS[day.weekday()]


@builtin("month of year(date: date|moment)")
def month_of_year(day: date) -> str:
    """Its English name."""
    return _MONTHS[day.month - 1]


@builtin("week of year(date: date|moment)")
def week_of_year(day: date) -> Decimal:
    """The ISO week."""
    return Decimal(day.isocalendar().week)
