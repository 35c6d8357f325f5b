"""Who does a task, where only the lane it is drawn in says so."""

from __future__ import annotations

import re

from engine.lint.diagram import PEOPLE_TASKS, Diagram, Node
from engine.lint.normalising.canvas import Canvas
from engine.lint.xml import BPMN, CAMUNDA, Element

_APART = re.compile(r"[,={}\s]+")


def take_groups(canvas: Canvas, diagram: Diagram) -> None:
    """The innermost lane with a name around a task is the group that may take it.

    Source: BPMN 2.0.2, 10.7: lanes usually stand for the roles that do the work.
    """
    lanes = {process.element: _lanes(process.element) for process in diagram.processes}
    for node in diagram.nodes:
        if node.kind in PEOPLE_TASKS and not has_people(node):
            found = lanes[node.process.element]
            group = as_group(next((found[one] for one in _around(node) if one in found), None))
            if group:
                node.element.set(f"{{{CAMUNDA}}}candidateGroups", group)
                canvas.note("group-taken", node.element, group=group)


def give_group(canvas: Canvas, diagram: Diagram) -> None:
    """Tasks that name nobody are for the group the uploader named."""
    group = _APART.sub(" ", canvas.answers.people).strip()
    for node in diagram.nodes if group else ():
        if node.kind in PEOPLE_TASKS and not has_people(node):
            node.element.set(f"{{{CAMUNDA}}}candidateGroups", group)
            canvas.note("group-given", node.element, group=group)


def has_people(node: Node) -> bool:
    """Whether a task says who does it."""
    return any((node.element.get(f"{{{CAMUNDA}}}{name}") or "").strip() for name in ("candidateGroups", "assignee"))


def as_group(place: Element | None) -> str:
    """The name of a lane or pool as that of one group: without what separates groups or makes an expression."""
    return _APART.sub(" ", place.get("name") or "").strip() if place is not None else ""


def _lanes(process: Element) -> dict[str, Element]:
    """The innermost lane with a name each node is drawn in, by the node's id."""
    found: dict[str, Element] = {}
    for lane in process.iter(f"{{{BPMN}}}lane"):  # outer ones come first
        for reference in lane.findall(f"{{{BPMN}}}flowNodeRef") if (lane.get("name") or "").strip() else ():
            found[(reference.text or "").strip().rpartition(":")[2]] = lane
    return found


def _around(node: Node) -> list[str]:
    """A node and the subprocesses around it, innermost first."""
    found = [node.id]
    while node.scope.node is not None:
        node = node.scope.node
        found.append(node.id)
    return found
