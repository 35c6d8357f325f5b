"""Link events become the flows they stand for: a link only keeps a line from crossing the drawing."""

from __future__ import annotations

from engine.lint.diagram import Diagram, Node, Scope
from engine.lint.normalising.canvas import Canvas
from engine.lint.xml import BPMN

_THROW, _CATCH = "intermediateThrowEvent", "intermediateCatchEvent"


def join(canvas: Canvas, diagram: Diagram) -> None:
    """Join what throws a link to the one event that catches it; what has no such event is left as it is."""
    for scope in diagram.scopes:
        targets = _by_name(scope, _CATCH)
        for name, sources in _by_name(scope, _THROW).items():
            caught = targets.get(name, [])
            if len(caught) == 1 and not caught[0].incoming and not any(source.outgoing for source in sources):
                _join(canvas, name, sources, caught[0])


def _by_name(scope: Scope, kind: str) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node in scope.of(kind):
        if node.trigger == "link":
            name = (node.triggers[0].get("name") or node.element.get("name") or "").strip()
            found.setdefault(name, []).append(node)
    found.pop("", None)
    return found


def _join(canvas: Canvas, name: str, sources: list[Node], target: Node) -> None:
    for source in sources:
        canvas.note("links-joined", source.element, link=name, target=target.label)
        canvas.connect(source.element, target.element, source.element)
    for node in (*sources, target):
        node.element.remove(node.triggers[0])
        node.element.tag = f"{{{BPMN}}}{_THROW}"  # one that throws nothing is passed at once
