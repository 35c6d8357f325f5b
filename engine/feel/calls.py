"""Calling functions: built-in ones, registered ones, and values that are functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence

from engine.feel.builtins import BUILTINS, Builtin
from engine.feel.json import from_json
from engine.feel.nodes import Code, Node, folded
from engine.feel.scope import Scope
from engine.feel.values import Function, Value

#: Arguments as they were written: the name before each, or nothing, and the part itself.
Arguments = Sequence[tuple[str | None, Node]]


class Mismatch(Exception):
    """The arguments do not fit the function; says how."""


def call_builtin(name: str, arguments: Arguments) -> Node:
    """A call of a built-in function. Raises: Mismatch when no form of it takes such arguments."""
    found = [(form, places) for form in BUILTINS[name] if (places := _places(form, arguments)) is not None]
    if not found:
        raise Mismatch(f'"{name}" takes {_usage(name)}')
    forms = [form for form, _ in found]
    codes = [_code(arguments, place) for place in found[0][1]]
    node = Node(_running(forms, codes))
    if not all(form.is_pure for form in forms) or not arguments:
        return node
    return folded(node, [part for _, part in arguments])


def call_registered(name: str, function: Callable[..., object], arguments: Arguments) -> Node:
    """A call of a function somebody registered. Raises: Mismatch when it does not take such arguments."""
    ordered = [part.run for given, part in arguments if given is None]
    named = {given.replace(" ", "_"): part.run for given, part in arguments if given is not None}
    try:
        signature = inspect.signature(function)
        signature.bind(*ordered, **named)
    except TypeError as problem:
        raise Mismatch(f'"{name}" cannot be called so: {problem}') from problem

    def run(scope: Scope) -> Value:
        scope.run.charge()
        by_name = {given: code(scope) for given, code in named.items()}
        return from_json(function(*[code(scope) for code in ordered], **by_name))

    return Node(run)


def call_value(callee: Node, arguments: Arguments, otherwise: str | None = None) -> Node:
    """A call of whatever the part turns out to be: null if that is no function, or a built-in function instead."""
    inner = callee.run
    codes = [part.run for _, part in arguments]
    names = [given for given, _ in arguments]
    fallback: Code | None = None
    if otherwise is not None:
        try:
            fallback = call_builtin(otherwise, arguments).run
        except Mismatch:
            fallback = None

    def run(scope: Scope) -> Value:
        scope.run.charge()
        function = inner(scope)
        if isinstance(function, Function):
            values = [code(scope) for code in codes]
            if not any(names):
                return function(*values)
            return call_named(function, {str(name): value for name, value in zip(names, values, strict=True)})
        return fallback(scope) if fallback else None

    return Node(run)


def call_named(function: Function, arguments: Mapping[str, Value]) -> Value:
    """The result for arguments by name; null when the names are not those of the parameters."""
    if set(arguments) != set(function.parameters):
        return None
    return function(*(arguments[parameter] for parameter in function.parameters))


def _places(form: Builtin, arguments: Arguments) -> list[int | None] | None:
    """Where the arguments of the form stand among those written; nothing when they do not fit."""
    names = [given for given, _ in arguments if given is not None]
    if not names:
        return list(range(len(arguments))) if form.takes(len(arguments)) else None
    return form.order(names) if len(names) == len(arguments) else None


def _code(arguments: Arguments, place: int | None) -> Code:
    return arguments[place][1].run if place is not None else lambda _: None


def _running(forms: Sequence[Builtin], codes: Sequence[Code]) -> Code:
    first = forms[0]
    if len(forms) > 1:

        def choose(scope: Scope) -> Value:
            values = [code(scope) for code in codes]
            form = next((form for form in forms if form.fits(values)), first)
            return form.call(values, scope.run.charge)

        return choose

    return lambda scope: first.call([code(scope) for code in codes], scope.run.charge)


def _usage(name: str) -> str:
    forms = []
    for form in BUILTINS[name]:
        parts = [f"{one.name}{'?' if one.is_optional else ''}{', …' if one.is_rest else ''}" for one in form.parameters]
        forms.append(f"({', '.join(parts)})")
    return " or ".join(dict.fromkeys(forms))
