"""The closures an expression is made of. The parser decides what is built, this file how it runs.

Constant parts are worked out once, when the expression is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel.errors import FeelLimit
from engine.feel.limits import FOLDING_STEPS, Run, check_size, cost
from engine.feel.operators import Binary, Comparison
from engine.feel.properties import member
from engine.feel.scope import Scope, lift, lifted, look_up
from engine.feel.values import Range, Value

Code = Callable[[Scope], Value]
Raw = Callable[[Run], object]

_SIZED: frozenset[type] = frozenset({str, list, dict})


@dataclass(slots=True)
class Node:
    """One part of an expression: how to run it, and its value where that is the same every time.

    `raw` reads what the caller gave without turning it into FEEL first, so that `a.b.c` does not convert all of `a`.
    """

    run: Code
    is_constant: bool = False
    raw: Raw | None = None

    @property
    def value(self) -> Value:
        """The value of a constant part."""
        return self.run(Run({}, FOLDING_STEPS))


def constant(value: Value) -> Node:
    """The same value every time."""
    return Node(lambda _: value, is_constant=True)


def folded(node: Node, parts: Sequence[Node]) -> Node:
    """The node itself, or its value when all its parts are constant."""
    if not all(part.is_constant for part in parts):
        return node
    try:
        return constant(node.value)
    except FeelLimit:
        return node


def global_name(name: str) -> Node:
    """A name given by the caller, looked up where no inner scope is around."""
    return Node(lambda scope: lift(scope, name), raw=lambda run: run.names.get(name))  # type: ignore[arg-type]  # see parser: used only without frames


def outer_name(name: str) -> Node:
    """A name given by the caller, looked up from within inner scopes that do not have it."""
    return Node(lambda scope: lift(scope.run, name), raw=lambda run: run.names.get(name))


def inner_name(name: str) -> Node:
    """A name that stands, or may stand, in an inner scope."""
    return Node(lambda scope: look_up(scope, name))


def binary(operation: Binary, left: Node, right: Node) -> Node:
    """An operator between two parts."""
    before, after = left.run, right.run
    return folded(Node(lambda scope: operation(before(scope), after(scope))), (left, right))


def weighed(operation: Binary, left: Node, right: Node, extra: int = 0) -> Node:
    """An operator that may have to go through all of what it is given."""
    before, after = left.run, right.run

    def run(scope: Scope) -> Value:
        one, other = before(scope), after(scope)
        if type(one) in _SIZED or type(other) in _SIZED or extra:
            scope.run.charge(cost(one) + cost(other) + extra)
        return operation(one, other)

    return folded(Node(run), (left, right))


def comparison(operation: Comparison, plain: Callable[[Any, Any], bool], left: Node, right: Node) -> Node:
    """A comparison; against a constant number it is done without looking for the kinds of both."""
    limit = right.value if right.is_constant else None
    if not isinstance(limit, Decimal) or left.is_constant:
        return weighed(operation, left, right)
    before = left.run

    def run(scope: Scope) -> Value:
        value = before(scope)
        return plain(value, limit) if type(value) is Decimal else operation(value, limit)

    return Node(run)


def among(values: frozenset[Value], part: Node) -> Node:
    """Whether a part is one of several constants of one kind; of another kind it is none of them."""
    kind, inner = type(next(iter(values))), part.run

    def run(scope: Scope) -> Value:
        value = inner(scope)
        return type(value) is kind and value in values

    return folded(Node(run), (part,))


def unary(operation: Callable[[Value], Value], part: Node) -> Node:
    """An operator before one part."""
    inner = part.run
    return folded(Node(lambda scope: operation(inner(scope))), (part,))


def chain(parts: Sequence[Node], *, decisive: bool) -> Node:
    """`and` (false decides) or `or` (true decides) between all parts; the rest is not run once it is decided."""
    codes = [part.run for part in parts]
    other = not decisive

    def run(scope: Scope) -> Value:
        known = True
        for code in codes:
            value = code(scope)
            if value is decisive:
                return decisive
            known = known and value is other
        return other if known else None

    return folded(Node(run), parts)


def branch(condition: Node, then: Node, otherwise: Node) -> Node:
    """`if … then … else …`: null counts as false, what is no truth value at all gives null."""
    asked, yes, no = condition.run, then.run, otherwise.run

    def run(scope: Scope) -> Value:
        verdict = asked(scope)
        if verdict is True:
            return yes(scope)
        return no(scope) if verdict is False or verdict is None else None

    return folded(Node(run), (condition, then, otherwise))


def path(part: Node, name: str) -> Node:
    """`part.name`."""
    inner, raw = part.run, part.raw
    if raw is None:

        def run(scope: Scope) -> Value:
            value = inner(scope)
            if type(value) is list:
                scope.run.charge(cost(value))
            return member(value, name)

        return folded(Node(run), (part,))

    def read(run: Run) -> object:
        value = raw(run)
        if isinstance(value, Mapping):
            return value.get(name)
        run.charge(cost(value))
        return member(lifted(run, value), name)

    return Node(lambda scope: lifted(scope.run, read(scope.run)), raw=read)


def list_of(parts: Sequence[Node]) -> Node:
    """`[a, b, c]`."""
    check_size(len(parts))
    codes = [part.run for part in parts]
    return folded(Node(lambda scope: [code(scope) for code in codes]), parts)


def range_of(low: Node, high: Node, *, low_included: bool, high_included: bool) -> Node:
    """`[low..high]`."""
    start, end = low.run, high.run
    return folded(Node(lambda scope: Range(start(scope), end(scope), low_included, high_included)), (low, high))
