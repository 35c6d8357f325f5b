"""Rules about gateways: every case finds exactly one way on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.lint.bundle import Bundle
from engine.lint.diagram import Diagram, Flow, Node
from engine.lint.findings import Finding
from engine.lint.structure import CONDITIONAL

_WAITING = frozenset({"message", "timer"})
_SPACE = re.compile(r"\s+")


def examine(diagram: Diagram, _bundle: Bundle) -> Iterator[Finding]:
    """Gateways without a way out for some case, and event gateways the library misreads."""
    for node in diagram.nodes:
        if node.kind in CONDITIONAL:
            yield from _default(diagram, node)
            yield from _conditions(diagram, node)
            yield from _same(diagram, node)
        elif node.kind == "eventBasedGateway":
            yield from _targets(diagram, node)
            yield from _several(diagram, node)


def written(flow: Flow) -> str:
    """The condition of a flow, or nothing."""
    return (flow.condition.text or "").strip() if flow.condition is not None else ""


def _default(diagram: Diagram, node: Node) -> Iterator[Finding]:
    reference = node.element.get("default")
    chosen = [flow for flow in node.outgoing if reference and flow.element.get("id") == reference]
    if reference and not chosen:
        yield diagram.finding("unknown-default-flow", node.element, reference=reference)
    elif not chosen and (len(node.outgoing) > 1 or any(flow.condition is not None for flow in node.outgoing)):
        yield diagram.finding("gateway-without-default", node.element)
    for flow in chosen:
        if flow.condition is not None:
            yield diagram.finding("default-flow-with-condition", flow.element, element=flow.label)


def _conditions(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if len(node.outgoing) < 2:
        return
    for flow in _others(node):
        if flow.condition is None:
            yield diagram.finding("flow-without-condition", flow.element, element=flow.label, gateway=node.label)


def _same(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.kind != "exclusiveGateway":
        return
    first: dict[str, Flow] = {}
    for flow in _others(node):
        text = _SPACE.sub("", written(flow)).removeprefix("=").replace("==", "=")
        other = first.setdefault(text, flow) if text else flow
        if other is not flow:
            yield diagram.finding("same-condition-twice", flow.element, element=flow.label, other=other.label)


def _others(node: Node) -> Iterator[Flow]:
    default = node.element.get("default")
    return (flow for flow in node.outgoing if not default or flow.element.get("id") != default)


def _targets(diagram: Diagram, node: Node) -> Iterator[Finding]:
    """The library moves the event from the target to the gateway: another way in would not wait for it."""
    for flow in node.outgoing:
        target = flow.target
        waits = target.kind == "intermediateCatchEvent" and (target.trigger in _WAITING or not target.triggers)
        if not waits and target.kind != "receiveTask":
            yield diagram.finding("event-gateway-target", target.element, element=target.label, gateway=node.label)
        elif len(target.incoming) > 1:
            yield diagram.finding("event-gateway-target-shared", target.element, gateway=node.label)


def _several(diagram: Diagram, node: Node) -> Iterator[Finding]:
    targets = [flow.target for flow in node.outgoing]
    timers = sum(target.trigger == "timer" for target in targets)
    if timers > 1:
        yield diagram.finding("event-gateway-two-timers", node.element, count=timers)
    messages = [message for target in targets if (message := _message(diagram, target))]
    for name in sorted({name for name in messages if messages.count(name) > 1}):
        yield diagram.finding("event-gateway-same-message", node.element, message=name)


def _message(diagram: Diagram, target: Node) -> str:
    carrier = target.triggers[0] if target.trigger == "message" else target.element
    message = diagram.referred(carrier.get("messageRef"), "message")
    return (message.get("name") or "") if message is not None else ""
