"""Rules about loops and parallel branches: what runs in circles, and what the engine would have to look ahead too far."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint import graph
from engine.lint.bundle import Bundle
from engine.lint.diagram import CHOICES, PEOPLE_TASKS, Diagram, Node, Scope
from engine.lint.findings import Finding
from engine.lint.structure import numbered

#: Parallel splits that may follow each other before a decision is made.
MAX_SPLITS = 3
#: Steps the engine may look ahead from one step. It looks as far as the next gateway that decides.
MAX_AHEAD = 1_000
#: Nodes at which an instance is stored and waits. A service task counts: its handler may be a job.
WAITS = PEOPLE_TASKS | {"receiveTask", "serviceTask", "intermediateCatchEvent", "eventBasedGateway"}


def examine(diagram: Diagram, bundle: Bundle) -> Iterator[Finding]:
    """Loops that never wait, cannot be left; parallel branches that multiply."""
    for scope in diagram.scopes:
        yield from _without_wait(diagram, scope, bundle.hasty)
        endless = list(_without_choice(diagram, scope))
        yield from endless
        if not endless:
            yield from _ahead(diagram, scope)


def hasty_scopes(diagrams: list[Diagram]) -> set[str]:
    """Ids of the processes and subprocesses an instance runs through without waiting anywhere, not even further in."""
    scopes = [scope for diagram in diagrams for scope in diagram.scopes]
    hasty: set[str] = {scope.element.get("id") or "" for scope in scopes}
    while True:
        waiting = {s.element.get("id") or "" for s in scopes if any(_waits(node, hasty) for node in s.nodes)}
        if not waiting & hasty:
            return hasty
        hasty -= waiting


def _without_wait(diagram: Diagram, scope: Scope, hasty: set[str]) -> Iterator[Finding]:
    numbers, edges = numbered(scope)
    rushing = {numbers[node] for node in scope.nodes if not _waits(node, hasty)}
    for loop in graph.loops(graph.within(edges, rushing)):
        yield _loop(diagram, "loop-without-wait", scope, loop)


def _without_choice(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    """The library looks ahead along every flow; only a gateway that decides, or a boundary event, ends that."""
    numbers, edges = numbered(scope, boundaries=False)
    plain = {numbers[node] for node in scope.nodes if node.kind not in CHOICES}
    for loop in graph.loops(graph.within(edges, plain)):
        yield _loop(diagram, "loop-without-choice", scope, loop)


def _ahead(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    _numbers, edges = numbered(scope, boundaries=False)
    plain = [[] if scope.nodes[at].kind in CHOICES else following for at, following in enumerate(edges)]
    splits, steps = [0] * len(plain), [1] * len(plain)
    for (number,) in graph.components(plain):
        following = plain[number]
        is_split = scope.nodes[number].kind == "parallelGateway" and len(following) > 1
        splits[number] = is_split + max((splits[n] for n in following), default=0)
        steps[number] = min(10 * MAX_AHEAD, 1 + sum(steps[n] for n in following))
    yield from _too_far(diagram, scope, splits, steps)


def _too_far(diagram: Diagram, scope: Scope, splits: list[int], steps: list[int]) -> Iterator[Finding]:
    """One finding for a scope, at the split everything hangs on."""
    longest = max(splits, default=0)
    if longest > MAX_SPLITS:
        first = next(n for at, n in enumerate(scope.nodes) if splits[at] == longest and n.kind == "parallelGateway")
        yield diagram.finding("parallel-chain", first.element, count=longest, limit=MAX_SPLITS)
    elif max(steps, default=0) > MAX_AHEAD:
        node = scope.nodes[steps.index(max(steps))]
        yield diagram.finding("parallel-width", node.element, limit=MAX_AHEAD)


def _loop(diagram: Diagram, rule: str, scope: Scope, loop: list[int]) -> Finding:
    nodes = [scope.nodes[number] for number in loop]
    names = ", ".join(f"“{node.label}”" for node in nodes if node.label)
    return diagram.finding(rule, nodes[0].element, loop=names)


def _waits(node: Node, hasty: set[str]) -> bool:
    if node.kind == "boundaryEvent":
        return node.trigger in ("timer", "message")
    if node.kind == "callActivity":
        return (node.element.get("calledElement") or "") not in hasty
    return node.kind in WAITS or (node.kind == "subProcess" and node.id not in hasty)
