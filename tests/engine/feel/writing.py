"""Random expressions for tests: built by the grammar, so that most can be read, and scrambled, so that most cannot."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from engine.feel.builtins import BUILTINS

NAMES = ("a", "b", "item", "partial", "a b", "x-y", "größe", "?")
_NUMBERS = ("0", "1", "-1", "2.5", "1e6144", "9" * 34, "0.1", "1e-6143", "-3", "10", "99999", "1E99")
_STRINGS = (
    '""',
    '"a"',
    '"\\U01F40E"',
    '"\\uD83D"',
    '"2026-11-20"',
    '"(a*)*b"',
    '"' + "a" * 200 + '"',
    '"$1"',
    '"[a-z]+?"',
)
_TEMPORAL = (
    *('@"2026-02-29"', '@"2024-02-29"', '@"10:00:00@Europe/Paris"', '@"2026-03-29T02:30:00@Europe/Paris"'),
    *('@"PT0.5S"', '@"-P400Y"', '@"P999999D"', 'date("9999-12-31")', "date(1, 1, 1)", 'duration("P1Y")'),
    *('@"0001-01-01T00:00:00+14:00"', '@"9999-12-31T23:59:59-14:00"', 'time("24:00:00")'),
)
_OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")
_TYPES = ("number", "string", "list<number>", "context<a: date>", "function<Any> -> Any", "range<time>", "Any", "Null")
_LITERALS = st.sampled_from([*_NUMBERS, *_STRINGS, *_TEMPORAL, *NAMES[:-1], "true", "false", "null", "[]", "{}"])
_CALLED = st.sampled_from(sorted(BUILTINS))


def _built(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    several = st.lists(inner, max_size=4).map(", ".join)
    return st.one_of(
        st.tuples(inner, st.sampled_from(_OPERATORS), inner).map(" ".join),
        st.tuples(_CALLED, several).map(lambda parts: f"{parts[0]}({parts[1]})"),
        several.map(lambda items: f"[{items}]"),
        inner.map(lambda part: f"({part})"),
        inner.map(lambda part: f"-{part}"),
        st.tuples(inner, inner).map(lambda parts: f"{{a: {parts[0]}, a b: {parts[1]}}}"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]}[{parts[1]}]"),
        st.tuples(inner, st.sampled_from(["a", "year", "start included", "timezone"])).map(".".join),
        st.tuples(inner, inner, inner).map(lambda parts: "if {} then {} else {}".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "for a in {} return {}".format(*parts)),
        st.tuples(inner, inner, inner).map(lambda parts: "for a in {}..{}, b in [1, 2] return {}".format(*parts)),
        st.tuples(st.sampled_from(["some", "every"]), inner, inner).map(
            lambda parts: "{} a in {} satisfies {}".format(*parts)
        ),
        st.tuples(inner, inner, inner).map(lambda parts: "{} between {} and {}".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "[{}..{})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "(function(a: number, b) {})({}, 1)".format(*parts)),
        st.tuples(inner, st.sampled_from(_TYPES)).map(" instance of ".join),
        st.tuples(_CALLED, inner).map(lambda parts: f"sort([2, 1, {parts[1]}], function(a, b) {parts[0]}(a, b))"),
    )


#: Expressions the grammar allows.
EXPRESSIONS = st.recursive(_LITERALS, _built, max_leaves=12)
_WORDS = st.sampled_from(
    [
        *(
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            ".",
            "..",
            "@",
            "->",
            "<",
            ">",
            "=",
            "-",
            "*",
            "/",
            "?",
            '"',
            "\\",
            "//",
        ),
        *(
            "/*",
            "*/",
            "if",
            "then",
            "else",
            "for",
            "in",
            "return",
            "some",
            "every",
            "satisfies",
            "function",
            "external",
        ),
        *(
            "instance",
            "of",
            "between",
            "and",
            "or",
            "not",
            "null",
            "true",
            "date",
            "and time",
            "\u00a0",
            "\x00",
            "\ud800",
        ),
        *_NUMBERS[:4],
        *_STRINGS[:4],
        *NAMES,
    ]
)
#: Words and signs in any order, and any text at all.
SCRAMBLED = st.one_of(
    st.lists(_WORDS, max_size=40).map(" ".join), st.lists(_WORDS, max_size=40).map("".join), st.text()
)
#: What a case may hold.
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**40), 10**40), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)),
    max_leaves=10,
)
