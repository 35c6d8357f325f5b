"""What the operators mean, value by value. Whatever the standard gives no meaning to is null, never an exception.

Source: DMN 1.4, 10.3.2.4 to 10.3.2.15 (tables 42, 45, 50 to 55).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import calendar
from engine.feel.limits import MAX_DIGITS, NUMBERS, bounded_string, check_weight, finite
from engine.feel.values import Range, Value, YearMonthDuration

Binary = Callable[[Value, Value], Value]
Comparison = Callable[[Value, Value], bool | None]

#: Kinds Python itself puts in the order FEEL asks for.
_PLAINLY_ORDERED: frozenset[type] = frozenset({Decimal, str, date, timedelta, YearMonthDuration})


def add(left: Value, right: Value) -> Value:
    """`left + right`."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.add(left, right))
    if isinstance(left, str) and isinstance(right, str):
        return bounded_string(left + right)
    return _temporal(_ADDING, left, right)


def subtract(left: Value, right: Value) -> Value:
    """`left - right`."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.subtract(left, right))
    return _temporal(_SUBTRACTING, left, right)


def multiply(left: Value, right: Value) -> Value:
    """`left * right`."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.multiply(left, right))
    return _temporal(_MULTIPLYING, left, right)


def divide(left: Value, right: Value) -> Value:
    """`left / right`."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.divide(left, right)) if right else None
    return _temporal(_DIVIDING, left, right)


def power(left: Value, right: Value) -> Value:
    """`left ** right`."""
    if not isinstance(left, Decimal) or not isinstance(right, Decimal) or _is_out_of_bounds(left, right):
        return None
    return finite(NUMBERS.power(left, right))


def _is_out_of_bounds(base: Decimal, exponent: Decimal) -> bool:
    """Whether the result has too many digits: said at once, where working it out would take long."""
    if not base or not 4 <= exponent.adjusted() <= 40:
        return False
    digits = abs(NUMBERS.log10(abs(base)))
    return bool(NUMBERS.multiply(digits, abs(exponent)) > MAX_DIGITS)


def negate(value: Value) -> Value:
    """`-value`."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, YearMonthDuration):
        return YearMonthDuration(-value.total)
    return calendar.scaled(value, Decimal(-1)) if isinstance(value, timedelta) else None


def negation(value: Value) -> bool | None:
    """`not(value)`: null for everything but true and false."""
    return not value if isinstance(value, bool) else None


def equal(left: Value, right: Value) -> bool | None:
    """`left = right`: null where the two are of different kinds and neither is null."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is list or kind is dict:
        check_weight(left)
    return _same(left, right)


def unequal(left: Value, right: Value) -> bool | None:
    """`left != right`."""
    same = equal(left, right)
    return None if same is None else not same


def _ordering(test: Callable[[Any, Any], bool]) -> Comparison:
    def compare(left: Value, right: Value) -> bool | None:
        kind = type(left)
        if kind is not type(right):
            return None
        if kind in _PLAINLY_ORDERED:
            return test(left, right)
        if isinstance(left, datetime | time) and isinstance(right, datetime | time):
            return calendar.compare(test, left, right)
        return None

    return compare


less = _ordering(operator.lt)
at_most = _ordering(operator.le)
greater = _ordering(operator.gt)
at_least = _ordering(operator.ge)


def conjunction(left: Value, right: Value) -> bool | None:
    """`left and right` in three values: false wins, then null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def disjunction(left: Value, right: Value) -> bool | None:
    """`left or right` in three values: true wins, then null."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def _same(left: Any, right: Any) -> bool | None:
    kind = type(left)
    if kind is not type(right):
        return False
    special = _EQUALITIES.get(kind)
    return special(left, right) if special else left == right


def _same_list(left: list[Value], right: list[Value]) -> bool:
    return len(left) == len(right) and all(_same(one, other) for one, other in zip(left, right, strict=True))


def _same_context(left: dict[str, Value], right: dict[str, Value]) -> bool:
    return left.keys() == right.keys() and all(_same(one, right[key]) for key, one in left.items())


def _same_range(left: Range, right: Range) -> bool:
    closed = (left.low_included, left.high_included, left.sign)
    if closed != (right.low_included, right.high_included, right.sign):
        return False
    return equal(left.low, right.low) is True and equal(left.high, right.high) is True


_EQUALITIES: dict[type, Callable[[Any, Any], bool | None]] = {
    list: _same_list,
    dict: _same_context,
    datetime: calendar.same_moment,
    time: calendar.same_moment,
    Range: _same_range,
}


def _temporal(rules: dict[tuple[type, type], Callable[[Any, Any], Value]], left: Value, right: Value) -> Value:
    rule = rules.get((type(left), type(right)))
    if rule is None:
        return None
    try:
        return rule(left, right)
    except (OverflowError, ValueError):
        return None


def _swapped(rule: Callable[[Any, Any], Value]) -> Callable[[Any, Any], Value]:
    return lambda left, right: rule(right, left)


def _whole_months(months: Decimal | None) -> Value:
    return YearMonthDuration(int(months)) if months is not None else None


_ADDING: dict[tuple[type, type], Callable[[Any, Any], Value]] = {
    (date, timedelta): operator.add,
    (datetime, timedelta): calendar.later,
    (time, timedelta): calendar.later_time,
    (date, YearMonthDuration): lambda day, duration: calendar.months_later(day, duration.total),
    (datetime, YearMonthDuration): lambda moment, duration: calendar.months_later(moment, duration.total),
    (timedelta, timedelta): operator.add,
    (YearMonthDuration, YearMonthDuration): lambda one, other: YearMonthDuration(one.total + other.total),
}
_ADDING |= {(right, left): _swapped(rule) for (left, right), rule in _ADDING.items() if left is not right}
_SUBTRACTING: dict[tuple[type, type], Callable[[Any, Any], Value]] = {
    (date, timedelta): lambda day, duration: day + -duration,
    (datetime, timedelta): lambda moment, duration: calendar.later(moment, -duration),
    (time, timedelta): lambda moment, duration: calendar.later_time(moment, -duration),
    (date, YearMonthDuration): lambda day, duration: calendar.months_later(day, -duration.total),
    (datetime, YearMonthDuration): lambda moment, duration: calendar.months_later(moment, -duration.total),
    (timedelta, timedelta): operator.sub,
    (YearMonthDuration, YearMonthDuration): lambda one, other: YearMonthDuration(one.total - other.total),
    (date, date): operator.sub,
    (datetime, datetime): calendar.between,
    (date, datetime): calendar.between,
    (datetime, date): calendar.between,
    (time, time): calendar.between_times,
}
_MULTIPLYING: dict[tuple[type, type], Callable[[Any, Any], Value]] = {
    (timedelta, Decimal): calendar.scaled,
    (YearMonthDuration, Decimal): lambda duration, factor: _whole_months(
        finite(NUMBERS.multiply(Decimal(duration.total), factor))
    ),
}
_MULTIPLYING |= {(right, left): _swapped(rule) for (left, right), rule in _MULTIPLYING.items()}
_DIVIDING: dict[tuple[type, type], Callable[[Any, Any], Value]] = {
    (timedelta, Decimal): calendar.divided,
    (timedelta, timedelta): calendar.ratio,
    (YearMonthDuration, Decimal): lambda duration, by: _whole_months(
        finite(NUMBERS.divide(Decimal(duration.total), by))
    ),
    (YearMonthDuration, YearMonthDuration): lambda one, other: finite(
        NUMBERS.divide(Decimal(one.total), Decimal(other.total))
    ),
}
