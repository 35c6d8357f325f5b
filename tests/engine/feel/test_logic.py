"""Truth has three values: true, false, and null for what is not known."""

from __future__ import annotations

from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.feel.asking import value

Truth: TypeAlias = bool | None
TRUTH = st.sampled_from([True, False, None])
ANYTHING = st.one_of(TRUTH, st.integers(-3, 3), st.text(max_size=2))


@given(ANYTHING, ANYTHING)
def test_and_or_do_not_care_for_order(a: object, b: object) -> None:
    assert value("a and b", a=a, b=b) == value("b and a", a=a, b=b)
    assert value("a or b", a=a, b=b) == value("b or a", a=a, b=b)


@given(TRUTH, TRUTH)
def test_de_morgan_holds_in_three_values(a: Truth, b: Truth) -> None:
    assert value("not(a and b)", a=a, b=b) == value("not(a) or not(b)", a=a, b=b)
    assert value("not(a or b)", a=a, b=b) == value("not(a) and not(b)", a=a, b=b)


@given(TRUTH, TRUTH, TRUTH)
def test_and_distributes_over_or(a: Truth, b: Truth, c: Truth) -> None:
    assert value("a and (b or c)", a=a, b=b, c=c) == value("(a and b) or (a and c)", a=a, b=b, c=c)


@given(TRUTH, TRUTH, TRUTH)
def test_a_chain_is_the_same_as_its_brackets(a: Truth, b: Truth, c: Truth) -> None:
    assert value("a and b and c", a=a, b=b, c=c) == value("a and (b and c)", a=a, b=b, c=c)
    assert value("a or b or c", a=a, b=b, c=c) == value("a or (b or c)", a=a, b=b, c=c)


def test_the_tables_of_and_and_or_are_those_of_the_standard() -> None:
    known = {
        (a, b): (value("a and b", a=a, b=b), value("a or b", a=a, b=b))
        for a, b in product([True, False, None], repeat=2)
    }
    assert known == {
        (True, True): (True, True),
        (True, False): (False, True),
        (True, None): (None, True),
        (False, True): (False, True),
        (False, False): (False, False),
        (False, None): (False, None),
        (None, True): (None, True),
        (None, False): (False, None),
        (None, None): (None, None),
    }


@given(st.lists(TRUTH, max_size=5))
def test_some_and_every_are_or_and_and_over_a_list(xs: list[Truth]) -> None:
    assert value("some x in xs satisfies x", xs=xs) is (True if True in xs else None if None in xs else False)
    assert value("every x in xs satisfies x", xs=xs) is (False if False in xs else None if None in xs else True)


@given(st.lists(TRUTH, max_size=5))
def test_any_and_all_agree_with_some_and_every(xs: list[Truth]) -> None:
    assert value("any(xs)", xs=xs) == value("some x in xs satisfies x", xs=xs)
    assert value("all(xs)", xs=xs) == value("every x in xs satisfies x", xs=xs)


@pytest.mark.parametrize("source", ["true and 1", 'true and "true"', 'not("x")', "not(0)", "not(null)", "0 or false"])
def test_what_is_no_truth_value_counts_as_unknown(source: str) -> None:
    assert value(source) is None


def test_null_chooses_the_other_branch_and_other_values_choose_none() -> None:
    assert value("if null then 1 else 2") == 2
    assert value('if "yes" then 1 else 2') is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("null = null", True),
        ("1 = null", False),
        ("1 != null", True),
        ('1 = "1"', None),
        ("true = 1", None),
        ("[1, [2]] = [1.0, [2.00]]", True),
        ("[1, 2] = [2, 1]", False),
        ('[1] = ["1"]', False),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("{a: 1} = {a: 1, b: null}", False),
        ("[1..3] = [1..3]", True),
        ("[1..3] = [1..3)", False),
        ("1 < null", None),
        ('1 < "2"', None),
        ("true < false", None),
    ],
)
def test_equality_knows_kinds_and_null(source: str, expected: Truth) -> None:
    assert value(source) is expected


def test_between_includes_both_ends_and_leaves_and_to_its_neighbour() -> None:
    assert value("1 between 1 and 3 and 3 between 1 and 3") is True
    assert value("x between 1 and 3") is None
