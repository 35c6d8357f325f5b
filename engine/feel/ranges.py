"""What lies in a range, and how a value is tested against another value, a range, or a list of either.

Source: DMN 1.4, 10.3.2.7 (ranges), 10.3.2.8 (decision table cells), table 54 (`in`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from engine.feel.operators import at_least, at_most, conjunction, equal, greater, less, unequal
from engine.feel.values import Range, Value

_SIGNS = {"<": less, "<=": at_most, ">": greater, ">=": at_least, "=": equal, "!=": unequal}


def compared(sign: str, limit: Value) -> Range:
    """The range of everything that compares so with the limit: `< 10`, `>= 3`, `!= "x"`."""
    if sign.startswith("<"):
        return Range(None, limit, low_included=False, high_included=sign == "<=", sign=sign)
    if sign.startswith(">"):
        return Range(limit, None, low_included=sign == ">=", high_included=False, sign=sign)
    return Range(limit, limit, sign=sign)


def includes(space: Range, value: Value) -> bool | None:
    """Whether the value lies in the range; null when that cannot be known."""
    if space.sign:
        return _SIGNS[space.sign](value, space.high if space.low is None else space.low)
    above = (at_least if space.low_included else greater)(value, space.low)
    below = (at_most if space.high_included else less)(value, space.high)
    return conjunction(above, below)


def passes(value: Value, test: Value) -> bool | None:
    """Whether a value equals what it is tested against, or is one of it, or lies in it."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return includes(test, value)
    same = equal(value, test)
    if same is True or not isinstance(test, list):
        return same
    return any_of([passes(value, one) for one in test])


def members(tests: Sequence[Value]) -> frozenset[Value] | None:
    """The values themselves where all are texts, or all are numbers: then looking one up says the same as testing."""
    kinds = {type(test) for test in tests}
    return frozenset(tests) if len(tests) > 1 and kinds in ({str}, {Decimal}) else None


def any_of(verdicts: list[bool | None]) -> bool | None:
    """True if one is, false otherwise; null when there is only one and it is not known."""
    if True in verdicts:
        return True
    return verdicts[0] if len(verdicts) == 1 else False
