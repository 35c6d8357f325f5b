"""Numbers are decimals of 34 digits; an operation without a result gives null."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import compile_expression
from engine.feel.limits import NUMBERS
from tests.engine.feel.asking import value

NUMBER = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)


@given(NUMBER, NUMBER)
def test_arithmetic_agrees_with_decimals_of_34_digits(a: Decimal, b: Decimal) -> None:
    assert value("a + b", a=a, b=b) == NUMBERS.add(a, b)
    assert value("a - b", a=a, b=b) == NUMBERS.subtract(a, b)
    assert value("a * b", a=a, b=b) == NUMBERS.multiply(a, b)
    assert value("a / b", a=a, b=b) == (NUMBERS.divide(a, b) if b else None)


@given(NUMBER, NUMBER)
def test_comparisons_agree_with_those_of_decimals(a: Decimal, b: Decimal) -> None:
    assert value("[a < b, a <= b, a > b, a >= b, a = b, a != b]", a=a, b=b) == [
        a < b,
        a <= b,
        a > b,
        a >= b,
        a == b,
        a != b,
    ]


@given(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6).filter(bool))
def test_modulo_has_the_sign_of_the_divisor(a: int, b: int) -> None:
    assert value("modulo(a, b)", a=a, b=b) == a % b


@given(NUMBER)
def test_a_number_written_as_text_reads_back_the_same(a: Decimal) -> None:
    assert value("number(string(a)) = a", a=a) is True


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 / 4", "2.5"),
        ("2 ** 3 ** 2", 64),
        ("-3 ** 2", 9),
        ("2 ** -2", "0.25"),
        ("--5", 5),
        ("1.5e2", 150),
        (".5 + .5", 1),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("0.1 + 0.2", "0.3"),
        ("decimal(2.5, 0)", 2),
        ("decimal(1/3, 2)", "0.33"),
        ("floor(-1.5)", -2),
        ("ceiling(-1.5)", -1),
        ("round up(5.21, 1)", "5.3"),
        ("round down(-5.29, 1)", "-5.2"),
        ("round half up(-5.5, 0)", -6),
        ("round half down(5.5, 0)", 5),
        ("round half up(1250, -2)", 1300),
        ("sqrt(16)", 4),
        ("exp(0)", 1),
        ("log(1)", 0),
        ("abs(-7)", 7),
        ("sum([1, 2, 3])", 6),
        ("sum(1, 2, 3)", 6),
        ("mean([1, 2, 3, 6])", 3),
        ("median([8, 2, 5, 3, 4])", 4),
        ("median([6, 1, 2, 3])", "2.5"),
        ("stddev([1, 3])", "1.414213562373095048801688724209698"),
        ("product([2, 3, 4])", 24),
        ("min([3, 1, 2])", 1),
        ("max(3, 1, 2)", 3),
    ],
)
def test_a_calculation_gives_the_exact_number(source: str, expected: int | str) -> None:
    assert value(source) == Decimal(expected)


@pytest.mark.parametrize(
    "source",
    [
        "1 / 0",
        "0 / 0",
        '1 + "1"',
        "null + 1",
        "true + 1",
        "sqrt(-1)",
        "log(0)",
        "modulo(1, 0)",
        "10 ** 7000",
        "9 ** 387420489",
        "1e6144 * 10",
        'abs("1")',
        "abs(null)",
        "odd(1.5)",
        "stddev([1])",
        "sum([])",
        'sum([1, "2"])',
        "mode([1, null])",
        "round up(5.5, 6177)",
        'number("1 000,5", ".", ",")',
        'number("12a")',
    ],
)
def test_what_has_no_number_as_result_is_null(source: str) -> None:
    assert compile_expression(source)({}) is None


def test_odd_and_even_know_negative_and_large_numbers() -> None:
    assert value("[odd(-3), even(-3), odd(10 ** 30), even(10 ** 30)]") == [True, False, False, True]


def test_the_most_frequent_numbers_come_in_ascending_order() -> None:
    assert value("mode([6, 1, 9, 6, 1])") == [1, 6]


def test_text_becomes_a_number_with_the_signs_it_uses() -> None:
    assert value('number("1.234.567,89", ".", ",")') == Decimal("1234567.89")
    assert value('number("1 000", " ", null)') == 1000
