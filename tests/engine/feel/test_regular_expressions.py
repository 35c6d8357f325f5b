"""Regular expressions as XQuery has them; none of them can be made to run away."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import FeelLimit, compile_expression
from tests.engine.feel.asking import value

PART = st.sampled_from(
    [
        "a",
        "b",
        "[ab]",
        "[^a]",
        ".",
        "(a|b)",
        "(ab)",
        "(?:ba)",
        "^",
        "$",
        "a*",
        "b+",
        "(ab)*",
        "a?",
        "b{1,2}",
        "(a|ab)+",
        "a*?",
        "b+?",
    ]
)


@given(st.lists(PART, max_size=5).map("".join), st.text("ab", max_size=8))
def test_patterns_both_know_are_found_where_python_finds_them(pattern: str, text: str) -> None:
    expected = re.search(pattern, text) is not None
    assert value("matches(text, pattern)", text=text, pattern=pattern) is expected


@given(st.lists(PART, max_size=5).map("".join), st.text("ab", max_size=8))
def test_what_is_replaced_is_what_python_replaces(pattern: str, text: str) -> None:
    expected = None if re.search(pattern, "") else re.sub(pattern, "<\\\\g<0>>".replace("\\\\", "\\"), text)
    assert value('replace(text, pattern, "<$0>")', text=text, pattern=pattern) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r'matches("Đường", "^\p{L}+$")', True),
        (r'matches("12a", "^\d+$")', False),
        (r'matches("a_1", "^\w+$")', False),
        ('matches("PK-7F3K-92D", "^PK-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}$")', True),
        ('matches("abc", "ABC", "i")', True),
        ('matches("b", "[a-z-[aeiou]]")', True),
        ('matches("e", "[a-z-[aeiou]]")', False),
        (r'matches("abab", "(ab)\1")', True),
        (r'matches("a\nb", "a.b")', False),
        (r'matches("a\nb", "a.b", "s")', True),
        (r'matches("a\nb", "^b$", "m")', True),
        ('matches("a.b", "a.b", "q")', True),
        ('matches("axb", "a.b", "q")', False),
        ('matches("hello", "he l lo", "x")', True),
        ('replace("abracadabra", "a.*?a", "*")', "*c*bra"),
        ('replace("0123456789", "(\\d{3})(\\d{3})(\\d{4})", "($1) $2-$3")', "(012) 345-6789"),
        ('replace("a", "(a)", "$10")', "a0"),
        ('replace("1$", "1", "\\$2")', "$2$"),
    ],
)
def test_patterns_mean_what_the_standard_says(source: str, expected: object) -> None:
    assert value(source) == expected


def test_a_text_is_split_where_the_pattern_is_found() -> None:
    assert value(r'split("a, b,c;;", "[,;]\s*")') == ["a", "b", "c", "", ""]


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[",
        "a**",
        "*a",
        "a{2,1}",
        "[z-a]",
        "[]",
        r"\q",
        r"\1",
        r"(a)\2",
        r"[\1]",
        r"\p{Xx}",
        r"\p{IsNowhere}",
        "a)",
        "x{",
        "^*",
        "[0-9-.]*/",
    ],
)
def test_a_pattern_that_is_none_gives_null(pattern: str) -> None:
    assert compile_expression("matches(text, pattern)")({"text": "a", "pattern": pattern}) is None


@pytest.mark.parametrize(
    "source", ['matches("a", "a", "g")', 'replace("abc", "x*", "-")', 'replace("abc", "a", "$")', 'split("abc", "x*")']
)
def test_wrong_flags_and_patterns_that_match_nothing_give_null(source: str) -> None:
    assert compile_expression(source)({}) is None


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|a)*b", "(a*)*(a*)*(a*)*b", "(a|aa)+b", "a*a*a*a*a*b", "(.*)(.*)(.*)(.*)c"]
)
def test_patterns_that_explode_elsewhere_are_answered(pattern: str) -> None:
    assert compile_expression("matches(text, pattern)")({"text": "a" * 500, "pattern": pattern}) is False


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a*)*(a*)*(a*)*b", "a" * 20_000),
        ("(a{1,100}){1,100}b", "a"),
        ("(?:(?:(?:){9999}){9999}){9999}", "a"),
        (r"(a*)(a*)(a*)(a*)(a*)\1\2\3\4\5b", "a" * 60),
        ("a" * 501, "a"),
    ],
)
def test_patterns_that_ask_too_much_are_stopped(pattern: str, text: str) -> None:
    with pytest.raises(FeelLimit):
        compile_expression("matches(text, pattern)")({"text": text, "pattern": pattern})


def test_many_searches_share_one_budget() -> None:
    with pytest.raises(FeelLimit):
        compile_expression('for i in 1..9999 return matches(text, "a.*b")')({"text": "a" * 300})
