"""Decision tables: which rules match, and what their outputs come to under the hit policy.

Source: DMN 1.4, 8.2 and 8.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from engine.dmn.errors import DecisionError
from engine.feel import Expression, UnaryTests, Value
from engine.feel.builtins.statistics import maximum, minimum
from engine.feel.operators import add, equal
from engine.feel.ranges import passes
from engine.feel.scope import Scope
from engine.feel.types import ANY, Type

#: The words of the standard and the letters people use for them.
HIT_POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "COLLECT": "C",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
}
_SINGLE = frozenset("UAPF")
_SUMMARIES: dict[str, Callable[[list[Value]], Value]] = {
    "COUNT": lambda values: Decimal(len(values)),
    "SUM": lambda values: reduce(add, values) if values else None,
    "MIN": minimum,
    "MAX": maximum,
}
AGGREGATIONS = frozenset(_SUMMARIES)


@dataclass(frozen=True)
class Output:
    """One output column: its name, its values in order of priority, and what it holds when no rule matches."""

    name: str
    priorities: Expression | None
    default: Expression | None
    type: Type = ANY


@dataclass(frozen=True)
class Rule:
    """One row: the tests of the inputs that are not left open, by column, and the outputs."""

    number: int
    tests: tuple[tuple[int, UnaryTests], ...]
    outputs: tuple[Expression, ...]

    def matches(self, values: Sequence[Value], scope: Scope) -> bool:
        """Whether all inputs pass."""
        return all(tests.passed_by(values[column], scope) for column, tests in self.tests)


@dataclass(frozen=True)
class Hit:
    """A rule that matched and what it says."""

    rule: int
    outputs: tuple[Value, ...]


@dataclass(frozen=True)
class DecisionTable:
    """A decision table, compiled."""

    where: str
    inputs: tuple[Expression, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    policy: str
    aggregation: str

    def evaluate(self, scope: Scope) -> Value:
        """What the table says. Raises: DecisionError when rules contradict each other under the hit policy."""
        hits = self._hits(scope)
        if not hits:
            return self._nothing_matched(scope)
        if self.policy in _SINGLE:
            return self._result(self._single(hits, scope))
        if self.policy == "O":
            hits = self._by_priority(hits, scope)
        results = [self._result(hit) for hit in hits]
        return _SUMMARIES[self.aggregation](results) if self.aggregation else results

    def _hits(self, scope: Scope) -> list[Hit]:
        values = [expression.within(scope) for expression in self.inputs]
        hits: list[Hit] = []
        for rule in self.rules:
            scope.run.charge()
            if rule.matches(values, scope):
                hits.append(Hit(rule.number, self._said_by(rule, scope)))
                if self.policy == "F":
                    break
        return hits

    def _said_by(self, rule: Rule, scope: Scope) -> tuple[Value, ...]:
        pairs = zip(rule.outputs, self.outputs, strict=True)
        return tuple(column.type.fit(cell.within(scope)) for cell, column in pairs)

    def _single(self, hits: list[Hit], scope: Scope) -> Hit:
        if self.policy == "P":
            return self._by_priority(hits, scope)[0]
        first = hits[0]
        if self.policy == "U" and len(hits) > 1:
            raise DecisionError(self.where, f"rules {_and(hits)} match at the same time, but only one may")
        if self.policy == "A" and any(not _same(hit.outputs, first.outputs) for hit in hits):
            raise DecisionError(self.where, f"rules {_and(hits)} match at the same time and do not agree")
        return first

    def _by_priority(self, hits: list[Hit], scope: Scope) -> list[Hit]:
        orders = [output.priorities.within(scope) if output.priorities else None for output in self.outputs]

        def ranks(hit: Hit) -> list[int]:
            return [_rank(value, order) for value, order in zip(hit.outputs, orders, strict=True)]

        return sorted(hits, key=ranks)

    def _nothing_matched(self, scope: Scope) -> Value:
        if any(output.default for output in self.outputs):
            defaults = tuple(output.default.within(scope) if output.default else None for output in self.outputs)
            result = self._result(Hit(0, defaults))
            return result if self.policy in _SINGLE or self.aggregation else [result]
        if self.aggregation:
            return _SUMMARIES[self.aggregation]([])
        return None if self.policy in _SINGLE else []

    def _result(self, hit: Hit) -> Value:
        if len(self.outputs) == 1:
            return hit.outputs[0]
        return {output.name: value for output, value in zip(self.outputs, hit.outputs, strict=True)}


def _rank(value: Value, order: Value) -> int:
    values = order if isinstance(order, list) else []
    return next((place for place, one in enumerate(values) if passes(value, one) is True), len(values))


def _same(one: Sequence[Value], other: Sequence[Value]) -> bool:
    return all(equal(left, right) is True for left, right in zip(one, other, strict=True))


def _and(hits: list[Hit]) -> str:
    numbers = [str(hit.rule) for hit in hits]
    return f"{', '.join(numbers[:-1])} and {numbers[-1]}"
