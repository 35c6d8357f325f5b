"""One line, one answer: what the standard says of every operator and function, also for odd arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.feel import FeelError, compile_expression
from engine.feel.text import write_value

LINES = [
    line.partition(" ==> ")[::2]
    for line in Path(__file__).with_name("answers.txt").read_text("utf-8").splitlines()
    if " ==> " in line and not line.startswith("#")
]


def answered(source: str) -> str:
    """The value as FEEL writes it."""
    try:
        value = compile_expression(source)({})
    except FeelError:
        return "refused"
    return f'"{value}"' if isinstance(value, str) else write_value(value)


@pytest.mark.parametrize(("source", "expected"), LINES)
def test_an_expression_has_the_value_the_standard_says(source: str, expected: str) -> None:
    assert answered(source) == expected
