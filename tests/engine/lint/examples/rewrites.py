"""What is put right at upload."""

from __future__ import annotations

from tests.engine import drawing as d
from tests.engine.lint.asking import Example, choice, example, person, row, waiting

START, END, A = d.start(), d.end(), person("a")
GOOD = row(A)
LINK = '<bpmn:linkEventDefinition name="L"/>'
THROW = f'<bpmn:intermediateThrowEvent id="t">{LINK}</bpmn:intermediateThrowEvent>'


def repeated(several: str) -> bytes:
    return row(A.replace("/>", f">{several}</bpmn:userTask>"))


EXAMPLES: dict[str, Example] = {
    "missing-id": example(GOOD.replace(b'id="start_a"', b""), GOOD),
    "boolean-spelling": example(GOOD.replace(b'isExecutable="true"', b'isExecutable="1"'), GOOD),
    "made-executable": example(GOOD.replace(b' isExecutable="true"', b""), GOOD),
    "missing-end": example(d.process(START, A, d.flow("start", "a")), GOOD),
    "timer-not-quoted": example(waiting("timeDuration", "PT1H"), waiting("timeDuration", '"PT1H"')),
    "expression-translated": example(choice("${x == 1}"), choice("= x = 1")),
    "links-joined": example(
        d.process(START, THROW, d.catch("c", LINK), A, END, d.flow("start", "t"), d.path("c", "a", "end")), GOOD
    ),
    "split-drawn": example(
        d.process(START, A, END, d.end("over"), d.path("start", "a", "end"), d.flow("a", "over")),
        d.process(START, A, d.parallel("g"), END, d.end("over"), d.path("start", "a", "g", "end"), d.flow("g", "over")),
    ),
    "default-chosen": example(choice(gateway=d.exclusive("g")), choice()),
    "topic-taken": example(
        row('<bpmn:serviceTask id="a" camunda:delegateExpression="${greet}"/>'), row(d.service("a", "greet"))
    ),
    "collection-taken": example(
        repeated('<bpmn:multiInstanceLoopCharacteristics camunda:collection="streets"/>'),
        repeated(
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>streets</bpmn:loopDataInputRef>"
            "</bpmn:multiInstanceLoopCharacteristics>"
        ),
    ),
}
