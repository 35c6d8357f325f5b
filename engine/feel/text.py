"""How values look as text: the built-in `string()` and what messages show."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.feel.limits import MAX_STRING, bounded_string, check_weight
from engine.feel.temporal import write
from engine.feel.values import Function, Range, Value


def write_value(value: Value) -> str:
    """The value as FEEL would write it; a string stands alone without quotes, inside a list or context with them.

    Raises: FeelLimit when the text would be too long.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, list | dict):
        return _write_scalar(value)
    check_weight(value)
    pieces: list[str] = []
    length = 0
    for piece in _pieces(value):
        pieces.append(piece)
        length += len(piece)
        if length > MAX_STRING:
            break
    return bounded_string("".join(pieces))


def write_number(number: Decimal) -> str:
    """The number without exponent and without zeros at its end."""
    if number == 0:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_range(value: Range) -> str:
    """The range as FEEL would write it."""
    if value.sign:
        return f"({value.sign}{_quoted(value.high if value.low is None else value.low)})"
    low, high = _quoted(value.low), _quoted(value.high)
    return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"


def _write_scalar(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, Range):
        return write_range(value)
    if isinstance(value, Function):
        return f"function({', '.join(value.parameters)})"
    assert not isinstance(value, str | list | dict)
    return write(value)


def _pieces(value: Value) -> Iterator[str]:
    if isinstance(value, list):
        yield "["
        for place, item in enumerate(value):
            yield ", " if place else ""
            yield from _pieces(item)
        yield "]"
    elif isinstance(value, dict):
        yield "{"
        for place, (key, item) in enumerate(value.items()):
            yield f"{', ' if place else ''}{key}: "
            yield from _pieces(item)
        yield "}"
    else:
        yield _quoted(value)


def _quoted(value: Value) -> str:
    if not isinstance(value, str):
        return write_value(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
