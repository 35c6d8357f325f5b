"""Strings: literals and their escapes, and the functions that take them apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import compile_expression
from tests.engine.feel.asking import value


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r'"a\"b"', 'a"b'),
        (r'"a\nb\tc"', "a\nb\tc"),
        (r'"\u0110\u01B0\u1EDDng"', "Đường"),
        (r'"\U01F40E"', "🐎"),
        (r'"\uD83D\uDCA9"', "💩"),
        (r'"\\u0009"', r"\u0009"),
        (r'"\d+"', r"\d+"),
        ('"Việt" + " Nam"', "Việt Nam"),
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring(string: "foobar", start position: 3, length: 2)', "ob"),
        ('upper case("đường")', "ĐƯỜNG"),
        ('lower case("ĐƯỜNG")', "đường"),
        ('substring before("pothole-12", "-")', "pothole"),
        ('substring before("pothole", "-")', ""),
        ('substring after("pothole-12", "-")', "12"),
        ('string join(["a", null, "c"], "-")', "a-c"),
        ("string join([])", ""),
        ("string(1.50)", "1.5"),
        ("string(1e3)", "1000"),
        ("string(true)", "true"),
        ('string("x")', "x"),
        ('string([1, "x", null])', '[1, "x", null]'),
        ("string({a: {b: 1}})", "{a: {b: 1}}"),
        ("string([1..3))", "[1..3)"),
        ("string(function(a, b) a)", "function(a, b)"),
    ],
)
def test_a_string_comes_out_as_written(source: str, expected: str) -> None:
    assert value(source) == expected


@given(st.text())
def test_any_text_written_as_a_literal_reads_back_the_same(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    assert value(f'"{escaped}"') == text


@given(st.text(max_size=20), st.text(max_size=3))
def test_what_stands_before_and_after_a_match_makes_up_the_whole(text: str, match: str) -> None:
    if match and match in text:
        whole = value("substring before(t, m) + m + substring after(t, m)", t=text, m=match)
        assert whole == text


def test_length_counts_characters_not_their_bytes() -> None:
    assert value('string length("Đường 🐎")') == 7


def test_finding_tells_true_from_false() -> None:
    found = value(
        '[contains(s, "lamp"), contains(s, "Lamp"), starts with(s, "the"), ends with(s, "post")]', s="the lamp post"
    )
    assert found == [True, False, True, True]


@pytest.mark.parametrize(
    "source", ['substring("abc", 0)', 'substring("abc", -4)', "string(null)", 'string join([1, "a"])']
)
def test_what_has_no_string_as_result_is_null(source: str) -> None:
    assert compile_expression(source)({}) is None
