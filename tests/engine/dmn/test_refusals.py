"""What a decision model may not be, said before the first case comes, with every problem named."""

from __future__ import annotations

import pytest

from engine.dmn import parse
from engine.errors import Invalid, Problem
from tests.engine.dmn.models import decision, knowledge, literal, model, table


def problems(xml: bytes) -> list[Problem]:
    with pytest.raises(Invalid) as caught:
        parse(xml)
    return caught.value.problems


def codes(xml: bytes) -> dict[str, str]:
    """The code of each problem by its place."""
    return {problem.where: problem.code for problem in problems(xml)}


def test_all_wrong_cells_are_named_with_rule_and_column_at_once() -> None:
    logic = table("category | n => unit", '"a" | > > 3 => "x"', '"b" | == 3 => open("x")', '"c" | 1 => "y"')
    found = problems(model(decision("routing", logic)))
    assert [(one.where, one.code) for one in found] == [
        ("routing/rule 1/input n", "expression"),
        ("routing/rule 2/input n", "expression"),
        ("routing/rule 2/output unit", "expression"),
    ]
    assert 'write "="' in found[1].message
    assert found[2].params == {"position": 1}


def test_wrong_input_expressions_outputs_and_literals_are_named() -> None:
    logic = table("a + => unit", '- => "x"', default="1 +")
    found = codes(model(decision("d", logic), decision("e", literal("if a"))))
    assert set(found) == {"d/input a +", "d/output unit/default", "e"}


def test_an_unknown_hit_policy_is_refused() -> None:
    assert codes(model(decision("d", table("n => x", "1 => 1", policy="BEST")))) == {"d": "hit_policy"}


def test_priorities_need_output_values() -> None:
    assert codes(model(decision("d", table("n => x", "1 => 1", policy="PRIORITY")))) == {"d": "no_priorities"}


def test_a_rule_with_a_missing_cell_is_refused() -> None:
    assert codes(model(decision("d", table("a | b => x", "1 => 1")))) == {"d/rule 1": "columns"}


def test_a_decision_without_logic_is_refused() -> None:
    assert codes(model(decision("d", ""))) == {"d": "no_logic"}


def test_a_decision_that_requires_itself_is_refused() -> None:
    xml = model(decision("a", literal("b"), "decision:b"), decision("b", literal("a"), "decision:a"))
    assert "cycle" in codes(xml).values()


def test_a_requirement_that_is_not_there_is_refused() -> None:
    assert codes(model(decision("a", literal("1"), "decision:gone"))) == {"a": "missing"}


def test_two_elements_with_one_id_are_refused() -> None:
    assert codes(model(decision("a", literal("1")), decision("a", literal("2")))) == {"a": "twice"}


@pytest.mark.parametrize("language", ["javascript", "groovy", "http://www.java.com/java"])
def test_expressions_in_other_languages_are_refused(language: str) -> None:
    logic = literal("1", expressionLanguage=language)
    assert codes(model(decision("d", logic))) == {"d": "other_language"}


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_functions_of_java_and_pmml_are_refused(kind: str) -> None:
    logic = f'<functionDefinition kind="{kind}">{literal("1")}</functionDefinition>'
    assert codes(model(decision("d", logic))) == {"d": "external_function"}


def test_knowledge_is_compiled_too() -> None:
    assert codes(model(knowledge("k", "n", literal("n +")))) == {"k": "expression"}


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "not_xml"),
        (b"<definitions", "not_xml"),
        (b"<definitions/>", "not_dmn"),
        (
            b'<!DOCTYPE d [<!ENTITY x "1">]><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
            "doctype",
        ),
        (b"<" + b"a" * 1_000_001, "too_large"),
    ],
)
def test_what_is_no_decision_model_is_refused(xml: bytes, code: str) -> None:
    assert [problem.code for problem in problems(xml)] == [code]


def test_entities_and_files_of_the_machine_are_never_read() -> None:
    xml = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + model(decision("d", literal("&x;")))
    with pytest.raises(Invalid):
        parse(xml)


def test_elements_nested_without_end_are_refused() -> None:
    logic = "<list>" * 240 + literal("1") + "</list>" * 240
    with pytest.raises(Invalid):
        parse(model(decision("d", logic)))
