"""Functions that make one value of a whole list. Source: DMN 1.4, 10.3.4.4."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import reduce

from engine.feel.builtins.signatures import builtin
from engine.feel.limits import NUMBERS, SLOW_NUMBER_STEPS, finite
from engine.feel.operators import Comparison, add, greater, less
from engine.feel.values import Value, YearMonthDuration

_SUMMABLE = (Decimal, timedelta, YearMonthDuration)


@builtin("min(list: list)", gathers=True)
def minimum(items: list[Value]) -> Value:
    """The smallest item; null when they cannot all be compared."""
    return _first(items, less)


@builtin("max(list: list)", gathers=True)
def maximum(items: list[Value]) -> Value:
    """The largest item; null when they cannot all be compared."""
    return _first(items, greater)


@builtin("sum(list: list)", gathers=True)
def total(items: list[Value]) -> Value:
    """The sum of numbers, or of durations of one kind."""
    if not items or not all(isinstance(item, _SUMMABLE) for item in items):
        return None
    return reduce(add, items)


@builtin("mean(list: list)", gathers=True)
def mean(items: list[Value]) -> Decimal | None:
    """The average of numbers."""
    numbers = _numbers(items)
    return _mean(numbers) if numbers else None


@builtin("median(list: list)", gathers=True)
def median(items: list[Value]) -> Decimal | None:
    """The number in the middle, or the average of the two there."""
    numbers = _numbers(items)
    if not numbers:
        return None
    numbers.sort()
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else _mean(numbers[half - 1 : half + 1])


@builtin("stddev(list: list)", gathers=True, price=SLOW_NUMBER_STEPS)
def standard_deviation(items: list[Value]) -> Decimal | None:
    """The standard deviation of a sample of at least two numbers."""
    numbers = _numbers(items)
    if numbers is None or len(numbers) < 2:
        return None
    middle = _mean(numbers)
    if middle is None:
        return None
    squares = [NUMBERS.power(NUMBERS.subtract(number, middle), Decimal(2)) for number in numbers]
    variance = NUMBERS.divide(reduce(NUMBERS.add, squares), Decimal(len(numbers) - 1))
    return finite(NUMBERS.sqrt(variance))


@builtin("mode(list: list)", gathers=True)
def mode(items: list[Value]) -> list[Value] | None:
    """The most frequent numbers, in ascending order."""
    numbers = _numbers(items)
    if not numbers:
        return numbers  # type: ignore[return-value]  # an empty list of numbers is an empty list of values
    often = Counter(numbers)
    most = max(often.values())
    return [number for number in sorted(often) if often[number] == most]


@builtin("product(list: list)", gathers=True)
def product(items: list[Value]) -> Decimal | None:
    """The product of numbers."""
    numbers = _numbers(items)
    return finite(reduce(NUMBERS.multiply, numbers)) if numbers else None


@builtin("all(list: list)", gathers=True)
def every(items: list[Value]) -> bool | None:
    """False if one is, true if all are; else null."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any(list: list)", gathers=True)
def some(items: list[Value]) -> bool | None:
    """True if one is, false if all are; else null."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


def _first(items: list[Value], before: Comparison) -> Value:
    if not items:
        return None
    best = items[0]
    for item in items:
        verdict = before(item, best)
        if verdict is None:
            return None
        best = item if verdict else best
    return best


def _numbers(items: list[Value]) -> list[Decimal] | None:
    numbers = [item for item in items if isinstance(item, Decimal)]
    return numbers if len(numbers) == len(items) else None


def _mean(numbers: list[Decimal]) -> Decimal | None:
    return finite(NUMBERS.divide(reduce(NUMBERS.add, numbers), Decimal(len(numbers))))
