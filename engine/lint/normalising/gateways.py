"""Gateways that were not drawn, and default flows that were not marked."""

from __future__ import annotations

from engine.lint.diagram import GATEWAYS, Diagram, Flow, Node
from engine.lint.normalising import picture
from engine.lint.normalising.canvas import Canvas
from engine.lint.normalising.exhausting import is_exhaustive
from engine.lint.texts import words
from engine.lint.xml import BPMN

_NO_SPLIT = GATEWAYS | {"endEvent"}


def draw_splits(canvas: Canvas, diagram: Diagram) -> None:
    """A gateway behind steps that several flows leave: parallel, or inclusive where conditions stand on the flows.

    Source: BPMN 2.0.2, 13.2.1: each flow without a condition gets a token, each with one if it holds.
    """
    for scope in diagram.scopes:
        for node in scope.nodes:
            if len(node.outgoing) > 1 and node.kind not in _NO_SPLIT and (kind := _split(node)):
                _draw(canvas, node, kind)


def choose_defaults(canvas: Canvas, diagram: Diagram) -> None:
    """Where one flow behind an exclusive gateway has no condition, and all others have one, it is the default flow."""
    for scope in diagram.scopes:
        for node in scope.of("exclusiveGateway"):
            plain = [flow for flow in node.outgoing if not _is_conditional(flow)]
            if len(node.outgoing) > 1 and len(plain) == 1 and not node.element.get("default"):
                flow = plain[0]
                node.element.set("default", flow.element.get("id") or "")
                canvas.note("default-chosen", flow.element, element=flow.label, gateway=node.label)


def close(canvas: Canvas, diagram: Diagram) -> None:
    """Where the conditions behind an exclusive gateway leave no case out, the last flow is the default.

    The flows are asked in the order of the file, so the last is taken in the same cases as before.
    """
    for scope in diagram.scopes:
        for node in scope.of("exclusiveGateway"):
            conditions = [written(flow) for flow in node.outgoing]
            if (
                len(conditions) > 1
                and all(conditions)
                and not node.element.get("default")
                and is_exhaustive(conditions)
            ):
                flow = node.outgoing[-1]
                choose(flow)
                canvas.note("default-closed", flow.element, element=flow.label, gateway=node.label, text=conditions[-1])


def choose(flow: Flow) -> None:
    """Make a flow the default of its gateway; the condition on it is gone."""
    flow.source.element.set("default", flow.element.get("id") or "")
    for condition in flow.element.findall(f"{{{BPMN}}}conditionExpression"):
        flow.element.remove(condition)


def written(flow: Flow) -> str:
    """The condition on a flow, or nothing."""
    return (flow.condition.text or "").strip() if flow.condition is not None else ""


def _split(node: Node) -> str:
    """The kind of gateway that means the same; nothing where none does."""
    conditional = sum(_is_conditional(flow) for flow in node.outgoing)
    default = node.element.get("default")
    has_default = any(default and flow.element.get("id") == default for flow in node.outgoing)
    if not conditional and not has_default:
        return "parallelGateway"
    return "inclusiveGateway" if has_default and conditional == len(node.outgoing) - 1 else ""


def _draw(canvas: Canvas, node: Node, kind: str) -> None:
    gateway = canvas.add(kind, node.element, canvas.fresh(f"Split_{node.id}"))
    default = node.element.attrib.pop("default", "")
    if default:
        gateway.set("default", default)
    for flow in node.outgoing:
        canvas.move_source(flow.element, node.element, gateway)
    canvas.connect(node.element, gateway, gateway)
    picture.draw_behind(canvas.root, node.element, gateway)
    canvas.note("split-drawn", node.element, count=len(node.outgoing), kind=words.kind(kind))


def _is_conditional(flow: Flow) -> bool:
    return flow.condition is not None
