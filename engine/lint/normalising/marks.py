"""Marks on single elements: ids that are missing, booleans spelled otherwise, the process that is meant to run."""

from __future__ import annotations

from collections.abc import Sequence

from engine.lint.diagram import NODES
from engine.lint.identifiers import NEEDING_ID
from engine.lint.limits import MAX_FLOWS, MAX_NODES
from engine.lint.normalising.canvas import Canvas
from engine.lint.texts import words
from engine.lint.xml import BPMN, Element, local

BOOLEANS = ("isExecutable", "triggeredByEvent", "isForCompensation", "cancelActivity", "isSequential", "testBefore")
_MEANT = {"1": "true", "0": "false"}


def make_executable(canvases: Sequence[Canvas]) -> None:
    """Mark the only process of a bundle that has anything in it as the one to run, where none is."""
    processes = [
        (canvas, process) for canvas in canvases for process in canvas.root if process.tag == f"{{{BPMN}}}process"
    ]
    drawn = [(canvas, process) for canvas, process in processes if any(local(child) in NODES for child in process)]
    if len(drawn) != 1 or any(process.get("isExecutable", "false") in ("true", "1") for _, process in processes):
        return
    canvas, process = drawn[0]
    process.set("isExecutable", "true")
    canvas.note("made-executable", process)


def is_executable(canvas: Canvas) -> bool:
    """Whether a process of the file is to run."""
    return any(one.get("isExecutable") in ("true", "1") for one in canvas.root.iterfind(f"{{{BPMN}}}process"))


def spell_booleans(canvas: Canvas) -> None:
    """XML allows 1 and 0 for true and false; the library only compares with "true"."""
    for element in canvas.root.iter(f"{{{BPMN}}}*"):
        for name in BOOLEANS:
            value = element.get(name)
            meant = _MEANT.get((value or "").strip())
            if value is not None and meant:
                element.set(name, meant)
                canvas.note("boolean-spelling", element, attribute=name, value=value, meant=meant)


def give_ids(canvas: Canvas) -> None:
    """An id for every element the engine finds by it; more than a diagram may have are left alone."""
    lacking = [
        element
        for element in canvas.root.iter(f"{{{BPMN}}}*")
        if local(element) in NEEDING_ID and not element.get("id")
    ]
    for element in lacking if len(lacking) <= MAX_NODES + MAX_FLOWS else ():
        kind = local(element)
        identifier = canvas.fresh(_wanted(element, kind))
        canvas.note("missing-id", element, kind=words.kind(kind), id=identifier)
        element.set("id", identifier)


def _wanted(element: Element, kind: str) -> str:
    if kind == "sequenceFlow":
        return f"Flow_{element.get('sourceRef', '')}_{element.get('targetRef', '')}"
    return kind[0].upper() + kind[1:]
