"""Decisions of DMN files: read and compiled once, then made for any number of cases.

A file comes from an upload: the XML is read without entities, network or DTD, every cell is compiled before the first
case comes, and functions in other languages are refused. This room knows expressions, not processes.

Source: DMN 1.4, chapters 6 to 8 and 10.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.dmn.decision import Decision
from engine.dmn.errors import DecisionError
from engine.dmn.model import Model, read_model
from engine.errors import Invalid

__all__ = ["Decision", "DecisionError", "Model", "parse", "read_model"]


def parse(xml: bytes, *, functions: Mapping[str, Callable[..., object]] = {}) -> dict[str, Decision]:
    """The decisions of a file by id, compiled; `functions` may be called in their expressions.

    Raises: Invalid with every problem, named `<decision>/rule 3/output unit` and so on.
    """
    model = read_model(xml, functions, {})
    if model.problems:
        raise Invalid(model.problems)
    return model.decisions
