"""How much of the DMN standard is executed: runs folders of its Technology Compatibility Kit.

    python -m bench.tck FOLDER…

A folder holds decision models (`*.dmn`) and files of test cases; folders of such folders are walked. One JSON object is
printed for each folder: `{"folder": …, "passed": 11, "total": 12, "failed": ["file/case: expected … got …"]}`. A file
that cannot be read, or a case that cannot be run, is a failed case.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bench.tck_files import CaseFile, Written, load, read_cases
from engine.dmn import Decision, Model
from engine.dmn.decision import Element, Knowledge, Making, Service
from engine.errors import CasewayError
from engine.feel import Function, Value
from engine.feel.builtins.conversions import same
from engine.feel.calls import call_named
from engine.feel.compiling import stopped_recursion
from engine.feel.limits import Run
from engine.feel.text import write_value

#: How far a number may lie beside the expected one, measured by its size: the kit gives doubles.
_TOLERANCE = Decimal("1e-8")
_LONGEST = 300


@dataclass(frozen=True)
class Case:
    """One test case of a file, by its name."""

    name: str
    file: CaseFile
    written: Written

    @property
    def model(self) -> Path:
        """The file of its model."""
        return self.file.model

    def difference(self) -> str:
        """What came out wrong; empty when nothing did."""
        try:
            model = load(self.file.model)
            for asked, wanted in self.written.expected().items():
                got = self._result(model, asked)
                if not agree(got, wanted):
                    return f"{asked} expected {_shown(wanted)} got {_shown(got)}"
        except Exception as problem:  # noqa: BLE001 - whatever a foreign file causes, the others are still to be run
            return f"expected an answer got {type(problem).__name__}: {problem}"[:_LONGEST]
        return ""

    def _result(self, model: Model, asked: str) -> Value:
        inputs = self.written.inputs()
        try:
            with stopped_recursion():
                if not self.written.invocable:
                    return _answer(_element(model, asked, Decision, Service), inputs)
                result = _answer(_element(model, self.written.invocable, Service, Knowledge, Decision), inputs)
        except CasewayError:
            return None
        several = isinstance(result, dict) and asked in result and len(self.written.results) > 1
        return result[asked] if several and isinstance(result, dict) else result


def folders(places: Sequence[Path]) -> Iterator[Path]:
    """The folders among and below these that hold test cases, in order."""
    for place in places:
        yield from sorted({path.parent for path in _files(place) if read_cases(path) is not None})


def cases(folder: Path) -> list[Case]:
    """The test cases of a folder, of which several may bear one name."""
    found = [file for path in sorted(folder.glob("*.xml")) if (file := read_cases(path)) is not None]
    return [Case(f"{file.path.stem}/{written.name}", file, written) for file in found for written in file.cases]


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
    outcomes = [(case.name, case.difference()) for case in cases(folder)]
    failed = [f"{name}: {difference}" for name, difference in outcomes if difference]
    return {
        "folder": folder.resolve().name,
        "passed": len(outcomes) - len(failed),
        "total": len(outcomes),
        "failed": failed,
    }


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.xml"))


def _element(model: Model, asked: str, *kinds: type[Element]) -> Element | None:
    """The element with this name, or else this id; of the first kind that has one."""
    name = " ".join(asked.split())
    for kind in kinds:
        of_kind = [one for one in model.elements.values() if isinstance(one, kind)]
        for one in of_kind:
            if name in (one.name, getattr(one, "variable", None)):
                return one
        if (found := next((one for one in of_kind if one.id == asked), None)) is not None:
            return found
    return None


def _answer(element: Element | None, inputs: Mapping[str, Value]) -> Value:
    """A decision made, a service or a function called, for these values by name. Raises: CasewayError."""
    if element is None:
        raise CasewayError("there is no such decision, service or function")
    if isinstance(element, Decision):
        return element.value(inputs)
    function = Making(Run(inputs)).result(element)
    if not isinstance(function, Function):
        return None
    return call_named(function, {name: inputs.get(name) for name in function.parameters})


def _shown(value: Value) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else write_value(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def main(places: Sequence[str]) -> int:
    """Print one line for each folder, and the sum on the other channel; the exit code says whether all passed."""
    total = passed = 0
    for folder in folders([Path(place) for place in places]):
        line = report(folder)
        print(json.dumps(line, ensure_ascii=False), flush=True)
        passed, total = passed + int(str(line["passed"])), total + int(str(line["total"]))
    sys.stderr.write(f"{passed} of {total} cases passed\n")
    if not total:
        sys.stderr.write("usage: python -m bench.tck FOLDER…; no test cases were found there\n")
        return 2
    return 0 if passed == total else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
