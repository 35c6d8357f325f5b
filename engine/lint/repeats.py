"""Rules about tasks that run several times: how often is known, bounded, and counted in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from engine.feel import FeelError, compile_expression
from engine.lint.bundle import Bundle
from engine.lint.diagram import ACTIVITIES, PEOPLE_TASKS, Diagram, Node
from engine.lint.expressions import expression
from engine.lint.findings import Finding
from engine.lint.xml import BPMN, Element

#: Rounds of a loop, and of a multi-instance task; the engine stops there too.
MAX_RUNS = 1_000
MAX_INSTANCES = 100

_NAME = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"=?\s*-?(\d+)\s*", re.ASCII)


def examine(diagram: Diagram, bundle: Bundle) -> Iterator[Finding]:
    """Multi-instance and loop tasks without a count, with a hopeless one, or that fail the second time."""
    for node in diagram.nodes:
        if node.kind not in ACTIVITIES:
            continue
        for several in node.element.iterfind(f"{{{BPMN}}}multiInstanceLoopCharacteristics"):
            yield from _instances(diagram, node, several, bundle)
        for again in node.element.iterfind(f"{{{BPMN}}}standardLoopCharacteristics"):
            yield from _loop(diagram, node, again, bundle)


def _instances(diagram: Diagram, node: Node, several: Element, bundle: Bundle) -> Iterator[Finding]:
    count, collection, output = (
        _text(several, n) for n in ("loopCardinality", "loopDataInputRef", "loopDataOutputRef")
    )
    if (count is None) == (collection is None):
        yield diagram.finding("multi-instance-count", node.element)
    elif count is not None:
        yield from _count(diagram, node, count, bundle)
        if output:
            yield diagram.finding("multi-instance-output", node.element, name=output)
    for name in (collection, output):
        if name is not None and not _NAME.fullmatch(name):
            yield diagram.finding("multi-instance-variable", node.element, name=name)
    yield from _condition(diagram, node, several, "completionCondition", bundle)


def _count(diagram: Diagram, node: Node, text: str, bundle: Bundle) -> Iterator[Finding]:
    number = _NUMBER.fullmatch(text)
    if number is None:
        yield from expression(diagram, node.element, "loopCardinality", text, bundle)
    if _above(number[1], MAX_INSTANCES) if number else _comes_to_more(text, bundle):
        yield diagram.finding("multi-instance-limit", node.element, count=text, limit=MAX_INSTANCES)


def _comes_to_more(text: str, bundle: Bundle) -> bool:
    """Whether an expression without variables gives too large a number; one with variables is capped when it runs."""
    try:
        read = compile_expression(text, bundle.functions)
        value = None if read.names else read({})
    except FeelError:
        return False
    return isinstance(value, Decimal) and value > MAX_INSTANCES


def _loop(diagram: Diagram, node: Node, again: Element, bundle: Bundle) -> Iterator[Finding]:
    maximum = again.get("loopMaximum")
    number = _NUMBER.fullmatch(maximum or "")
    ends_itself = maximum is None and node.kind in PEOPLE_TASKS and _text(again, "loopCondition")
    if not ends_itself and (number is None or _above(number[1], MAX_RUNS) or not number[1].strip("0")):
        yield diagram.finding("loop-limit", node.element, limit=MAX_RUNS)
    yield from _condition(diagram, node, again, "loopCondition", bundle)


def _condition(diagram: Diagram, node: Node, parent: Element, name: str, bundle: Bundle) -> Iterator[Finding]:
    text = _text(parent, name)
    if text is not None:
        yield from expression(diagram, node.element, name, text, bundle)


def _above(digits: str, limit: int) -> bool:
    significant = digits.lstrip("0") or "0"
    return len(significant) > len(str(limit)) or int(significant) > limit


def _text(parent: Element, name: str) -> str | None:
    child = parent.find(f"{{{BPMN}}}{name}")
    return None if child is None else (child.text or "").strip()
