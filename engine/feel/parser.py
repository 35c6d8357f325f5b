"""From tokens to closures: the grammar of expressions, from the loosest operator to the tightest.

Source: DMN 1.4, 10.3.1.2 (grammar), table 41 (precedence); all operators group to the left.
"""

from __future__ import annotations

import operator

from engine.feel import nodes, operators, ranges
from engine.feel.limits import MAX_DEPTH, SLOW_NUMBER_STEPS, check_weight
from engine.feel.nodes import Node
from engine.feel.operators import Binary
from engine.feel.primary import PrimaryReader
from engine.feel.types import NULL, Type
from engine.feel.values import Value

_COMPARISONS = {
    "<": (operators.less, operator.lt),
    "<=": (operators.at_most, operator.le),
    ">": (operators.greater, operator.gt),
    ">=": (operators.at_least, operator.ge),
    "=": (operators.equal, operator.eq),
    "!=": (operators.unequal, operator.ne),
}
_ARITHMETIC = {
    "+": (1, operators.add),
    "-": (1, operators.subtract),
    "*": (2, operators.multiply),
    "/": (2, operators.divide),
    "**": (3, operators.power),
}
#: What no expression begins with: an opening square bracket before it closes a range, as in `[1..10[`.
_NO_START = frozenset(["", ")", "]", ",", "}", ".", ":", "=", "!=", "<", "<=", ">", ">=", "*", "/", "**", "+", ".."])


class Parser(PrimaryReader):
    """Reads one expression, or the tests of one decision table cell."""

    _returns = 0

    def whole_expression(self) -> Node:
        """All of the source as one expression. Raises: FeelSyntaxError."""
        node = self.expression()
        self.expect_end()
        return node

    def expression(self) -> Node:
        """An expression, as far as it goes."""
        with self.nested():
            return self._disjunction()

    def _disjunction(self) -> Node:
        parts = [self._conjunction()]
        while self.accept("or"):
            parts.append(self._conjunction())
        return nodes.chain(parts, decisive=True) if len(parts) > 1 else parts[0]

    def _conjunction(self) -> Node:
        parts = [self._comparison()]
        while self.accept("and"):
            parts.append(self._comparison())
        return nodes.chain(parts, decisive=False) if len(parts) > 1 else parts[0]

    def _comparison(self) -> Node:
        left = self._arithmetic()
        links = 0
        while True:
            links = self.linked(links)
            sign = self.token.text
            if sign in _COMPARISONS:
                self.take()
                left = nodes.comparison(*_COMPARISONS[sign], left, self._arithmetic())
            elif self.accept("between"):
                left = self._between(left)
            elif self.accept("in"):
                left = self._membership(left)
            else:
                return left

    def _between(self, value: Node) -> Node:
        low = self._arithmetic()
        self.expect("and")
        high = self._arithmetic()
        space = nodes.range_of(low, high, low_included=True, high_included=True)
        return nodes.weighed(_lies_within, value, space)

    def _membership(self, value: Node) -> Node:
        tests = self._listed_tests() if self.token.text == "(" else None
        if tests is None:
            return nodes.weighed(ranges.passes, value, self._membership_test())
        if len(tests) == 1:
            return nodes.weighed(ranges.passes, value, tests[0])
        listed = nodes.list_of(tests)
        among = ranges.members([test.value for test in tests]) if listed.is_constant else None
        return nodes.among(among, value) if among else nodes.weighed(_is_any_of, value, listed)

    def _membership_test(self) -> Node:
        return self.signed_test() if self.token.text in _COMPARISONS else self._arithmetic()

    def _listed_tests(self) -> list[Node] | None:
        """The tests of `in (…, …)`; nothing when the bracket only begins an expression or a range."""
        start = self.index
        self.take()
        tests: list[Node] = []
        while not tests or self.accept(","):
            tests.append(self.signed_test() if self.token.text in _COMPARISONS else self.expression())
        if self.accept(")") and self.token.text not in (*_ARITHMETIC, ".", "[", "("):
            return tests
        self._go_back(start)
        return None

    def _go_back(self, start: int) -> None:
        """Read again from a token on. Brackets inside one another could make that endless, so it is counted."""
        self._returns += 1
        if self._returns > MAX_DEPTH:
            self.refuse("too many lists of tests that go on as arithmetic")
        self.index = start

    def signed_test(self) -> Node:
        """`< 10`, `>= date("2026-01-01")`: a range that is open on one side."""
        sign = self.take().text
        limit = self._arithmetic()
        return nodes.unary(lambda value: ranges.compared(sign, value), limit)

    def _arithmetic(self, weakest: int = 1) -> Node:
        left = self._negation()
        links = 0
        while True:
            links = self.linked(links)
            sign = self.token.text
            strength, operation = _ARITHMETIC.get(sign, (0, operators.add))
            if strength < weakest:
                return left
            self.take()
            left = _operated(sign, operation, left, self._arithmetic(strength + 1))

    def _negation(self) -> Node:
        count = 0
        while self.accept("-"):
            count += 1
        if count and self.token.kind == "number":  # a literal: its sign binds tighter than anything behind it
            count -= 1
            node = self._postfix(nodes.unary(operators.negate, self.primary()))
        else:
            node = self._postfix(self.primary())
        for _ in range(min(count, 2 - count % 2)):
            node = nodes.unary(operators.negate, node)
        return node

    def _postfix(self, node: Node) -> Node:
        links = 0
        while True:
            links = self.linked(links)
            if self.accept("."):
                node = nodes.path(node, self.member_name())
            elif self.token.text == "[" and self.ahead(1) not in _NO_START:
                node = self.filter(node)
            elif self.token.text == "(" and not node.is_constant:
                node = self.call(node)
            elif self.token.text == "instance" and self.ahead(1) == "of":
                node = self._instance_of(node)
            else:
                return node

    def _instance_of(self, node: Node) -> Node:
        self.take()
        self.take()
        kind = self.type_name()
        return nodes.unary(lambda value: _is_instance(value, kind), node)


def _operated(sign: str, operation: Binary, left: Node, right: Node) -> Node:
    if sign == "+":
        return nodes.weighed(operation, left, right)
    if sign == "**":
        return nodes.weighed(operation, left, right, extra=SLOW_NUMBER_STEPS)
    return nodes.binary(operation, left, right)


def _is_instance(value: Value, kind: Type) -> bool:
    check_weight(value)
    return kind.includes(value) if value is not None else kind is NULL


def _lies_within(value: Value, space: Value) -> Value:
    return ranges.passes(value, space)


def _is_any_of(value: Value, tests: Value) -> Value:
    assert isinstance(tests, list)
    return ranges.any_of([ranges.passes(value, test) for test in tests])
