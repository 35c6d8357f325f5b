"""Random diagrams, block by block: whatever Hypothesis draws is a sound diagram the linter would take."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from tests.engine import drawing as d

#: What stands inside what: `("sequence", [...])`, `("choice", a, b)` … Leaves are `("user",)`, `("script",)` …
Block = tuple[Any, ...]

LEAVES = [("user",), ("script",), ("service",), ("job",), ("pause",), ("message",), ("either",), ("again",), ("each",)]
SEVERAL = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{0}"><bpmn:loopDataInputRef>people</bpmn:loopDataInputRef>'
    "<bpmn:loopDataOutputRef>{1}</bpmn:loopDataOutputRef>"
    '<bpmn:inputDataItem id="person_{1}" name="person_{1}"/><bpmn:outputDataItem id="answer_{1}" name="answer_{1}"/>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)
AGAIN = (
    '<bpmn:standardLoopCharacteristics testBefore="false" loopMaximum="3"><bpmn:loopCondition '
    'xsi:type="bpmn:tFormalExpression">n &gt; 0</bpmn:loopCondition></bpmn:standardLoopCharacteristics>'
)
LOST = '<bpmn:errorEventDefinition errorRef="lost"/>'
LATE = '<bpmn:escalationEventDefinition escalationRef="late"/>'
OUTSIDE = '<bpmn:error id="lost" errorCode="lost"/><bpmn:escalation id="late" escalationCode="late"/>'


def blocks() -> st.SearchStrategy[Block]:
    """A random block; small ones first."""
    return st.recursive(st.sampled_from(LEAVES), _around, max_leaves=8)


def _around(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: ("sequence", *parts)),
        pair.map(lambda two: ("choice", *two)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: ("parallel", *parts)),
        pair.map(lambda two: ("inclusive", *two)),
        inner.map(lambda one: ("back", one)),
        inner.map(lambda one: ("subprocess", one)),
        pair.map(lambda two: ("timeout", *two)),
        pair.map(lambda two: ("reminder", *two)),
        pair.map(lambda two: ("stopped", *two)),
        pair.map(lambda two: ("asked", *two)),
        pair.map(lambda two: ("failed", *two)),
        pair.map(lambda two: ("escalated", *two)),
        inner.map(lambda one: ("in_turn", one)),
        inner.map(lambda one: ("at_once", one)),
    )


def kinds(block: Block) -> set[str]:
    """The names of all blocks in a block."""
    return {block[0]}.union(*(kinds(part) for part in block[1:] if isinstance(part, tuple)))


@dataclass(frozen=True)
class Place:
    """A block as it was drawn: where it is entered and left, and every element in it."""

    block: Block
    entry: str
    exit: str
    elements: frozenset[str]


@dataclass
class Drawing:
    """A diagram as it grows: every node and moment has its own number."""

    number: int = 0
    places: list[Place] = field(default_factory=list)
    outside: list[str] = field(default_factory=lambda: [OUTSIDE])

    def whole(self, block: Block) -> bytes:
        """The file with one process."""
        parts, first, last = self.block(block)
        begun, done = d.start(), d.end()
        return d.process(
            begun, done, *parts, d.flow("start", first), d.flow(last, "end"), outside="".join(self.outside)
        )

    def block(self, block: Block) -> tuple[list[str], str, str]:
        """The elements of a block, the id it is entered at and the one it is left at."""
        self.number += 1
        kind, *inner = block
        draw = getattr(self, f"_{kind}")
        parts, first, last = draw(f"{kind}{self.number}", *inner)
        inside = frozenset(re.findall(r'\bid="(\w+)"', "".join(parts)))
        self.places.append(Place(block, first, last, inside))
        return parts, first, last

    def _one(self, name: str, text: str) -> tuple[list[str], str, str]:
        return [text], name, name

    def _user(self, name: str) -> tuple[list[str], str, str]:
        return self._one(name, d.user(name, answers="n x"))

    def _script(self, name: str) -> tuple[list[str], str, str]:
        return self._one(name, d.script(name, f"y = n + {self.number}"))

    def _service(self, name: str) -> tuple[list[str], str, str]:
        return self._one(name, d.service(name, "greet"))

    def _job(self, name: str) -> tuple[list[str], str, str]:
        return self._one(name, d.service(name, "job"))

    def _pause(self, name: str) -> tuple[list[str], str, str]:
        return self._one(name, d.catch(name, self._timer()))

    def _message(self, name: str) -> tuple[list[str], str, str]:
        return self._one(name, d.catch(name, self._awaited(name)))

    def _again(self, name: str) -> tuple[list[str], str, str]:
        return self._one(name, d.user(name, answers="n").replace("/>", f">{AGAIN}</bpmn:userTask>"))

    def _each(self, name: str) -> tuple[list[str], str, str]:
        several = SEVERAL.format(str(self.number % 2 == 0).lower(), f"out_{name}")
        return self._one(name, d.user(name, answers=f"answer_out_{name}").replace("/>", f">{several}</bpmn:userTask>"))

    def _either(self, name: str) -> tuple[list[str], str, str]:
        parts = [
            d.event_gateway(name), d.catch(f"{name}_m", self._awaited(name)), d.catch(f"{name}_t", self._timer()),
            d.exclusive(f"{name}_x"), d.path(name, f"{name}_m", f"{name}_x"), d.path(name, f"{name}_t", f"{name}_x"),
        ]  # fmt: skip
        return parts, name, f"{name}_x"

    def _sequence(self, _name: str, *inner: Block) -> tuple[list[str], str, str]:
        drawn = [self.block(one) for one in inner]
        parts = [part for one in drawn for part in one[0]]
        parts += [d.flow(one[2], two[1]) for one, two in pairwise(drawn)]
        return parts, drawn[0][1], drawn[-1][2]

    def _choice(self, name: str, one: Block, two: Block) -> tuple[list[str], str, str]:
        (a, first_a, last_a), (b, first_b, last_b) = self.block(one), self.block(two)
        split, join = d.exclusive(name, f"{name}_{first_b}"), d.exclusive(f"{name}_x")
        flows = [d.flow(name, first_a, "n > 0"), d.flow(name, first_b), d.flow(last_a, f"{name}_x")]
        return [split, join, *a, *b, *flows, d.flow(last_b, f"{name}_x")], name, f"{name}_x"

    def _parallel(self, name: str, *inner: Block) -> tuple[list[str], str, str]:
        drawn = [self.block(one) for one in inner]
        parts = [part for one in drawn for part in one[0]]
        flows = [d.path(name, first) + d.path(last, f"{name}_j") for _, first, last in drawn]
        return [d.parallel(name), d.parallel(f"{name}_j"), *parts, *flows], name, f"{name}_j"

    def _inclusive(self, name: str, one: Block, two: Block) -> tuple[list[str], str, str]:
        (a, first_a, last_a), (b, first_b, last_b) = self.block(one), self.block(two)
        none = f"{name}_n"
        parts = [d.inclusive(name, f"{name}_{none}"), d.inclusive(f"{name}_j"), d.user(none, answers="n"), *a, *b]
        flows = [d.flow(name, first_a, "n > 0"), d.flow(name, first_b, "n > 1"), d.flow(name, none)]
        return [*parts, *flows, *(d.flow(last, f"{name}_j") for last in (last_a, last_b, none))], name, f"{name}_j"

    def _back(self, name: str, one: Block) -> tuple[list[str], str, str]:
        parts, first, last = self.block(one)
        ask = f"{name}_a"
        drawn = [d.exclusive(f"{name}_i"), d.user(ask, answers="n"), d.exclusive(name, f"{name}_{name}_o")]
        flows = [d.path(f"{name}_i", first), d.path(last, ask, name), d.flow(name, f"{name}_i", "n > 1")]
        return [*parts, *drawn, *flows, d.exclusive(f"{name}_o"), d.flow(name, f"{name}_o")], f"{name}_i", f"{name}_o"

    def _subprocess(self, name: str, one: Block, more: str = "", ending: str = "") -> tuple[list[str], str, str]:
        parts, first, last = self.block(one)
        ends = d.end(f"{name}_e", ending)
        return (
            [
                d.subprocess(
                    name,
                    d.start(f"{name}_s"),
                    *parts,
                    ends,
                    d.path(f"{name}_s", first),
                    d.path(last, f"{name}_e"),
                    more,
                )
            ],
            name,
            name,
        )

    def _in_turn(self, name: str, one: Block) -> tuple[list[str], str, str]:
        return self._subprocess(name, _answered(name, one), SEVERAL.format("true", f"out_{name}"))

    def _at_once(self, name: str, one: Block) -> tuple[list[str], str, str]:
        return self._subprocess(name, _answered(name, one), SEVERAL.format("false", f"out_{name}"))

    def _answer(self, name: str, repeated: str) -> tuple[list[str], str, str]:
        return self._one(name, d.script(name, f"answer_out_{repeated} = n"))

    def _timeout(self, name: str, one: Block, two: Block) -> tuple[list[str], str, str]:
        return self._edge(name, one, two, self._timer(), interrupting=True)

    def _reminder(self, name: str, one: Block, two: Block) -> tuple[list[str], str, str]:
        return self._edge(name, one, two, self._timer(), interrupting=False)

    def _stopped(self, name: str, one: Block, two: Block) -> tuple[list[str], str, str]:
        return self._edge(name, one, two, self._awaited(name), interrupting=True)

    def _asked(self, name: str, one: Block, two: Block) -> tuple[list[str], str, str]:
        return self._edge(name, one, two, self._awaited(name), interrupting=False)

    def _failed(self, name: str, one: Block, two: Block) -> tuple[list[str], str, str]:
        return self._edge(name, one, two, LOST, interrupting=True, ending=LOST)

    def _escalated(self, name: str, one: Block, two: Block) -> tuple[list[str], str, str]:
        return self._edge(name, one, two, LATE, interrupting=self.number % 2 == 0, ending=LATE)

    def _edge(
        self, name: str, one: Block, two: Block, event: str, *, interrupting: bool, ending: str = ""
    ) -> tuple[list[str], str, str]:
        """A subprocess with an event on its border; the way from there meets the other one, or ends."""
        inside, _, _ = self._subprocess(name, one, ending=ending)
        parts, first, last = self.block(two)
        caught = d.boundary(f"{name}_b", name, event, interrupting=interrupting)
        after = d.exclusive(f"{name}_x") if interrupting else d.end(f"{name}_x")
        drawn = [*inside, *parts, caught, after, d.path(f"{name}_b", first), d.path(last, f"{name}_x")]
        if not interrupting:
            return drawn, name, name
        return [*drawn, d.path(name, f"{name}_x")], name, f"{name}_x"

    def _timer(self) -> str:
        return d.timer("timeDuration", f'"PT{self.number}H{self.number % 7}M"')

    def _awaited(self, name: str) -> str:
        outside, awaited = d.message(name)
        self.outside.append(outside)
        return awaited


def _answered(name: str, one: Block) -> Block:
    """A round that has an answer."""
    return ("sequence", one, ("answer", name))
