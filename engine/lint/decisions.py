"""Rules about decision tables: the room that executes them reads them, every one of its problems is a finding."""

from __future__ import annotations

from collections.abc import Iterator

from engine import dmn
from engine.errors import CasewayError, Invalid, Problem
from engine.lint import xml
from engine.lint.bundle import Bundle
from engine.lint.findings import At, Finding, finding


def load(file: str, content: bytes, bundle: Bundle) -> Iterator[Finding]:
    """Add the decisions of a file to the bundle, and say what is wrong with them.

    Raises: Unreadable.
    """
    xml.read(content)
    try:
        found = dmn.parse(content, functions=bundle.functions)
    except Invalid as error:
        bundle.unreadable.add(file)
        for problem in error.problems or [Problem(file, error.message)]:
            yield finding(file, "decision-unreadable", where=problem.where, detail=problem.message or problem.code)
        return
    except CasewayError as error:
        bundle.unreadable.add(file)
        yield finding(file, "decision-unreadable", where=file, detail=error.message)
        return
    for identifier in found:
        other = bundle.decisions.setdefault(identifier, file)
        if other != file:
            yield finding(file, "duplicate-decision", At(None, None, identifier), decision=identifier, other=other)
