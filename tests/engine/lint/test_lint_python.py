"""What looks like Python in FEEL: it means the same, or is left alone."""

from __future__ import annotations

import pytest

from engine.lint import python, xpath
from engine.lint.normalising import normalise
from tests.engine import drawing as d
from tests.engine.lint.asking import choice, row, rules


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("kind == 'road'", '= kind = "road"'),
        ("done == True", "= done = true"),
        ("a == None and b != 'x'", '= a = null and b != "x"'),
        ('report.kind == "road"', '= report.kind = "road"'),
        ("False", "= false"),
        ("a + 1 == 2", "= a + 1 = 2"),
    ],
)
def test_a_simple_condition_is_said_in_feel(written: str, expected: str) -> None:
    assert python.condition(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "kind = 'road'", "= kind == 'road'", "a > 1", "a[0] == 'x'", "a == 'x' if b else c", "'x' in a == True",
        "len(a) == 1", "a.lower() == 'x'", "'a'.upper() == x", "not a == 'x'", "a == 'it\\'s'", "1 < a == 2", "a // 2 == 1",
        "'a' * 3 == b", "a == f'x'", "lambda: a == 1", "a == 'x' #", "__import__('os').system('true') == 0", "(" * 3000 + "== 'x'",
        "x" * 2_000 + " == 'x'", "a ==", "",
    ],
)  # fmt: skip
def test_what_may_mean_something_else_is_left_alone(written: str) -> None:
    assert python.condition(written) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a = 'x'\nb = True", 'a = "x"\nb = true'),
        ("# why\na = 1\n\nb = a + 1", "// why\na = 1\n\nb = a + 1"),
        ("names = [\"a\", 'b']", 'names = ["a", "b"]'),
    ],
)
def test_assignments_are_said_in_feel(written: str, expected: str) -> None:
    assert python.script(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "import os",
        "a = b or 'x'",
        "a = 1\nprint(a)",
        "if a:\n    b = 1",
        "a = b[0]",
        "a += 1",
        "a = open('x')",
        "a.b = 1",
        "a = b = 1",
    ],
)
def test_a_script_with_anything_else_in_it_is_left_alone(written: str) -> None:
    assert python.script(written) is None


def test_a_script_in_feel_is_not_touched() -> None:
    assert python.script_without_language('a = "x"\nb = names[1]') is None
    assert python.script_without_language("a = 'x'") == 'a = "x"'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("timedelta(seconds=30)", '"PT30S"'),
        ("datetime.timedelta( days = 2 )", '"P2D"'),
        ("timedelta(hours=1, minutes=2)", None),
        ("timedelta(seconds=x)", None),
        ("timedelta(30)", None),
        ("timedelta(seconds=-1)", None),
    ],
)
def test_a_duration_is_said_as_one(written: str, expected: str | None) -> None:
    assert python.duration(written) == expected


def test_what_is_said_in_feel_is_told_and_runs() -> None:
    script = '<bpmn:scriptTask id="a" scriptFormat="python"><bpmn:script>x = \'road\'</bpmn:script></bpmn:scriptTask>'
    for drawn in (
        row(script),
        choice("kind == 'road'"),
        row(d.catch("a", d.timer("timeDuration", "timedelta(minutes=5)"))),
    ):
        done = normalise({"demo.bpmn": drawn})["demo.bpmn"]
        assert [one.rule for one in done.rewrites] == ["expression-translated"]
        assert not rules(done.content) - {"task-without-public-step"}


def test_a_program_stays_refused() -> None:
    script = '<bpmn:scriptTask id="a" scriptFormat="python"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>'
    assert rules(row(script)) == {"script-language"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("bpmn:getDataObject('clarified') = 'yes'", '= clarified = "yes"'),
        ("getDataObject('approved')", "= approved"),
        ('a:getDataObject("n") > 3 and b:getDataObject("m") != 4', "= n > 3 and m != 4"),
        ("bpmn:getDataObject('a')/b = 'x'", None),
        ("count(bpmn:getDataObject('a')) = 1", None),
        ("bpmn:getDataObject('a b') = 1", None),
        ("bpmn:getDataObject('a')[1] = 1", None),
        ("approved = 'x'", None),
    ],
)
def test_data_objects_of_the_standard_are_variables(written: str, expected: str | None) -> None:
    assert xpath.condition(written) == expected
