"""Rules about script tasks: assignments in FEEL, never a program."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.lint.bundle import Bundle
from engine.lint.diagram import Diagram, Node
from engine.lint.expressions import expression, is_feel
from engine.lint.findings import Finding
from engine.lint.xml import CAMUNDA, local

MAX_LINES = 50

_ASSIGNMENT = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)\s*(\S.*)")


def examine(diagram: Diagram, bundle: Bundle) -> Iterator[Finding]:
    """Scripts in other languages, and lines that assign nothing."""
    for node in diagram.nodes:
        if node.kind == "scriptTask":
            yield from _task(diagram, node, bundle)


def _task(diagram: Diagram, node: Node, bundle: Bundle) -> Iterator[Finding]:
    language = node.element.get("scriptFormat") or ""
    scripts = [child for child in node.element.iter() if local(child) == "script"]
    text = (scripts[0].text or "") if len(scripts) == 1 else ""
    if language and not is_feel(language.removeprefix("text/")):
        yield diagram.finding("script-language", node.element, language=language)
    elif not text.strip() or node.element.get(f"{{{CAMUNDA}}}resource"):
        yield diagram.finding("script-missing", node.element)
    else:
        yield from _lines(diagram, node, text, bundle)


def _lines(diagram: Diagram, node: Node, text: str, bundle: Bundle) -> Iterator[Finding]:
    lines = [(at, line) for at, line in enumerate(text.splitlines(), start=1) if _counts(line)]
    if len(lines) > MAX_LINES:
        yield diagram.finding("script-too-long", node.element, count=len(lines), limit=MAX_LINES)
        return
    for number, line in lines:
        match = _ASSIGNMENT.fullmatch(line)
        if match is None or match[1] == "self":
            yield diagram.finding("script-line", node.element, number=number, text=line)
        else:
            yield from expression(diagram, node.element, "script", match[2], bundle)


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("//")
