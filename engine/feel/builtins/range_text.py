"""The function that reads a range from text; its ends may only be literals. Source: DMN 1.5, 10.3.4.1."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.builtins.signatures import builtin
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Token, tokens, unquoted
from engine.feel.limits import NUMBERS, finite
from engine.feel.operators import at_most
from engine.feel.temporal import read_date, read_date_time, read_duration, read_literal, read_time
from engine.feel.values import Range, Value

_READERS = {
    ("date",): read_date,
    ("time",): read_time,
    ("date", "and", "time"): read_date_time,
    ("duration",): read_duration,
    ("@",): read_literal,
}


@builtin("range(from: string)")
def range_from(text: str) -> Range | None:
    """The range a text shows; null when its ends are not literals of one kind in order."""
    try:
        row = tokens(text)[:-1]
    except FeelSyntaxError:
        return None
    signs = [token.text for token in row]
    if signs.count("..") != 1 or signs[0] not in ("[", "(", "]") or signs[-1] not in ("]", ")", "["):
        return None
    middle = signs.index("..")
    low, high = _literal(row[1:middle]), _literal(row[middle + 1 : -1])
    if at_most(low, high) is not True:
        return None
    return Range(low, high, signs[0] == "[", signs[-1] == "]")


def _literal(row: list[Token]) -> Value:
    """The value of a literal; null for anything else."""
    if row and row[0].text == "-":
        number = _literal(row[1:])
        return NUMBERS.minus(number) if isinstance(number, Decimal) else None
    if len(row) == 1 and row[0].kind == "number":
        return finite(NUMBERS.create_decimal(row[0].text))
    if len(row) == 1 and row[0].kind == "string":
        return unquoted(row[0].text)
    if row and row[-1].text == ")" and len(row) > 3 and row[-3].text == "(":
        row = [*row[:-3], row[-2]]
    if not row or row[-1].kind != "string":
        return None
    reader = _READERS.get(tuple(token.text for token in row[:-1]))
    return reader(unquoted(row[-1].text)) if reader else None
