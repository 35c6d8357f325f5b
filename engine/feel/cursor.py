"""A place in a row of tokens: looking at it, moving on, and saying what was expected there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from engine.feel.errors import FeelLimit, FeelSyntaxError
from engine.feel.lexer import Token, tokens
from engine.feel.limits import MAX_CHAIN, MAX_DEPTH

#: Words that begin or join expressions and so cannot be a name of their own.
RESERVED = frozenset(
    {
        *("and", "or", "in", "between", "instance", "true", "false", "null"),
        *("if", "then", "else", "for", "return", "some", "every", "satisfies", "function"),
    }
)
_HINTS = {
    "==": 'write "=" to compare, FEEL has no "=="',
    "True": 'write "true"',
    "False": 'write "false"',
    "None": 'write "null"',
    "'": "write strings in double quotes",
}


class Cursor:
    """The tokens of a source and the place where reading has got to."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.row = tokens(source)
        self.index = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.row[self.index]

    def ahead(self, count: int) -> str:
        """The text of a token further on, nothing behind the end."""
        place = self.index + count
        return self.row[place].text if place < len(self.row) else ""

    def take(self) -> Token:
        """Move behind the next token."""
        token = self.token
        if token.kind != "end":
            self.index += 1
        return token

    def accept(self, text: str) -> bool:
        """Move behind the next token if it is this one."""
        if self.token.text != text:
            return False
        self.index += 1
        return True

    def expect(self, text: str) -> None:
        """Move behind the next token. Raises: FeelSyntaxError if it is another one."""
        if not self.accept(text):
            self.fail(f'"{text}"')

    def expect_end(self) -> None:
        """Raises: FeelSyntaxError if anything is left."""
        if self.token.kind != "end":
            self.fail("an operator or the end")

    def fail(self, expected: str) -> NoReturn:
        """Say what was expected at the next token instead of it. Raises: FeelSyntaxError."""
        token = self.token
        if token.text in _HINTS:
            raise FeelSyntaxError(f"{_HINTS[token.text]} (at {token.start + 1})", token.start, self.source)
        found = f'"{token.text}"' if token.kind not in ("end", "string") else f"the {token.kind}"
        self.refuse(f"expected {expected} but found {found}", token)

    def refuse(self, message: str, token: Token | None = None) -> NoReturn:
        """Say what is wrong with a token, by default the next one. Raises: FeelSyntaxError."""
        place = (token or self.token).start
        raise FeelSyntaxError(f"{message} (at {place + 1})", place, self.source)

    def text_between(self, first: Token, last: Token) -> str:
        """The source from one token to another, with single spaces."""
        return " ".join(self.source[first.start : last.end].split())

    def linked(self, count: int) -> int:
        """One more operator, path or filter in a row. Raises: FeelLimit when there are too many."""
        if count >= MAX_CHAIN:
            raise FeelLimit(f"more than {MAX_CHAIN} operators in a row")
        return count + 1

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One bracket, branch or loop deeper. Raises: FeelLimit when there are too many."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FeelLimit(f"an expression may be nested at most {MAX_DEPTH} deep")
        yield
        self._depth -= 1
