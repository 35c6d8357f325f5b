"""Starts that were not drawn."""

from __future__ import annotations

from engine.lint.diagram import Diagram, Node, Scope
from engine.lint.normalising.canvas import Canvas
from engine.lint.structure import takes_part
from engine.lint.xml import Element


def begin(canvas: Canvas, diagram: Diagram) -> None:
    """Put a start event before what nothing leads to, where a process or subprocess has none.

    Source: BPMN 2.0.2, 10.5.2: without a start event, all nodes without an incoming flow begin at once.
    """
    for scope in diagram.scopes:
        first = [node for node in scope.nodes if _begins(node)]
        alone = any(not node.outgoing for node in first) and len(scope.nodes) > 1
        if first and not alone and not scope.loose_flows and not scope.of("startEvent"):
            _begin(canvas, scope, first)


def _begin(canvas: Canvas, scope: Scope, first: list[Node]) -> None:
    near = first[0].element
    start = canvas.add("startEvent", near, canvas.fresh(f"Start_{scope.element.get('id')}"))
    source: Element = start
    if len(first) > 1:
        source = canvas.add("parallelGateway", start, canvas.fresh(f"Split_{scope.element.get('id')}"))
        canvas.connect(start, source, source)
    for node in first:
        canvas.connect(source, node.element, source)
    canvas.note("missing-start-added", scope.element, first=first[0].label)


def _begins(node: Node) -> bool:
    catches_link = node.trigger == "link"
    return not node.incoming and node.kind != "boundaryEvent" and takes_part(node) and not catches_link
