"""The functions every expression may call. Each file holds one kind; importing it makes its functions known."""

from __future__ import annotations

from engine.feel.builtins import contexts, conversions, lists, moments, numbers, range_text, spans, statistics, strings
from engine.feel.builtins.signatures import BUILTINS, Builtin

__all__ = [
    "BUILTINS",
    "Builtin",
    "contexts",
    "conversions",
    "lists",
    "moments",
    "numbers",
    "range_text",
    "spans",
    "statistics",
    "strings",
]
