"""Tests of one value, as they stand in decision table cells."""

from __future__ import annotations

from datetime import date

import pytest

from engine.feel import FeelSyntaxError, compile_unary_tests
from tests.engine.feel.asking import passes


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ('"pothole"', "pothole", "tree"),
        ('"a", "b"', "b", "c"),
        ('not("a", "b")', "c", "a"),
        (">= 3", 3, 2),
        ("< 2, > 8", 9, 5),
        ("[1..5)", 1, 5),
        ("]1..5]", 5, 1),
        ("not([1..5])", 6, 5),
        ("-5", -5, 5),
        ("= 5", 5, 6),
        ("!= 5", 6, 5),
        ("true", True, False),
        ("false", False, True),
        ("null", None, 1),
        ("not(null)", 1, None),
        ("? > 2 and ? < 5", 3, 5),
        ("odd(?)", 3, 4),
        ('starts with(?, "ward-")', "ward-1", "room-1"),
        ('list contains(?, "photo")', ["photo"], ["text"]),
        ("[1, 2]", 2, 3),
        ("limit", 7, 8),
        ("> limit", 8, 7),
        ("[limit..limit + 1]", 8, 9),
        ("units", "b", "c"),
        ("not(flag)", False, True),
        ('date("2026-11-20")', date(2026, 11, 20), date(2026, 11, 21)),
        ('< date("2026-11-20"), null', date(2026, 11, 19), date(2026, 11, 20)),
    ],
)
def test_a_cell_lets_pass_what_it_says_and_nothing_else(cell: str, yes: object, no: object) -> None:
    context = {"limit": 7, "units": ["a", "b"], "flag": True}
    assert (passes(cell, yes, **context), passes(cell, no, **context)) == (True, False)


@pytest.mark.parametrize("cell", ["-", "", "  "])
def test_an_open_cell_lets_everything_pass(cell: str) -> None:
    assert compile_unary_tests(cell).accepts_all
    assert all(passes(cell, tested) for tested in (None, 1, "x", [1]))


@pytest.mark.parametrize("cell", ["> 3", "not(> 3)", "[1..5]", "true", '"null"', "? > 3"])
def test_what_is_not_known_does_not_pass(cell: str) -> None:
    assert passes(cell, None) is False


def test_a_value_of_another_kind_passes_neither_a_test_nor_its_opposite() -> None:
    assert passes("> 3", "x") is False
    assert passes("not(> 3)", "x") is False


def test_a_condition_on_other_variables_decides_for_any_value() -> None:
    assert passes("count(photos) > 0", "pothole", photos=[1]) is True
    assert passes("count(photos) > 0", "pothole", photos=[]) is False


def test_not_may_also_begin_an_expression() -> None:
    assert passes("not(a) and b", tested=True, a=False, b=True) is True


def test_a_cell_names_the_variables_it_reads() -> None:
    assert compile_unary_tests("> limit, ? = other").names == {"limit", "other"}


@pytest.mark.parametrize("cell", ['"a" "b"', "not(1", "1,", "> > 1", "[1..", "== 3", ", 1"])
def test_a_cell_that_cannot_be_read_is_refused(cell: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(cell)


@pytest.mark.parametrize(
    ("cell", "tested", "expected"),
    [
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ('"a", "b"', 1, False),
        ('"a", "b"', None, False),
        ('"a", "b"', ["a"], False),
        ("1, 2.0, 3", 2, True),
        ('1, "a"', "a", True),
        ("1, null", None, True),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "a", False),
        ('not("a", "b")', None, True),
        ('not("a", "b")', 1, False),
        ("not(1)", 1, False),
        ("not(1)", 2, True),
        ('not("a")', 1, False),
    ],
)
def test_several_constants_say_what_each_alone_would(cell: str, tested: object, *, expected: bool) -> None:
    assert passes(cell, tested) is expected
    alone = [compile_unary_tests(one).matches(tested, {}) for one in cell.removeprefix("not(").rstrip(")").split(",")]
    if not cell.startswith("not("):
        assert any(alone) is expected
