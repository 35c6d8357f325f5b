"""The way into and out of expressions: process data is JSON, expressions compute with FEEL values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import TypeAlias, Union

from engine.feel.errors import FeelError, FeelLimit
from engine.feel.limits import NUMBERS, check_size, check_weight
from engine.feel.temporal import write_duration
from engine.feel.text import write_range
from engine.feel.values import Function, Range, Value, YearMonthDuration

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]

#: Whole numbers that every reader of our JSON keeps exactly as integers: 64 bits with sign.
_INTEGERS = range(-(2**63), 2**63)
#: Up to here every whole number is a float of its own.
_EXACT = 2.0**53
_AS_THEY_ARE: frozenset[type] = frozenset(
    {str, type(None), bool, Decimal, date, datetime, time, timedelta, YearMonthDuration, Range, Function}
)


def from_json(value: object) -> Value:
    """The FEEL value of a JSON value: numbers become decimals, texts stay texts, FEEL values stay themselves.

    Raises: FeelError for objects that are neither JSON nor FEEL.
    """
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value  # type: ignore[return-value]  # the table above lists only kinds of Value
    if kind is int or kind is float:
        return _number(value)  # type: ignore[arg-type]  # as just checked
    check_weight(value)
    try:
        return _compound(value)
    except RecursionError:
        raise FeelLimit("lists and contexts are nested too deeply") from None


def to_json(value: Value) -> Json:
    """The JSON value of a FEEL value: whole numbers as int, others as float; dates, times and durations as ISO text.

    Raises: FeelError for functions, FeelLimit for numbers no JSON reader can hold.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Decimal):
        return _int_or_float(value)
    if isinstance(value, list | dict):
        check_weight(value)
        return _structure(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta | YearMonthDuration):
        return write_duration(value)
    if isinstance(value, Range):
        return write_range(value)
    raise FeelError("a function cannot be stored")


def _structure(value: list[Value] | dict[str, Value]) -> Json:
    if isinstance(value, list):
        return [_structure(item) if isinstance(item, list | dict) else to_json(item) for item in value]
    return {key: _structure(item) if isinstance(item, list | dict) else to_json(item) for key, item in value.items()}


def _compound(value: object) -> Value:
    if isinstance(value, list | tuple | set | frozenset):
        check_size(len(value))
        return [_inner(item) for item in value]
    if isinstance(value, Mapping):
        check_size(len(value))
        return {str(key): _inner(item) for key, item in value.items()}
    return _odd_one(value)


def _inner(value: object) -> Value:
    return _compound(value) if isinstance(value, list | dict) else from_json(value)


def _odd_one(value: object) -> Value:
    """Subclasses of the plain kinds (enumerations, moments of other libraries) count as what they are made of."""
    if isinstance(value, str):
        return str(value.value) if hasattr(value, "value") else str(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Decimal | datetime | date | time | timedelta):
        return value
    raise FeelError(f"a {type(value).__name__} cannot be used in an expression")


def _number(value: float) -> Decimal | None:
    """A float is the number its shortest form shows; where those lie further apart than one, its exact value."""
    if isinstance(value, int):
        return NUMBERS.plus(Decimal(int(value)))
    if not isfinite(value):
        return None
    return NUMBERS.plus(Decimal(value if abs(value) >= _EXACT else repr(float(value))))


def _int_or_float(number: Decimal) -> int | float:
    if number.adjusted() > 308:
        raise FeelLimit("the number is too large to be stored")
    if number.adjusted() < 19 and number == number.to_integral_value():
        whole = int(number)
        return whole if whole in _INTEGERS else float(number)
    return float(number)
