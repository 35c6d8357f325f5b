"""From the text of an expression to its tokens.

Names with spaces are not decided here: a name token is one word, and the parser joins words by the names it knows.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from engine.feel.errors import FeelLimit, FeelSyntaxError
from engine.feel.limits import MAX_SOURCE

# Source: DMN 1.4, 10.3.1.2 rules 28 and 29.
_START = (
    r"A-Z_a-z\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_TOKEN = re.compile(
    rf"""
    (?P<space>(?:\s|\uFEFF|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)+)
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<name>[{_START}][{_START}0-9\xB7\u0300-\u036F\u203F-\u2040]*)
    |(?P<operator>\*\*|\.\.|->|<=|>=|!=|==|[-+*/=<>()\[\]{{}},.:?@'])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))",
    re.DOTALL,
)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_HINTS = {
    "&": 'write "and" instead of "&"',
    "|": 'write "or" instead of "|"',
    "!": 'write "not(...)" instead of "!", and "!=" without a space',
    "%": 'write "modulo(a, b)" instead of "%"',
    ";": "one expression only, without a semicolon",
    '"': "the string that begins here has no closing quote",
    "\u201c": "use straight quotes around strings",
    "\u201d": "use straight quotes around strings",
    "\u2018": "use straight double quotes around strings",
    "\u2019": "use straight double quotes around strings",
    "\u2264": 'write "<=" instead of "\u2264"',
    "\u2265": 'write ">=" instead of "\u2265"',
    "\u2013": 'use the plain minus sign "-"',
    "\u2212": 'use the plain minus sign "-"',
}


class Token(NamedTuple):
    """One word, sign, number or string and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def tokens(source: str) -> list[Token]:
    """The tokens of a source, with one of kind `end` behind them.

    Raises: FeelSyntaxError for signs FEEL does not know, FeelLimit for a source that is too long.
    """
    if len(source) > MAX_SOURCE:
        raise FeelLimit(f"an expression may have at most {MAX_SOURCE} characters")
    found: list[Token] = []
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None or match.lastgroup is None:
            raise FeelSyntaxError(f"{_hint(source[position])} (at {position + 1})", position, source)
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup, _normal(match.group()), match.start(), match.end()))
        position = match.end()
    found.append(Token("end", "", len(source), len(source)))
    return found


def unquoted(literal: str) -> str:
    """What a string literal stands for; a backslash before any other letter is kept, for regular expressions."""
    body = literal[1:-1]
    return _ESCAPE.sub(_unescaped, body) if "\\" in body else body


def _unescaped(match: re.Match[str]) -> str:
    high, low, short, long, single = match.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    if short or long:
        code = int(short or long, 16)
        return "\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)
    return _ESCAPED.get(single, match.group())


def _normal(text: str) -> str:
    return text if text.isascii() or text.startswith('"') else unicodedata.normalize("NFC", text)


def _hint(sign: str) -> str:
    return _HINTS.get(sign, f'the sign "{sign}" has no meaning here')
