"""Compiling the expressions of a model one by one, and collecting all that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from engine.dmn.reading import Element
from engine.dmn.typing import Types
from engine.errors import Problem
from engine.feel import Expression, FeelError, FeelSyntaxError, UnaryTests
from engine.feel.compiling import Names, read_expression
from engine.feel.unary import read_tests

Made = TypeVar("Made")


class Inside(NamedTuple):
    """The names known around an expression; where it is open, any other name may be known too."""

    names: tuple[str, ...] = ()
    is_open: bool = False

    def plus(self, *names: str) -> Inside:
        """With more names."""
        return Inside((*self.names, *names), self.is_open)


@dataclass
class Workshop:
    """What all expressions of one model are compiled with, and the problems found on the way."""

    types: Types
    functions: Mapping[str, Callable[..., object]]
    #: Names that can stand behind a dot.
    member_names: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    #: Variables read that no element of the model provides, by the place that reads them first.
    free: dict[str, str] = field(default_factory=dict)

    def expression(self, source: str, inside: Inside, where: str) -> Expression:
        """The compiled expression; one that is always null when it cannot be read, which is noted."""
        found = self._tried(lambda: read_expression(source, self._names(inside)), where)
        if found is None:
            return read_expression("null", Names())
        self._note(found.names, inside, where)
        return found

    def tests(self, source: str, inside: Inside, where: str) -> UnaryTests:
        """The compiled tests of a cell; ones that let nothing pass when they cannot be read, which is noted."""
        found = self._tried(lambda: read_tests(source, self._names(inside)), where)
        if found is None:
            return read_tests("not(-1, not(-1))", Names())
        self._note(found.names, inside, where)
        return found

    def refuse(self, where: str, code: str, message: str, **params: str | int) -> None:
        """Note a problem."""
        self.problems.append(Problem(where, code, params, message))

    def only_feel(self, element: Element, where: str) -> None:
        """Note a problem when an expression is written in another language."""
        language = str(element.get("expressionLanguage", "feel"))
        if "feel" not in language.lower():
            self.refuse(where, "other_language", f"only FEEL is executed, not {language}", language=language)

    def _names(self, inside: Inside) -> Names:
        return Names(self.member_names, inside.names, self.functions, self.types.known, inside.is_open)

    def _note(self, names: frozenset[str], inside: Inside, where: str) -> None:
        for name in sorted(names - set(inside.names)):
            self.free.setdefault(name, where)

    def _tried(self, make: Callable[[], Made], where: str) -> Made | None:
        try:
            return make()
        except FeelSyntaxError as problem:
            self.refuse(where, "expression", problem.message, position=problem.position + 1)
        except FeelError as problem:
            self.refuse(where, problem.code, problem.message)
        return None
