"""Lists, contexts and ranges: building, filtering, looping, and the functions for them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import Range, compile_expression
from tests.engine.feel.asking import value

NUMBERS = st.lists(st.integers(-5, 5), max_size=8)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[10, 20, 30][1]", 10),
        ("[10, 20, 30][-1]", 30),
        ("[10, 20, 30][4]", None),
        ("[10, 20, 30][0]", None),
        ("[10, 20, 30][item > 15]", [20, 30]),
        ("[10, 20, 30][item > 15][1]", 20),
        ("[{n: 1}, {n: 7}][n > 3].n", [7]),
        ("[{item: 1}, {item: 2}][item = 2]", [{"item": 2}]),
        ("100[1]", 100),
        ("null[1]", None),
        ("[][item > 1]", []),
        ("[{a: {b: 1}}, {a: {b: 2}}].a.b", [1, 2]),
        ("for x in [1, 2], y in [x, 10] return x * y", [1, 10, 4, 20]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in [1..4) return i", [1, 2, 3]),
        ("for i in 1..4 return if i = 1 then 1 else i * partial[-1]", [1, 2, 6, 24]),
        ("for x in null return x", None),
        ("for x in 5 return x + 1", [6]),
        ('{a: 1, b: a + 1, "c d": b + 1}.c d', 3),
        ("{for: 1, if: 2}.if", 2),
        ("{a: 1}.b", None),
        ("{a: 1, a: 2}", None),
        ("append([1], 2, [3])", [1, 2, [3]]),
        ("concatenate([1], [2, 3], 4)", [1, 2, 3, 4]),
        ("insert before([1, 3], 2, 2)", [1, 2, 3]),
        ("remove([1, 2, 3], -1)", [1, 2]),
        ("list replace([2, 4, 7], 3, 6)", [2, 4, 6]),
        ("list replace([2, 4, 7], function(old, new) old < new, 5)", [5, 5, 7]),
        ("index of([1, 2, 1], 1)", [1, 3]),
        ("union([1, 2], [2, 3])", [1, 2, 3]),
        ('distinct values([1, 1.0, "1", null, null])', [1, "1", None]),
        ("flatten([1, [2, [3]]])", [1, 2, 3]),
        ("sublist([1, 2, 3, 4], 2, 2)", [2, 3]),
        ("sublist([1, 2, 3], 2, 3)", None),
        ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
        ('sort(["b", "a"])', ["a", "b"]),
        ('sort([1, "a"])', None),
        ("count([1, null])", 2),
        ("list contains([1, null], null)", True),
        ('get value({a: 1}, "a")', 1),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": 1, "c": 2}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
    ],
)
def test_lists_and_contexts_come_out_as_the_standard_says(source: str, expected: object) -> None:
    assert value(source) == expected


@given(NUMBERS)
def test_sorting_gives_the_same_items_in_order(xs: list[int]) -> None:
    assert value("sort(xs, function(x, y) x < y)", xs=xs) == sorted(xs)


@given(NUMBERS)
def test_reversing_twice_changes_nothing(xs: list[int]) -> None:
    assert value("reverse(reverse(xs))", xs=xs) == xs


@given(NUMBERS)
def test_distinct_values_keep_the_first_of_each(xs: list[int]) -> None:
    assert value("distinct values(xs)", xs=xs) == list(dict.fromkeys(xs))


@given(NUMBERS, st.integers(-5, 5))
def test_a_filter_and_its_opposite_share_out_all_items(xs: list[int], limit: int) -> None:
    kept = value("count(xs[item > limit]) + count(xs[item <= limit])", xs=xs, limit=limit)
    assert kept == len(xs)


def test_a_function_does_not_change_the_list_it_is_given() -> None:
    given_list = [3, 1, 2]
    assert value("[append(xs, 4), remove(xs, 1), sort(xs), xs][4]", xs=given_list) == [3, 1, 2]
    assert given_list == [3, 1, 2]


def test_a_filter_sees_members_of_the_item_before_variables_of_the_same_name() -> None:
    found = value(
        "reports[priority > limit].id",
        reports=[{"id": 1, "priority": 5}, {"id": 2, "priority": 1}],
        limit=3,
        priority=0,
    )
    assert found == [1]


def test_an_entry_of_a_context_may_be_a_function_that_calls_itself() -> None:
    assert value("{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(12)}.r") == 144


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("3 in [1..3]", True),
        ("3 in [1..3)", False),
        ("1 in (1..3]", False),
        ("1 in ]1..3]", False),
        ("3 in [1..3[", False),
        ("2 in (1, 2)", True),
        ("2 in (< 2, > 5)", False),
        ("2 in < 5", True),
        ("2 in [[5..6], [1..3]]", True),
        ('"b" in ["a".."c"]', True),
        ("null in [1..3]", None),
        ("2 in [null..3]", None),
        ("4 in (1 + 1) * 2", True),
        ("[1..5].start included", True),
        ("(< 5).start", None),
        ("before([1..5), 5)", True),
        ("after(5, [1..5))", True),
        ("meets([1..5], [5..9])", True),
        ("met by([5..9], [1..5])", True),
        ("overlaps([1..5], [5..9])", True),
        ("overlaps([1..5), [5..9])", False),
        ("overlaps before([1..5], [3..8])", True),
        ("overlaps after([3..8], [1..5])", True),
        ("overlaps after([1..5], [1..5))", False),
        ("finishes([5..9], [1..9])", True),
        ("finished by([1..9], 9)", True),
        ("includes([1..9], [2..3])", True),
        ("during(1, (1..9])", False),
        ("starts(1, [1..9])", True),
        ("started by([1..9], [1..3])", True),
        ("coincides([1..3], [1..3])", True),
    ],
)
def test_ranges_know_what_lies_in_them_and_beside_them(source: str, expected: object) -> None:
    assert value(source) is expected


def test_a_range_is_a_value_and_can_be_read_from_text() -> None:
    assert value('range("[1..3)")') == Range(Decimal(1), Decimal(3), low_included=True, high_included=False)
    assert compile_expression('range("[3..1]")')({}) is None
    assert compile_expression('range("[x..1]")')({}) is None
