"""Questions about directed graphs, answered without recursion. A graph is a list of successors per number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Graph = Sequence[Sequence[int]]


def reachable(graph: Graph, starts: Iterable[int]) -> set[int]:
    """Every node some path leads to, the starts included."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for following in graph[waiting.pop()]:
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return seen


def loops(graph: Graph) -> list[list[int]]:
    """The sets of nodes that lie on common circles, each in ascending order."""
    return [sorted(part) for part in components(graph) if len(part) > 1 or part[0] in graph[part[0]]]


def components(graph: Graph) -> list[list[int]]:
    """The strongly connected components, those that lie behind others first (Tarjan)."""
    search = _Tarjan(graph)
    for node in range(len(graph)):
        if node not in search.index:
            search.visit(node)
    return search.found


class _Tarjan:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.index: dict[int, int] = {}
        self.low: dict[int, int] = {}
        self.stack: list[int] = []
        self.open: set[int] = set()
        self.found: list[list[int]] = []

    def visit(self, start: int) -> None:
        path = [self._enter(start)]
        while path:
            node, following = path[-1]
            for other in following:
                if other not in self.index:
                    path.append(self._enter(other))
                    break
                if other in self.open:
                    self.low[node] = min(self.low[node], self.index[other])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    self.low[above] = min(self.low[above], self.low[node])
                self._close(node)

    def _enter(self, node: int) -> tuple[int, Iterator[int]]:
        self.index[node] = self.low[node] = len(self.index)
        self.stack.append(node)
        self.open.add(node)
        return node, iter(self.graph[node])

    def _close(self, node: int) -> None:
        if self.low[node] != self.index[node]:
            return
        part: list[int] = []
        while not part or part[-1] != node:
            part.append(self.stack.pop())
            self.open.discard(part[-1])
        self.found.append(part)


def within(graph: Graph, kept: set[int]) -> list[list[int]]:
    """The same graph with only some nodes connected."""
    return [[n for n in following if n in kept] if at in kept else [] for at, following in enumerate(graph)]
