"""From the text of a pattern to its parts. Source: XML Schema part 2, appendix F; XPath functions 3.0, 5.6.1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from engine.feel.regex import charsets
from engine.feel.regex.charsets import CharSet

_ESCAPED_CHARACTERS = {"n": "\n", "r": "\r", "t": "\t", **{sign: sign for sign in "\\|.?*+(){}-[]^$"}}
_COUNT = re.compile(r"\{(\d{1,4})(?:(,)(\d{1,4})?)?\}")
_SPACE = " \t\n\r"


class PatternError(ValueError):
    """The pattern is not one."""


@dataclass(frozen=True)
class Chars:
    """One character of a set."""

    accepts: CharSet


@dataclass(frozen=True)
class Edge:
    """A place: `^` or `$`, of the text or of each line."""

    at_start: bool
    of_lines: bool


@dataclass(frozen=True)
class Group:
    """A part whose match is remembered under a number."""

    number: int
    inner: Part


@dataclass(frozen=True)
class Again:
    """The same text that a group has matched."""

    number: int
    fold: bool


@dataclass(frozen=True)
class Row:
    """Parts one after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Choice:
    """One of several parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Repeat:
    """A part several times; no `most` means without end."""

    inner: Part
    least: int
    most: int | None
    lazy: bool


Part: TypeAlias = Chars | Edge | Group | Again | Row | Choice | Repeat


def parse(pattern: str, flags: str) -> Part:
    """The parts of a pattern. Raises: PatternError."""
    if not set(flags) <= set("smixq"):
        raise PatternError(flags)
    if "q" in flags:
        return Row(tuple(Chars(charsets.one(char, fold="i" in flags)) for char in pattern))
    reader = _Reader(_without_spaces(pattern) if "x" in flags else pattern, flags)
    part = reader.choice()
    if reader.rest:
        raise PatternError(reader.rest)
    return part


def _without_spaces(pattern: str) -> str:
    """Flag `x`: blanks mean nothing, except in a character class."""
    kept: list[str] = []
    depth = 0
    for place, char in enumerate(pattern):
        is_escaped = place > 0 and pattern[place - 1] == "\\"
        depth += (char == "[") * (not is_escaped) - (char == "]") * (not is_escaped)
        if depth > 0 or char not in _SPACE:
            kept.append(char)
    return "".join(kept)


class _Reader:
    def __init__(self, pattern: str, flags: str) -> None:
        self.rest = pattern
        self.fold = "i" in flags
        self.of_lines = "m" in flags
        self.dot = Chars(charsets.any_character if "s" in flags else charsets.within_line)
        self.opened = 0
        self.closed: set[int] = set()
        self.depth = 0

    def choice(self) -> Part:
        branches = [self.row()]
        while self.accept("|"):
            branches.append(self.row())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def row(self) -> Part:
        parts: list[Part] = []
        while self.rest and self.rest[0] not in "|)":
            parts.append(self.quantified(self.atom()))
        return Row(tuple(parts))

    def quantified(self, atom: Part) -> Part:
        counts = self.counts()
        if counts is None:
            return atom
        if isinstance(atom, Edge):
            self.fail()
        least, most = counts
        if most is not None and most < least:
            self.fail()
        return Repeat(atom, least, most, lazy=self.accept("?"))

    def counts(self) -> tuple[int, int | None] | None:
        for sign, counts in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self.accept(sign):
                return counts
        found = _COUNT.match(self.rest)
        if found is None:
            return None
        self.rest = self.rest[found.end() :]
        least = int(found[1])
        return least, (int(found[3]) if found[3] else None) if found[2] else least

    def atom(self) -> Part:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return Chars(self.char_class())
        if char == "\\":
            return self.escape()
        if char == ".":
            return self.dot
        if char in "^$":
            return Edge(char == "^", self.of_lines)
        if char in "?*+{}])":
            self.fail()
        return Chars(charsets.one(char, fold=self.fold))

    def group(self) -> Part:
        self.depth += 1
        if self.depth > 30:
            self.fail()
        number = 0
        if not self.accept("?:"):
            self.opened += 1
            number = self.opened
        inner = self.choice()
        if not self.accept(")"):
            self.fail()
        self.depth -= 1
        self.closed.add(number)
        return Group(number, inner) if number else inner

    def escape(self) -> Part:
        char = self.take()
        if char in "123456789":
            return self.back_reference(char)
        return Chars(self.escaped_set(char))

    def back_reference(self, digits: str) -> Part:
        while self.rest and self.rest[0].isdecimal() and int(digits + self.rest[0]) <= self.opened:
            digits += self.take()
        if int(digits) not in self.closed:
            self.fail()
        return Again(int(digits), self.fold)

    def escaped_set(self, char: str) -> CharSet:
        if char in _ESCAPED_CHARACTERS:
            return charsets.one(_ESCAPED_CHARACTERS[char], fold=self.fold)
        if char in "pP" and self.accept("{"):
            name, brace, self.rest = self.rest.partition("}")
            found = charsets.named(name) if brace else None
        else:
            found = charsets.escaped(char)
        if found is None:
            self.fail()
        return charsets.outside(found) if char == "P" else found

    def char_class(self) -> CharSet:
        self.depth += 1
        if self.depth > 30:
            self.fail()
        negative = self.accept("^")
        sets: list[CharSet] = []
        taken: CharSet | None = None
        while not self.accept("]"):
            if sets and self.accept("-["):
                taken = self.char_class()
                if not self.accept("]"):
                    self.fail()
                break
            sets.append(self.class_member(is_first=not sets))
        if not sets:
            self.fail()
        self.depth -= 1
        base = charsets.outside(charsets.either(sets)) if negative else charsets.either(sets)
        return charsets.without(base, taken) if taken else base

    def class_member(self, *, is_first: bool) -> CharSet:
        char = self.take()
        if char == "[" or (char == "-" and not is_first and not self.rest.startswith("]")):
            self.fail()
        if char == "\\":
            char = self.take()
            if char not in _ESCAPED_CHARACTERS:
                return self.escaped_set(char)
            char = _ESCAPED_CHARACTERS[char]
        if self.rest.startswith("-") and not self.rest.startswith(("-]", "-[")):
            self.take()
            return self.char_range(char)
        return charsets.one(char, fold=self.fold)

    def char_range(self, first: str) -> CharSet:
        last = self.take()
        if last == "\\":
            last = _ESCAPED_CHARACTERS.get(self.take(), "")
        elif last == "[":
            self.fail()
        if not last or last < first:
            self.fail()
        return charsets.span(first, last, fold=self.fold)

    def accept(self, text: str) -> bool:
        if not self.rest.startswith(text):
            return False
        self.rest = self.rest[len(text) :]
        return True

    def take(self) -> str:
        if not self.rest:
            self.fail()
        char, self.rest = self.rest[0], self.rest[1:]
        return char

    def fail(self) -> NoReturn:
        raise PatternError(self.rest)
