"""What cannot be read is refused at once, with the place and what was expected there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import FeelError, FeelSyntaxError, compile_expression, compile_unary_tests, to_json

WORDS = st.sampled_from(
    [
        "a",
        "b",
        "1",
        "2.5",
        '"x"',
        "+",
        "-",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "..",
        ":",
        "?",
        "@",
        "and",
        "or",
        "not",
        "in",
        "between",
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "function",
        "instance",
        "of",
        "null",
        "true",
        "false",
        "date",
        "time",
        "duration(",
        "count(",
        '@"P1D"',
        "list<",
        "number",
        "->",
        "external",
        "==",
    ]
)


@pytest.mark.parametrize(
    ("source", "position", "words"),
    [
        ("a +", 3, "expected a value but found the end"),
        ("(a", 2, 'expected ")"'),
        ("a b", 2, 'found "b"'),
        ("a == 3", 2, 'write "="'),
        ("flag = True", 7, 'write "true"'),
        ("not a", 0, "not(...)"),
        ("a && b", 2, '"and"'),
        ("a || b", 2, '"or"'),
        ("!a", 0, "not(...)"),
        ("'x'", 0, "double quotes"),
        ("\u201cx\u201d", 0, "straight quotes"),
        ('a = "x', 4, "no closing quote"),
        ("a \u2265 3", 2, '">="'),
        ("if a then b", 11, '"else"'),
        ("for x in xs", 11, '"return"'),
        ("some x in xs", 12, '"satisfies"'),
        ("[1..", 4, "a value"),
        ("[1..2", 5, '"]"'),
        ("{a 1}", 1, "name of an entry"),
        ("open(1)", 0, 'no function "open"'),
        ("upper caes(a)", 6, 'found "caes"'),
        ('contain("a", "b")', 0, 'did you mean "contains"'),
        ('contains("a")', 0, "takes (string, match)"),
        ('substring(text: "a", start position: 1)', 0, "takes (string, start position, length?)"),
        ("a instance of thing", 14, "a type"),
        ('@"tomorrow"', 1, "no date"),
        ("1e99999", 0, "too large"),
        ("? + 1", 0, "decision table cell"),
        ("", 0, "a value"),
        ("= ", 2, "a value"),
    ],
)
def test_a_mistake_is_named_with_its_place(source: str, position: int, words: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(source)
    assert (caught.value.position, words in caught.value.message) == (position, True), caught.value.message


def test_a_call_that_does_not_fit_a_function_of_the_house_is_refused() -> None:
    with pytest.raises(FeelSyntaxError, match="deadline"):
        compile_expression("deadline()", {"deadline": lambda kind: kind})


def test_functions_in_other_languages_are_refused() -> None:
    with pytest.raises(FeelSyntaxError, match="external"):
        compile_expression('function(n) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}')


def refusal(attempt: Callable[[], object]) -> str:
    """The message of what went wrong; any other exception than a `FeelError` fails the test."""
    try:
        attempt()
    except FeelError as problem:
        return problem.message or "no message"
    return ""


@given(st.text(max_size=60))
def test_any_text_is_either_read_or_refused(source: str) -> None:
    assert refusal(lambda: compile_expression(source)) != "no message"
    assert refusal(lambda: compile_unary_tests(source)) != "no message"


@given(st.lists(WORDS, max_size=14))
def test_any_row_of_words_is_refused_or_gives_a_value_or_a_limit(words: list[str]) -> None:
    source = " ".join(words)
    context = {"a": 1, "b": [1, "x", None]}
    assert refusal(lambda: to_json(compile_expression(source)(context))) != "no message"
    assert refusal(lambda: compile_unary_tests(source).matches(1, context)) != "no message"


@pytest.mark.parametrize("source", ["not", "not not", "not,", "not(", "not)", "not()"])
def test_a_not_without_its_brackets_is_a_mistake_and_no_crash(source: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(source)
