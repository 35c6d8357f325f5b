"""What stands behind a dot: entries of contexts, and the parts of dates, times, durations and ranges.

Source: DMN 1.4, 10.3.2.6 (tables 49, 60 to 66). Nothing of Python's own objects can be reached from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.limits import check_weight
from engine.feel.temporal import offset_of, zone_name
from engine.feel.values import Range, Value, YearMonthDuration

Part = Callable[[Any], Value]


def member(value: Value, name: str) -> Value:
    """`value.name`: of a list the one of each item, of anything that has none null."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        check_weight(value)
        return [member(item, name) for item in value]
    part = _PARTS.get(type(value), {}).get(name)
    return part(value) if part else None


def _number(part: Callable[[Any], int]) -> Part:
    return lambda value: Decimal(part(value))


def _of_duration(divisor: int, modulus: int) -> Part:
    def part(duration: timedelta) -> Decimal:
        seconds = abs(duration) // timedelta(seconds=1) // divisor
        amount = seconds % modulus if modulus else seconds
        return Decimal(-amount if duration < timedelta(0) else amount)

    return part


_DATE: Mapping[str, Part] = {
    "year": _number(lambda day: day.year),
    "month": _number(lambda day: day.month),
    "day": _number(lambda day: day.day),
    "weekday": _number(lambda day: day.isoweekday()),
}
_TIME: Mapping[str, Part] = {
    "hour": _number(lambda moment: moment.hour),
    "minute": _number(lambda moment: moment.minute),
    "second": _number(lambda moment: moment.second),
    "time offset": offset_of,
    "timezone": lambda moment: zone_name(moment.tzinfo),
}
_PARTS: Mapping[type, Mapping[str, Part]] = {
    date: _DATE,
    time: _TIME,
    datetime: {**_DATE, **_TIME},
    timedelta: {
        "days": _of_duration(86400, 0),
        "hours": _of_duration(3600, 24),
        "minutes": _of_duration(60, 60),
        "seconds": _of_duration(1, 60),
    },
    YearMonthDuration: {
        "years": _number(lambda duration: duration.years),
        "months": _number(lambda duration: duration.months),
    },
    Range: {
        "start": lambda space: space.low,
        "end": lambda space: space.high,
        "start included": lambda space: space.low_included,
        "end included": lambda space: space.high_included,
    },
}

#: Property names of several words, which the parser has to know.
PHRASES = tuple(name for parts in _PARTS.values() for name in parts if " " in name)
