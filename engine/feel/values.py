"""The values expressions compute with, beside those Python has: year-month durations, ranges, functions.

A number is a `Decimal`, a date and time a `datetime` (naive when the text names no zone), a days-and-time duration a
`timedelta`. Values are immutable by convention: no operation changes the list or context it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias, Union

if TYPE_CHECKING:
    from engine.feel.types import Type


#: Months of the longest duration.
MAX_MONTHS = 10**12


@dataclass(frozen=True, order=True, slots=True)
class YearMonthDuration:
    """A duration in whole months; years are twelve of them. Raises: OverflowError beyond all calendars."""

    total: int

    def __post_init__(self) -> None:
        if abs(self.total) > MAX_MONTHS:
            raise OverflowError(self.total.bit_length())

    @property
    def years(self) -> int:
        """Whole years, rounded towards zero."""
        return abs(self.total) // 12 * (-1 if self.total < 0 else 1)

    @property
    def months(self) -> int:
        """What is left beside the whole years."""
        return abs(self.total) % 12 * (-1 if self.total < 0 else 1)


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends.

    One written as a comparison, like `(< 10)`, has an open end and keeps its sign; elsewhere a null end is unknown.
    """

    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True
    sign: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something an expression can call: a function definition, a business knowledge model, a decision service."""

    parameters: tuple[str, ...]
    body: Callable[[Sequence[Value]], Value]
    types: tuple[Type, ...] = ()
    result: Type | None = None

    def __call__(self, *arguments: Value) -> Value:
        """The result for arguments in order; null where their number or kind does not fit."""
        if len(arguments) != len(self.parameters):
            return None
        fitting = self._fit(arguments) if self.types else arguments
        if fitting is None:
            return None
        value = self.body(fitting)
        return self.result.fit(value) if self.result is not None else value

    def _fit(self, arguments: Sequence[Value]) -> list[Value] | None:
        fitting = [kind.fit(argument) for kind, argument in zip(self.types, arguments, strict=True)]
        lost = any(new is None and old is not None for new, old in zip(fitting, arguments, strict=True))
        return None if lost else fitting


Value: TypeAlias = Union[
    bool,
    Decimal,
    str,
    "list[Value]",
    "dict[str, Value]",
    date,
    time,
    datetime,
    timedelta,
    YearMonthDuration,
    Range,
    Function,
    None,
]

#: Kinds of value whose members can be put in order.
ORDERED: frozenset[type] = frozenset({Decimal, str, date, time, datetime, timedelta, YearMonthDuration})
