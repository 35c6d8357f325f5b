"""How many expressions and decisions a second: ours beside Python's own `eval`, which we do not use, and known libraries.

Python evaluates neither in three values nor with decimals, and would run whatever an upload says: it is the yardstick of
what the machine could do at most, not an alternative. The library beside it that speaks FEEL is bkflow-feel (decimals and three
values it does not know either); it runs in an environment of its own and takes its turn like all others.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine

from bench import peers
from bench.peers import FEEL, Peer
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
#: What is measured, in FEEL and in Python. bkflow-feel can say the first of them only.
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
FEEL_EACH, FEEL_ONCE = "bkflow-feel 1.2, which parses each time", "bkflow-feel 1.2, parsed once"
DMN_LIBRARY = "bkflow-dmn 0.2, which parses each time"
#: How often in a block; the libraries that parse each time are asked less often.
_BLOCK, _SMALL_BLOCK, _ROUNDS = 300, 10, 25
_ENGINE = PythonScriptEngine()

Act = Callable[[], object]
#: Does something so many times; the seconds of processor time it took.
Block = Callable[[int], float]


def expressions(rounds: int = _ROUNDS) -> None:
    """Evaluations per second of a condition and of a longer expression."""
    peers.install(FEEL)
    task = _task(CASE)
    for name, (feel, python) in EXPRESSIONS.items():
        acts: list[Act] = [
            partial(compile_expression(feel), CASE),
            partial(eval, compile(python, name, "eval"), {}, CASE),
            partial(eval, python, {}, CASE),
            partial(_ENGINE.evaluate, task, python),
        ]
        wanted = {base: {"expression": feel, "parsed_once": base == FEEL_ONCE} for base in (FEEL_EACH, FEEL_ONCE)}
        with _speaking_feel(wanted if name == "condition" else {}, acts[0]()) as others:
            _report(f"expression_{name}", acts, others, "expressions per second", rounds)


def decisions(rounds: int = _ROUNDS) -> None:
    """Decisions per second of the shipped table that finds the unit of a report."""
    peers.install(FEEL)
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
    with _speaking_feel({DMN_LIBRARY: {"table": _for_bkflow(xml)}}, acts[0]()) as others:
        _report("decision_table", acts, others, f"decisions per second, {len(rules)} rules", rounds)


@contextmanager
def _speaking_feel(wanted: Mapping[str, Mapping[str, object]], answer: object) -> Iterator[dict[str, Block]]:
    """Within the block, the libraries wait for their turns; each has shown that it comes to our answer."""
    started = {base: Peer("feel_case.py", json.dumps({**task, "facts": CASE}), environment=FEEL)
               for base, task in wanted.items()}  # fmt: skip
    with peers.engines(*started.values()):
        for base, peer in started.items():
            if (said := json.loads(peer.answer())) != answer:
                raise RuntimeError(f"{base} says {said!r}, not {answer!r}")
        yield {base: peer.run for base, peer in started.items()}


def _report(bench: str, acts: list[Act], others: Mapping[str, Block], unit: str, rounds: int) -> None:
    """Every way of it, in turn, all with the same answer."""
    if len({str(act()) for act in acts}) != 1:
        raise RuntimeError(f"{bench}: not everybody comes to the same")
    blocks = {name: _repeated(act) for name, act in zip(("ours", *BASES), acts, strict=True)} | dict(others)
    speeds = _per_second(blocks, rounds)
    for base_is in [*BASES, *others]:
        line(bench, speeds["ours"], speeds[base_is], unit=unit, base_is=base_is, n=rounds * _size(base_is))


def _per_second(blocks: Mapping[str, Block], rounds: int) -> dict[str, float]:
    """The medians of interleaved blocks."""
    speeds: dict[str, list[float]] = {name: [] for name in blocks}
    for _ in range(rounds):
        for name, block in blocks.items():
            speeds[name].append(_size(name) / block(_size(name)))
    return {name: statistics.median(kept) for name, kept in speeds.items()}


def _size(name: str) -> int:
    return _SMALL_BLOCK if name in (FEEL_EACH, DMN_LIBRARY) else _BLOCK


def _repeated(act: Act) -> Block:
    def block(times: int) -> float:
        began = time.process_time()
        for _ in range(times):
            act()
        return time.process_time() - began

    return block


def _first(rules: list[Any]) -> object:
    """What the first rule says whose tests hold."""
    for tests, says in rules:
        if all(eval(test, {}, CASE) for test in tests):  # noqa: S307 - the base, on our own table
            return eval(says, {}, CASE)  # noqa: S307 - the base, on our own table
    return None


def _rules(xml: bytes) -> list[tuple[list[str], str]]:
    """The rules of the shipped table in Python."""
    asked, rows = _table(xml)
    return [
        ([_in_python(name, cell) for name, cell in zip(asked, cells, strict=True) if cell != "-"], says)
        for cells, says in rows
    ]


def _for_bkflow(xml: bytes) -> dict[str, object]:
    """The same table as bkflow-dmn wants it."""
    asked, rows = _table(xml)
    cells = [[_in_bkflow(name, cell) for name, cell in zip(asked, row, strict=True)] for row, _ in rows]
    inputs = {"cols": [{"id": name} for name in asked], "rows": cells}
    outputs = {"cols": [{"id": "unit"}], "rows": [[says] for _, says in rows]}
    return {"title": "routing", "hit_policy": "First", "inputs": inputs, "outputs": outputs}


def _table(xml: bytes) -> tuple[list[str], list[tuple[list[str], str]]]:
    """What the table asks, and its rules: cells, and what they say."""
    drawn = child(child(read_definitions(xml), "decision"), "decisionTable")
    if drawn is None:
        raise LookupError("there is no decision table")
    asked = [text_of(child(column, "inputExpression")) for column in children(drawn, "input")]
    return asked, [(_cells(row), text_of(next(children(row, "outputEntry")))) for row in children(drawn, "rule")]


def _cells(row: Element) -> list[str]:
    return [text_of(cell) for cell in children(row, "inputEntry")]


def _in_bkflow(name: str, cell: str) -> str:
    """An empty cell asks nothing; text cannot be compared with null, nor can `not` have several tests."""
    if cell in ("-", "null"):
        return "" if cell == "-" else f'{name} = ""'
    return f"not({name} in [{cell[4:-1]}])" if cell.startswith("not(") else cell


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
