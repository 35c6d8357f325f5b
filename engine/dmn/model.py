"""A whole decision model: its elements, linked by what they require, and compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.dmn.boxed import Boxes, logic_of
from engine.dmn.decision import Decision, Element, Functions, Input, Knowledge, Requirement, Service
from engine.dmn.problems import Inside, Workshop
from engine.dmn.reading import Element as Xml
from engine.dmn.reading import child, children, read_definitions, references, tag, type_ref
from engine.dmn.typing import Types
from engine.errors import Problem
from engine.feel.types import ANY, Type


@dataclass
class Model:
    """The elements of one file by id, and what is wrong with them."""

    namespace: str
    elements: dict[str, Element] = field(default_factory=dict)
    types: Types | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def decisions(self) -> dict[str, Decision]:
        """The decisions by id."""
        return {key: element for key, element in self.elements.items() if isinstance(element, Decision)}


def read_model(xml: bytes, functions: Functions, imports: Mapping[str, Model]) -> Model:
    """The model in these bytes, with models it imports by their namespace. Raises: Invalid when it is no model."""
    root = read_definitions(xml)
    return _Reader(root, functions, imports).model()


class _Reader:
    def __init__(self, root: Xml, functions: Functions, imports: Mapping[str, Model]) -> None:
        self.root = root
        self.result = Model(str(root.get("namespace", "")))
        self.prefixes = {str(one.get("namespace", "")): str(one.get("name", "")) for one in children(root, "import")}
        self.imports = {namespace: imports[namespace] for namespace in self.prefixes if namespace in imports}
        self.types = Types(root, self._imported_types())
        members = {_known_as(one) for model in self.imports.values() for one in model.elements.values()}
        self.workshop = Workshop(self.types, functions, self.types.member_names | members)
        self.xml: dict[str, Xml] = {}

    def model(self) -> Model:
        for part in children(self.root, "inputData", "decision", "businessKnowledgeModel", "decisionService"):
            self._add(part)
        for key, part in self.xml.items():
            self._link(self.result.elements[key], part)
        self._refuse_cycles()
        for key, part in self.xml.items():
            self._compile(self.result.elements[key], part)
        for decision in self.result.decisions.values():
            decision.required_inputs = self._required_inputs(decision)
        self.result.types = self.types
        self.result.problems = self.workshop.problems
        return self.result

    # ------------------------------------------------------------------------------------------- elements

    def _add(self, part: Xml) -> None:
        name = " ".join(str(part.get("name") or part.get("id") or "").split())
        key = str(part.get("id") or name)
        if key in self.xml:
            self.workshop.refuse(key, "twice", "there are two elements with this id")
            return
        variable = child(part, "variable")
        known_as = " ".join(str(variable.get("name") or name).split()) if variable is not None else name
        kind = self.types.named(type_ref(variable))
        self.xml[key] = part
        self.result.elements[key] = _element(tag(part), key, name, known_as)
        self.result.elements[key].type = kind

    def _link(self, element: Element, part: Xml) -> None:
        if isinstance(element, Service):
            element.inputs = self._required(element, part, "inputData", "inputDecision")
            element.outputs = self._required(element, part, "outputDecision")
        elif isinstance(element, Decision | Knowledge):
            addresses = [
                *references(part, "informationRequirement", "requiredInput"),
                *references(part, "informationRequirement", "requiredDecision"),
                *references(part, "knowledgeRequirement", "requiredKnowledge"),
            ]
            element.requirements = list(self._found(element, addresses))

    def _required(self, element: Element, part: Xml, *names: str) -> list[Requirement]:
        addresses = [str(one.get("href", "")) for name in names for one in children(part, name)]
        return list(self._found(element, addresses))

    def _found(self, element: Element, addresses: list[str]) -> Iterator[Requirement]:
        for address in addresses:
            namespace, _, key = address.rpartition("#")
            home = self.result if namespace in ("", self.result.namespace) else self.imports.get(namespace)
            target = home.elements.get(key) if home else None
            if target is None:
                self.workshop.refuse(element.id, "missing", f"{address} is required but not there", address=address)
                continue
            yield Requirement(target, self.prefixes.get(namespace, "") if home is not self.result else "")

    # ------------------------------------------------------------------------------------------- logic

    def _compile(self, element: Element, part: Xml) -> None:
        boxes = Boxes(self.workshop, element.id)
        if isinstance(element, Decision):
            inside = Inside(tuple(_names(element.requirements)))
            logic = logic_of(part)
            element.code = boxes.code(logic, inside)
            element.outputs = _outputs(logic) or (element.variable,)
        elif isinstance(element, Knowledge):
            inside = Inside((*_names(element.requirements), element.name))
            result = element.type.result or ANY if element.type.name == "function" else element.type
            element.code = boxes.function(_encapsulated(part), inside, result)

    def _required_inputs(self, decision: Decision) -> tuple[str, ...]:
        """Input data and free variables of the decision and of all it requires."""
        below = _all_below(decision)
        names = [element.name for element in below if isinstance(element, Input)]
        ids = {decision.id, *(element.id for element in below)}
        names += [name for name, where in self.workshop.free.items() if where.split("/")[0] in ids]
        return tuple(dict.fromkeys(names))

    def _refuse_cycles(self) -> None:
        for element in self.result.elements.values():
            if isinstance(element, Decision) and element in _all_below(element):
                self.workshop.refuse(element.id, "cycle", "the decision requires itself")
                element.requirements = []

    def _imported_types(self) -> dict[str, Type]:
        return {
            f"{self.prefixes[namespace]}.{name}".lstrip("."): kind
            for namespace, model in self.imports.items()
            if model.types
            for name, kind in model.types.known.items()
        }


def _element(kind: str, key: str, name: str, known_as: str) -> Element:
    if kind == "inputData":
        return Input(key, known_as)
    if kind == "businessKnowledgeModel":
        return Knowledge(key, known_as)
    return Service(key, known_as) if kind == "decisionService" else Decision(key, name, known_as)


def _names(requirements: list[Requirement]) -> Iterator[str]:
    for required in requirements:
        yield required.prefix or required.name


def _known_as(element: Element) -> str:
    return Requirement(element).name


def _encapsulated(part: Xml) -> Xml:
    inner = child(part, "encapsulatedLogic")
    return part if inner is None else inner


def _outputs(logic: Xml | None) -> tuple[str, ...]:
    if logic is None or tag(logic) != "decisionTable":
        return ()
    return tuple(str(column.get("name") or "") for column in children(logic, "output") if column.get("name"))


def _all_below(element: Element) -> dict[Element, None]:
    """Everything an element requires, directly or not; itself only if it goes round in a circle."""
    found: dict[Element, None] = {}
    pending = _required_by(element)
    while pending:
        current = pending.pop()
        if current not in found:
            found[current] = None
            pending.extend(_required_by(current))
    return found


def _required_by(element: Element) -> list[Element]:
    if isinstance(element, Input):
        return []
    required = element.outputs if isinstance(element, Service) else element.requirements
    return [one.element for one in required]
