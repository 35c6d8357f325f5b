"""Rules about processes calling each other, and which one of a bundle is the main one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.lint import graph
from engine.lint.bundle import Bundle
from engine.lint.diagram import Diagram, Node, Scope, is_executable
from engine.lint.findings import Finding, finding
from engine.lint.identifiers import MAX_LENGTH


def examine(diagram: Diagram, bundle: Bundle) -> Iterator[Finding]:
    """Processes that do not run, and calls that lead nowhere."""
    executable = {scope.element.get("id"): scope for _, scope in _executable(bundle)}
    for scope in (*diagram.processes, *diagram.pictures):
        if not is_executable(scope):
            yield diagram.finding("process-not-executable", scope.element)
    for node in diagram.nodes:
        if node.kind == "callActivity":
            yield from _call(diagram, node, executable, bundle)


def across(bundle: Bundle) -> Iterator[Finding]:
    """Exactly one executable process that no other calls, and no circles."""
    executable = _executable(bundle)
    if not executable:
        if bundle.diagrams and not bundle.misses(".bpmn"):
            yield finding(bundle.diagrams[0].file, "no-executable-process", bundle.diagrams[0].root)
        return
    calls = _calls(executable)
    called = {number for following in calls for number in following}
    main = [found for number, found in enumerate(executable) if number not in called]
    if len(main) > 1:
        names = ", ".join(scope.element.get("id") or "" for _, scope in main)
        diagram, scope = main[1]
        yield diagram.finding("several-processes", scope.element, processes=names)
    for circle in graph.loops(calls):
        names = ", ".join(executable[number][1].element.get("id") or "" for number in circle)
        diagram, scope = executable[circle[0]]
        yield diagram.finding("call-recursion", scope.element, processes=names)


def main(bundle: Bundle) -> tuple[str, str] | None:
    """Id and name of the process a bundle is about: the executable one no other calls; failing that, the first."""
    processes = [scope for diagram in bundle.diagrams for scope in (*diagram.processes, *diagram.pictures)]
    named = [scope for scope in processes if 0 < len(scope.element.get("id") or "") <= MAX_LENGTH]
    called = {node.element.get("calledElement") for diagram in bundle.diagrams for node in diagram.nodes}
    ranked = sorted(named, key=lambda scope: (not is_executable(scope), scope.element.get("id") in called))
    if not ranked:
        return None
    key = ranked[0].element.get("id") or ""
    return key, ranked[0].element.get("name") or key


def between(diagrams: Sequence[Diagram]) -> list[list[int]]:
    """Which files of some belong together, by number: each with those it calls and those that call it."""
    homes: dict[str, int] = {}
    for number, diagram in enumerate(diagrams):
        for scope in diagram.processes:
            homes.setdefault(scope.element.get("id") or "", number)
    edges: list[list[int]] = [[] for _ in diagrams]
    for number, diagram in enumerate(diagrams):
        for node in diagram.nodes:
            home = homes.get(node.element.get("calledElement") or "-")
            if home is not None and home != number:
                edges[number].append(home)
                edges[home].append(number)
    return edges


def _call(diagram: Diagram, node: Node, executable: Mapping[str | None, Scope], bundle: Bundle) -> Iterator[Finding]:
    called = (node.element.get("calledElement") or "").strip()
    if not called:
        yield diagram.finding("call-without-process", node.element)
    elif called in executable:
        starts = executable[called].of("startEvent")
        if len(starts) > 1 and all(start.triggers for start in starts):
            yield diagram.finding("call-without-start", node.element, process=called, count=len(starts))
    elif not bundle.misses(".bpmn"):
        yield diagram.finding("unknown-called-process", node.element, process=called)


def _executable(bundle: Bundle) -> list[tuple[Diagram, Scope]]:
    return [(diagram, scope) for diagram in bundle.diagrams for scope in diagram.processes if is_executable(scope)]


def _calls(executable: list[tuple[Diagram, Scope]]) -> list[list[int]]:
    """Which process calls which, by number."""
    numbers = {scope.element.get("id") or "": number for number, (_, scope) in enumerate(executable)}
    numbers.pop("", None)
    calls: list[list[int]] = [[] for _ in executable]
    for diagram in {id(diagram): diagram for diagram, _ in executable}.values():
        for node in diagram.nodes:
            target = numbers.get(node.element.get("calledElement") or "")
            source = numbers.get(node.process.element.get("id") or "")
            if target is not None and source is not None:
                calls[source].append(target)
    return calls
