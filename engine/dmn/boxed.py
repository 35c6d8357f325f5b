"""Boxed expressions: the pictures a decision can be drawn as, compiled to closures.

Source: DMN 1.4, 10.2. Functions of other languages (Java, PMML) are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.dmn import tables
from engine.dmn.problems import Inside, Workshop
from engine.dmn.reading import Element, child, children, tag, text_of, type_ref
from engine.feel import Function, Value, loops
from engine.feel.calls import call_named
from engine.feel.loops import Iteration
from engine.feel.nodes import Code, Node, branch
from engine.feel.scope import Inner, Scope
from engine.feel.types import ANY, Type

#: Elements that hold an expression.
EXPRESSIONS = frozenset(
    {
        *("literalExpression", "decisionTable", "context", "invocation", "functionDefinition", "list", "relation"),
        *("conditional", "for", "every", "some", "filter"),
    }
)


def logic_of(element: Element | None) -> Element | None:
    """The boxed expression directly inside an element."""
    return next((part for part in children(element) if tag(part) in EXPRESSIONS), None) if element is not None else None


class Boxes:
    """Compiles the boxed expressions of one decision or function."""

    def __init__(self, workshop: Workshop, where: str) -> None:
        self.workshop = workshop
        self.where = where

    def code(self, element: Element | None, inside: Inside) -> Code:
        """The closure of a boxed expression; `inside` are the names known around it."""
        if element is None:
            self.workshop.refuse(self.where, "no_logic", "there is no expression")
            return lambda _: None
        compile_one = _COMPILERS.get(tag(element))
        if compile_one is None:
            self.workshop.refuse(self.where, "unknown_logic", f"{tag(element)} is not executed", element=tag(element))
            return lambda _: None
        code = compile_one(self, element, inside)
        return code if tag(element) == "functionDefinition" else self.typed(code, element)

    def inner(self, element: Element, name: str, inside: Inside) -> Code:
        """The closure of the expression in a part such as `if` or `then`."""
        return self.code(logic_of(child(element, name)), inside)

    def literal(self, element: Element, inside: Inside) -> Code:
        """A literal expression."""
        self.workshop.only_feel(element, self.where)
        if child(element, "importedValues") is not None:
            self.workshop.refuse(self.where, "imported_values", "imported values are refused")
        return self.workshop.expression(text_of(element), inside, self.where).within

    def table(self, element: Element, inside: Inside) -> Code:
        """A decision table."""
        return tables.compile_table(element, inside, self.workshop, self.where).evaluate

    def context(self, element: Element, inside: Inside) -> Code:
        """A boxed context: entries that know the ones above them, and perhaps a result."""
        entries: list[tuple[str, Code]] = []
        result: Code | None = None
        for entry in children(element, "contextEntry"):
            variable = child(entry, "variable")
            code = Boxes(self.workshop, self._below(variable)).code(logic_of(entry), inside)
            if variable is None:
                result = code
                continue
            name = str(variable.get("name", ""))
            entries.append((name, self.typed(code, variable)))
            inside = inside.plus(name)
        return _context_code(entries, result)

    def invocation(self, element: Element, inside: Inside) -> Code:
        """A boxed invocation: a function and its arguments by name."""
        callee = self.code(logic_of(element), inside)
        arguments: list[tuple[str, Code]] = []
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            name = str(parameter.get("name", "")) if parameter is not None else ""
            arguments.append((name, self.code(logic_of(binding), inside)))

        def run(scope: Scope) -> Value:
            function = callee(scope)
            if not isinstance(function, Function):
                return None
            return call_named(function, {name: code(scope) for name, code in arguments})

        return run

    def function(self, element: Element, inside: Inside, result: Type = ANY) -> Code:
        """A boxed function definition, with the type of its result where it is declared elsewhere."""
        if element.get("kind", "FEEL") != "FEEL":
            kind = str(element.get("kind"))
            self.workshop.refuse(self.where, "external_function", f"functions in {kind} are refused", kind=kind)
            return lambda _: None
        formal = list(children(element, "formalParameter"))
        names = tuple(str(parameter.get("name", "")) for parameter in formal)
        types = [self.workshop.types.named(type_ref(parameter)) for parameter in formal]
        body = _fitting(self.code(logic_of(element), inside.plus(*names)), result)
        return loops.function_of(names, types, Node(body), _length(element)).run

    def list(self, element: Element, inside: Inside) -> Code:
        """A boxed list."""
        codes = [self.code(part, inside) for part in children(element) if tag(part) in EXPRESSIONS]
        return lambda scope: [code(scope) for code in codes]

    def relation(self, element: Element, inside: Inside) -> Code:
        """A relation: a list of contexts, drawn as rows."""
        columns = list(children(element, "column"))
        names = [str(column.get("name", "")) for column in columns]
        rows = []
        for row in children(element, "row"):
            cells = [self.code(cell, inside) for cell in children(row) if tag(cell) in EXPRESSIONS]
            rows.append([self.typed(cell, column) for cell, column in zip(cells, columns, strict=False)])
        return lambda scope: [{name: cell(scope) for name, cell in zip(names, row, strict=False)} for row in rows]

    def conditional(self, element: Element, inside: Inside) -> Code:
        """A boxed `if … then … else …`."""
        parts = [Node(self.inner(element, name, inside)) for name in ("if", "then", "else")]
        return branch(*parts).run

    def loop(self, element: Element, inside: Inside) -> Code:
        """A boxed `for … return …`."""
        iteration, around = self._iteration(element, inside)
        body = Node(self.inner(element, "return", around.plus("partial")))
        return loops.for_loop([iteration], body, shows_partial=True, length=_length(element)).run

    def quantified(self, element: Element, inside: Inside) -> Code:
        """A boxed `some` or `every`."""
        iteration, around = self._iteration(element, inside)
        body = Node(self.inner(element, "satisfies", around))
        return loops.quantified([iteration], body, decisive=tag(element) == "some", length=_length(element)).run

    def filter(self, element: Element, inside: Inside) -> Code:
        """A boxed filter: items for which the condition holds, where `item` and its members are names."""
        items = Node(self.inner(element, "in", inside))
        condition = Node(self.inner(element, "match", Inside((*inside.names, "item"), is_open=True)))
        return loops.filtered(items, condition, _length(element)).run

    def typed(self, code: Code, element: Element) -> Code:
        """The closure with its value made to fit the type the element declares."""
        return _fitting(code, self.workshop.types.named(type_ref(element)))

    def _iteration(self, element: Element, inside: Inside) -> tuple[Iteration, Inside]:
        name = str(element.get("iteratorVariable", ""))
        return Iteration(name, Node(self.inner(element, "in", inside))), inside.plus(name)

    def _below(self, variable: Element | None) -> str:
        return f"{self.where}/{variable.get('name')}" if variable is not None else f"{self.where}/result"


def _length(element: Element) -> int:
    """About how many words an element holds, by which running it is counted."""
    return sum(len(str(text).split()) for text in element.itertext())


def _fitting(code: Code, kind: Type) -> Code:
    return code if kind is ANY else lambda scope: kind.fit(code(scope))


def _context_code(entries: Sequence[tuple[str, Code]], result: Code | None) -> Code:
    def run(scope: Scope) -> Value:
        made: dict[str, Value] = {}
        inner = Inner(made, scope)
        for name, code in entries:
            made[name] = code(inner)
        return result(inner) if result else made

    return run


_COMPILERS: dict[str, Callable[[Boxes, Element, Inside], Code]] = {
    "literalExpression": Boxes.literal,
    "decisionTable": Boxes.table,
    "context": Boxes.context,
    "invocation": Boxes.invocation,
    "functionDefinition": Boxes.function,
    "list": Boxes.list,
    "relation": Boxes.relation,
    "conditional": Boxes.conditional,
    "for": Boxes.loop,
    "every": Boxes.quantified,
    "some": Boxes.quantified,
    "filter": Boxes.filter,
}
