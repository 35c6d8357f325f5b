"""Kinds of value by name: `instance of`, parameters of functions, and the types a decision model declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.limits import check_weight
from engine.feel.values import Function, Range, Value, YearMonthDuration

_KINDS: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "days and time duration": timedelta,
    "years and months duration": YearMonthDuration,
    "list": list,
    "context": dict,
    "range": Range,
    "function": Function,
}
#: Other spellings found in decision models: camel case of early tools.
_SPELLINGS = {
    "datetime": "date and time",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "long": "number",
    "double": "number",
    "integer": "number",
}
_ANYTHING = "Any"
_NOTHING = "Null"


@dataclass(frozen=True, eq=False)
class Type:
    """A kind of value: its name and, where it has any, the kinds of its members, parameters and result.

    `allowed` is the test a declared type adds; it counts for values that are given, not for `instance of`.
    """

    name: str
    member: Type | None = None
    entries: Mapping[str, Type] | None = None
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None
    allowed: Callable[[Value], bool] | None = field(default=None, compare=False)

    def includes(self, value: Value) -> bool:
        """Whether the value is of this kind. Null is of every kind but `instance of` says so itself."""
        if self.name == _ANYTHING:
            return True
        if self.name == _NOTHING:
            return value is None
        if value is None or type(value) is not _KINDS[self.name]:
            return False
        return self._parts_fit(value)

    def admits(self, value: Value) -> bool:
        """Whether the value may stand where this type is declared: the right kind and one of the allowed."""
        if value is None:
            return True
        if self.name == "list" and isinstance(value, list):
            fits = self.member is None or all(self.member.admits(item) for item in value)
        elif self.entries is not None and isinstance(value, dict):
            fits = all(key in value and kind.admits(value[key]) for key, kind in self.entries.items())
        else:
            fits = self.includes(value)
        return fits and (self.allowed is None or self.allowed(value))

    def fit(self, value: Value) -> Value:
        """The value made to fit: a single one as list and back, a date as its midnight; else null.

        Source: DMN 1.4, 10.3.2.9.4 (implicit conversions).
        """
        if value is None or self is ANY:
            return value
        check_weight(value)
        if self.admits(value):
            return value
        for converted in self._conversions(value):
            if self.admits(converted):
                return converted
        return None

    def _conversions(self, value: Value) -> list[Value]:
        if isinstance(value, list):
            return value[:1] if len(value) == 1 and self.name != "list" else []
        if self.name == "list":
            return [[value]]
        if self.name == "date and time" and isinstance(value, date) and not isinstance(value, datetime):
            return [datetime.combine(value, time(), tzinfo=UTC)]
        return []

    def _parts_fit(self, value: Value) -> bool:
        if isinstance(value, list):
            return self.member is None or all(_is(self.member, item) for item in value)
        if isinstance(value, dict):
            return self.entries is None or all(
                key in value and _is(kind, value[key]) for key, kind in self.entries.items()
            )
        if isinstance(value, Range):
            return self.member is None or all(_is(self.member, end) for end in (value.low, value.high))
        return not isinstance(value, Function) or self._signature_fits(value)

    def _signature_fits(self, function: Function) -> bool:
        if self.parameters is None:
            return True
        if len(self.parameters) != len(function.parameters):
            return False
        given = function.types or (ANY,) * len(function.parameters)
        accepts = all(conforms(wanted, kind) for wanted, kind in zip(self.parameters, given, strict=True))
        return accepts and conforms(function.result or ANY, self.result or ANY)


def _is(kind: Type, value: Value) -> bool:
    return value is None or kind.includes(value)


def conforms(one: Type, other: Type) -> bool:
    """Whether every value of the one kind is of the other kind too. Source: DMN 1.4, 10.3.2.9.1."""
    if other.name == _ANYTHING or one.name == _NOTHING:
        return True
    if one.name != other.name:
        return False
    if other.entries is not None:
        mine = one.entries or {}
        return all(key in mine and conforms(mine[key], kind) for key, kind in other.entries.items())
    return other.member is None or conforms(one.member or ANY, other.member)


ANY = Type(_ANYTHING)
NULL = Type(_NOTHING)
SIMPLE: Mapping[str, Type] = {
    **{name: Type(name) for name in _KINDS},
    **{spelling: Type(name) for spelling, name in _SPELLINGS.items()},
    _ANYTHING: ANY,
    "any": ANY,
    _NOTHING: NULL,
}


def kind_of(value: Value) -> str:
    """The name of the kind a value is of, for messages."""
    return next((name for name, kind in _KINDS.items() if type(value) is kind), "null")
