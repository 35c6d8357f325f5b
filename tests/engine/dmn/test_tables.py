"""Decision tables: every hit policy, and what happens when rules contradict each other."""

from __future__ import annotations

import pytest

from engine.dmn import DecisionError, parse
from engine.feel import Json
from tests.engine.dmn.models import decision, model, table


def decide(logic: str, **context: object) -> Json:
    """What a table says for these values."""
    return parse(model(decision("d", logic)))["d"].evaluate(context)


ROUTES = table(
    "category | priority => unit | days",
    '"pothole" | >= 3 => "roads" | 2',
    '"pothole" | < 3 => "roads" | 10',
    '"lamp", "cable" | - => "lighting" | 5',
    policy="FIRST",
)


@pytest.mark.parametrize(
    ("category", "priority", "expected"),
    [
        ("pothole", 3, {"unit": "roads", "days": 2}),
        ("pothole", 1, {"unit": "roads", "days": 10}),
        ("cable", None, {"unit": "lighting", "days": 5}),
        ("tree", 1, None),
        ("pothole", None, None),
    ],
)
def test_a_table_says_what_its_matching_rule_says(category: str, priority: int | None, expected: object) -> None:
    assert decide(ROUTES, category=category, priority=priority) == expected


def test_a_decision_knows_its_outputs_and_what_it_has_to_be_given() -> None:
    found = parse(model(decision("d", ROUTES, name="Routes")))["d"]
    assert (found.id, found.name, found.outputs, found.required_inputs) == (
        "d",
        "Routes",
        ("unit", "days"),
        ("category", "priority"),
    )


def test_one_output_is_a_plain_value() -> None:
    assert decide(table("n => size", '< 10 => "small"', '>= 10 => "large"'), n=3) == "small"


def test_two_rules_of_a_unique_table_may_not_match_at_once() -> None:
    logic = table("n => size", '< 10 => "small"', '> 20 => "huge"', '> 5 => "large"')
    assert decide(logic, n=3) == "small"
    with pytest.raises(DecisionError, match="d: rules 1 and 3 match at the same time"):
        decide(logic, n=7)


def test_rules_of_an_any_table_may_match_at_once_when_they_agree() -> None:
    logic = table("n => size", '< 10 => "small"', '< 5 => "small"', '< 2 => "tiny"', policy="ANY")
    assert decide(logic, n=3) == "small"
    with pytest.raises(DecisionError, match="rules 1, 2 and 3"):
        decide(logic, n=1)


def test_the_first_rule_wins_in_a_first_table() -> None:
    assert decide(table("n => size", '< 10 => "small"', '< 5 => "tiny"', policy="FIRST"), n=1) == "small"


RISKS = ('> 0 => "low"', '> 10 => "high"', '> 5 => "middle"')


def test_the_most_important_output_wins_in_a_priority_table() -> None:
    logic = table("n => risk", *RISKS, policy="PRIORITY", values='"high", "middle", "low"')
    assert [decide(logic, n=n) for n in (20, 7, 1)] == ["high", "middle", "low"]


def test_output_order_gives_all_by_importance_and_rule_order_all_as_drawn() -> None:
    by_importance = table("n => risk", *RISKS, policy="OUTPUT ORDER", values='"high", "middle", "low"')
    as_drawn = table("n => risk", *RISKS, policy="RULE ORDER")
    assert decide(by_importance, n=20) == ["high", "middle", "low"]
    assert decide(as_drawn, n=20) == ["low", "high", "middle"]


@pytest.mark.parametrize(
    ("aggregation", "expected", "of_none"),
    [("", [1, 2, 2], []), ("SUM", 5, None), ("COUNT", 3, 0), ("MIN", 1, None), ("MAX", 2, None)],
)
def test_collected_outputs_are_listed_or_summed_up(aggregation: str, expected: object, of_none: object) -> None:
    logic = table("n => points", "> 0 => 1", "> 1 => 2", "> 2 => 2", policy="COLLECT", aggregation=aggregation)
    assert decide(logic, n=9) == expected
    assert decide(logic, n=0) == of_none


def test_the_default_output_counts_when_no_rule_matches() -> None:
    assert decide(table("n => size", '< 10 => "small"', default='"large"'), n=99) == "large"


def test_outputs_may_be_expressions_and_empty_ones_are_null() -> None:
    logic = table("n => double | note", "- => n * 2 | -")
    assert decide(logic, n=21) == {"double": 42, "note": None}


def test_cells_may_refer_to_other_variables_and_to_functions_of_the_house() -> None:
    logic = table("area => unit", "is near(?, limit) => place_unit", '- => "ioc"', policy="FIRST")
    functions = {"is near": lambda area, limit: area == limit}
    found = parse(model(decision("d", logic)), functions=functions)["d"]
    assert found.evaluate({"area": "w1", "limit": "w1", "place_unit": "ward-1"}) == "ward-1"
    assert found.evaluate({"area": "w2", "limit": "w1", "place_unit": "ward-1"}) == "ioc"
    assert set(found.required_inputs) == {"area", "limit", "place_unit"}


def test_results_are_json() -> None:
    logic = table("n => due | share", '- => date("2026-11-20") + duration("P1D") | 1 / 4')
    assert decide(logic) == {"due": "2026-11-21", "share": 0.25}
