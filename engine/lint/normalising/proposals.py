"""What a diagram probably means where it does not say so: shown, and only done when the uploader agrees.

A guess must never become a process that runs by accident: without the uploader's word, each stays the error it is.
"""

from __future__ import annotations

import re
from functools import partial

from engine.lint.diagram import PEOPLE_TASKS, Diagram, Node
from engine.lint.extensions import ENGINES
from engine.lint.normalising import gateways
from engine.lint.normalising.canvas import Canvas
from engine.lint.normalising.people import as_group, has_people
from engine.lint.xml import BPMN, CAMUNDA, CASEWAY, Element, make, namespace, split

_SPAN = re.compile(r"(\d{1,4}) (second|minute|hour|day|week|month|year)s?")
_SPANS = {
    "second": "PT{}S",
    "minute": "PT{}M",
    "hour": "PT{}H",
    "day": "P{}D",
    "week": "P{}W",
    "month": "P{}M",
    "year": "P{}Y",
}
_BETWEEN = re.compile(r"\W+")


def groups(canvas: Canvas, diagram: Diagram) -> None:
    """The pool a task is drawn in may be the group that does it."""
    pools = {_target(one, "processRef"): one for one in canvas.root.iter(f"{{{BPMN}}}participant")}
    is_answered = bool(canvas.answers.people) and not canvas.answers.accept
    for node in () if is_answered else diagram.nodes:
        if node.kind in PEOPLE_TASKS and not has_people(node):
            group = as_group(pools.get(node.process.element.get("id") or "-"))
            if group:
                change = partial(node.element.set, f"{{{CAMUNDA}}}candidateGroups", group)
                canvas.propose("group", node.element, change, group=group)


def defaults(canvas: Canvas, diagram: Diagram) -> None:
    """The last flow behind an exclusive gateway may be meant where no condition holds.

    The flows are asked in the order of the file, so it is also still taken wherever it was.
    """
    for node in diagram.nodes:
        conditions = [gateways.written(flow) for flow in node.outgoing]
        is_asking = node.kind == "exclusiveGateway" and not node.element.get("default")
        if is_asking and len(conditions) > 1 and all(conditions):
            change = partial(gateways.choose, node.outgoing[-1])
            params = {"gateway": node.label, "element": node.outgoing[-1].label, "text": conditions[-1]}
            canvas.propose("default", node.outgoing[-1].element, change, **params)


def times(canvas: Canvas, diagram: Diagram) -> None:
    """A timer without a time may wait as long as it is called."""
    for node in diagram.nodes:
        match = (
            _SPAN.fullmatch(_written(node).lower()) if node.trigger == "timer" and node.kind != "startEvent" else None
        )
        if match is not None and len(node.triggers[0]) == 0:
            span = _SPANS[match[2]].format(int(match[1]))
            canvas.propose("time", node.element, partial(_wait, node.triggers[0], span), time=span)


def insides(canvas: Canvas, diagram: Diagram) -> None:
    """A subprocess nothing is drawn in may have nothing to do."""
    for scope in diagram.scopes:
        if scope.node is not None and not scope.nodes and not scope.loose_flows:
            canvas.propose("inside", scope.element, partial(_fill, canvas, scope.element))


def messages(canvas: Canvas, diagram: Diagram) -> None:
    """An event or task that refers to no message may wait for, or send, the one of its own name."""
    for node in diagram.nodes:
        carrier = node.triggers[0] if node.trigger == "message" else node.element
        is_about_one = node.trigger == "message" or node.kind in ("sendTask", "receiveTask")
        name = _written(node)
        if is_about_one and name and not carrier.get("messageRef"):
            canvas.propose("message", node.element, partial(_refer, canvas, carrier, name), name=name)


def topics(canvas: Canvas, diagram: Diagram) -> None:
    """A service task that says nothing about its work may do what it is called."""
    for node in diagram.nodes:
        topic = _BETWEEN.sub("_", _written(node).lower()).strip("_")
        if node.kind == "serviceTask" and topic and not _is_for_an_engine(node.element):
            canvas.propose("topic", node.element, partial(_work, node.element, topic), topic=topic)


def decisions(canvas: Canvas, diagram: Diagram) -> None:
    """A business rule task that names no decision may ask the one of its own name."""
    for node in diagram.nodes:
        decision = _BETWEEN.sub("_", _written(node)).strip("_")
        is_asking = (
            node.kind == "businessRuleTask" and not (node.element.get(f"{{{CAMUNDA}}}decisionRef") or "").strip()
        )
        if is_asking and decision:
            change = partial(node.element.set, f"{{{CAMUNDA}}}decisionRef", decision)
            canvas.propose("decision", node.element, change, decision=decision)


def _wait(trigger: Element, span: str) -> None:
    duration = make(f"{{{BPMN}}}timeDuration", trigger)
    duration.text = f'"{span}"'
    trigger.append(duration)


def _fill(canvas: Canvas, subprocess: Element) -> None:
    """Let a subprocess begin and end at once."""
    ends = [canvas.fresh(f"{kind}_{subprocess.get('id')}") for kind in ("Start", "End")]
    start, end = (
        make(f"{{{BPMN}}}{kind}", subprocess, {"id": one})
        for kind, one in zip(("startEvent", "endEvent"), ends, strict=True)
    )
    subprocess.extend([start, end])
    canvas.connect(start, end, end)


def _refer(canvas: Canvas, carrier: Element, name: str) -> None:
    """Let something refer to the message of this name; it is added where there is none."""
    named = (one for one in canvas.root.iterfind(f"{{{BPMN}}}message") if (one.get("name") or "").strip() == name)
    found = next((one for one in named if one.get("id")), None)
    if found is None:
        first = next(child for child in canvas.root if child.tag == f"{{{BPMN}}}process")
        found = canvas.add_before("message", first, canvas.fresh(f"Message_{_BETWEEN.sub('_', name)}"))
        found.set("name", name)
    carrier.set("messageRef", found.get("id") or "")


def _work(element: Element, topic: str) -> None:
    element.set(f"{{{CAMUNDA}}}type", "external")
    element.set(f"{{{CAMUNDA}}}topic", topic)


def _is_for_an_engine(element: Element) -> bool:
    """Whether some engine is told what to do: then its name is not all there is."""
    attributes = [split(str(key))[0] for key in element.keys()]  # noqa: SIM118  # iterating gives the children
    inner = [namespace(child) for child in element.iterfind(f"{{{BPMN}}}extensionElements/*")]
    return (
        any(space in ENGINES and space != CASEWAY for space in (*attributes, *inner))
        or element.get("operationRef") is not None
    )


def _target(element: Element, attribute: str) -> str:
    return (element.get(attribute) or "").rpartition(":")[2]


def _written(node: Node) -> str:
    return " ".join((node.element.get("name") or "").split())[:100]
