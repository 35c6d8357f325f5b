"""Compiling a source once: what it may refer to, the closure that comes out, and the cache of both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from engine.feel.errors import FeelLimit
from engine.feel.limits import Run
from engine.feel.nodes import Code
from engine.feel.parser import Parser
from engine.feel.scope import Scope
from engine.feel.types import Type
from engine.feel.values import Value

Compiled = TypeVar("Compiled")


@dataclass(frozen=True)
class Names:
    """What a source may refer to: variables of the caller, names of the scope around it, functions, declared types.

    Without `inner` the source runs outermost. Where the scope around is open, any other name may stand in it too.
    """

    variables: Collection[str] = ()
    inner: Collection[str] | None = None
    functions: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    is_open: bool = False


class Expression:
    """One expression, compiled. Calling it with a context gives its value.

    Values it returns may be shared with later calls and must not be changed.
    """

    __slots__ = ("_code", "names", "notes", "source")

    def __init__(self, source: str, code: Code, names: Collection[str], notes: Collection[str] = ()) -> None:
        self.source = source
        #: What looks like a mistake but can be executed, such as a call that always gives null.
        self.notes = tuple(notes)
        #: The variables it reads; names within a filter that may be members of the items are left out.
        self.names = frozenset(names)
        self._code = code

    def __call__(self, context: Mapping[str, object]) -> Value:
        """The value where the variables have these values (JSON or FEEL); absent ones are null.

        Raises: FeelLimit when it takes too much work, FeelError when a variable is no value at all.
        """
        try:
            return self._code(Run(context))
        except RecursionError:
            raise FeelLimit("the expression is nested too deeply") from None

    def within(self, scope: Scope) -> Value:
        """The value within an evaluation that has begun."""
        return self._code(scope)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


@contextmanager
def stopped_recursion() -> Iterator[None]:
    """Turn Python's own limit of nesting into ours."""
    try:
        yield
    except RecursionError:
        raise FeelLimit("the expression is nested too deeply") from None


def read_expression(source: str, names: Names) -> Expression:
    """Compile one expression; a leading `=`, as process diagrams have it, means nothing.

    Raises: FeelSyntaxError, FeelLimit.
    """
    plain = source.replace("=", " ", 1) if source.lstrip().startswith("=") else source
    return compile_node(plain, names, lambda parser: _read(parser, source))


def _read(parser: Parser, source: str) -> Expression:
    code = parser.whole_expression().run
    return Expression(source, code, parser.free, parser.notes)


def compile_node(source: str, names: Names, read: Callable[[Parser], Compiled]) -> Compiled:
    """Whatever `read` makes of the source. Raises: FeelSyntaxError, FeelLimit."""
    with stopped_recursion():
        inner = names.inner or ()
        parser = Parser(source, [*names.variables, *inner], names.functions, names.types)
        if names.inner is not None:
            parser.frames.push(inner, is_open=names.is_open)
        return read(parser)


@lru_cache(maxsize=8192)
def cached_expression(
    source: str, functions: frozenset[tuple[str, Callable[..., object]]], names: frozenset[str]
) -> Expression:
    """The expression compiled for these names before, or now."""
    return read_expression(source, Names(names, None, dict(functions)))
