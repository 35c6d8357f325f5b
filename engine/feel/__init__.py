"""The expression language of diagrams and decision tables: FEEL, compiled once to closures.

Expressions come from uploaded files. They reach nothing but the values they are given and the functions named here:
no attribute of a Python object, no `eval`, bounded work. What goes wrong at run time is null, as the standard says;
only work without bound is an error. This room knows neither processes nor decisions.

Source: DMN 1.4, chapter 10.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache

from engine.feel.builtins.moments import set_time_zone, time_zone
from engine.feel.compiling import Expression, Names, cached_expression
from engine.feel.errors import FeelError, FeelLimit, FeelSyntaxError
from engine.feel.json import Json, from_json, to_json
from engine.feel.unary import UnaryTests, read_tests
from engine.feel.values import Function, Range, Value, YearMonthDuration

__all__ = [
    "Expression",
    "FeelError",
    "FeelLimit",
    "FeelSyntaxError",
    "Function",
    "Json",
    "Range",
    "UnaryTests",
    "Value",
    "YearMonthDuration",
    "compile_expression",
    "compile_unary_tests",
    "from_json",
    "set_time_zone",
    "time_zone",
    "to_json",
]


def compile_expression(
    source: str, functions: Mapping[str, Callable[..., object]] = {}, names: Collection[str] = ()
) -> Expression:
    """The expression, compiled now or before. `names` are variables whose names have spaces or signs in them.

    Raises: FeelSyntaxError with a position when it cannot be read, FeelLimit when it is too large.
    """
    return cached_expression(source, frozenset(functions.items()), frozenset(names))


def compile_unary_tests(
    source: str, functions: Mapping[str, Callable[..., object]] = {}, names: Collection[str] = ()
) -> UnaryTests:
    """The tests of a decision table cell, compiled now or before; an empty cell or `-` lets everything pass.

    Raises: FeelSyntaxError, FeelLimit.
    """
    return _cached_tests(source, frozenset(functions.items()), frozenset(names))


@lru_cache(maxsize=8192)
def _cached_tests(
    source: str, functions: frozenset[tuple[str, Callable[..., object]]], names: frozenset[str]
) -> UnaryTests:
    return read_tests(source, Names(names, None, dict(functions)))
