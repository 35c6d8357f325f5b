"""Functions of numbers. Source: DMN 1.4, 10.3.4.5."""

from __future__ import annotations

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from engine.feel.builtins.signatures import builtin
from engine.feel.limits import NUMBERS, SLOW_NUMBER_STEPS, finite
from engine.feel.values import YearMonthDuration

#: Digits behind (or before) the point that a number can be rounded to.
_SCALES = range(-6111, 6177)
#: Enough digits that rounding itself never loses any.
_WIDE = Context(prec=6400, Emin=-6143 - 6400, Emax=6144 + 6400, traps=[])


def _rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    places = int(scale)
    if places not in _SCALES:
        return None
    if -number.as_tuple().exponent <= places:  # type: ignore[operator]  # numbers here are finite
        return number
    return finite(NUMBERS.plus(number.quantize(Decimal((0, (1,), -places)), rounding, _WIDE)))


@builtin("decimal(n: number, scale: number)", price=10)
def decimal(number: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded, half to even."""
    return _rounded(number, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number)", price=10)
def floor(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
    """Rounded towards minus infinity."""
    return _rounded(number, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)", price=10)
def ceiling(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
    """Rounded towards plus infinity."""
    return _rounded(number, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)", price=10)
def round_up(number: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded away from zero."""
    return _rounded(number, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)", price=10)
def round_down(number: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded towards zero."""
    return _rounded(number, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)", price=10)
def round_half_up(number: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded to the nearest, half away from zero."""
    return _rounded(number, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)", price=10)
def round_half_down(number: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded to the nearest, half towards zero."""
    return _rounded(number, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number|duration)")
def absolute(value: Decimal | timedelta | YearMonthDuration) -> Decimal | timedelta | YearMonthDuration:
    """Without its sign."""
    if isinstance(value, YearMonthDuration):
        return YearMonthDuration(abs(value.total))
    return NUMBERS.abs(value) if isinstance(value, Decimal) else abs(value)


@builtin("modulo(dividend: number, divisor: number)", price=10)
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """What is left of a division, with the sign of the divisor."""
    if not divisor:
        return None
    rest = _WIDE.remainder(dividend, divisor)
    if rest.is_finite() and rest and (rest < 0) != (divisor < 0):
        rest = _WIDE.add(rest, divisor)
    return finite(NUMBERS.plus(rest))


@builtin("sqrt(number: number)", price=SLOW_NUMBER_STEPS)
def square_root(number: Decimal) -> Decimal | None:
    """The square root; null for negative numbers."""
    return finite(NUMBERS.sqrt(number))


@builtin("log(number: number)", price=SLOW_NUMBER_STEPS)
def logarithm(number: Decimal) -> Decimal | None:
    """The natural logarithm; null for zero and negative numbers."""
    return finite(NUMBERS.ln(number))


@builtin("exp(number: number)", price=SLOW_NUMBER_STEPS)
def exponential(number: Decimal) -> Decimal | None:
    """E to that power."""
    return finite(NUMBERS.exp(number))


@builtin("odd(number: number)")
def odd(number: Decimal) -> bool | None:
    """Whether a whole number is odd."""
    rest = modulo(number, Decimal(2))
    return rest == 1 if rest in (0, 1) else None


@builtin("even(number: number)")
def even(number: Decimal) -> bool | None:
    """Whether a whole number is even."""
    rest = modulo(number, Decimal(2))
    return rest == 0 if rest in (0, 1) else None
