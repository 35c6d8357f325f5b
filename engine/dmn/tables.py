"""Compiling a decision table: all cells at once, so that every mistake is named before the first case comes."""

from __future__ import annotations

from engine.dmn.problems import Inside, Workshop
from engine.dmn.reading import Element, child, children, text_of, type_ref
from engine.dmn.table import AGGREGATIONS, HIT_POLICIES, DecisionTable, Output, Rule
from engine.feel import Expression


def compile_table(element: Element, inside: Inside, workshop: Workshop, where: str) -> DecisionTable:
    """The compiled table; what cannot be read is noted with rule and column."""
    columns = list(children(element, "input"))
    policy, aggregation = _policy(element, workshop, where)
    outputs = tuple(_output(column, place, inside, workshop, where) for place, column in _outputs(element))
    labels = [_input_label(column, place) for place, column in enumerate(columns, start=1)]
    inputs = tuple(
        _input(column, inside, workshop, f"{where}/input {label}")
        for column, label in zip(columns, labels, strict=True)
    )
    rules = tuple(
        _rule(row, number, labels, [output.name for output in outputs], inside, workshop, where)
        for number, row in enumerate(children(element, "rule"), start=1)
    )
    _check_priorities(policy, outputs, workshop, where)
    return DecisionTable(where, inputs, outputs, rules, policy, aggregation)


def _outputs(element: Element) -> list[tuple[int, Element]]:
    return list(enumerate(children(element, "output"), start=1))


def _policy(element: Element, workshop: Workshop, where: str) -> tuple[str, str]:
    policy = str(element.get("hitPolicy") or "UNIQUE").upper()
    aggregation = str(element.get("aggregation") or "").upper()
    if policy not in HIT_POLICIES:
        workshop.refuse(where, "hit_policy", f"there is no hit policy {policy}", policy=policy)
    if aggregation and aggregation not in AGGREGATIONS:
        workshop.refuse(where, "aggregation", f"there is no aggregation {aggregation}", aggregation=aggregation)
        aggregation = ""
    letter = HIT_POLICIES.get(policy, "U")
    return letter, aggregation if letter == "C" else ""


def _input_label(column: Element, place: int) -> str:
    expression = text_of(child(column, "inputExpression"))
    return str(column.get("label") or expression or column.get("id") or place)


def _input(column: Element, inside: Inside, workshop: Workshop, where: str) -> Expression:
    expression = child(column, "inputExpression")
    if expression is None or not text_of(expression):
        workshop.refuse(where, "no_logic", "there is no expression")
        return workshop.expression("null", inside, where)
    workshop.only_feel(expression, where)
    return workshop.expression(text_of(expression), inside, where)


def _output(column: Element, place: int, inside: Inside, workshop: Workshop, where: str) -> Output:
    name = str(column.get("name") or column.get("label") or column.get("id") or f"output {place}")
    there = f"{where}/output {name}"
    values = text_of(child(column, "outputValues"))
    priorities = workshop.expression(f"[{values}]", inside, f"{there}/values") if values else None
    default = text_of(child(column, "defaultOutputEntry"))
    nothing = workshop.expression(default, inside, f"{there}/default") if default else None
    return Output(name, priorities, nothing, workshop.types.named(type_ref(column)))


def _rule(
    row: Element,
    number: int,
    labels: list[str],
    names: list[str],
    inside: Inside,
    workshop: Workshop,
    where: str,
) -> Rule:
    here = f"{where}/rule {number}"
    cells, results = list(children(row, "inputEntry")), list(children(row, "outputEntry"))
    if len(cells) != len(labels) or len(results) != len(names):
        workshop.refuse(here, "columns", "the rule has more or fewer cells than the table has columns")
    tests = []
    for column, (cell, label) in enumerate(zip(cells, labels, strict=False)):
        workshop.only_feel(cell, f"{here}/input {label}")
        found = workshop.tests(text_of(cell), inside, f"{here}/input {label}")
        if not found.accepts_all:
            tests.append((column, found))
    outputs = [
        _result(cell, inside, workshop, f"{here}/output {name}") for cell, name in zip(results, names, strict=False)
    ]
    outputs += [workshop.expression("null", inside, here)] * (len(names) - len(outputs))
    return Rule(number, tuple(tests), tuple(outputs))


def _result(cell: Element, inside: Inside, workshop: Workshop, where: str) -> Expression:
    workshop.only_feel(cell, where)
    text = text_of(cell)
    return workshop.expression("null" if text in ("", "-") else text, inside, where)


def _check_priorities(policy: str, outputs: tuple[Output, ...], workshop: Workshop, where: str) -> None:
    if policy in "PO" and not any(output.priorities for output in outputs):
        workshop.refuse(where, "no_priorities", "this hit policy needs the output values in order of priority")
