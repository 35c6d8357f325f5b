"""Rules about joining gateways: that what they wait for can come.

Walks through every course an instance of a scope can take, as far as its flows decide it: gateways that choose take each
of their ways, events happen or do not. Only joins wait for each other, so all else may move on as soon as it can; what is
left when nothing can move waits for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import product
from math import prod

from engine.lint.bundle import Bundle
from engine.lint.diagram import Diagram, Node, Scope
from engine.lint.findings import Finding
from engine.lint.structure import takes_part

#: States looked at for one file, and ways to decide at all gateways of a scope, until it counts as too much to tell.
MAX_STATES, MAX_PLANS = 8_000, 64
_MAX_TOKENS = 40

#: Where a token is: on its way into a node by one of its flows, or at an activity some of whose events have happened.
Place = tuple[int, int, frozenset[int]]
State = frozenset[tuple[Place, int]]
Moves = list[list[Place]]


class _TooMuch(Exception):
    """The scope has more courses than are worth looking at."""


def examine(diagram: Diagram, _bundle: Bundle) -> Iterator[Finding]:
    """Joins that wait for ever: always, whatever is decided, or for some decisions."""
    steps = iter(range(MAX_STATES))
    for scope in diagram.scopes:
        if any(_is_join(node) for node in scope.nodes):
            rules: dict[int, str] = {}
            with suppress(_TooMuch):
                for start in scope.of("startEvent"):
                    for number, rule in _look(_Walk(scope, start, steps)):
                        rules[number] = max(
                            rule, rules.get(number, "")
                        )  # to wait for ever is the worse, and the later word
            for number in sorted(rules):
                yield diagram.finding(rules[number], scope.nodes[number].element)


def _look(walk: _Walk) -> Iterator[tuple[int, str]]:
    """Which joins wait when an instance begins there, by number, and the rule each breaks."""
    stuck, ends = walk.courses({})
    if stuck:
        rule = "join-may-wait" if ends and walk.has_a_good_plan() else "join-waits-for-ever"
        yield from ((number, rule) for number in stuck)


def _is_join(node: Node) -> bool:
    return node.kind == "parallelGateway" and len(node.incoming) > 1


class _Walk:
    """The courses through one scope."""

    def __init__(self, scope: Scope, start: Node, steps: Iterator[int]) -> None:
        self.steps = steps
        self.scope = scope
        self.start = scope.nodes.index(start)
        self.numbers = {node: number for number, node in enumerate(scope.nodes)}

    def has_a_good_plan(self) -> bool:
        """Whether gateways can decide so, once and for all, that every course comes to an end; yes if nobody can tell."""
        choosing = {n: len(node.outgoing) for n, node in enumerate(self.scope.nodes) if _chooses(node)}
        for number in choosing:
            choosing[number] += self.scope.nodes[number].kind == "inclusiveGateway"  # all ways together
        if prod(choosing.values()) > MAX_PLANS:
            return True
        plans = (dict(zip(choosing, ways, strict=True)) for ways in product(*map(range, choosing.values())))
        try:
            return any(ends and not stuck for stuck, ends in map(self.courses, plans))
        except _TooMuch:
            return True

    def courses(self, plan: Mapping[int, int]) -> tuple[set[int], bool]:
        """The joins that are left waiting in some course, and whether any course comes to an end."""
        stuck: set[int] = set()
        ends = False
        begun = Counter({(self.start, -1, frozenset[int]()): 1})
        waiting, seen = [begun], {frozenset(begun.items())}
        while waiting:
            tokens = waiting.pop()
            following = self._following(tokens, plan)
            if following is None:
                stuck |= {node for node, _, _ in tokens if _is_join(self.scope.nodes[node])}
                ends = ends or not tokens
            for state in following or ():
                key = frozenset(state.items())
                if key not in seen:
                    seen.add(key)
                    waiting.append(state)
            if next(self.steps, None) is None or sum(tokens.values()) > _MAX_TOKENS:
                raise _TooMuch
        return stuck, ends

    def _following(self, tokens: Counter[Place], plan: Mapping[int, int]) -> list[Counter[Place]] | None:
        """What can come next; nothing when nothing can."""
        joins: dict[int, list[Place]] = {}
        for place in sorted(tokens, key=_order):
            if self._gathers(place[0]):
                joins.setdefault(place[0], []).append(place)
            else:
                return [_moved(tokens, [place], new) for new in self._moves(place, plan)]
        for number, places in joins.items():
            if len(places) == len(self.scope.nodes[number].incoming):
                return [_moved(tokens, places, self._out(number))]
        for number, places in joins.items():
            if self.scope.nodes[number].kind == "inclusiveGateway":  # nobody else can come
                return [_moved(tokens, places, new) for new in self._decided(number, plan)]
        return None

    def _gathers(self, number: int) -> bool:
        node = self.scope.nodes[number]
        return node.kind in ("parallelGateway", "inclusiveGateway") and len(node.incoming) > 1

    def _moves(self, place: Place, plan: Mapping[int, int]) -> list[list[Place] | None]:
        number, _flow, happened = place
        node = self.scope.nodes[number]
        if node.kind == "endEvent":
            return [None if node.trigger in ("terminate", "error") else []]
        moves: list[list[Place] | None] = [*self._decided(number, plan)]
        for event in node.boundaries:
            at = self.numbers[event]
            if event.interrupts:
                moves.append(self._out(at))
            elif at not in happened:
                moves.append([*self._out(at), (number, -1, happened | {at})])
        return moves

    def _decided(self, number: int, plan: Mapping[int, int]) -> Moves:
        node, out = self.scope.nodes[number], self._out(number)
        if not _chooses(node) and node.kind != "eventBasedGateway":
            return [out]
        if number in plan:
            return [out[plan[number] : plan[number] + 1] or out]
        together = [out] if node.kind == "inclusiveGateway" and len(out) > 1 else []
        return [*([one] for one in out), *together]

    def _out(self, number: int) -> list[Place]:
        flows = [flow for flow in self.scope.nodes[number].outgoing if takes_part(flow.target)]
        return [(self.numbers[flow.target], flow.target.incoming.index(flow), frozenset()) for flow in flows]


def _chooses(node: Node) -> bool:
    return node.kind in ("exclusiveGateway", "inclusiveGateway") and len(node.outgoing) > 1


def _order(place: Place) -> tuple[int, int, list[int]]:
    return place[0], place[1], sorted(place[2])


def _moved(tokens: Counter[Place], old: list[Place], new: list[Place] | None) -> Counter[Place]:
    """The tokens after some moved; `None` ends everything in the scope."""
    if new is None:
        return Counter()
    left = tokens.copy()
    left.subtract(old)
    left.update(new)
    return +left
