"""How the tests of expressions ask: one line in, one value out."""

from __future__ import annotations

from engine.feel import Value, compile_expression, compile_unary_tests


def value(source: str, **context: object) -> Value:
    """What the expression comes to for these variables."""
    return compile_expression(source)(context)


def same(one: str, other: str) -> bool:
    """Whether two expressions come to equal values, which are not null."""
    left, right = value(one), value(other)
    return left is not None and type(left) is type(right) and left == right


def passes(cell: str, tested: object, **context: object) -> bool:
    """Whether a value passes the tests of a decision table cell."""
    return compile_unary_tests(cell).matches(tested, context)
