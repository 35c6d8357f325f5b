"""Where names stand: at run time the values around an expression, at compile time the names known there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from engine.feel.errors import FeelError
from engine.feel.json import from_json
from engine.feel.lexer import Token, tokens
from engine.feel.limits import Run, cost
from engine.feel.values import Value


class Inner:
    """The names a loop, a function, a context or a filter puts before those around it."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, names: Mapping[str, Value], outer: Scope) -> None:
        self.names = names
        self.outer: Scope = outer
        self.run: Run = outer.run


Scope: TypeAlias = Run | Inner


def look_up(scope: Scope, name: str) -> Value:
    """The value of a name, from the innermost scope that has it; null when none has."""
    while isinstance(scope, Inner):
        if name in scope.names:
            return scope.names[name]
        scope = scope.outer
    return lift(scope, name)


def lift(run: Run, name: str) -> Value:
    """The value the caller gave for a name."""
    return lifted(run, run.names.get(name))


def lifted(run: Run, value: object) -> Value:
    """What the caller gave as FEEL value; lists and contexts are turned into one only once per evaluation."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value  # type: ignore[return-value]  # as just checked
    if kind is not list and kind is not dict:
        return from_json(value)
    if run.lifted is None:
        run.lifted = {}
    if id(value) not in run.lifted:
        run.charge(cost(value))
        run.lifted[id(value)] = value, from_json(value)
    return run.lifted[id(value)][1]  # type: ignore[return-value]  # nothing else is put there


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The tokens a name is written with; none when it cannot be written in an expression."""
    try:
        return tuple(token.text for token in tokens(name)[:-1])
    except FeelError:
        return ()


class Phrases:
    """Names of several words, found again in a row of tokens; the longest one wins."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known; one of a single word needs no help."""
        row = words(name)
        if len(row) < 2:
            return
        known = self._by_first.setdefault(row[0], [])
        if (row, name) not in known:
            known.append((row, name))
            known.sort(key=lambda entry: -len(entry[0]))

    def match(self, row: Sequence[Token], start: int) -> tuple[str, int] | None:
        """The name that begins at this token and the number of its tokens."""
        for texts, name in self._by_first.get(row[start].text, ()):
            found = tuple(token.text for token in row[start : start + len(texts)])
            if found == texts:
                return name, len(texts)
        return None


@dataclass
class Frame:
    """Names an inner scope is known to have; an open one may have any other too (members of a filtered item)."""

    names: set[str]
    is_open: bool = False


class Frames:
    """The inner scopes around the place that is being compiled."""

    def __init__(self) -> None:
        self.stack: list[Frame] = []

    def push(self, names: Collection[str], *, is_open: bool = False) -> Frame:
        """Enter an inner scope."""
        frame = Frame(set(names), is_open)
        self.stack.append(frame)
        return frame

    def pop(self) -> None:
        """Leave the innermost scope."""
        self.stack.pop()

    def holds(self, name: str) -> bool:
        """Whether an inner scope is known to have the name."""
        return any(name in frame.names for frame in self.stack)

    @property
    def any_open(self) -> bool:
        """Whether names may turn out to be members of a filtered item."""
        return any(frame.is_open for frame in self.stack)
