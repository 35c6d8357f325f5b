"""Functions that turn one kind of value into another. Source: DMN 1.4, 10.3.4.1, 10.3.4.9."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.builtins.signatures import builtin
from engine.feel.limits import NUMBERS, finite
from engine.feel.operators import equal
from engine.feel.temporal import fixed_zone, read_date, read_date_time, read_duration, read_time, zone_name
from engine.feel.text import write_value
from engine.feel.values import Value, YearMonthDuration

_NUMERAL = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@builtin("not(negand: boolean)")
def negation(value: Value) -> bool:
    """The other truth value."""
    return not value


@builtin("string(from: Any)")
def string(value: Value) -> str | None:
    """The value as text; null stays null."""
    return None if value is None else write_value(value)


@builtin("number(from: string)", "number(from: string, grouping separator: string?, decimal separator: string?)")
def number(text: str, grouping: str | None = None, decimal: str | None = None) -> Decimal | None:
    """The number a text shows, with its signs for groups (blank, comma, dot) and decimals (comma, dot)."""
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", "."):
        return None
    if grouping is not None and grouping == decimal:
        return None
    plain = text.replace(grouping, "") if grouping else text
    if decimal == ",":
        if "." in plain:
            return None
        plain = plain.replace(",", ".")
    return finite(NUMBERS.create_decimal(plain)) if _NUMERAL.fullmatch(plain) else None


@builtin("date(from: string|date|moment)")
def date_from(value: str | date) -> date | None:
    """The date a text shows, or the day of a date and time."""
    if isinstance(value, str):
        return read_date(value)
    return value.date() if isinstance(value, datetime) else value


@builtin("date(year: number, month: number, day: number)")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> date | None:
    """The date with these parts."""
    try:
        return date(_whole(year), _whole(month), _whole(day))
    except (ValueError, OverflowError):
        return None


@builtin("time(from: string|date|time|moment)")
def time_from(value: str | date | time) -> time | None:
    """The time a text shows, or the time of day of a date and time; midnight UTC of a date."""
    if isinstance(value, str):
        return read_time(value)
    if isinstance(value, datetime):
        return value.timetz()
    return time(tzinfo=UTC) if isinstance(value, date) else value


@builtin("time(hour: number, minute: number, second: number, offset?: span?)")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time | None:
    """The time with these parts and this offset from UTC."""
    zone = fixed_zone(offset) if offset is not None else None
    if offset is not None and zone is None:
        return None
    try:
        whole = int(second)
        fraction = int((second - whole) * 1_000_000)
        return time(_whole(hour), _whole(minute), whole, fraction, tzinfo=zone)
    except (ValueError, OverflowError):
        return None


@builtin("date and time(from: string|date|moment)")
def date_time_from(value: str | date) -> datetime | None:
    """The date and time a text shows, or the midnight of a date."""
    if isinstance(value, str):
        return read_date_time(value)
    return value if isinstance(value, datetime) else datetime.combine(value, time(), tzinfo=UTC)


@builtin("date and time(date: date|moment, time: time)")
def date_time_of(day: date, clock: time) -> datetime:
    """The day of the one with the time of the other."""
    return datetime.combine(day, clock)


@builtin("duration(from: string|duration)")
def duration(value: str | timedelta | YearMonthDuration) -> timedelta | YearMonthDuration | None:
    """The duration a text shows."""
    return read_duration(value) if isinstance(value, str) else value


@builtin("years and months duration(from: date|moment, to: date|moment)")
def months_between(start: date, end: date) -> YearMonthDuration:
    """Whole months from one day to the other."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and _within_month(end) < _within_month(start):
        months -= 1
    elif months < 0 and _within_month(end) > _within_month(start):
        months += 1
    return YearMonthDuration(months)


@builtin("is(value1?: Any, value2?: Any)")
def same(one: Value = None, other: Value = None) -> bool:
    """Whether the two are the very same value: of one kind, in one zone, equal."""
    if isinstance(one, datetime | time) and isinstance(other, datetime | time):
        zones = (zone_name(one.tzinfo), one.utcoffset()) == (zone_name(other.tzinfo), other.utcoffset())
        return zones and type(one) is type(other) and one.replace(tzinfo=None) == other.replace(tzinfo=None)
    return equal(one, other) is True


def _within_month(day: date) -> tuple[int, time]:
    return (day.day, day.time()) if isinstance(day, datetime) else (day.day, time())


def _whole(number: Decimal) -> int:
    """Raises: ValueError for a number that is not whole or far too large."""
    if number.adjusted() > 9 or number != number.to_integral_value():
        raise ValueError(number)
    return int(number)
