"""Tests of one value, as they stand in decision table cells: `-`, `"a","b"`, `>= 3`, `[1..5)`, `not(…)`, `? > 2`.

Source: DMN 1.4, 10.3.1.2 rules 6 to 10; 8.3.3.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

from engine.feel import operators, ranges
from engine.feel.compiling import Names, compile_node, stopped_recursion
from engine.feel.json import from_json
from engine.feel.limits import Run
from engine.feel.nodes import Node
from engine.feel.parser import Parser
from engine.feel.scope import Inner, Scope
from engine.feel.values import Range, Value

Test = Callable[[Value, Scope], bool | None]

_SIGNS = frozenset({"<", "<=", ">", ">=", "=", "!="})


class UnaryTests:
    """The tests of one cell, compiled."""

    __slots__ = ("_is_negated", "_tests", "_wanted", "names", "source")

    def __init__(self, source: str, tests: list[Test], *, is_negated: bool, names: Collection[str]) -> None:
        self.source = source
        #: The variables the tests read.
        self.names = frozenset(names)
        self._tests = tests
        self._is_negated = is_negated
        #: The verdict that lets a value pass, where there is one test only.
        self._wanted = not is_negated

    @property
    def accepts_all(self) -> bool:
        """Whether the cell is empty or a dash."""
        return not self._tests

    def matches(self, value: object, context: Mapping[str, object]) -> bool:
        """Whether the value passes; what cannot be known does not pass. Raises: FeelError."""
        with stopped_recursion():
            return self.passed_by(from_json(value), Run(context))

    def passed_by(self, value: Value, scope: Scope) -> bool:
        """Whether the value passes, within an evaluation that has begun."""
        if not self._tests:
            return True
        if len(self._tests) == 1:
            return self._tests[0](value, scope) is self._wanted
        verdicts = [test(value, scope) for test in self._tests]
        if self._is_negated:
            return all(verdict is False for verdict in verdicts)
        return True in verdicts


def read_tests(source: str, names: Names) -> UnaryTests:
    """Compile the tests of one cell. Raises: FeelSyntaxError, FeelLimit."""
    if source.strip() in ("", "-"):
        return UnaryTests(source, [], is_negated=False, names=())
    return compile_node(source, names, _read)


def _read(parser: Parser) -> UnaryTests:
    parser.frames.push({"?"})
    is_negated = parser.token.text == "not" and _closes_at_end(parser)
    if is_negated:
        parser.take()
        parser.expect("(")
    tests: list[Test] = []
    constants: list[Value] = []
    while not tests or parser.accept(","):
        test, node = _read_test(parser)
        tests.append(test)
        constants.append(node.value if node is not None and node.is_constant else None)
    among = ranges.members(constants)
    tests = [_among(among, tests)] if among else tests
    if is_negated:
        parser.expect(")")
    parser.expect_end()
    return UnaryTests(parser.source, tests, is_negated=is_negated, names=parser.free - {"?"})


def _closes_at_end(parser: Parser) -> bool:
    """Whether the bracket behind `not` closes only at the end: otherwise it is a call within an expression."""
    depth = 0
    for place, token in enumerate(parser.row):
        depth += (token.text == "(") - (token.text == ")")
        if token.kind != "end" and depth == 0 and place > 0:
            return parser.row[place + 1].kind == "end"
    return False


def _read_test(parser: Parser) -> tuple[Test, Node | None]:
    """A test, and the value it tests against where there is one."""
    if parser.token.text in _SIGNS:
        return _against(parser.signed_test()), None
    parser.free.discard("?")
    node = parser.expression()
    return (_verdict_of(node), None) if "?" in parser.free else (_against(node), node)


def _among(values: frozenset[Value], tests: list[Test]) -> Test:
    """Several constants of one kind as one test: looked up, unless the value is of another kind."""
    kind = type(next(iter(values)))

    def test(value: Value, scope: Scope) -> bool | None:
        if type(value) is kind:
            return value in values
        verdicts = [one(value, scope) for one in tests]
        return True in verdicts or (False if all(verdict is False for verdict in verdicts) else None)

    return test


def _verdict_of(node: Node) -> Test:
    """A condition on `?`: its truth value is the verdict."""

    def test(value: Value, scope: Scope) -> bool | None:
        result = node.run(Inner({"?": value}, scope))
        return result if isinstance(result, bool) or result is None else ranges.passes(value, result)

    return test


def _against(node: Node) -> Test:
    """A value, list or range to test against; a condition on other things counts where no truth value is tested."""
    if node.is_constant:
        return _against_constant(node.value)

    def test(value: Value, scope: Scope) -> bool | None:
        result = node.run(Inner({"?": value}, scope))
        if isinstance(result, bool) and not isinstance(value, bool) and value is not None:
            return result
        return ranges.passes(value, result)

    return test


def _against_constant(wanted: Value) -> Test:
    kind = type(wanted)
    if kind in (str, bool, Decimal):
        return lambda value, _: value == wanted if type(value) is kind else operators.equal(value, wanted)
    if isinstance(wanted, Range):
        space = wanted
        return lambda value, _: ranges.includes(space, value)
    return lambda value, _: ranges.passes(value, wanted)
