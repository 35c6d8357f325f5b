"""How a built-in function is declared: its signature as the standard writes it, checked before its body runs.

    @builtin("substring(string: string, start position: number, length?: number)")

A parameter with `?` may be left out; one with `...` takes all that follow; a type with `?` admits null. An argument
of another kind makes the result null. A single value stands for a list of one and back (DMN 1.4, 10.3.2.9.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

from engine.feel.limits import bounded_string, check_size, cost
from engine.feel.values import ORDERED, Function, Range, Value, YearMonthDuration

Meter = Callable[[int], None]
Body = TypeVar("Body", bound=Callable[..., object])

_KINDS: dict[str, frozenset[type]] = {
    "number": frozenset({Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "date": frozenset({date}),
    "time": frozenset({time}),
    "moment": frozenset({datetime}),
    "duration": frozenset({timedelta, YearMonthDuration}),
    "span": frozenset({timedelta}),
    "months": frozenset({YearMonthDuration}),
    "range": frozenset({Range}),
    "function": frozenset({Function}),
    "point": ORDERED,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a built-in function; no kinds means any value."""

    name: str
    kinds: frozenset[type]
    is_optional: bool = False
    is_nullable: bool = False
    is_rest: bool = False

    def fits(self, value: Value) -> bool:
        """Whether the argument may be passed as it is."""
        return not self.kinds or type(value) in self.kinds or (value is None and self.is_nullable)

    def converted(self, value: Value) -> Value:
        """A single value as list, or a list of one as its member, where that is what is asked for; else null."""
        if isinstance(value, list):
            return value[0] if len(value) == 1 and type(value[0]) in self.kinds else None
        return [value] if list in self.kinds and value is not None else None


@dataclass(frozen=True, slots=True)
class Builtin:
    """One form of a built-in function. A pure one gives the same result for the same arguments."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Callable[..., object]
    is_pure: bool = True
    gathers: bool = False
    #: Steps for one call.
    price: int = 1
    #: Whether its body counts its own steps, with the meter it is given first.
    is_metered: bool = False

    def takes(self, count: int) -> bool:
        """Whether it may be called with so many arguments in order."""
        if self.gathers:
            return count > 0
        least = sum(not (parameter.is_optional or parameter.is_rest) for parameter in self.parameters)
        return least <= count and (count <= len(self.parameters) or self.has_rest)

    def order(self, names: Sequence[str]) -> list[int | None] | None:
        """Where the named arguments stand in order; nothing when a name is unknown or one is missing."""
        known = [parameter.name for parameter in self.parameters]
        if any(name not in known for name in names) or len(set(names)) < len(names):
            return None
        places = [names.index(name) if name in names else None for name in known]
        if any(p is None and not q.is_optional for p, q in zip(places, self.parameters, strict=True)):
            return None
        while places and places[-1] is None:
            places.pop()
        return places

    @property
    def has_rest(self) -> bool:
        """Whether the last parameter takes all that follow."""
        return bool(self.parameters) and self.parameters[-1].is_rest

    def fits(self, arguments: Sequence[Value]) -> bool:
        """Whether all arguments are of the right kinds as they are."""
        last = len(self.parameters) - 1
        return all(self.parameters[min(place, last)].fits(one) for place, one in enumerate(arguments))

    def call(self, arguments: Sequence[Value], charge: Meter) -> Value:
        """The result; null when an argument is of the wrong kind. Raises: FeelLimit when it takes or makes too much."""
        charge(self.price + sum(map(cost, arguments)))
        if self.gathers and len(arguments) != 1:
            arguments = [list(arguments)]
        fitting = self._fit(arguments)
        if fitting is None:
            return None
        result = _bounded(self.body(charge, *fitting) if self.is_metered else self.body(*fitting))
        charge(cost(result))
        return result

    def _fit(self, arguments: Sequence[Value]) -> Sequence[Value] | None:
        fitting = list(arguments)
        last = len(self.parameters) - 1
        for place, argument in enumerate(arguments):
            parameter = self.parameters[min(place, last)]
            if parameter.fits(argument):
                continue
            fitting[place] = parameter.converted(argument)
            if fitting[place] is None:
                return None
        return fitting


BUILTINS: dict[str, tuple[Builtin, ...]] = {}
_SIGNATURE = re.compile(r"([^(]+)\((.*)\)")
_PARAMETER = re.compile(r"\s*([^:?.]+)(\?|\.\.\.)?:\s*([\w|]+)(\?)?\s*")


def builtin(
    *signatures: str, pure: bool = True, gathers: bool = False, price: int = 1, metered: bool = False
) -> Callable[[Body], Body]:
    """Make a function known under its signatures. One that gathers takes its list also as several arguments."""

    def register(body: Body) -> Body:
        for signature in signatures:
            plain = _form(signature, body)
            form = replace(plain, is_pure=pure, gathers=gathers, price=price, is_metered=metered)
            BUILTINS[form.name] = (*BUILTINS.get(form.name, ()), form)
        return body

    return register


def _form(signature: str, body: Callable[..., object]) -> Builtin:
    found = _SIGNATURE.fullmatch(signature)
    if found is None:
        raise ValueError(signature)
    name, text = found.groups()
    parameters = tuple(_parameter(part) for part in text.split(",") if part.strip())
    return Builtin(name, parameters, body)


def _parameter(text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    if found is None:
        raise ValueError(text)
    name, mark, kinds, nullable = found.groups()
    named = frozenset(kind for name in kinds.split("|") if name != "Any" for kind in _KINDS[name])
    return Parameter(name, named, mark == "?", nullable == "?", mark == "...")


def _bounded(value: object) -> Value:
    if isinstance(value, str):
        return bounded_string(value)
    if isinstance(value, list | dict):
        check_size(len(value))
    return value  # type: ignore[return-value]  # bodies are typed more narrowly than lists of values can say
