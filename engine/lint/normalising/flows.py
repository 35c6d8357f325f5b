"""Ends that were not drawn."""

from __future__ import annotations

from engine.lint.diagram import GATEWAYS, Diagram, Node
from engine.lint.normalising.canvas import Canvas
from engine.lint.structure import takes_part

_NOT_ENDED = GATEWAYS | {"endEvent", "startEvent"}


def end(canvas: Canvas, diagram: Diagram) -> None:
    """Put an end event behind every step nothing follows; a path may end there.

    Source: BPMN 2.0.2, 13.2.1: a token is consumed where an activity has no outgoing flow.
    """
    for scope in diagram.scopes:
        for node in scope.nodes:
            if not node.outgoing and node.kind not in _NOT_ENDED and takes_part(node) and not _is_lost(node):
                event = canvas.add("endEvent", node.element, canvas.fresh(f"End_{node.id}"))
                canvas.connect(node.element, event, event)
                canvas.note("missing-end", node.element)


def _is_lost(node: Node) -> bool:
    """Whether it stands alone (that is no end but a mistake), throws a link, or begins a flow that leads nowhere."""
    alone = not node.incoming and node.host is None and node.kind != "boundaryEvent"
    loose = any(flow.get("sourceRef") == node.id for flow in node.scope.loose_flows)
    return loose or node.trigger in ("link", "compensate") or (alone and len(node.scope.nodes) > 1)
