"""Rules about ids: every element has its own, and none the engine uses itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.lint.bundle import Bundle
from engine.lint.diagram import NODES, Diagram
from engine.lint.findings import Finding
from engine.lint.xml import BPMN, Element, line_of, local, namespace

#: Elements a deployed diagram needs an id on, beside the nodes; `normalising` gives them one.
NEEDING_ID = NODES | {"sequenceFlow", "message", "error", "escalation", "signal"}

MAX_LENGTH = 200
_FORM = re.compile(r"[^\W\d][\w.\-]*")
#: Names of the library's own tasks; a node with such an id is taken for it.
_RESERVED = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
_RESERVED_ENDINGS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin")


def examine(diagram: Diagram, _bundle: Bundle) -> Iterator[Finding]:
    """Missing, malformed, reserved and doubled ids of one file."""
    for element in diagram.parts:
        yield from _own(diagram, element)
    inside = [element for process in diagram.processes for element in process.element.iter()]
    yield from _doubled(diagram, inside)
    yield from _doubled(diagram, [child for child in diagram.root if local(child) in NEEDING_ID])


def across(bundle: Bundle) -> Iterator[Finding]:
    """Nodes and processes of different files with the same id: the engine finds what is written on them by id alone."""
    seen: dict[str, tuple[Diagram, Element]] = {}
    for diagram in bundle.diagrams:
        for element in (*(scope.element for scope in diagram.processes), *(node.element for node in diagram.nodes)):
            first, other = seen.setdefault(element.get("id") or "", (diagram, element))
            if first is not diagram and element.get("id"):
                yield _twice(diagram, element, other, f", {first.file}")


def is_reserved(identifier: str) -> bool:
    """Whether the engine uses a name itself."""
    return identifier in _RESERVED or identifier.endswith(_RESERVED_ENDINGS)


def _own(diagram: Diagram, element: Element) -> Iterator[Finding]:
    identifier, kind = element.get("id"), local(element)
    if not identifier:
        if kind == "process":
            yield diagram.finding("process-without-id", element)
    elif kind not in NODES | {"process", "sequenceFlow"}:
        return
    elif len(identifier) > MAX_LENGTH or not _FORM.fullmatch(identifier):
        yield diagram.finding("malformed-id", element, id=identifier)
    elif is_reserved(identifier) and kind in NODES:
        yield diagram.finding("reserved-id", element, id=identifier, suggestion=identifier.replace(".", "_") + "_1")


def _doubled(diagram: Diagram, elements: Iterable[Element]) -> Iterator[Finding]:
    """Ids used twice where the library looks up elements of any kind, even those of a form, alike."""
    seen: dict[str, Element] = {}
    for element in elements:
        first = seen.setdefault(element.get("id") or "", element)
        if element.get("id") and first is not element and BPMN in (namespace(first), namespace(element)):
            yield _twice(diagram, element, first, "")


def _twice(diagram: Diagram, element: Element, first: Element, file: str) -> Finding:
    line, identifier = line_of(first) or 0, element.get("id") or ""
    return diagram.finding("duplicate-id", element, id=identifier, first_line=line, first_file=file)
