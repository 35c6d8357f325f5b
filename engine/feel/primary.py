"""The parts an expression begins with: literals, names and calls, brackets and contexts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import NoReturn

from engine.feel import calls, loops, nodes
from engine.feel.builtins import BUILTINS
from engine.feel.cursor import RESERVED
from engine.feel.errors import FeelLimit
from engine.feel.forms import FormReader
from engine.feel.lexer import Token, unquoted
from engine.feel.limits import MAX_LIST, NUMBERS
from engine.feel.nodes import Node, constant
from engine.feel.scope import Phrases
from engine.feel.temporal import read_literal
from engine.feel.types import Type

_LITERALS = {"true": True, "false": False, "null": None}
_SIGNS = frozenset({"<", "<=", ">", ">=", "=", "!="})
_BUILTIN_PHRASES = Phrases(BUILTINS)


class PrimaryReader(FormReader):
    """A reader of forms that also reads everything else that can stand between two operators."""

    def __init__(
        self,
        source: str,
        names: Collection[str] = (),
        functions: Mapping[str, Callable[..., object]] = {},
        types: Mapping[str, Type] = {},
    ) -> None:
        super().__init__(source, names, types)
        self.functions = functions
        #: What looks like a mistake but can be executed.
        self.notes: list[str] = []
        self._function_phrases = Phrases(functions)
        self._starts: Mapping[str, Callable[[], Node]] = {
            "(": self._parenthesis,
            "[": self._bracket,
            "]": self._open_range,
            "{": self._context,
            "@": self._temporal_literal,
            "?": self._tested_value,
            **self.forms(),
        }

    @abstractmethod
    def signed_test(self) -> Node:
        """A comparison without its left side."""

    def primary(self) -> Node:
        """What stands between two operators. Raises: FeelSyntaxError."""
        token = self.token
        if token.kind == "number":
            return self._number(self.take())
        if token.kind == "string":
            return constant(unquoted(self.take().text))
        if token.kind == "name" and self._joined_name() is not None:
            return self._name()
        if token.text in self._starts:
            return self._starts[token.text]()
        if token.text in _LITERALS:
            return constant(_LITERALS[self.take().text])
        if token.kind != "name" or token.text in RESERVED or token.text in ("True", "False", "None"):
            self.fail("a value")
        return self._name()

    def call(self, callee: Node, otherwise: str | None = None) -> Node:
        """A call of a value, with the arguments that follow."""
        return calls.call_value(callee, self._arguments(), otherwise)

    def filter(self, part: Node) -> Node:
        """`part[…]`: inside, members of an item are names."""
        self.expect("[")
        self.frames.push({"item"}, is_open=True)
        start = self.index
        condition = self.expression()
        self.frames.pop()
        self.expect("]")
        return loops.filtered(part, condition, self.index - start)

    def _number(self, token: Token) -> Node:
        number = NUMBERS.create_decimal(token.text)
        if not number.is_finite():
            self.refuse(f"the number {token.text} is too large", token)
        return constant(number)

    def _temporal_literal(self) -> Node:
        self.take()
        if self.token.kind != "string":
            self.fail("a date, time or duration in quotes")
        value = read_literal(unquoted(self.token.text))
        if value is None:
            self.refuse(f"{self.token.text} is no date, time or duration")
        self.take()
        return constant(value)

    def _tested_value(self) -> Node:
        if not self.frames.holds("?"):
            self.refuse('"?" stands for the tested value in a decision table cell and means nothing here')
        self.take()
        self.free.add("?")
        return nodes.inner_name("?")

    # ------------------------------------------------------------------------------------------- names and calls

    def _joined_name(self) -> tuple[str, int] | None:
        """The longest name of several words that begins here: a known one, or a function with its bracket behind."""
        found = [self.known_name()]
        for phrases in (self._function_phrases, _BUILTIN_PHRASES):
            match = phrases.match(self.row, self.index)
            if match and self.ahead(match[1]) == "(":
                found.append(match)
        return max((match for match in found if match), key=lambda match: match[1], default=None)

    def _name(self) -> Node:
        start = self.token
        name, count = self._joined_name() or (start.text, 1)
        self.index += count
        if self.token.text == "(":
            return self._called(name, start)
        if name == "not":
            self.refuse('write "not(...)" with brackets', start)
        return self._reference(name)

    def _reference(self, name: str) -> Node:
        if self.frames.holds(name) or self.frames.any_open:
            if not self.frames.holds(name) and name in self.declared:
                self.free.add(name)
            return nodes.inner_name(name)
        self.free.add(name)
        return nodes.outer_name(name) if self.frames.stack else nodes.global_name(name)

    def _called(self, name: str, start: Token) -> Node:
        if self.frames.holds(name) or name in self.declared:
            return self.call(self._reference(name), name if name in BUILTINS else None)
        if name not in self.functions and name not in BUILTINS:
            self._unknown_function(name, start)
        arguments = self._arguments()
        try:
            if name in self.functions:
                return calls.call_registered(name, self.functions[name], arguments)
            node = calls.call_builtin(name, arguments)
        except calls.Mismatch as problem:
            self.refuse(str(problem), start)
        self._note_null(node, arguments, start)
        return node

    def _note_null(self, node: Node, arguments: calls.Arguments, start: Token) -> None:
        """A call that can only give null is most likely a mistake: a wrong date, a wrong pattern."""
        known = arguments and node.is_constant and all(part.value is not None for _, part in arguments)
        if known and node.value is None:
            text = self.text_between(start, self.row[self.index - 1])
            self.notes.append(f"{text} is always null (at {start.start + 1})")

    def _unknown_function(self, name: str, start: Token) -> NoReturn:
        near = get_close_matches(name, [*self.functions, *BUILTINS], n=1)
        self.refuse(f'there is no function "{name}"' + (f', did you mean "{near[0]}"?' if near else ""), start)

    def _arguments(self) -> list[tuple[str | None, Node]]:
        self.expect("(")
        arguments: list[tuple[str | None, Node]] = []
        if self.accept(")"):
            return arguments
        while not arguments or self.accept(","):
            name = self.new_name(":", "a name") if self.words_before(":") else None
            if name is not None:
                self.expect(":")
            arguments.append((name, self.expression()))
        self.expect(")")
        return arguments

    # ------------------------------------------------------------------------------------------- brackets

    def _parenthesis(self) -> Node:
        self.take()
        if self.token.text in _SIGNS:
            node = self.signed_test()
            self.expect(")")
            return node
        node = self.expression()
        if self.token.text == "..":
            return self._range(node, low_included=False)
        self.expect(")")
        return node

    def _bracket(self) -> Node:
        self.take()
        if self.accept("]"):
            return nodes.list_of([])
        first = self.expression()
        if self.token.text == "..":
            return self._range(first, low_included=True)
        items = [first]
        while self.accept(","):
            items.append(self.expression())
            if len(items) > MAX_LIST:
                raise FeelLimit(f"a list may have at most {MAX_LIST} items")
        self.expect("]")
        return nodes.list_of(items)

    def _open_range(self) -> Node:
        self.take()
        return self._range(self.expression(), low_included=False)

    def _range(self, low: Node, *, low_included: bool) -> Node:
        self.expect("..")
        high = self.expression()
        if self.token.text not in ("]", ")", "["):
            self.fail('"]" or ")"')
        closed = self.take().text == "]"
        return nodes.range_of(low, high, low_included=low_included, high_included=closed)

    def _context(self) -> Node:
        self.take()
        frame = self.frames.push(())
        entries: list[tuple[str, Node]] = []
        while self.token.text != "}" and (not entries or self.accept(",")):
            name = self._key()
            self.expect(":")
            if self.token.text == "function":
                frame.names.add(name)
            entries.append((name, self.expression()))
            frame.names.add(name)
        self.frames.pop()
        self.expect("}")
        return loops.context_of(entries)

    def _key(self) -> str:
        if self.token.kind != "string":
            return self.new_name(":", "the name of an entry")
        name = unquoted(self.take().text)
        self.learn(name)
        return name
