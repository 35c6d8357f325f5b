"""Which flows a trail took, and when each element was come to: the trail is walked through the drawing, token by token.

A trail says what was passed, not by which flow. An element takes the newest passage before it that lies at the other end of
one of its flows and has not been taken by that flow yet; what decides (an exclusive or an event-based gateway) gives each of its
passages to one flow only. A join takes one from each. Where an element has but one way out, every passage went it, whatever
became of it; out of a decision a flow counts once the element it leads to was passed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.drawing import Drawing, Flow

#: What lets a token out on one of its flows only.
DECIDES = frozenset({"exclusiveGateway", "eventBasedGateway"})
#: What waits until tokens have come on its flows.
JOINS = frozenset({"parallelGateway", "inclusiveGateway"})


@dataclass(frozen=True)
class Replayed:
    """A trail's flows: how often each was taken, and how often back to an element passed before; and for each place of the
    trail the place of what came right before (a join: the first of those), None where nothing did.
    """

    taken: Mapping[str, int]
    back: Mapping[str, int]
    came_from: Sequence[int | None]


def replay(trail: Sequence[str], drawing: Drawing) -> Replayed:
    """Walk a trail through a drawing; elements the drawing does not have are passed over."""
    walk = _Walk(drawing)
    for place, element in enumerate(trail):
        walk.pass_through(place, element)
    return Replayed(walk.counted(), walk.back, walk.came_from)


class _Walk:
    """A trail half walked. `left`: for each flow the places of its source's passages it has not taken yet."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.came_from: list[int | None] = []
        self.back: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()
        self._passed: Counter[str] = Counter()
        self._left: dict[str, list[int]] = defaultdict(list)
        self._last: dict[str, int | None] = {}

    def pass_through(self, place: int, element: str) -> None:
        """One more passage."""
        ended = self.drawing.borders.get(element)
        before = self._arrive(ended or element)
        self.came_from.append(self._last.get(element) if before is None else before)
        self._last[element] = self.came_from[-1]
        self._passed[element] += 1
        for flow in self.drawing.outgoing.get(element, ()):
            self._left[flow.id].append(place)

    def counted(self) -> Counter[str]:
        """How often each flow was taken."""
        found = Counter(self._taken)
        for element, times in self._passed.items():
            ways = self.drawing.outgoing.get(element, ())
            if len(ways) == 1 or self.drawing.kinds.get(element) == "parallelGateway":
                found.update({flow.id: times - self._taken[flow.id] for flow in ways})
        return +found

    def _arrive(self, element: str) -> int | None:
        flows = [one for one in self.drawing.incoming.get(element, ()) if self._left[one.id]]
        if not flows:
            return None
        if self.drawing.kinds.get(element) in JOINS:
            return min([self._take(one, element) for one in flows])
        return self._take(max(flows, key=lambda one: self._left[one.id][-1]), element)

    def _take(self, flow: Flow, element: str) -> int:
        place = self._left[flow.id].pop()
        if self.drawing.kinds.get(flow.source) in DECIDES:
            for other in self.drawing.outgoing[flow.source]:
                if other is not flow and place in self._left[other.id]:
                    self._left[other.id].remove(place)
        self._taken[flow.id] += 1
        if 0 < self._passed[flow.source] <= self._passed[element]:  # it had been there as often as before the flow
            self.back[flow.id] += 1
        return place
