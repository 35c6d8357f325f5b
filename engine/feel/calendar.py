"""Arithmetic with dates, times and durations, where Python's own would count wall clocks instead of time.

Source: DMN 1.4, 10.3.2.3 (values of dates and times), table 50 (addition and subtraction).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from engine.feel.limits import NUMBERS
from engine.feel.temporal import offset_of

_DAY = timedelta(days=1)
_FIRST = datetime.combine(date.min, time.min)
_LAST = datetime.combine(date.max, time.max)
_MICROSECOND = timedelta(microseconds=1)
Day = TypeVar("Day", bound=date)


def later(moment: datetime, duration: timedelta) -> datetime:
    """The moment that much later, counted in real time across changes of the clock."""
    if moment.tzinfo is None:
        return moment + duration
    return (moment.astimezone(UTC) + duration).astimezone(moment.tzinfo)


def later_time(moment: time, duration: timedelta) -> time:
    """The time of day that much later, going round at midnight."""
    shifted = (_since_midnight(moment) + duration) % _DAY
    return (_FIRST + shifted).time().replace(tzinfo=moment.tzinfo)


def months_later(day: Day, months: int) -> Day:
    """The same day so many months later, or the last one of a shorter month. Raises: ValueError beyond year 9999."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def between(left: date, right: date) -> timedelta | None:
    """`left - right`; a date stands for its midnight, null when only one of the two names a zone."""
    start, end = _moment(right, left), _moment(left, right)
    if (start.tzinfo is None) != (end.tzinfo is None):
        return None
    return end - start if start.tzinfo is None else end.astimezone(UTC) - start.astimezone(UTC)


def between_times(left: time, right: time) -> timedelta | None:
    """`left - right` for times of day, null when only one of the two names a zone."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return _seconds(left) - _seconds(right)


def scaled(duration: timedelta, factor: Decimal) -> timedelta | None:
    """The duration so many times."""
    return _from_microseconds(NUMBERS.multiply(Decimal(duration // _MICROSECOND), factor))


def divided(duration: timedelta, by: Decimal) -> timedelta | None:
    """The duration in so many parts."""
    return _from_microseconds(NUMBERS.divide(Decimal(duration // _MICROSECOND), by))


def ratio(one: timedelta, other: timedelta) -> Decimal | None:
    """How often the other duration fits into the one."""
    return NUMBERS.divide(Decimal(one // _MICROSECOND), Decimal(other // _MICROSECOND)) if other else None


def compare(test: Callable[[Any, Any], bool], left: datetime | time, right: datetime | time) -> bool | None:
    """Put two moments, or two times of day, in order; null when only one of the two names a zone."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return test(position(left), position(right))


def same_moment(left: datetime | time, right: datetime | time) -> bool | None:
    """Equality to the second: the value of a moment has no smaller part. Source: DMN 1.4, 10.3.2.3.4 and 10.3.2.3.6."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return position(left.replace(microsecond=0)) == position(right.replace(microsecond=0))


def position(moment: datetime | time) -> datetime | timedelta:
    """Where the moment, or time of day, stands among others; only comparable when both or neither name a zone."""
    if isinstance(moment, time):
        return _seconds(moment)
    return moment if moment.tzinfo is None else _utc(moment)


def _utc(moment: datetime) -> datetime:
    offset = moment.utcoffset() or timedelta()
    try:
        return moment.replace(tzinfo=None) - offset
    except OverflowError:
        return _FIRST if offset > timedelta() else _LAST


def _moment(day: date, other: date) -> datetime:
    if isinstance(day, datetime):
        return day
    aware = isinstance(other, datetime) and other.tzinfo is not None
    return datetime.combine(day, time(), tzinfo=UTC if aware else None)


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)


def _seconds(moment: time) -> timedelta:
    return _since_midnight(moment) - (offset_of(moment) or timedelta())


def _from_microseconds(amount: Decimal) -> timedelta | None:
    return timedelta(microseconds=int(amount)) if amount.is_finite() else None
