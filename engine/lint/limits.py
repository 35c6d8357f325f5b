"""Rules about size: what would be too much for the engine or for a reader."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.bundle import Bundle
from engine.lint.diagram import Diagram
from engine.lint.findings import Finding

#: Steps, gateways and events of one file; the library's parser gives up at about 600 in a row.
MAX_NODES = 300
MAX_FLOWS = 1_000
#: Subprocesses inside one another.
MAX_DEPTH = 5


def examine(diagram: Diagram, _bundle: Bundle) -> Iterator[Finding]:
    """Too many nodes, too many flows, too deep."""
    nodes, flows = size(diagram)
    if nodes > MAX_NODES:
        yield diagram.finding("too-many-nodes", diagram.root, count=nodes, limit=MAX_NODES)
    if flows > MAX_FLOWS:
        yield diagram.finding("too-many-flows", diagram.root, count=flows, limit=MAX_FLOWS)
    for scope in diagram.scopes:
        if scope.depth == MAX_DEPTH + 1:
            yield diagram.finding("nested-too-deep", scope.element, limit=MAX_DEPTH)


def is_checkable(diagram: Diagram) -> bool:
    """Whether the rest of the rules is worth asking; some of them compare every node with every other."""
    nodes, flows = size(diagram)
    return nodes <= MAX_NODES and flows <= MAX_FLOWS and all(scope.depth <= MAX_DEPTH for scope in diagram.scopes)


def size(diagram: Diagram) -> tuple[int, int]:
    """How many nodes and flows the file has."""
    return sum(len(s.nodes) for s in diagram.scopes), sum(len(s.flows) for s in diagram.scopes)
