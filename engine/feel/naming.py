"""Reading names and types: which words belong together is decided by the names that are known at that place."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.feel.cursor import RESERVED, Cursor
from engine.feel.lexer import Token
from engine.feel.properties import PHRASES
from engine.feel.scope import Frames, Phrases
from engine.feel.types import ANY, SIMPLE, Type

#: Signs a name may contain beside letters and digits. Source: DMN 1.4, 10.3.1.2 rule 30.
_NAME_SIGNS = frozenset("./-'+*")


class NameReader(Cursor):
    """A cursor that knows names: those of the caller, those the expression itself brings, and types."""

    def __init__(self, source: str, names: Collection[str], types: Mapping[str, Type]) -> None:
        super().__init__(source)
        self.declared = frozenset(names)
        self.types = {**SIMPLE, **types}
        self.frames = Frames()
        self.free: set[str] = set()
        self._phrases = Phrases([*PHRASES, *names])
        self._type_phrases = Phrases(self.types)

    def learn(self, name: str) -> None:
        """Know a name of several words from here on."""
        self._phrases.add(name)

    def known_name(self) -> tuple[str, int] | None:
        """The longest known name of several words that begins here, and how many tokens it has."""
        return self._phrases.match(self.row, self.index)

    def single_name(self, expected: str) -> str:
        """One name as it stands, known or not. Raises: FeelSyntaxError."""
        known = self.known_name()
        if known:
            self.index += known[1]
            return known[0]
        if self.token.kind != "name" or self.token.text in RESERVED:
            self.fail(expected)
        return self.take().text

    def member_name(self) -> str:
        """The name behind a dot; there words such as `end` and `in` are names too."""
        known = self.known_name()
        if known:
            self.index += known[1]
            return known[0]
        if self.token.kind != "name":
            self.fail("a name")
        return self.take().text

    def new_name(self, before: str, expected: str) -> str:
        """A name that is introduced here, all words before a sign or word. Raises: FeelSyntaxError."""
        count = self.words_before(before)
        if not count or self.token.kind != "name":
            self.fail(expected)
        name = self.text_between(self.token, self.row[self.index + count - 1])
        self.index += count
        self.learn(name)
        return name

    def words_before(self, text: str) -> int:
        """How many tokens that could make up a name stand before this one; none when something else comes first."""
        place = self.index
        while self.row[place].text != text:
            if not _may_belong_to_name(self.row[place]):
                return 0
            place += 1
        return place - self.index

    def type_name(self) -> Type:
        """A type: `number`, `list<string>`, `context<a: date>`, `function<number> -> string`, or a declared one."""
        with self.nested():
            if self.token.text == "function" and self.ahead(1) == "<":
                return self._function_type()
            if self.token.text in ("list", "range") and self.ahead(1) == "<":
                return self._member_type()
            if self.token.text == "context" and self.ahead(1) == "<":
                return self._context_type()
            return self._declared_type()

    def _declared_type(self) -> Type:
        known = self._type_phrases.match(self.row, self.index)
        if known:
            self.index += known[1]
            return self.types[known[0]]
        if self.token.text not in self.types:
            self.fail("a type")
        return self.types[self.take().text]

    def _member_type(self) -> Type:
        name = self.take().text
        self.expect("<")
        member = self.type_name()
        self.expect(">")
        return Type(name, member=None if member is ANY else member)

    def _context_type(self) -> Type:
        self.take()
        self.expect("<")
        entries: dict[str, Type] = {}
        while not entries or self.accept(","):
            name = self.new_name(":", "the name of an entry")
            self.expect(":")
            entries[name] = self.type_name()
        self.expect(">")
        return Type("context", entries=entries)

    def _function_type(self) -> Type:
        self.take()
        self.expect("<")
        parameters: list[Type] = []
        while self.token.text != ">" and (not parameters or self.accept(",")):
            parameters.append(self.type_name())
        self.expect(">")
        self.expect("->")
        return Type("function", parameters=tuple(parameters), result=self.type_name())


def _may_belong_to_name(token: Token) -> bool:
    return token.kind in ("name", "number") or token.text in _NAME_SIGNS
