"""No expression takes the machine for itself: work, size and depth are bounded, and say so."""

from __future__ import annotations

import pytest

from engine.feel import FeelError, FeelLimit, compile_expression, to_json

BIG = list(range(10_000))
LONG = "a" * 25_000


@pytest.mark.parametrize(
    "source",
    [
        "for i in 1..1000000 return i",
        "for i in 1..2000 return for j in 1..2000 return i * j",
        "some i in 1..99999999 satisfies i < 0",
        "for i in 1..9999 return big[item > i]",
        "for i in 1..9999 return big.a",
        "for i in 1..9999 return big = other",
        "for i in 1..9999 return i + 0.5 in big",
        "for i in 1..9999 return append(big, i)",
        "for i in 1..9999 return sort(big, function(x, y) x > y)",
        "for i in 1..9999 return 1.1 ** (i + 0.5)",
        "for i in 1..9999 return string(10 ** 6000 + i)",
        "for i in 1..9999 return s + string(i)",
        's + s + s + s + "x"',
        'string join(for i in 1..9999 return s, "")',
        'replace(s, "a", s)',
        "concatenate(big, big)",
        "flatten([[[big, big]]])",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "{f: function(n) if n < 1 then 0 else f(n - 1) + f(n - 1), r: f(45)}.r",
        "for i in 1..2000 return [partial[-1]]",
        "{" + "a0: [1, 1]" + "".join(f", a{i + 1}: [a{i}, a{i}]" for i in range(40)) + ", r: string(a40)}.r",
        "{" + "a0: [1, 1]" + "".join(f", a{i + 1}: [a{i}, a{i}]" for i in range(40)) + ", r: a40 = a40}.r",
        "{" + "a0: [1, 1]" + "".join(f", a{i + 1}: [a{i}, a{i}]" for i in range(40)) + ", r: flatten(a40)}.r",
    ],
)
def test_too_much_work_or_size_is_stopped(source: str) -> None:
    expression = compile_expression(source)
    with pytest.raises(FeelLimit):
        to_json(expression({"big": BIG, "other": [*BIG[:-1], 0], "s": LONG}))


@pytest.mark.parametrize(
    "source",
    [
        "(" * 60 + "1" + ")" * 60,
        "[" * 60 + "]" * 60,
        "not(" * 60 + "true" + ")" * 60,
        "if a then " * 60 + "1" + " else 2" * 60,
        "1" + " + 1" * 300,
        "a" + ".a" * 300,
        "a" + "[1]" * 300,
        "1 + 1" + " " * 10_000,
        "x in (" * 45 + "1" + ") + 1" * 45,
    ],
)
def test_too_long_or_too_deep_a_source_is_refused_when_it_is_compiled(source: str) -> None:
    with pytest.raises(FeelError):
        compile_expression(source)


def test_large_powers_are_null_at_once() -> None:
    assert compile_expression("[9 ** 387420489, 10 ** (10 ** 10), 0.1 ** 99999]")({}) == [None, None, None]


def test_ordinary_work_on_ordinary_data_stays_far_below_the_limits() -> None:
    reports = [{"id": i, "priority": i % 5, "text": "street lamp out " * 20} for i in range(500)]
    source = 'count(reports[priority >= 3 and contains(text, "lamp") and matches(text, "^street.*out")])'
    assert compile_expression(source)({"reports": reports}) == 200


def test_data_nested_without_end_is_refused() -> None:
    deep: list[object] = []
    for _ in range(500):
        deep = [deep]
    with pytest.raises(FeelLimit):
        compile_expression("deep")({"deep": deep})


def test_objects_that_are_no_values_are_refused() -> None:
    with pytest.raises(FeelError, match="object"):
        compile_expression("thing")({"thing": object()})
