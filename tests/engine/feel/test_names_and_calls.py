"""Names of several words, functions with named arguments, functions of the house, types."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.feel import Function, compile_expression
from tests.engine.feel.asking import value


def test_names_with_spaces_and_signs_are_found_when_they_are_known() -> None:
    names = ["loan amount", "Loan-to-value", "person's age", "diện tích (m2)"]
    context = {"loan amount": 5, "Loan-to-value": 2, "person's age": 40, "Loan": 100, "to": 1, "value": 1}
    assert compile_expression("loan amount * Loan-to-value + person's age", {}, names)(context) == 50
    assert compile_expression("Loan - to - value")(context) == 98


def test_the_longest_known_name_wins() -> None:
    context = {"unit": "a", "unit code": "b"}
    assert compile_expression("unit code", {}, ["unit", "unit code"])(context) == "b"


def test_vietnamese_names_are_the_same_however_their_letters_are_composed() -> None:
    composed, decomposed = "\u0111\u01b0\u1eddng", "\u0111\u01b0\u031bo\u031b\u0300ng"
    assert compile_expression(f"{composed} + 1")({composed: 1}) == 2
    assert compile_expression("địa chỉ", {}, ["địa chỉ"])({"địa chỉ": "1 Hùng Vương"}) == "1 Hùng Vương"
    assert decomposed != composed


def test_an_expression_names_the_variables_it_reads() -> None:
    source = "for x in reports return if x.priority > limit then {a: base, b: a} else [1][item = 2]"
    assert compile_expression(source).names == {"reports", "limit", "base"}


def test_absent_variables_are_null() -> None:
    assert value("missing") is None
    assert value("missing.part.of") is None


def test_paths_lead_into_nested_data_and_nowhere_else() -> None:
    context = {"report": {"contact": {"email": "lan@example.org"}, "tags": [{"n": 1}, {"n": 2}]}}
    assert compile_expression("report.contact.email")(context) == "lan@example.org"
    assert compile_expression("report.tags.n")(context) == [1, 2]
    for source in ("report.__class__", "report.contact.email.upper", "report.keys", "report.tags.append"):
        found = compile_expression(source)(context)
        assert found in (None, [None, None])


def test_a_function_of_the_house_is_called_with_values_in_order_or_by_name() -> None:
    def add_days(start: Decimal, days: Decimal = Decimal(1)) -> int:
        return int(start + days)

    functions = {"add days": add_days}
    assert compile_expression("add days(1, 2) + 1", functions)({}) == 4
    assert compile_expression("add days(days: 5, start: x)", functions)({"x": 2}) == 7
    assert compile_expression("add days(1)", functions)({}) == 2


def test_what_a_function_of_the_house_returns_becomes_a_value() -> None:
    functions = {"due": lambda: {"in": timedelta(days=1), "steps": (1, 2.5)}}
    assert compile_expression("due()", functions)({}) == {"in": timedelta(days=1), "steps": [1, Decimal("2.5")]}


def test_the_same_source_with_other_functions_is_compiled_anew() -> None:
    one = compile_expression("f()", {"f": lambda: 1})
    other = compile_expression("f()", {"f": lambda: 2})
    assert (one({}), other({})) == (1, 2)


def test_the_same_source_is_compiled_once() -> None:
    functions = {"f": lambda: 1}
    assert compile_expression("f() + 1", functions) is compile_expression("f() + 1", functions)


def test_a_variable_named_like_a_function_does_not_hide_it() -> None:
    assert compile_expression("count(xs) + count", {}, ["count", "xs"])({"xs": [1, 2], "count": 5}) == 7


def test_a_function_value_in_a_variable_can_be_called() -> None:
    double = Function(("n",), lambda arguments: [*arguments, *arguments])
    assert compile_expression("double(3)", {}, ["double"])({"double": double}) == [3, 3]
    assert compile_expression("double(n: 3)", {}, ["double"])({"double": double}) == [3, 3]
    assert compile_expression("double(m: 3)", {}, ["double"])({"double": double}) is None


def test_function_definitions_remember_the_names_around_them() -> None:
    assert value("{limit: 3, above: function(n) n > limit, r: [above(2), above(4)]}.r") == [False, True]
    assert value("(function(a, b) a - b)(b: 1, a: 10)") == 9


def test_declared_parameters_refuse_other_kinds_and_convert_single_values() -> None:
    assert value('(function(a: number) a + 1)("x")') is None
    assert value("(function(a: list<number>) count(a))(5)") == 1
    assert value("(function(a: number) a + 1)([5])") == 6


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 instance of number", True),
        ("-1 instance of number", True),
        ('"1" instance of number', False),
        ("null instance of Any", False),
        ("null instance of Null", True),
        ("[1, 2] instance of list<number>", True),
        ('[1, "2"] instance of list<number>', False),
        ('{a: 1, b: "x"} instance of context<a: number>', True),
        ("{b: 1} instance of context<a: number>", False),
        ("[1..2] instance of range<number>", True),
        ('@"P1D" instance of days and time duration', True),
        ('@"P1Y" instance of days and time duration', False),
        ('@"2026-11-20T00:00:00" instance of date', False),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ("(function(a: number) a) instance of function<number, number> -> Any", False),
    ],
)
def test_instance_of_knows_kinds_with_their_parts(source: str, expected: object) -> None:
    assert value(source) is expected


def test_a_call_that_can_only_give_null_is_noted() -> None:
    assert compile_expression('due > date("20/11/2026")').notes == ('date("20/11/2026") is always null (at 7)',)
    assert compile_expression('due > date("2026-11-20")').notes == ()


def test_comments_mean_nothing() -> None:
    assert value("1 + /* two */ 2 // three") == 3
