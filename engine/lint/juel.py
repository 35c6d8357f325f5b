"""Simple expressions of other engines (`${amount > 5}`, JUEL) in FEEL, or nothing where that would not be certain.

Read by a grammar, never by replacing pieces of text: names, numbers, texts, comparisons, arithmetic, and, or, not,
empty, choices. Calls of beans and methods are no simple expressions.

Source: Jakarta Expression Language 5.0, 1.21 (grammar), 1.9 to 1.12 (what operators do with null).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.feel import FeelError, compile_expression

#: Characters, and brackets within one another, of an expression that is looked at.
MAX_LENGTH, MAX_DEPTH = 1_000, 20

_PART = re.compile(r"[$#]\{([^{}]*)\}")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<text>\"[^\"\\]*\"|'[^'\\]*')"
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<sign>&&|\|\||[=!]==?|[<>]=?|[-+*/%()?:!]))",
)
_WORDS = {
    **dict.fromkeys(("eq", "==", "==="), "="),
    **dict.fromkeys(("ne", "!=", "!=="), "!="),
    **dict.fromkeys(("and", "&&"), "and"),
    **dict.fromkeys(("or", "||"), "or"),
    **dict.fromkeys(("not", "!"), "not"),
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "div": "/",
    "mod": "%",
    "empty": "empty",
    "instanceof": "instanceof",
}
_CONSTANTS = frozenset({"true", "false", "null"})
#: Words that mean something in FEEL and cannot be the name of a variable without doubt.
_RESERVED = frozenset(
    [*("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between"), "function", "external"]
) | {"instance", "of", "not", "and", "or", "item"}
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_GETTER = re.compile(r"(?:execution\.)?getVariable\s*\(\s*(['\"])([^\W\d]\w*)\1\s*\)")


class _NotSimple(Exception):
    """The expression does what cannot be said in FEEL with certainty."""


@dataclass(frozen=True)
class _Part:
    """A part in FEEL: how tightly it binds, and whether it is a value that may stand for yes or no, or null."""

    text: str
    level: int = 9
    is_value: bool = False
    is_text: bool = False


def feel(text: str) -> str | None:
    """The same in FEEL with a leading "=", or nothing where it is not certain that it is the same."""
    if len(text) > MAX_LENGTH or not _PART.search(text):
        return None
    whole = _PART.fullmatch(text.strip())
    try:
        found = _Reader(whole[1]).whole().text if whole else " + ".join(_pieces(text))
        compile_expression(found)
    except (_NotSimple, FeelError):
        return None
    return f"= {found}"


def _pieces(text: str) -> Iterator[str]:
    """A text with expressions in it, as what is to be put together."""
    end = 0
    for match in _PART.finditer(text):
        if match.start() > end:
            yield _quoted(text[end : match.start()])
        yield f"string({_Reader(match[1]).whole().text})"
        end = match.end()
    if end < len(text):
        yield _quoted(text[end:])


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text or "\n" in text or "{" in text:
        raise _NotSimple
    return f'"{text}"'


def _truth(part: _Part) -> str:
    """A part that must say yes or no even where the variable is missing or no truth value: both mean no there."""
    if not part.is_value:
        return part.text
    return f"list contains([true], {part.text})" if _NAME.fullmatch(part.text) else f"{_inside(part, 5)} = true"


def _inside(part: _Part, level: int) -> str:
    return part.text if part.level >= level else f"({part.text})"


class _Reader:
    """Reads one expression, most loosely binding operators first."""

    def __init__(self, source: str) -> None:
        self.tokens = list(_tokens(_GETTER.sub(r"\2", source)))
        self.at = 0
        self.depth = 0

    def whole(self) -> _Part:
        part = self.choice()
        if self.at != len(self.tokens):
            raise _NotSimple
        return part

    def choice(self) -> _Part:
        condition = self.either()
        if not self.taken("?"):
            return condition
        yes = self.nested(self.choice)
        self.expect(":")
        no = self.nested(self.choice)
        return _Part(f"if {condition.text} then {_inside(yes, 1)} else {no.text}", 0, is_value=True)

    def either(self) -> _Part:
        return self.chain(self.both, "or", 1)

    def both(self) -> _Part:
        return self.chain(self.equality, "and", 2)

    def chain(self, inner: Callable[[], _Part], word: str, level: int) -> _Part:
        part = inner()
        while self.taken(word):
            other = inner()
            part = _Part(f"{_inside(part, level)} {word} {_inside(other, level + 1)}", level, is_value=True)
        return part

    def equality(self) -> _Part:
        return self.compared(self.relation, "=", "!=")

    def relation(self) -> _Part:
        return self.compared(self.sum, "<", ">", "<=", ">=")

    def compared(self, inner: Callable[[], _Part], *signs: str) -> _Part:
        part = inner()
        sign = self.taken(*signs)
        if not sign:
            return part
        other = inner()
        if self.taken(*signs):
            raise _NotSimple
        return _Part(f"{_inside(part, 5)} {sign} {_inside(other, 5)}", 3, is_value=sign not in ("=", "!="))

    def sum(self) -> _Part:
        part = self.product()
        while sign := self.taken("+", "-"):
            other = self.product()
            if part.is_text or other.is_text:
                raise _NotSimple  # the other engine would make numbers of them
            part = _Part(f"{_inside(part, 5)} {sign} {_inside(other, 6)}", 5)
        return part

    def product(self) -> _Part:
        part = self.single()
        while sign := self.taken("*", "/", "%"):
            other = self.single()
            if sign == "%":
                part = _Part(f"modulo({part.text}, {other.text})")
            else:
                part = _Part(f"{_inside(part, 6)} {sign} {_inside(other, 7)}", 6)
        return part

    def single(self) -> _Part:
        if self.taken("not"):
            return _Part(f"not({_truth(self.nested(self.single))})")
        if self.taken("empty"):
            return _Part(f'list contains([null, "", []], {self.nested(self.single).text})')
        if self.taken("-"):
            return _Part(f"-{_inside(self.nested(self.single), 8)}", 7)
        if self.taken("("):
            part = self.nested(self.choice)
            self.expect(")")
            return part
        return self.atom()

    def atom(self) -> _Part:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        if kind == "text":
            return _Part(_quoted(text[1:-1]), is_text=True)
        if kind == "name" and text not in _WORDS:
            if text not in _CONSTANTS and not _RESERVED.isdisjoint(text.split(".")):
                raise _NotSimple
            return _Part(text, is_value=text not in _CONSTANTS)
        if kind != "number":
            raise _NotSimple
        return _Part(text)

    def nested(self, inner: Callable[[], _Part]) -> _Part:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _NotSimple
        part = inner()
        self.depth -= 1
        return part

    def taken(self, *wanted: str) -> str:
        """The next token if it is one of these, in our words."""
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        meant = _WORDS.get(text, text)
        if kind in ("sign", "name") and meant in wanted:
            self.at += 1
            return meant
        return ""

    def expect(self, sign: str) -> None:
        if not self.taken(sign):
            raise _NotSimple


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at, source = 0, source.rstrip()
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None:
            raise _NotSimple
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()
