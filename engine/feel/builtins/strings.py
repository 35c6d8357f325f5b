"""Functions of strings. Source: DMN 1.4, 10.3.4.3; XQuery functions 3.0, 5.6 (regular expressions)."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import regex
from engine.feel.builtins.signatures import Meter, builtin
from engine.feel.errors import FeelLimit
from engine.feel.limits import MAX_STRING
from engine.feel.values import Value


@builtin("substring(string: string, start position: number, length?: number?)")
def substring(string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """The part from a position, counted from 1 or, when negative, from the end."""
    first = int(start)
    first = first - 1 if first > 0 else len(string) + first
    if int(start) == 0 or first < 0:
        return None
    return string[first:] if length is None else string[first : first + max(int(length), 0)]


@builtin("string length(string: string)")
def string_length(string: str) -> Decimal:
    """The number of characters."""
    return Decimal(len(string))


@builtin("upper case(string: string)")
def upper_case(string: str) -> str:
    """In capital letters."""
    return string.upper()


@builtin("lower case(string: string)")
def lower_case(string: str) -> str:
    """In small letters."""
    return string.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(string: str, match: str) -> str:
    """What stands before the first match; nothing when there is none."""
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(string: str, match: str) -> str:
    """What stands behind the first match; nothing when there is none."""
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string)")
def contains(string: str, match: str) -> bool:
    """Whether the one stands anywhere in the other."""
    return match in string


@builtin("starts with(string: string, match: string)")
def starts_with(string: str, match: str) -> bool:
    """Whether the string begins so."""
    return string.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(string: str, match: str) -> bool:
    """Whether the string ends so."""
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string?)", metered=True)
def matches(charge: Meter, text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Whether a regular expression is found in the text; null for one that cannot be read."""
    program = regex.compiled(pattern, flags or "")
    return None if program is None else program.search(text, charge) is not None


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string?)", metered=True)
def replace(charge: Meter, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Every match of a regular expression replaced; `$1` in the replacement is the first group."""
    program = regex.compiled(pattern, flags or "")
    return None if program is None else regex.replaced(program, text, replacement, charge)


@builtin("split(string: string, delimiter: string)", metered=True)
def split(charge: Meter, string: str, delimiter: str) -> list[str] | None:
    """The parts between the matches of a regular expression."""
    program = regex.compiled(delimiter, "")
    return None if program is None else regex.parts(program, string, charge)


@builtin("string join(list: list, delimiter?: string?)")
def string_join(strings: list[Value], delimiter: str | None = None) -> str | None:
    """All strings one after the other, nulls left out, with something between them."""
    texts = [text for text in strings if isinstance(text, str)]
    if len(texts) != len(strings) - strings.count(None):
        return None
    if sum(len(text) for text in texts) > MAX_STRING:
        raise FeelLimit(f"a string may have at most {MAX_STRING} characters")
    return (delimiter or "").join(texts)
