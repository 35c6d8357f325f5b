"""Rules about events: which kinds can be executed where, and that what they refer to exists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint import expressions
from engine.lint.bundle import Bundle
from engine.lint.diagram import EVENTS, STARTING, Diagram, Node, Scope
from engine.lint.findings import Finding
from engine.lint.texts import words
from engine.lint.xml import BPMN, CASEWAY, Element
from engine.spiff import starts
from engine.spiff.elements import is_about_a_message

#: Kinds of events the engine executes, by where they stand. A plain one is always possible where nothing is awaited.
POSSIBLE: dict[str, tuple[str, ...]] = {
    "startEvent": (),
    "endEvent": ("message", "error", "escalation", "terminate"),
    "intermediateCatchEvent": ("message", "timer"),
    "intermediateThrowEvent": ("message", "escalation"),
    "boundaryEvent": ("message", "timer", "error", "escalation"),
}
_AWAITING = ("intermediateCatchEvent", "boundaryEvent")
_NOWHERE = {
    "signal": "signal-event",
    "link": "link-event",
    "conditional": "conditional-event",
    "cancel": "cancel-event",
    "compensate": "compensation",
}


def examine(diagram: Diagram, bundle: Bundle) -> Iterator[Finding]:
    """Events of a kind the library passes over, waits for nothing, or never catches."""
    for node in diagram.nodes:
        if node.kind in EVENTS:
            yield from _kind(diagram, node)
            yield from _references(diagram, node)
        elif node.kind in ("sendTask", "receiveTask"):
            yield from _message_task(diagram, node)
        if node.kind == "boundaryEvent":
            yield from _boundary(diagram, node)
        if (key := node.element.get(f"{{{CASEWAY}}}correlationKey")) is not None and is_about_a_message(node.element):
            yield from expressions.written_value(diagram, node.element, "correlationKey", key, bundle)
    for scope in diagram.scopes:
        yield from _uncaught(diagram, scope, bundle)


def _kind(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.element.find(f"{{{BPMN}}}eventDefinitionRef") is not None:
        yield diagram.finding("trigger-by-reference", node.element)
        return
    if len(node.triggers) > 1:
        yield diagram.finding("several-triggers", node.element)
    elif node.triggers:
        yield from _trigger(diagram, node)
    elif node.kind in _AWAITING:
        yield diagram.finding("missing-trigger", node.element, kind=words.kind(node.kind), possible=_possible(node))


def _trigger(diagram: Diagram, node: Node) -> Iterator[Finding]:
    trigger = words.trigger(node.trigger)
    if node.trigger in _NOWHERE:
        yield diagram.finding(_NOWHERE[node.trigger], node.element)
    elif node.kind == "startEvent" and node.trigger in STARTING and node.scope.node is None:
        if node.trigger == "timer" and not any(starts.of_moment(node.element)):
            yield diagram.finding("start-by-hand", node.element)
    elif node.kind == "startEvent":
        yield diagram.finding("start-trigger", node.element, trigger=trigger)
    elif node.trigger not in POSSIBLE[node.kind]:
        kind, possible = words.kind(node.kind), _possible(node)
        yield diagram.finding("unsupported-trigger", node.element, kind=kind, trigger=trigger, possible=possible)


def _possible(node: Node) -> words.Words:
    return words.listed([words.trigger(name) for name in POSSIBLE[node.kind]])


def _references(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.trigger == "message":
        yield from _message(diagram, node, node.triggers[0].get("messageRef"))
    elif node.trigger in ("error", "escalation"):
        yield from _coded(diagram, node, node.triggers[0])


def _message(diagram: Diagram, node: Node, reference: str | None) -> Iterator[Finding]:
    message = diagram.referred(reference, "message")
    if message is None or not (message.get("name") or "").strip():
        yield diagram.finding("message-reference", node.element, reference=reference or "—")


def _coded(diagram: Diagram, node: Node, definition: Element) -> Iterator[Finding]:
    """Errors and escalations are recognised by their code; a boundary event without one catches all."""
    reference = definition.get(f"{node.trigger}Ref")
    if reference is None and node.kind == "boundaryEvent":
        return
    meant = diagram.referred(reference, node.trigger)
    if meant is None or not (meant.get(f"{node.trigger}Code") or "").strip():
        yield diagram.finding(f"{node.trigger}-reference", node.element, reference=reference or "—")


def _message_task(diagram: Diagram, node: Node) -> Iterator[Finding]:
    yield from _message(diagram, node, node.element.get("messageRef"))
    if node.element.get("instantiate") == "true":
        yield diagram.finding("instantiating-receive", node.element)


def _boundary(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.host is None:
        reference = node.element.get("attachedToRef") or "—"
        yield diagram.finding("boundary-on-nothing", node.element, reference=reference)
    if node.trigger == "error" and not node.interrupts:
        yield diagram.finding("error-boundary-not-interrupting", node.element)


def _uncaught(diagram: Diagram, scope: Scope, bundle: Bundle) -> Iterator[Finding]:
    """The library lets an uncaught error event end its subprocess as if it were a plain end."""
    for node in scope.of("endEvent"):
        if node.trigger == "error" and not _is_caught(diagram, node, bundle):
            yield diagram.finding("uncaught-error", node.element)


def _is_caught(diagram: Diagram, node: Node, bundle: Bundle) -> bool:
    code = _code(diagram, node)
    scope: Scope | None = node.scope
    while scope is not None and scope.node is not None:
        if any(_catches(diagram, event, code) for event in scope.node.boundaries):
            return True
        scope = scope.node.scope
    process = scope.element.get("id") if scope is not None else None
    calls = (call for other in bundle.diagrams for call in other.nodes if call.kind == "callActivity")
    return any(call.element.get("calledElement") == process for call in calls)


def _catches(diagram: Diagram, event: Node, code: str) -> bool:
    return event.trigger == "error" and _code(diagram, event) in ("", code)


def _code(diagram: Diagram, node: Node) -> str:
    error = diagram.referred(node.triggers[0].get("errorRef"), "error")
    return (error.get("errorCode") or "") if error is not None else ""
