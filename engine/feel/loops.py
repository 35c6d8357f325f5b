"""Parts that run others several times: `for`, `some`, `every`, filters; and functions an expression defines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.feel.limits import NUMBERS, WORDS_PER_STEP, check_size, cost
from engine.feel.nodes import Code, Node, constant
from engine.feel.scope import Inner, Scope
from engine.feel.types import ANY, Type
from engine.feel.values import Function, Range, Value


@dataclass(frozen=True, slots=True)
class Iteration:
    """`name in domain`, or `name in start..end`."""

    name: str
    domain: Node
    end: Node | None = None

    def values(self, scope: Scope) -> Iterable[Value] | None:
        """What the name stands for, turn by turn; null when that cannot be known."""
        first = self.domain.run(scope)
        if self.end is not None:
            return _counted(first, self.end.run(scope))
        if isinstance(first, Range):
            return _within(first)
        return first if isinstance(first, list) else None if first is None else [first]


def _price(length: int) -> int:
    """Steps for running a part of so many words once."""
    return 1 + length // WORDS_PER_STEP


class _Unknown(Exception):
    """One of the domains is null."""


def _turns(iterations: Sequence[Iteration], scope: Scope, price: int) -> Iterator[Scope]:
    """A scope for every combination, the last name changing fastest."""
    if not iterations:
        yield scope
        return
    values = iterations[0].values(scope)
    if values is None:
        raise _Unknown
    for value in values:
        scope.run.charge(price)
        yield from _turns(iterations[1:], Inner({iterations[0].name: value}, scope), price)


def for_loop(iterations: Sequence[Iteration], body: Node, *, shows_partial: bool, length: int) -> Node:
    """`for … return …`: the list of all results; `partial` is the list of those so far. `length` is in words."""
    inner, price = body.run, _price(length)

    def run(scope: Scope) -> Value:
        results: list[Value] = []
        try:
            for turn in _turns(iterations, scope, price):
                around = turn
                if shows_partial:
                    scope.run.charge(cost(results))
                    around = Inner({"partial": list(results)}, turn)
                results.append(inner(around))
                check_size(len(results))
        except _Unknown:
            return None
        return results

    return Node(run)


def quantified(iterations: Sequence[Iteration], condition: Node, *, decisive: bool, length: int) -> Node:
    """`some … satisfies …` (true decides) or `every … satisfies …` (false decides), in three values."""
    inner, price = condition.run, _price(length)

    def run(scope: Scope) -> Value:
        known = True
        try:
            for turn in _turns(iterations, scope, price):
                verdict = inner(turn)
                if verdict is decisive:
                    return decisive
                known = known and isinstance(verdict, bool)
        except _Unknown:
            return None
        return not decisive if known else None

    return Node(run)


def filtered(part: Node, condition: Node, length: int) -> Node:
    """`list[condition]`, or `list[position]` where the condition turns out to be a number."""
    inner, asked, price = part.run, condition.run, _price(length)
    index = condition.value if condition.is_constant else None

    def run(scope: Scope) -> Value:
        items = inner(scope)
        if not isinstance(items, list):
            items = [] if items is None else [items]
        if isinstance(index, Decimal):
            return _at(items, index)
        kept: list[Value] = []
        for item in items or (None,):
            scope.run.charge(price)
            verdict = asked(_item_scope(item, scope))
            if isinstance(verdict, Decimal):
                return _at(items, verdict)
            if verdict is True and items:
                kept.append(item)
        return kept

    return Node(run)


def function_of(names: Sequence[str], types: Sequence[Type], body: Node, length: int) -> Node:
    """`function(a, b) body`: it remembers the names around it."""
    inner, price = body.run, _price(length)
    declared = tuple(types) if any(kind is not ANY for kind in types) else ()

    def run(scope: Scope) -> Value:
        def call(arguments: Sequence[Value]) -> Value:
            scope.run.enter(price)
            value = inner(Inner(dict(zip(names, arguments, strict=True)), scope))
            scope.run.leave()
            return value

        return Function(tuple(names), call, declared)

    return Node(run)


def context_of(entries: Sequence[tuple[str, Node]]) -> Node:
    """`{a: 1, b: a + 1}`: later entries know the earlier ones."""
    if len({name for name, _ in entries}) < len(entries):
        return constant(None)
    codes: list[tuple[str, Code]] = [(name, part.run) for name, part in entries]

    def run(scope: Scope) -> Value:
        made: dict[str, Value] = {}
        inner = Inner(made, scope)
        for name, code in codes:
            made[name] = code(inner)
        return made

    return Node(run)


def _item_scope(item: Value, scope: Scope) -> Scope:
    around = Inner({"item": item}, scope)
    return Inner(item, around) if isinstance(item, dict) else around


def _at(items: list[Value], position: Decimal) -> Value:
    if position != position.to_integral_value() or not 1 <= abs(position) <= len(items):
        return None
    place = int(position)
    return items[place - 1 if place > 0 else place]


def _counted(first: Value, last: Value) -> Iterable[Value] | None:
    """From the first to the last, upwards or downwards: whole numbers or days."""
    if isinstance(first, Decimal) and isinstance(last, Decimal):
        if first != first.to_integral_value() or last != last.to_integral_value():
            return None
        return _steps(first, last)
    if type(first) is date and type(last) is date:
        return _days(first, last)
    return None


def _within(space: Range) -> Iterable[Value] | None:
    """The whole numbers or days of a range, without the ends that are not included."""
    values = _counted(space.low, space.high)
    if values is None or space.sign:
        return None
    skipped = {end for end, kept in ((space.low, space.low_included), (space.high, space.high_included)) if not kept}
    return (value for value in values if value not in skipped)


def _steps(first: Decimal, last: Decimal) -> Iterator[Value]:
    step = Decimal(1 if first <= last else -1)
    while first <= last if step > 0 else first >= last:
        yield first
        first = NUMBERS.add(first, step)


def _days(first: date, last: date) -> Iterator[Value]:
    assert not isinstance(first, datetime)
    count = (last - first).days
    for offset in range(abs(count) + 1):
        yield first + timedelta(days=offset if count >= 0 else -offset)
