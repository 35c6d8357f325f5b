"""The types a decision model declares, as FEEL types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.dmn.reading import Element, child, children, tag, text_of, type_ref
from engine.feel import FeelError, Value
from engine.feel.compiling import Names
from engine.feel.limits import Run
from engine.feel.types import ANY, SIMPLE, Type
from engine.feel.unary import UnaryTests, read_tests


class Types:
    """Declared types by name; one that is not declared admits everything."""

    def __init__(self, root: Element, imported: Mapping[str, Type] = {}) -> None:
        self._definitions = {str(item.get("name", "")): item for item in children(root, "itemDefinition")}
        self.known: dict[str, Type] = dict(imported)
        self.member_names = frozenset(_member_names(root))
        for name in self._definitions:
            self._declare(name, ())

    def named(self, name: str) -> Type:
        """The type with this name."""
        return self.known.get(name) or SIMPLE.get(name, ANY)

    def _declare(self, name: str, around: tuple[str, ...]) -> Type:
        if name in self.known:
            return self.known[name]
        if name in SIMPLE and name not in self._definitions:
            return SIMPLE[name]
        if name not in self._definitions or name in around:
            return ANY
        self.known[name] = self._build(self._definitions[name], (*around, name))
        return self.known[name]

    def _build(self, item: Element, around: tuple[str, ...]) -> Type:
        components = list(children(item, "itemComponent"))
        function = child(item, "functionItem")
        if components:
            kind = Type(
                "context",
                entries={str(part.get("name", "")): self._build(part, around) for part in components},
            )
        elif function is not None:
            kind = self._function(function, around)
        else:
            kind = self._declare(type_ref(item), around)
        kind = _constrained(kind, item, "allowedValues")
        if item.get("isCollection") == "true":
            kind = Type("list", member=None if kind is ANY else kind)
        return _constrained(kind, item, "typeConstraint")

    def _function(self, item: Element, around: tuple[str, ...]) -> Type:
        parameters = tuple(self._declare(type_ref(part), around) for part in children(item, "parameters"))
        return Type("function", parameters=parameters, result=self._declare(str(item.get("outputTypeRef", "")), around))


def _constrained(kind: Type, item: Element, name: str) -> Type:
    text = text_of(child(item, name))
    if not text:
        return kind
    try:
        tests = read_tests(text, Names())
    except FeelError:
        return kind
    return replace(kind, allowed=_Allowed(tests, kind))


class _Allowed:
    """A declared constraint, and the one of the type it is made from."""

    def __init__(self, tests: UnaryTests, base: Type) -> None:
        self._tests = tests
        self._base = base.allowed

    def __call__(self, value: Value) -> bool:
        return self._tests.passed_by(value, Run({})) and (self._base is None or self._base(value))


def _member_names(root: Element) -> Iterator[str]:
    """Names of several words that can stand behind a dot: components of types and entries of boxed contexts."""
    for element in root.iter():
        if tag(element) in ("itemComponent", "variable", "column", "output"):
            name = str(element.get("name", ""))
            if not name.isidentifier():
                yield name
