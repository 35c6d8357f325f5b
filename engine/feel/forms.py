"""Branches, loops, quantifiers and functions: what begins with a word of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from engine.feel import loops, nodes
from engine.feel.loops import Iteration
from engine.feel.naming import NameReader
from engine.feel.nodes import Node
from engine.feel.types import ANY, Type


class FormReader(NameReader):
    """A reader of names that also reads the forms of the language."""

    @abstractmethod
    def expression(self) -> Node:
        """An expression, as far as it goes."""

    def forms(self) -> dict[str, Callable[[], Node]]:
        """How to read a form, by the word it begins with."""
        return {
            "if": self._branch,
            "for": self._for_loop,
            "some": lambda: self._quantified(decisive=True),
            "every": lambda: self._quantified(decisive=False),
            "function": self._function,
        }

    def _branch(self) -> Node:
        self.take()
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return nodes.branch(condition, then, self.expression())

    def _for_loop(self) -> Node:
        first = self.index
        self.take()
        self.frames.push({"partial"})
        iterations = self._iterations()
        self.expect("return")
        start = self.index
        body = self.expression()
        shows_partial = any(token.text == "partial" for token in self.row[start : self.index])
        self._leave(len(iterations) + 1)
        return loops.for_loop(iterations, body, shows_partial=shows_partial, length=self.index - first)

    def _quantified(self, *, decisive: bool) -> Node:
        first = self.index
        self.take()
        iterations = self._iterations()
        self.expect("satisfies")
        condition = self.expression()
        self._leave(len(iterations))
        return loops.quantified(iterations, condition, decisive=decisive, length=self.index - first)

    def _iterations(self) -> list[Iteration]:
        found: list[Iteration] = []
        while not found or self.accept(","):
            name = self.new_name("in", "a name")
            self.expect("in")
            domain = self.expression()
            end = self.expression() if self.accept("..") else None
            found.append(Iteration(name, domain, end))
            self.frames.push({name})
        return found

    def _leave(self, count: int) -> None:
        for _ in range(count):
            self.frames.pop()

    def _function(self) -> Node:
        self.take()
        self.expect("(")
        parameters: dict[str, Type] = {}
        while self.token.text != ")" and (not parameters or self.accept(",")):
            name = self._parameter()
            parameters[name] = self.type_name() if self.accept(":") else ANY
        self.expect(")")
        if self.token.text == "external":
            self.refuse("external functions are refused: an expression runs nothing but FEEL")
        self.frames.push(parameters)
        start = self.index
        body = self.expression()
        self.frames.pop()
        return loops.function_of(list(parameters), list(parameters.values()), body, self.index - start)

    def _parameter(self) -> str:
        ends = [count for count in map(self.words_before, (":", ",", ")")) if count]
        stop = self.row[self.index + min(ends)].text if ends else ")"
        return self.new_name(stop, "the name of a parameter")
