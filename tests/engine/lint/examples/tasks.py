"""Tasks, calls and what is written on them."""

from __future__ import annotations

from tests.engine import drawing as d
from tests.engine.lint.asking import Example, example, greet, person, row

START = d.start("s") + d.end("e")
DECISION = b"""<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="route" name="Route"><variable name="unit"/><literalExpression><text>"ioc"</text></literalExpression>
  </decision>
</definitions>"""


def task(attributes: str = 'camunda:assignee="mai"', inner: str = "") -> bytes:
    return row(f'<bpmn:userTask id="a" caseway:publicStep="received" {attributes}>{inner}</bpmn:userTask>')


def service(inner: str) -> bytes:
    start = '<bpmn:serviceTask id="a" camunda:type="external" camunda:topic="greet">'
    return row(f"{start}<bpmn:extensionElements>{inner}</bpmn:extensionElements></bpmn:serviceTask>")


def tried(attribute: str) -> bytes:
    return row(f'<bpmn:serviceTask id="a" camunda:type="external" camunda:topic="greet" {attribute}/>')


def script(inner: str, language: str = "") -> bytes:
    extra = f' scriptFormat="{language}"' if language else ""
    return row(f'<bpmn:scriptTask id="a"{extra}>{inner}</bpmn:scriptTask>')


def lines(count: int) -> bytes:
    return script("<bpmn:script>" + "\n".join(f"x{number} = 1" for number in range(count)) + "</bpmn:script>")


def asked(decision: str) -> dict[str, bytes]:
    return {"demo.bpmn": row(d.rule("a", decision)), "route.dmn": DECISION}


def calls(first: str, second: str) -> dict[str, bytes]:
    """Two processes; each may call another."""
    inside = f'<bpmn:callActivity id="c" calledElement="{second}"/>' if second else greet("c")
    other = d.process(START, inside, d.path("s", "c", "e"), key="second")
    return {"demo.bpmn": row(f'<bpmn:callActivity id="a" calledElement="{first}"/>'), "second.bpmn": other}


def begun_in_two_ways() -> dict[str, bytes]:
    """A process that is called and has two timers, nothing plain, to begin by."""
    files = calls("second", "")
    timer = d.timer("timeCycle", '"R/PT1H"')
    starts = "".join(f'<bpmn:startEvent id="{name}">{timer}</bpmn:startEvent>' for name in ("s", "too"))
    inside = d.process(starts, greet("c"), d.end("e"), d.path("s", "c", "e"), d.flow("too", "c"), key="second")
    return files | {"second.bpmn": inside}


def several(inner: str) -> bytes:
    characteristics = f"<bpmn:multiInstanceLoopCharacteristics>{inner}</bpmn:multiInstanceLoopCharacteristics>"
    return task(inner=characteristics)


def count(text: str, more: str = "") -> bytes:
    return several(f"<bpmn:loopCardinality>{text}</bpmn:loopCardinality>{more}")


def collection(name: str) -> bytes:
    return several(f"<bpmn:loopDataInputRef>{name}</bpmn:loopDataInputRef>")


def loop(attributes: str) -> bytes:
    return task(inner=f"<bpmn:standardLoopCharacteristics {attributes}/>")


RESULTS = "<bpmn:loopDataOutputRef>results</bpmn:loopDataOutputRef>"
INPUT = '<camunda:inputOutput><camunda:inputParameter name="kind">{}</camunda:inputParameter></camunda:inputOutput>'

EXAMPLES: dict[str, Example] = {
    "task-without-people": example(task(""), task('camunda:candidateGroups="intake:ioc"')),
    "unknown-group": example(row(person("a", "official:moon")), row(person("a", "official:roads, intake:ioc"))),
    "task-without-public-step": example(row(d.user("a")), row(person("a"))),
    "task-without-english-name": example(
        row(person("a", nameEn="Resolve"), person("b"), names=("a", "b")),
        row(person("a", nameEn="Resolve"), person("b", nameEn="Approve"), names=("a", "b")),
    ),
    "unknown-public-step": example(row(person("a", publicStep="done")), row(person("a", publicStep="in_progress"))),
    "literal-value": example(row(person("a", priority="high")), row(person("a", priority="70"))),
    "service-without-topic": example(row('<bpmn:serviceTask id="a"/>'), row(greet("a"))),
    "unknown-handler": example(row(d.service("a", "shout")), row(d.service("a", "greet"))),
    "rule-without-decision": example(
        {"demo.bpmn": row('<bpmn:businessRuleTask id="a"/>'), "route.dmn": DECISION}, asked("route")
    ),
    "unknown-decision": example(asked("rout"), asked("route")),
    "script-missing": example(script(""), script("<bpmn:script>x = 1</bpmn:script>")),
    "script-language": example(
        script("<bpmn:script>x = 1</bpmn:script>", "javascript"), script("<bpmn:script>x = 1</bpmn:script>", "feel")
    ),
    "script-line": example(
        script("<bpmn:script>open(x)</bpmn:script>"), script("<bpmn:script>// note\n\nx = 1</bpmn:script>")
    ),
    "script-too-long": example(lines(51), lines(50)),
    "call-without-process": example(row('<bpmn:callActivity id="a"/>'), calls("second", "")),
    "unknown-called-process": example(row('<bpmn:callActivity id="a" calledElement="second"/>'), calls("second", "")),
    "call-without-start": example(begun_in_two_ways(), calls("second", "")),
    "call-recursion": example(calls("second", "demo"), calls("second", "")),
    "multi-instance-count": example(several(""), count("3")),
    "multi-instance-limit": example(count("101"), count("100")),
    "multi-instance-variable": example(collection("= items"), collection("items")),
    "multi-instance-output": example(
        count("3", RESULTS), several(f"<bpmn:loopDataInputRef>items</bpmn:loopDataInputRef>{RESULTS}")
    ),
    "loop-limit": example(loop(""), loop('loopMaximum="3"')),
    "input-parameter": example(service(INPUT.format("<camunda:list/>")), service(INPUT.format('= "accept"'))),
    "retry-schedule": example(tried('caseway:retry="three times"'), tried('caseway:retry="R5/PT10S"')),
    "time-limit": example(tried('caseway:timeLimit="P2D"'), tried('caseway:timeLimit="PT2M"')),
    "ignored-extension": example(row(person("a", candidateUsers="mai")), row(person("a", assignee="mai"))),
    "unprefixed-attribute": example(task('camunda:assignee="mai" dueDate="= due"'), task('camunda:assignee="mai"')),
}
