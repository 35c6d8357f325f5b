"""Decisions that need others, functions they share, and boxed expressions."""

from __future__ import annotations

import pytest

from engine.dmn import parse
from engine.feel import FeelLimit, Json
from tests.engine.dmn.models import NAMESPACE, decision, given, knowledge, literal, model, table


def decide(key: str, *parts: str, **context: object) -> Json:
    """What one decision of a model says."""
    return parse(model(*parts))[key].evaluate(context)


def test_required_decisions_are_made_first() -> None:
    parts = (
        given("age"),
        decision("rate", literal('if Risk class = "high" then 3 else 1'), "decision:risk"),
        decision("risk", table("age => class", '> 60 => "high"', '<= 60 => "low"'), "input:age", name="Risk class"),
    )
    assert [decide("rate", *parts, age=age) for age in (70, 30)] == [3, 1]
    assert parse(model(*parts))["rate"].required_inputs == ("age",)


def test_a_decision_required_twice_is_made_once() -> None:
    calls = iter([10, 100])
    parts = (
        decision("top", literal("left + right"), "decision:left", "decision:right"),
        decision("left", literal("base + 1"), "decision:base"),
        decision("right", literal("base + 2"), "decision:base"),
        decision("base", literal("counted()")),
    )
    found = parse(model(*parts), functions={"counted": lambda: next(calls)})["top"]
    assert found.evaluate({}) == 23


def test_a_decision_sees_only_the_decisions_it_requires() -> None:
    parts = (decision("a", literal("1")), decision("b", literal("a")))
    assert decide("b", *parts) is None


def test_inputs_that_do_not_fit_their_type_are_null() -> None:
    allowed = '<itemDefinition name="tSize"><typeRef>string</typeRef><allowedValues><text>"S","M"</text></allowedValues></itemDefinition>'
    parts = (allowed, given("size", kind="tSize"), decision("d", literal("size"), "input:size"))
    assert [decide("d", *parts, size=size) for size in ("S", "XL", 3)] == ["S", None, None]


def test_results_that_do_not_fit_their_type_are_null_and_single_values_are_converted() -> None:
    assert decide("d", decision("d", literal('"x"'), kind="number")) is None
    assert decide("d", decision("d", literal("[5]"), kind="number")) == 5


def test_knowledge_is_called_like_a_function_and_may_use_other_knowledge() -> None:
    parts = (
        knowledge("square", "n", literal("n * n")),
        knowledge("cube", "n", literal("n * square(n)"), "knowledge:square"),
        decision("d", literal("cube(n: 3) + cube(1)"), "knowledge:cube"),
    )
    assert decide("d", *parts) == 28


def test_knowledge_may_be_a_decision_table() -> None:
    parts = (
        knowledge("class", "age", table("age => class", '> 60 => "senior"', '- => "adult"', policy="FIRST")),
        decision("d", literal("for age in ages return class(age)"), "knowledge:class"),
    )
    assert decide("d", *parts, ages=[70, 20]) == ["senior", "adult"]


def test_knowledge_that_calls_itself_without_end_is_stopped() -> None:
    parts = (knowledge("again", "n", literal("again(n + 1)")), decision("d", literal("again(1)"), "knowledge:again"))
    with pytest.raises(FeelLimit):
        decide("d", *parts)


def test_a_boxed_invocation_gives_arguments_by_name() -> None:
    binding = f'<binding><parameter name="n"/>{literal("4")}</binding>'
    parts = (
        knowledge("square", "n", literal("n * n")),
        decision("d", f"<invocation>{literal('square')}{binding}</invocation>", "knowledge:square"),
    )
    assert decide("d", *parts) == 16


def entry(name: str, logic: str) -> str:
    return f'<contextEntry><variable name="{name}"/>{logic}</contextEntry>'


def test_a_boxed_context_is_a_context_or_the_value_of_its_last_entry() -> None:
    entries = entry("base fee", literal("10")) + entry("total", literal("base fee * 2"))
    result = f"<contextEntry>{literal('total + 1')}</contextEntry>"
    assert decide("d", decision("d", f"<context>{entries}</context>")) == {"base fee": 10, "total": 20}
    assert decide("d", decision("d", f"<context>{entries}{result}</context>")) == 21


def test_boxed_lists_relations_and_functions() -> None:
    listed = f"<list>{literal('1')}{literal('n')}</list>"
    rows = f"<row>{literal('1')}{literal('n')}</row>"
    relation = f'<relation><column name="a"/><column name="b"/>{rows}</relation>'
    function = f'<functionDefinition><formalParameter name="x"/>{literal("x + n")}</functionDefinition>'
    used = f"<context>{entry('f', function)}<contextEntry>{literal('f(1)')}</contextEntry></context>"
    found = [decide("d", decision("d", logic), n=5) for logic in (listed, relation, used)]
    assert found == [[1, 5], [{"a": 1, "b": 5}], 6]


def test_boxed_branches_loops_and_filters() -> None:
    branch = (
        f"<conditional><if>{literal('n > 1')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>"
    )
    loop = f'<for iteratorVariable="x"><in>{literal("xs")}</in><return>{literal("x * n")}</return></for>'
    every = f'<every iteratorVariable="x"><in>{literal("xs")}</in><satisfies>{literal("x < n")}</satisfies></every>'
    some = f'<some iteratorVariable="x"><in>{literal("xs")}</in><satisfies>{literal("x = n")}</satisfies></some>'
    kept = f"<filter><in>{literal('reports')}</in><match>{literal('priority > n')}</match></filter>"
    context = {"n": 2, "xs": [1, 2], "reports": [{"priority": 1}, {"priority": 3}]}
    found = [decide("d", decision("d", logic), **context) for logic in (branch, loop, every, some, kept)]
    assert found == [1, [2, 4], False, True, [{"priority": 3}]]


def test_a_decision_service_is_called_with_its_inputs() -> None:
    service = (
        '<decisionService id="s" name="s"><outputDecision href="#top"/><inputDecision href="#base"/></decisionService>'
    )
    parts = (
        decision("base", literal("1")),
        decision("top", literal("base * 2"), "decision:base"),
        decision("d", literal("s(21)"), "knowledge:s"),
        service,
    )
    assert decide("d", *parts) == 42


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        NAMESPACE,
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
    ],
)
def test_all_editions_of_the_standard_are_read(namespace: str) -> None:
    xml = model(decision("d", literal("1 + 1")), namespace=namespace)
    assert parse(xml)["d"].evaluate({}) == 2
