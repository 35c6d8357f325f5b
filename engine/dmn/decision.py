"""Decisions and what they require: other decisions first, then their own logic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.feel import Function, Json, Value, from_json, to_json
from engine.feel.compiling import stopped_recursion
from engine.feel.limits import Run
from engine.feel.nodes import Code
from engine.feel.scope import Inner
from engine.feel.types import ANY, Type


@dataclass(eq=False)
class Input:
    """Something a decision is given."""

    id: str
    name: str
    type: Type = ANY


@dataclass(eq=False)
class Knowledge:
    """A function several decisions share."""

    id: str
    name: str
    requirements: list[Requirement] = field(default_factory=list, repr=False)
    code: Code = field(default=lambda _: None, repr=False)
    type: Type = ANY


@dataclass(eq=False)
class Service:
    """Decisions offered together as a function: from some inputs and decisions to others."""

    id: str
    name: str
    inputs: list[Requirement] = field(default_factory=list)
    outputs: list[Requirement] = field(default_factory=list)
    type: Type = ANY


@dataclass(eq=False)
class Decision:
    """A decision that can be made."""

    id: str
    name: str
    #: The name under which others know its result.
    variable: str
    #: Names of the columns of its table, or its own variable.
    outputs: tuple[str, ...] = ()
    #: Names of everything it has to be given, directly or for a decision it requires.
    required_inputs: tuple[str, ...] = ()
    requirements: list[Requirement] = field(default_factory=list, repr=False)
    code: Code = field(default=lambda _: None, repr=False)
    type: Type = ANY

    def evaluate(self, context: Mapping[str, object]) -> Json:
        """What the decision says for these values: a JSON object for several outputs, else one value.

        Raises: DecisionError when a table contradicts itself, FeelLimit when it takes too much work.
        """
        return to_json(self.value(context))

    def value(self, context: Mapping[str, object]) -> Value:
        """As `evaluate`, but the FEEL value."""
        with stopped_recursion():
            return Making(Run(context)).result(self)


Element: TypeAlias = Input | Knowledge | Service | Decision


@dataclass(frozen=True)
class Requirement:
    """Something required, and the name of the model it comes from when that is another one."""

    element: Element
    prefix: str = ""

    @property
    def name(self) -> str:
        """The name under which it is known."""
        return self.element.variable if isinstance(self.element, Decision) else self.element.name


class Making:
    """One evaluation of a decision with all it requires; each is worked out once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._known: dict[Element, Value] = {}

    def result(self, element: Element) -> Value:
        """The value of an input or decision, the function of a knowledge model or service."""
        if element not in self._known:
            self._known[element] = self._work_out(element)
        return self._known[element]

    def give(self, element: Element, value: Value) -> None:
        """Take this value for an element instead of working it out."""
        self._known[element] = element.type.fit(value)

    def _work_out(self, element: Element) -> Value:
        if isinstance(element, Input):
            return element.type.fit(from_json(self.run.names.get(element.name)))
        if isinstance(element, Knowledge):
            names = self._names(element.requirements)
            names[element.name] = element.code(Inner(names, self.run))
            return names[element.name]
        if isinstance(element, Service):
            return service_function(element, self.run)
        return element.type.fit(element.code(Inner(self._names(element.requirements), self.run)))

    def _names(self, requirements: Sequence[Requirement]) -> dict[str, Value]:
        names: dict[str, Value] = {}
        for required in requirements:
            value = self.result(required.element)
            if not required.prefix:
                names[required.name] = value
                continue
            inner = names.setdefault(required.prefix, {})
            if isinstance(inner, dict):
                inner[required.name] = value
        return names


def service_function(service: Service, run: Run) -> Function:
    """A decision service as a function of its inputs, in the order: input data, then input decisions."""

    def call(arguments: Sequence[Value]) -> Value:
        run.enter()
        making = Making(run)
        for given, argument in zip(service.inputs, arguments, strict=True):
            making.give(given.element, argument)
        results = {output.name: making.result(output.element) for output in service.outputs}
        run.leave()
        return service.type.fit(next(iter(results.values())) if len(results) == 1 else results)

    types = tuple(given.element.type for given in service.inputs)
    return Function(tuple(given.name for given in service.inputs), call, types)


Functions: TypeAlias = Mapping[str, Callable[..., object]]
