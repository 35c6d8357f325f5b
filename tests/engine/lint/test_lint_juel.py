"""Simple expressions of other engines in FEEL: they mean the same, or are left alone."""

from __future__ import annotations

import pytest

from engine.feel import compile_expression
from engine.lint.juel import feel


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${approved}", "= approved"),
        ("#{approved}", "= approved"),
        (" ${ amount > 5 } ", "= amount > 5"),
        ("${a == 'x' && b != null}", '= a = "x" and b != null'),
        ("${a eq 1 or b ne 2}", "= a = 1 or b != 2"),
        ("${a gt 1 and b le 2}", "= a > 1 and b <= 2"),
        ("${execution.getVariable('x') ge 2}", "= x >= 2"),
        ("${a + 1 * (2 - b)}", "= a + 1 * (2 - b)"),
        ("${(a || b) && c}", "= (a or b) and c"),
        ("${a ? 'x' : 'y'}", '= if a then "x" else "y"'),
        ("${order.total div 2}", "= order.total / 2"),
        ("intake:${unit}", '= "intake:" + string(unit)'),
    ],
)
def test_what_is_simple_is_said_in_feel(written: str, expected: str) -> None:
    assert feel(written) == expected


@pytest.mark.parametrize(
    ("written", "variables", "expected"),
    [
        ("${!approved}", {"approved": True}, False),
        ("${!approved}", {"approved": False}, True),
        ("${!approved}", {}, True),  # what is missing is no
        ("${!approved}", {"approved": "yes"}, True),  # and so is what is neither yes nor no
        ("${empty a || !a}", {"a": {}}, True),
        ("${not (a && b)}", {"a": True}, True),
        ("${!(a > 5)}", {}, True),
        ("${empty a}", {}, True),
        ("${empty a}", {"a": ""}, True),
        ("${empty a}", {"a": []}, True),
        ("${!empty a}", {"a": [1]}, True),
        ("${!empty a}", {"a": "x"}, True),
        ("${a % 2 == 0}", {"a": 4}, True),
        ("${-a < 0}", {"a": 4}, True),
        ("${a - b - c == 1}", {"a": 6, "b": 3, "c": 2}, True),
        ("${8 / 4 / 2 == 1}", {}, True),
        ("${a == 'it is' || a == \"so\"}", {"a": "so"}, True),
    ],
)
def test_it_means_the_same(written: str, variables: dict[str, object], expected: object) -> None:
    said = feel(written)
    assert said is not None
    assert compile_expression(said)(variables) is expected


@pytest.mark.parametrize(
    "written",
    [
        "approved",
        "${}",
        "${bean.go(x)}",
        "${x.size() > 0}",
        "${'a' + b}",
        "${a b}",
        "${a = 1}",
        "${a == 1 == b}",
        "${if}",
        "${some x}",
        "${a['b']}",
        "${a -> a}",
        '${a == "\\n"}',
        'say "${x}"',
        "${" + "(" * 50 + "a" + ")" * 50 + "}",
        "${" + "a and " * 500 + "a}",
    ],
)
def test_what_is_not_simple_is_left_alone(written: str) -> None:
    assert feel(written) is None
