"""Reading the files of the DMN Technology Compatibility Kit: test cases, and models with those they import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from lxml import etree

from engine.dmn import Model, read_model
from engine.dmn.reading import Element, tag
from engine.errors import CasewayError
from engine.feel import Value
from engine.feel.temporal import read_date, read_date_time, read_duration, read_time

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TEMPORAL = {
    "date": read_date,
    "time": read_time,
    "dateTime": read_date_time,
    "duration": read_duration,
    "dayTimeDuration": read_duration,
    "yearMonthDuration": read_duration,
}
_TEXTS = frozenset({"string", "anySimpleType", "anyURI", "token", "normalizedString"})


class Unreadable(CasewayError):
    """This file of the kit cannot be used."""


@dataclass(frozen=True)
class Written:
    """A test case as it is written: read only when it is run, so that a mistake in one leaves the others alone."""

    name: str
    invocable: str = ""
    given: tuple[Element, ...] = ()
    results: tuple[Element, ...] = ()
    problem: str = ""

    def inputs(self) -> Mapping[str, Value]:
        """What is given, by name."""
        return {str(node.get("name")): value_of(node) for node in self.given}

    def expected(self) -> Mapping[str, Value]:
        """What should come out, by name; an error comes out as null. Raises: Unreadable."""
        if self.problem:
            raise Unreadable(self.problem)
        return {str(node.get("name")): _expected(node) for node in self.results}


@dataclass(frozen=True)
class CaseFile:
    """A file of test cases and the model they are about."""

    path: Path
    model: Path
    cases: list[Written] = field(default_factory=list)


def read_cases(path: Path) -> CaseFile | None:
    """The cases in a file; nothing for an XML file about something else."""
    try:
        root = _parse(path)
    except (etree.XMLSyntaxError, OSError) as problem:
        if "-test-" not in path.name:
            return None
        return CaseFile(path, path, [Written("", problem=f"the file cannot be read: {problem}")])
    if tag(root) != "testCases":
        return None
    written = [_written(place, element) for place, element in enumerate(root.findall("{*}testCase"), start=1)]
    return CaseFile(path, _model_of(path, root), written)


def load(path: Path) -> Model:
    """The model in a file, with those it imports from files around it. Raises: Unreadable, Invalid."""
    return _loaded(path.resolve(), ())


@cache
def _loaded(path: Path, around: tuple[Path, ...]) -> Model:
    if path in around:
        raise Unreadable(f"{path.name} imports itself")
    try:
        wanted = {str(one.get("namespace")) for one in _parse(path).findall("{*}import")}
    except (etree.XMLSyntaxError, OSError) as problem:
        raise Unreadable(f"{path.name} cannot be read: {problem}") from problem
    found = {_namespace(other): other for other in sorted(path.parent.rglob("*.dmn")) if other != path}
    imports = {name: _loaded(other, (*around, path)) for name, other in found.items() if name in wanted}
    return read_model(path.read_bytes(), {}, imports)


def value_of(node: Element) -> Value:
    """The value a node of a test case holds. Raises: Unreadable."""
    if node.get(_NIL) == "true":
        return None
    if (items := node.find("{*}list")) is not None:
        return None if items.get(_NIL) == "true" else [value_of(item) for item in items.findall("{*}item")]
    parts = node.findall("{*}component")
    if any(part.get("name") is not None for part in parts):
        return {str(part.get("name")): value_of(part) for part in parts}
    value = node.find("{*}value")
    if value is None or value.get(_NIL) == "true":
        return None
    return _scalar(value.text or "", str(value.get(_TYPE, "string")).rpartition(":")[2])


def _scalar(text: str, kind: str) -> Value:
    if kind in _TEXTS:
        return text
    text = text.strip()
    if kind == "boolean":
        return text in ("true", "1")
    if kind in _TEMPORAL:
        return _TEMPORAL[kind](text)
    try:
        return Decimal(text)
    except ArithmeticError as problem:
        raise Unreadable(f"{text} is no {kind}") from problem


def _expected(node: Element) -> Value:
    inner = node.find("{*}expected")
    return None if inner is None or node.get("errorResult") == "true" else value_of(inner)


def _written(place: int, element: Element) -> Written:
    return Written(
        str(element.get("id") or place),
        str(element.get("invocableName") or ""),
        tuple(element.findall("{*}inputNode")),
        tuple(element.findall("{*}resultNode")),
    )


def _model_of(path: Path, root: Element) -> Path:
    """The model a file names, or the only one beside it."""
    name = str(root.findtext("{*}modelName") or "").strip()
    if name:
        return path.parent / name
    beside = sorted(path.parent.glob("*.dmn"))
    return beside[0] if len(beside) == 1 else path.parent / f"{path.name.partition('-test-')[0]}.dmn"


def _namespace(path: Path) -> str:
    try:
        return str(_parse(path).get("namespace"))
    except (etree.XMLSyntaxError, OSError):
        return ""


def _parse(path: Path) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.parse(path, parser).getroot()
