"""Rules about what may stand in an executable diagram at all."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.bundle import Bundle
from engine.lint.diagram import ACTIVITIES, EVENTS, GATEWAYS, NODES, Diagram, Node
from engine.lint.findings import Finding
from engine.lint.normalising.marks import BOOLEANS
from engine.lint.texts import words
from engine.lint.xml import BPMN, Element, local, namespace

_EVERYWHERE = [
    "documentation",
    "extensionElements",
    "incoming",
    "outgoing",
    "property",
    "auditing",
    "monitoring",
    "categoryValueRef",
]
_DATA = [
    "ioSpecification",
    "dataInputAssociation",
    "dataOutputAssociation",
    "dataInput",
    "dataOutput",
    "inputSet",
    "outputSet",
]
_PEOPLE = ["resourceRole", "performer", "humanPerformer", "potentialOwner", "rendering"]
_REPEATS = ["multiInstanceLoopCharacteristics", "standardLoopCharacteristics"]
_DRAWN = ["laneSet", "dataObject", "dataObjectReference", "textAnnotation", "association", "group"]

IN_SCOPE = frozenset(
    [*NODES, "sequenceFlow", "supportedInterfaceRef", *_EVERYWHERE, *_DATA, *_PEOPLE, *_REPEATS, *_DRAWN]
)
_TRIGGERS = frozenset(f"{name}EventDefinition" for name in words.TRIGGERS)
_IN_EVENT = frozenset(["eventDefinitionRef", *_TRIGGERS, *_EVERYWHERE, *_DATA])
_IN_ACTIVITY = frozenset(["script", *_EVERYWHERE, *_DATA, *_PEOPLE, *_REPEATS])
#: What may stand in a node.
IN_NODE: dict[str, frozenset[str]] = {
    **dict.fromkeys(GATEWAYS, frozenset(_EVERYWHERE)),
    **dict.fromkeys(EVENTS, _IN_EVENT),
    **dict.fromkeys(ACTIVITIES, _IN_ACTIVITY),
}

#: Elements with a rule of their own instead of `unknown-element`.
_REFUSED = {
    "dataStore": "data-store",
    "dataStoreReference": "data-store",
    "correlationProperty": "correlation",
    "correlationKey": "correlation",
    "correlationSubscription": "correlation",
}
_REFUSED_NODES = {
    "complexGateway": "complex-gateway",
    "adHocSubProcess": "ad-hoc-subprocess",
    "transaction": "transaction",
}
_SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
_PLACES = {
    **dict.fromkeys([*NODES, "sequenceFlow"], _SCOPES),
    "process": frozenset({"definitions"}),
    "conditionExpression": frozenset({"sequenceFlow"}),
    "script": frozenset({"scriptTask"}),
    **dict.fromkeys(_TRIGGERS, EVENTS | {"definitions"}),
    **dict.fromkeys(["timeDate", "timeDuration", "timeCycle"], frozenset({"timerEventDefinition"})),
}


def examine(diagram: Diagram, _bundle: Bundle) -> Iterator[Finding]:
    """Elements the engine does not know, would ignore or would trip over."""
    for element in diagram.parts:
        rule = _REFUSED.get(local(element))
        if rule:
            yield diagram.finding(rule, element)
        yield from _booleans(diagram, element)
        yield from _misplaced(diagram, element)
    for scope in diagram.scopes:
        yield from _unknown(diagram, scope.element, IN_SCOPE)
        yield from _data(diagram, scope.element)
    for node in diagram.nodes:
        yield from _node(diagram, node)


def _node(diagram: Diagram, node: Node) -> Iterator[Finding]:
    rule = _REFUSED_NODES.get(node.kind)
    if rule:
        yield diagram.finding(rule, node.element)
    elif node.is_event_subprocess:
        yield diagram.finding("event-subprocess", node.element)
    elif node.kind != "subProcess":
        yield from _unknown(diagram, node.element, IN_NODE[node.kind])
    if node.element.get("isForCompensation") == "true":
        yield diagram.finding("compensation", node.element)
    if node.kind != "subProcess":
        yield from _data(diagram, node.element)


def _unknown(diagram: Diagram, parent: Element, allowed: frozenset[str]) -> Iterator[Finding]:
    for child in parent:
        name = local(child)
        known = namespace(child) == BPMN and (name in allowed or name in _REFUSED)
        if not known:
            yield diagram.finding("unknown-element", child, kind=name)


def _misplaced(diagram: Diagram, element: Element) -> Iterator[Finding]:
    """The library finds some elements however deep they hide in another one, even in its extensions."""
    parent, name = element.getparent(), local(element)
    places = _PLACES.get(name)
    if parent is None or places is None or (namespace(parent) == BPMN and local(parent) in places):
        return
    if namespace(parent) != BPMN or local(parent) not in NODES | {"process"}:  # their children have been looked at
        yield diagram.finding("unknown-element", element, kind=name)


def _data(diagram: Diagram, element: Element) -> Iterator[Finding]:
    """Data flow is drawn for readers and left out when the engine reads the file; what computes values is refused."""
    arrows = (("dataInputAssociation", "sourceRef"), ("dataOutputAssociation", "targetRef"))
    if any(element.find(f"{{{BPMN}}}{arrow}/{{{BPMN}}}{end}") is not None for arrow, end in arrows):
        yield diagram.finding("data-association", element)
    computing = (
        f"{{{BPMN}}}{arrow}/{{{BPMN}}}{what}" for arrow, _ in arrows for what in ("assignment", "transformation")
    )
    if any(element.find(place) is not None for place in computing):
        yield diagram.finding("data-mapping", element)
    lists = ("dataInput", "dataOutput")
    if any(element.find(f"{{{BPMN}}}ioSpecification/{{{BPMN}}}{name}") is not None for name in lists):
        yield diagram.finding("data-input-output", element)


def _booleans(diagram: Diagram, element: Element) -> Iterator[Finding]:
    """The library only compares with "true"; 1 and 0 have been spelled out by now."""
    for name in BOOLEANS:
        value = element.get(name)
        if value not in (None, "true", "false"):
            yield diagram.finding("boolean-value", element, attribute=name, value=value or "")
