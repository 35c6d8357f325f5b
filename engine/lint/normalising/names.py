"""Messages, errors and decisions that are named, but not where the engine looks for the name."""

from __future__ import annotations

from collections import Counter

from engine.lint.diagram import Diagram, Node
from engine.lint.normalising.canvas import Canvas
from engine.lint.xml import BPMN, CAMUNDA, CASEWAY, Element

#: What begins to wait for a message; a start event waits for none.
AWAITING = ("receiveTask", "intermediateCatchEvent", "boundaryEvent")
KEY = f"{{{CASEWAY}}}correlationKey"
_SUBSCRIBED = f"{{{BPMN}}}extensionElements/{{http://camunda.org/schema/zeebe/1.0}}subscription"
_CODED = ("error", "escalation")
#: Where other engines read which decision to ask.
_CALLED = [
    f"{{{BPMN}}}extensionElements/{{{space}}}{name}"
    for space, name in (
        ("http://camunda.org/schema/zeebe/1.0", "calledDecision"),
        ("http://spiffworkflow.org/bpmn/schema/1.0/core", "calledDecisionId"),
    )
]


def name_messages(canvas: Canvas, diagram: Diagram) -> None:
    """A message without a name has its id for one: that is what tells it from the others of the file."""
    for node in diagram.nodes:
        carrier = node.triggers[0] if node.trigger == "message" else node.element
        message = diagram.referred(carrier.get("messageRef"), "message")
        if message is not None and not (message.get("name") or "").strip():
            message.set("name", message.get("id") or "")
            canvas.note("message-named", node.element, name=message.get("id") or "")


def name_keys(canvas: Canvas, diagram: Diagram) -> None:
    """What waits for a message is found by the key another engine would have read at the message itself."""
    taken: list[Element] = []
    for node in diagram.nodes:
        if node.kind not in AWAITING or node.element.get(KEY) is not None:
            continue
        carrier = node.triggers[0] if node.trigger == "message" else node.element
        message = diagram.referred(carrier.get("messageRef"), "message")
        place = None if message is None else message.find(_SUBSCRIBED)
        if place is not None and (key := (place.get("correlationKey") or "").strip()):
            node.element.set(KEY, key)
            canvas.note("key-taken", node.element, key=key)
            taken.append(place)
    for place in taken:
        parent = place.getparent()
        if parent is not None and set(place.keys()) == {"correlationKey"}:  # the linter tells what is ignored
            parent.remove(place)


def name_codes(canvas: Canvas, diagram: Diagram) -> None:
    """What is thrown without a code gets one of its own; a boundary event that asks for none catches all.

    Source: BPMN 2.0.2, 10.5.5: the code must be there where an error is thrown; where it is absent on a boundary event,
    any error triggers the event. Two such events on one step would both be meant, so those are left alone.
    """
    _catch_all(canvas, diagram)
    for node in diagram.nodes:
        if node.trigger not in _CODED or node.kind == "boundaryEvent":
            continue
        reference = node.triggers[0].get(f"{node.trigger}Ref")
        meant = diagram.referred(reference, node.trigger)
        if not reference:
            meant = _root(canvas, node)
            node.triggers[0].set(f"{node.trigger}Ref", meant.get("id") or "")
        if meant is not None and not _code(node, meant):
            code = canvas.fresh(f"{meant.get('id')}_code")
            meant.set(f"{node.trigger}Code", code)
            canvas.note("code-named", node.element, code=code)


def name_decisions(canvas: Canvas, diagram: Diagram) -> None:
    """A business rule task asks the decision it would ask in another engine."""
    for node in diagram.nodes:
        if node.kind == "businessRuleTask" and not (node.element.get(f"{{{CAMUNDA}}}decisionRef") or "").strip():
            place = next((one for path in _CALLED if (one := node.element.find(path)) is not None), None)
            decision = "" if place is None else (place.get("decisionId") or place.text or "").strip()
            if place is not None and decision:
                parent = place.getparent()
                if parent is not None and set(place.keys()) <= {"decisionId"}:  # the linter tells what is ignored
                    parent.remove(place)
                node.element.set(f"{{{CAMUNDA}}}decisionRef", decision)
                canvas.note("decision-taken", node.element, decision=decision)


def _catch_all(canvas: Canvas, diagram: Diagram) -> None:
    for node in diagram.nodes:
        found = [(event, _codeless(diagram, event)) for event in node.boundaries]
        counts = Counter(event.trigger for event, meant in found if meant is not None)
        for event, meant in found:
            attribute = f"{event.trigger}Ref"
            if meant is not None and counts[event.trigger] == 1:
                del event.triggers[0].attrib[attribute]
                canvas.note("code-not-asked", event.element, reference=meant.get("name") or meant.get("id") or "")


def _codeless(diagram: Diagram, event: Node) -> Element | None:
    """The error or escalation a boundary event refers to, where it has no code."""
    if event.trigger not in _CODED:
        return None
    meant = diagram.referred(event.triggers[0].get(f"{event.trigger}Ref"), event.trigger)
    return meant if meant is not None and not _code(event, meant) else None


def _code(node: Node, meant: Element) -> str:
    return (meant.get(f"{node.trigger}Code") or "").strip()


def _root(canvas: Canvas, node: Node) -> Element:
    """A new error or escalation for one event."""
    first = next(child for child in canvas.root if child.tag == f"{{{BPMN}}}process")
    return canvas.add_before(node.trigger, first, canvas.fresh(f"{node.trigger.title()}_{node.id}"))
