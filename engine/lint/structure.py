"""Rules about flows: from exactly one start, over connected steps, to an end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint import graph
from engine.lint.bundle import Bundle
from engine.lint.diagram import CHOICES, GATEWAYS, NODES, STARTING, Diagram, Flow, Node, Scope
from engine.lint.findings import Finding
from engine.lint.texts import words
from engine.lint.xml import Element, local

#: Gateways whose outgoing flows are chosen by conditions.
CONDITIONAL = CHOICES - {"eventBasedGateway"}


def examine(diagram: Diagram, _bundle: Bundle) -> Iterator[Finding]:
    """Broken flows, missing starts and ends, steps nobody reaches or leaves."""
    for scope in diagram.scopes:
        yield from (
            _loose(diagram, element) for element in scope.loose_flows if not _leads_to_unknown(diagram, element)
        )
        yield from (one for flow in scope.flows for one in _flow(diagram, flow))
        yield from (one for node in scope.nodes for one in _node(diagram, node))
        yield from _borders(diagram, scope)
        yield from _unreachable(diagram, scope)


def takes_part(node: Node) -> bool:
    """Whether tokens are meant to pass a node; compensation and event subprocesses stand beside the flow."""
    return not node.is_event_subprocess and node.element.get("isForCompensation") != "true"


def numbered(scope: Scope, *, boundaries: bool = True) -> tuple[dict[Node, int], list[list[int]]]:
    """The nodes of a scope by number, and where their flows (and boundary events) lead."""
    numbers = {node: number for number, node in enumerate(scope.nodes)}
    edges = [[numbers[flow.target] for flow in node.outgoing] for node in scope.nodes]
    if boundaries:
        for node in scope.nodes:
            edges[numbers[node]].extend(numbers[event] for event in node.boundaries)
    return numbers, edges


def _loose(diagram: Diagram, element: Element) -> Finding:
    for end in ("sourceRef", "targetRef"):
        reference = element.get(end) or ""
        if reference not in diagram.ids:
            return diagram.finding("dangling-flow", element, reference=reference)
    return diagram.finding("flow-across-scopes", element)


def _leads_to_unknown(diagram: Diagram, element: Element) -> bool:
    """Whether an end is an element that is refused itself; one finding is enough."""
    ends = (diagram.ids.get(element.get(end) or "") for end in ("sourceRef", "targetRef"))
    return any(end is not None and end.getparent() is element.getparent() and local(end) not in NODES for end in ends)


def _flow(diagram: Diagram, flow: Flow) -> Iterator[Finding]:
    if flow.target.kind in ("startEvent", "boundaryEvent"):
        yield diagram.finding("flow-into-start", flow.element, flow=flow.label, element=flow.target.label)
    if flow.source.kind == "endEvent":
        yield diagram.finding("flow-out-of-end", flow.element, flow=flow.label, element=flow.source.label)
    if flow.condition is not None and flow.source.kind not in CONDITIONAL:
        source, kind = flow.source.label, words.kind(flow.source.kind)
        yield diagram.finding("condition-ignored", flow.element, element=flow.label, source=source, kind=kind)


def _node(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if len(node.outgoing) > 1 and node.kind not in GATEWAYS:
        yield diagram.finding("implicit-split", node.element, count=len(node.outgoing))
    if not node.outgoing and node.kind != "endEvent" and takes_part(node):
        yield diagram.finding("dead-end", node.element)


def _borders(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    starts = scope.of("startEvent")
    if not starts:
        yield diagram.finding("missing-start", scope.element)
    if len(starts) > len({_begins(diagram, start) for start in starts}):
        yield diagram.finding("several-starts", scope.element, count=len(starts))
    if scope.nodes and all(node.outgoing for node in scope.nodes) and not scope.of("endEvent"):
        yield diagram.finding("endless", scope.element)


def _begins(diagram: Diagram, start: Node) -> tuple[str, str]:
    """What tells a start event from the others of its scope: its message; timers need nothing to."""
    if start.scope.node is not None or start.trigger not in STARTING:
        return "", ""
    if start.trigger == "timer":
        return "timer", start.id
    message = diagram.referred(start.triggers[0].get("messageRef"), "message")
    return "message", "" if message is None else message.get("name") or ""


def _unreachable(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    numbers, edges = numbered(scope)
    starts = scope.of("startEvent")
    if not starts:
        return
    beside = [node for node in scope.nodes if not takes_part(node)]
    seen = graph.reachable(edges, [numbers[node] for node in [*starts, *beside]])
    for node, number in numbers.items():
        if number not in seen:
            yield diagram.finding("unreachable", node.element)
