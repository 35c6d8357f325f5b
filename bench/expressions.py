"""How many expressions and decisions a second: ours beside Python's own `eval`, which we do not use, and a known library.

Python evaluates neither in three values nor with decimals, and would run whatever an upload says: it is the yardstick of
what the machine could do at most, not an alternative.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine

from bench.report import line
from engine.dmn import parse
from engine.dmn.reading import Element, child, children, read_definitions, text_of
from engine.feel import compile_expression

ROUTING = Path(__file__).parent.parent / "bpmn" / "report_case" / "routing.dmn"
CASE = {
    "priority": 4,
    "area": "pleiku",
    "place_unit": "pleiku",
    "category": "street-light",
    "supporters": 12,
    "report": {"words": 40, "channel": "web", "photos": [1, 2, 3]},
}
#: What is measured, in FEEL and in Python.
EXPRESSIONS = {
    "condition": ('priority >= 3 and area = "pleiku"', 'priority >= 3 and area == "pleiku"'),
    "mixed": (
        """if count(report.photos) > 2 and report.channel in ("web", "app")
           then upper case(category) + "/" + area else string(priority * 2 + supporters / 4)""",
        """(category.upper() + "/" + area if len(report["photos"]) > 2 and report["channel"] in ("web", "app")
           else str(priority * 2 + supporters / 4))""",
    ),
}
BASES = ("Python eval, compiled once", "Python eval of the text", "SpiffWorkflow's Python script engine")
_BLOCK, _ROUNDS = 300, 25
_ENGINE = PythonScriptEngine()

Act = Callable[[], object]


def expressions(rounds: int = _ROUNDS) -> None:
    """Evaluations per second of a condition and of a longer expression."""
    task = _task(CASE)
    for name, (feel, python) in EXPRESSIONS.items():
        acts: list[Act] = [
            partial(compile_expression(feel), CASE),
            partial(eval, compile(python, name, "eval"), {}, CASE),
            partial(eval, python, {}, CASE),
            partial(_ENGINE.evaluate, task, python),
        ]
        assert len({str(act()) for act in acts}) == 1, name
        _report(f"expression_{name}", acts, "expressions per second", rounds)


def decisions(rounds: int = _ROUNDS) -> None:
    """Decisions per second of the shipped table that finds the unit of a report."""
    xml = ROUTING.read_bytes()
    ours, rules = parse(xml)["routing"], _rules(xml)
    compiled = [
        ([compile(test, "cell", "eval") for test in tests], compile(say, "cell", "eval")) for tests, say in rules
    ]
    library, task = _library(rules), _task(CASE)
    acts: list[Act] = [
        lambda: ours.evaluate(CASE),
        lambda: _first(compiled),
        lambda: _first(rules),
        lambda: library.result(task)["unit"],
    ]
    assert len({str(act()) for act in acts}) == 1
    _report("decision_table", acts, f"decisions per second, {len(rules)} rules", rounds)


def _report(bench: str, acts: list[Act], unit: str, rounds: int) -> None:
    ours, *others = _per_second(acts, rounds)
    for base_is, base in zip(BASES, others, strict=True):
        line(bench, ours, base, unit=unit, base_is=base_is, n=rounds * _BLOCK)


def _per_second(acts: list[Act], rounds: int) -> list[float]:
    """The medians of interleaved blocks."""
    speeds: list[list[float]] = [[] for _ in acts]
    for _ in range(rounds):
        for kept, act in zip(speeds, acts, strict=True):
            began = time.process_time()
            for _ in range(_BLOCK):
                act()
            kept.append(_BLOCK / (time.process_time() - began))
    return [statistics.median(kept) for kept in speeds]


def _first(rules: list[Any]) -> object:
    """What the first rule says whose tests hold."""
    for tests, says in rules:
        if all(eval(test, {}, CASE) for test in tests):  # noqa: S307 - the base, on our own table
            return eval(says, {}, CASE)  # noqa: S307 - the base, on our own table
    return None


def _rules(xml: bytes) -> list[tuple[list[str], str]]:
    """The rules of the shipped table in Python."""
    drawn = child(child(read_definitions(xml), "decision"), "decisionTable")
    assert drawn is not None
    asked = [text_of(child(column, "inputExpression")) for column in children(drawn, "input")]
    return [(_tests(row, asked), text_of(next(children(row, "outputEntry")))) for row in children(drawn, "rule")]


def _tests(row: Element, asked: list[str]) -> list[str]:
    cells = [text_of(cell) for cell in children(row, "inputEntry")]
    return [_in_python(name, cell) for name, cell in zip(asked, cells, strict=True) if cell != "-"]


def _in_python(name: str, cell: str) -> str:
    if cell == "null":
        return f"{name} is None"
    return f"{name} not in {cell[3:]}" if cell.startswith("not(") else f"{name} in ({cell},)"


def _library(rules: list[tuple[list[str], str]]) -> DMNEngine:
    """The same rules for the library, which asks each cell whether it is true."""
    column = SimpleNamespace(expression="True")
    table = SimpleNamespace(hit_policy="UNIQUE", rules=[])
    for number, (tests, says) in enumerate(rules, start=1):
        cells = [SimpleNamespace(input=column, lhs=[f"({test})"]) for test in tests]
        table.rules.append(SimpleNamespace(inputEntries=cells, row_number=number, output_as_dict=_saying(says)))
    return DMNEngine(table)


def _saying(says: str) -> Callable[[Any], dict[str, object]]:
    return lambda task: {"unit": _ENGINE.evaluate(task, says)}


def _task(names: Mapping[str, object]) -> SimpleNamespace:
    """As much of a task as the library's engines ask for."""
    return SimpleNamespace(data=dict(names), workflow=SimpleNamespace(script_engine=_ENGINE))
