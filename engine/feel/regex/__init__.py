"""Regular expressions as XQuery has them, on a machine of our own that cannot be made to run away.

Patterns come from uploaded files, so Python's `re` is not used: it backtracks without limit. This machine remembers
every state that has failed, so that its work grows only with the length of the text times the length of the pattern,
and it counts its steps. Source: XPath and XQuery functions 3.0, 5.6; XML Schema part 2, appendix F.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from engine.feel.errors import FeelLimit
from engine.feel.limits import MAX_PATTERN, MAX_STRING
from engine.feel.regex.machine import Match, Meter, Program, assemble
from engine.feel.regex.syntax import PatternError, parse

_REFERENCE = re.compile(r"\\([\\$])|\$(\d+)|([\\$])")


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str) -> Program | None:
    """The machine for a pattern, null when it or its flags (`s`, `m`, `i`, `x`, `q`) cannot be read.

    Raises: FeelLimit when the pattern is too long.
    """
    if len(pattern) > MAX_PATTERN:
        raise FeelLimit(f"a regular expression may have at most {MAX_PATTERN} characters")
    try:
        return assemble(parse(pattern, flags))
    except PatternError:
        return None


def matches(program: Program, text: str, charge: Meter) -> Iterator[Match]:
    """All matches from left to right that do not overlap."""
    position = 0
    while position <= len(text):
        match = program.search(text, charge, position)
        if match is None:
            return
        yield match
        position = match.end if match.end > match.start else match.end + 1


def replaced(program: Program, text: str, replacement: str, charge: Meter) -> str | None:
    """The text with every match replaced; null when the pattern matches nothing at all, or `$` is used wrongly."""
    if program.search("", charge) is not None or any(found[3] for found in _REFERENCE.finditer(replacement)):
        return None
    pieces: list[str] = []
    end = length = 0
    for match in matches(program, text, charge):
        pieces += [text[end : match.start], _filled(replacement, match)]
        length += len(pieces[-1])
        if length > MAX_STRING:
            raise FeelLimit(f"a string may have at most {MAX_STRING} characters")
        end = match.end
    return "".join(pieces) + text[end:]


def parts(program: Program, text: str, charge: Meter) -> list[str] | None:
    """What stands between the matches; null when the pattern matches nothing at all."""
    if program.search("", charge) is not None:
        return None
    pieces: list[str] = []
    end = 0
    for match in matches(program, text, charge):
        pieces.append(text[end : match.start])
        end = match.end
    return [*pieces, text[end:]]


def _filled(replacement: str, match: Match) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        digits = found[2]
        while len(digits) > 1 and int(digits) >= len(match.groups):
            digits = digits[:-1]
        group = match.groups[int(digits)] if int(digits) < len(match.groups) else ""
        return group + found[2][len(digits) :]

    return _REFERENCE.sub(fill, replacement)
