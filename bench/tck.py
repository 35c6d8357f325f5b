"""How much of the DMN standard is executed: runs folders of its Technology Compatibility Kit.

    python -m bench.tck FOLDER…

A folder holds decision models (`*.dmn`) and test cases (`*-test-*.xml`); folders of such folders are walked. One JSON
object is printed per folder: `{"folder": …, "passed": 12, "total": 12, "failed": []}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from lxml import etree

from engine.dmn import Decision, Model, read_model
from engine.dmn.decision import Making, Service
from engine.errors import CasewayError, Invalid
from engine.feel import Function, Value
from engine.feel.builtins.conversions import same
from engine.feel.calls import call_named
from engine.feel.limits import Run
from engine.feel.temporal import read_date, read_date_time, read_duration, read_time

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
#: How far a number may lie beside the expected one, measured by its size: the kit gives doubles.
_TOLERANCE = Decimal("1e-8")


@dataclass(frozen=True)
class Case:
    """One test case: what is given, what is asked, and what should come out."""

    folder: Path
    model: Path
    name: str
    inputs: Mapping[str, Value]
    invocable: str
    expected: Mapping[str, Value]

    def difference(self) -> str:
        """What came out wrong; empty when nothing did."""
        for asked, wanted in self.expected.items():
            got = self._result(asked)
            if not agree(got, wanted):
                return f"{asked}: {got!r} instead of {wanted!r}"
        return ""

    def _result(self, asked: str) -> Value:
        try:
            model = load(self.model)
            if self.invocable:
                return self._invoked(model, asked)
            return _decided(model, asked, self.inputs)
        except CasewayError:
            return None

    def _invoked(self, model: Model, asked: str) -> Value:
        service = next((one for one in model.elements.values() if self.invocable in (one.id, one.name)), None)
        result = _call(service, self.inputs) if isinstance(service, Service) else None
        return result.get(asked) if isinstance(result, dict) and len(self.expected) > 1 else result


def folders(places: Sequence[Path]) -> Iterator[Path]:
    """The folders among and below these that hold test cases, in order."""
    for place in places:
        found = {path.parent for path in place.rglob("*.xml") if "-test-" in path.name}
        yield from sorted(found)


def cases(folder: Path) -> list[Case]:
    """The test cases of a folder."""
    return [case for path in sorted(folder.glob("*-test-*.xml")) for case in _cases_in(path)]


@cache
def load(path: Path) -> Model:
    """The model in a file, with those it imports from files beside it. Raises: Invalid."""
    xml = path.read_bytes()
    wanted = {str(one.get("namespace")) for one in etree.fromstring(xml).findall("{*}import")}
    imports = {}
    for other in sorted(path.parent.glob("*.dmn")):
        namespace = str(etree.parse(other).getroot().get("namespace"))
        if other != path and namespace in wanted:
            imports[namespace] = load(other)
    return read_model(xml, {}, imports)


def agree(got: Value, wanted: Value) -> bool:
    """Whether a result is what was expected; numbers nearly."""
    if isinstance(got, Decimal) and isinstance(wanted, Decimal):
        return abs(got - wanted) <= _TOLERANCE * max(Decimal(1), abs(wanted))
    if isinstance(got, list) and isinstance(wanted, list):
        return len(got) == len(wanted) and all(map(agree, got, wanted))
    if isinstance(got, dict) and isinstance(wanted, dict):
        return got.keys() == wanted.keys() and all(agree(got[key], wanted[key]) for key in got)
    return got is wanted or same(got, wanted)


def report(folder: Path) -> dict[str, object]:
    """How many cases of a folder pass, and what went wrong with the others."""
    outcomes = {case.name: case.difference() for case in cases(folder)}
    failed = [f"{name}: {difference}" for name, difference in outcomes.items() if difference]
    total = len(outcomes)
    return {"folder": folder.name, "passed": total - len(failed), "total": total, "failed": failed}


def _decided(model: Model, asked: str, inputs: Mapping[str, Value]) -> Value:
    decision = next((one for one in model.decisions.values() if asked in (one.name, one.id)), None)
    if isinstance(decision, Decision):
        return decision.value(inputs)
    service = next((one for one in model.elements.values() if isinstance(one, Service) and one.name == asked), None)
    return _call(service, inputs) if service else None


def _call(service: Service, inputs: Mapping[str, Value]) -> Value:
    function = Making(Run(inputs)).result(service)
    assert isinstance(function, Function)
    return call_named(function, {name: inputs.get(name) for name in function.parameters})


def _cases_in(path: Path) -> Iterator[Case]:
    root = etree.parse(path).getroot()
    model = path.parent / str(root.findtext("{*}modelName"))
    for place, element in enumerate(root.findall("{*}testCase"), start=1):
        inputs = {str(node.get("name")): _value(node) for node in element.findall("{*}inputNode")}
        expected = {str(node.get("name")): _expected(node) for node in element.findall("{*}resultNode")}
        name = str(element.get("id") or place)
        yield Case(path.parent, model, f"{path.stem}/{name}", inputs, str(element.get("invocableName") or ""), expected)


def _expected(node: etree._Element) -> Value:
    inner = node.find("{*}expected")
    return _value(inner) if inner is not None else None


def _value(node: etree._Element) -> Value:
    if (items := node.find("{*}list")) is not None:
        return None if items.get(_NIL) == "true" else [_value(item) for item in items.findall("{*}item")]
    if parts := node.findall("{*}component"):
        return {str(part.get("name")): _value(part) for part in parts}
    value = node.find("{*}value")
    if value is None or value.get(_NIL) == "true":
        return None
    return _scalar(value.text or "", str(value.get(_TYPE, "string")).rpartition(":")[2])


def _scalar(text: str, kind: str) -> Value:
    if kind == "string":
        return text
    text = text.strip()
    if kind == "boolean":
        return text == "true"
    readers = {"date": read_date, "time": read_time, "dateTime": read_date_time, "duration": read_duration}
    return readers[kind](text) if kind in readers else Decimal(text)


def main(places: Sequence[str]) -> int:
    """Print one line per folder and the sum; the exit code says whether all passed."""
    total = passed = 0
    for folder in folders([Path(place) for place in places]):
        try:
            line = report(folder)
        except Invalid as problem:
            line = {"folder": folder.name, "passed": 0, "total": 0, "failed": [str(problem)]}
        print(json.dumps(line, ensure_ascii=False))
        passed, total = passed + int(str(line["passed"])), total + int(str(line["total"]))
    print(json.dumps({"folder": "", "passed": passed, "total": total, "share": round(passed / max(total, 1), 4)}))
    return 0 if passed == total else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
