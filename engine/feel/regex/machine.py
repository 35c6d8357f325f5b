"""The machine that runs a pattern: a short program, a stack of alternatives, and a memory of what has failed.

A state that failed once fails again, wherever the search began, so it is never tried twice. Only patterns that refer
back to a group must also look at what the groups hold; those are stopped by the step limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from engine.feel.errors import FeelLimit
from engine.feel.limits import MAX_PROGRAM
from engine.feel.regex.charsets import CharSet
from engine.feel.regex.syntax import Again, Chars, Choice, Edge, Group, Part, Repeat, Row

#: States one search may pass through.
MAX_STATES = 200_000
#: States that count as one step of the expression.
STATES_PER_STEP = 4

Meter: TypeAlias = Callable[[int], None]

Marks: TypeAlias = tuple[int, ...]


class Do(IntEnum):
    """What an instruction does."""

    MATCHED = 0
    READ = 1
    SPLIT = 2
    JUMP = 3
    MARK = 4
    EDGE = 5
    AGAIN = 6


@dataclass(frozen=True, slots=True)
class Instruction:
    """One step of a program; which fields count depends on what it does."""

    do: Do
    accepts: CharSet | None = None
    test: Callable[[str, int], bool] | None = None
    to: int = 0
    otherwise: int = 0
    number: int = 0
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern was found, and what it and its groups have matched."""

    start: int
    end: int
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """A pattern ready to run."""

    steps: tuple[Instruction, ...]
    groups: int
    refers_back: bool

    def search(self, text: str, charge: Meter, position: int = 0) -> Match | None:
        """The first match from a position on. Raises: FeelLimit when it takes too many steps."""
        failed: set[object] = set()
        found = None
        for start in range(position, len(text) + 1):
            found = self._run(text, start, failed)
            if found is not None:
                break
        charge(len(failed) // STATES_PER_STEP)
        return found

    def _run(self, text: str, start: int, failed: set[object]) -> Match | None:
        alternatives: list[tuple[int, int, Marks]] = [(0, start, (-1,) * (2 * self.groups))]
        while alternatives:
            at, place, marks = alternatives.pop()
            while at >= 0:
                state: object = (at, place, marks) if self.refers_back else (at, place)
                if state in failed:
                    break
                failed.add(state)
                if len(failed) > MAX_STATES:
                    raise FeelLimit("a regular expression takes too many steps on this text")
                step = self.steps[at]
                if step.do is Do.MATCHED:
                    return self._match(text, start, place, marks)
                if step.do is Do.SPLIT:
                    alternatives.append((step.otherwise, place, marks))
                at, place, marks = _advance(step, text, at, place, marks)
        return None

    def _match(self, text: str, start: int, end: int, marks: Marks) -> Match:
        spans = (marks[index : index + 2] for index in range(0, len(marks), 2))
        groups = (text[first:last] if 0 <= first <= last else "" for first, last in spans)
        return Match(start, end, (text[start:end], *groups))


def _advance(step: Instruction, text: str, at: int, place: int, marks: Marks) -> tuple[int, int, Marks]:
    """The next state; a negative instruction means that this way has failed."""
    if step.do is Do.READ:
        assert step.accepts is not None
        good = place < len(text) and step.accepts(text[place])
        return (at + 1 if good else -1), place + 1, marks
    if step.do in (Do.SPLIT, Do.JUMP):
        return step.to, place, marks
    if step.do is Do.MARK:
        return at + 1, place, (*marks[: step.number], place, *marks[step.number + 1 :])
    if step.do is Do.EDGE:
        assert step.test is not None
        return (at + 1 if step.test(text, place) else -1), place, marks
    first, last = marks[2 * step.number - 2 : 2 * step.number]
    wanted = text[first:last] if 0 <= first <= last else ""
    there = text[place : place + len(wanted)]
    good = there == wanted or (step.fold and there.lower() == wanted.lower())
    return (at + 1 if good else -1), place + len(wanted), marks


def assemble(part: Part) -> Program:
    """The program for the parts of a pattern. Raises: FeelLimit when its counted repeats make it too long."""
    builder = _Builder()
    builder.add(part)
    steps = (*builder.steps, Instruction(Do.MATCHED))
    return Program(steps, builder.groups, any(step.do is Do.AGAIN for step in steps))


class _Builder:
    def __init__(self) -> None:
        self.steps: list[Instruction] = []
        self.groups = 0
        self.copies = 0

    def add(self, part: Part) -> None:
        if isinstance(part, Row):
            for inner in part.parts:
                self.add(inner)
        elif isinstance(part, Chars):
            self.put(Instruction(Do.READ, accepts=part.accepts))
        elif isinstance(part, Edge):
            self.put(Instruction(Do.EDGE, test=_edge(part)))
        elif isinstance(part, Again):
            self.groups = max(self.groups, part.number)
            self.put(Instruction(Do.AGAIN, number=part.number, fold=part.fold))
        elif isinstance(part, Group):
            self.groups = max(self.groups, part.number)
            self.put(Instruction(Do.MARK, number=2 * part.number - 2))
            self.add(part.inner)
            self.put(Instruction(Do.MARK, number=2 * part.number - 1))
        elif isinstance(part, Choice):
            self.choose(part.parts)
        else:
            self.repeat(part)

    def put(self, step: Instruction) -> int:
        if len(self.steps) >= MAX_PROGRAM:
            raise FeelLimit("a regular expression repeats too much")
        self.steps.append(step)
        return len(self.steps) - 1

    def copy(self, part: Part) -> None:
        self.copies += 1
        if self.copies > MAX_PROGRAM:
            raise FeelLimit("a regular expression repeats too much")
        self.add(part)

    def choose(self, parts: tuple[Part, ...]) -> None:
        exits: list[int] = []
        for part in parts[:-1]:
            split = self.put(Instruction(Do.SPLIT))
            self.add(part)
            exits.append(self.put(Instruction(Do.JUMP)))
            self.steps[split] = Instruction(Do.SPLIT, to=split + 1, otherwise=len(self.steps))
        self.add(parts[-1])
        for place in exits:
            self.steps[place] = Instruction(Do.JUMP, to=len(self.steps))

    def repeat(self, part: Repeat) -> None:
        for _ in range(part.least):
            self.copy(part.inner)
        if part.most is None:
            split = self.put(Instruction(Do.SPLIT))
            self.add(part.inner)
            self.put(Instruction(Do.JUMP, to=split))
            self.steps[split] = _split(split + 1, len(self.steps), lazy=part.lazy)
            return
        splits: list[int] = []
        for _ in range(part.most - part.least):
            splits.append(self.put(Instruction(Do.SPLIT)))
            self.copy(part.inner)
        for split in splits:
            self.steps[split] = _split(split + 1, len(self.steps), lazy=part.lazy)


def _split(inner: int, behind: int, *, lazy: bool) -> Instruction:
    return Instruction(Do.SPLIT, to=behind if lazy else inner, otherwise=inner if lazy else behind)


def _edge(edge: Edge) -> Callable[[str, int], bool]:
    if edge.at_start:
        if edge.of_lines:
            return lambda text, place: place == 0 or (text[place - 1] == "\n" and place < len(text))
        return lambda _, place: place == 0
    if edge.of_lines:
        return lambda text, place: place == len(text) or text[place] == "\n"
    return lambda text, place: place == len(text)
