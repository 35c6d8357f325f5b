"""Marks on single elements: ids that are missing, booleans spelled otherwise, the process that is meant to run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from engine.lint.diagram import NODES
from engine.lint.identifiers import NEEDING_ID
from engine.lint.limits import MAX_FLOWS, MAX_NODES
from engine.lint.normalising.canvas import Canvas
from engine.lint.texts import words
from engine.lint.xml import BPMN, Element, local

BOOLEANS = ("isExecutable", "triggeredByEvent", "isForCompensation", "cancelActivity", "isSequential", "testBefore")
_CALL = f"{{{BPMN}}}callActivity"
_MEANT = {"1": "true", "0": "false"}


def make_executable(canvases: Sequence[Canvas]) -> None:
    """Mark as the one to run the only process of a bundle that has anything in it, where none is marked.

    So is one that an executable process calls.
    """
    drawn = {canvas: _drawn(canvas) for canvas in canvases}
    is_any_executable = any(is_executable(canvas) for canvas in canvases)
    if not is_any_executable and sum(map(len, drawn.values())) > 1:
        return
    for canvas, process in [(canvas, process) for canvas, some in drawn.items() for process in some]:
        if not is_marked(process) and (not is_any_executable or _is_called(process, canvases)):
            process.set("isExecutable", "true")
            canvas.note("made-executable", process)


def propose_process(canvases: Sequence[Canvas]) -> None:
    """Of several processes none of which is marked, the first that has a start may be the one to run."""
    drawn = [(canvas, process) for canvas in canvases for process in _drawn(canvas)]
    if len(drawn) > 1 and not any(is_executable(canvas) for canvas in canvases):
        begun = [(canvas, one) for canvas, one in drawn if one.find(f"{{{BPMN}}}startEvent") is not None]
        canvas, process = (begun or drawn)[0]
        canvas.propose("process", process, partial(process.set, "isExecutable", "true"), count=len(drawn))


def _drawn(canvas: Canvas) -> list[Element]:
    """The processes that have anything in them."""
    return [one for one in _processes(canvas) if any(local(child) in NODES for child in one)]


def _processes(canvas: Canvas) -> list[Element]:
    return canvas.root.findall(f"{{{BPMN}}}process")


def is_marked(process: Element) -> bool:
    """Whether a process is marked as one to run."""
    return process.get("isExecutable") in ("true", "1")


def _is_called(process: Element, canvases: Sequence[Canvas]) -> bool:
    calling = [one for canvas in canvases for one in _processes(canvas) if is_marked(one)]
    called = {call.get("calledElement") for one in calling for call in one.iter(_CALL)} - {None}
    return process.get("id") in called


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
