"""Whole files, ids, and elements that have no place in an executable diagram."""

from __future__ import annotations

from engine.lint.limits import MAX_DEPTH, MAX_FLOWS, MAX_NODES
from engine.lint.xml import MAX_BYTES
from tests.engine import drawing as d
from tests.engine.lint.asking import Example, example, greet, person, row

GOOD = row(person("a"))
MANY = tuple(f"n{number}" for number in range(MAX_NODES))


def nested(levels: int) -> bytes:
    inner = d.start("s") + d.end("e") + d.flow("s", "e")
    for level in range(levels):
        names = f"s{level}", f"p{level}", f"e{level}"
        inner = d.start(names[0]) + d.subprocess(names[1], inner) + d.end(names[2]) + d.path(*names)
    return d.process(inner)


def crowded(flows: int) -> bytes:
    """One gateway with many ways to the same step."""
    ways = "".join(
        f'<bpmn:sequenceFlow id="w{number}" sourceRef="g" targetRef="a">'
        f"<bpmn:conditionExpression>x = {number}</bpmn:conditionExpression></bpmn:sequenceFlow>"
        for number in range(flows)
    )
    gateway = d.exclusive("g", "g_end")
    return d.process(d.start(), gateway, person("a"), d.end(), d.path("start", "g", "end"), d.flow("a", "end"), ways)


def with_id(identifier: str) -> bytes:
    return row(person(identifier), names=(identifier,))


def in_task(inner: str, **attributes: str) -> bytes:
    return row(task(inner, **attributes))


def task(inner: str, **attributes: str) -> str:
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    people = 'camunda:assignee="mai" caseway:publicStep="received"'
    return f'<bpmn:userTask id="a" {people}{extra}>{inner}</bpmn:userTask>'


def instead(element: str) -> bytes:
    """A row whose only step is some other element."""
    return row(element)


def marked(value: str) -> bytes:
    return GOOD.replace(b'isExecutable="true"', value.encode())


def two(inside: str) -> dict[str, bytes]:
    """Two files with a process each; the first may call the second."""
    second = d.process(d.start("s"), d.end("e"), d.flow("s", "e"), key="second")
    return {"demo.bpmn": row(inside), "second.bpmn": second}


DATA = '<bpmn:dataObject id="o"/><bpmn:dataObjectReference id="r" dataObjectRef="o"/>'
ARROW = '<bpmn:dataInputAssociation id="i"><bpmn:sourceRef>r</bpmn:sourceRef></bpmn:dataInputAssociation>'
COMPUTED = ARROW.replace(
    "</bpmn:dataI", "<bpmn:assignment><bpmn:from>1</bpmn:from><bpmn:to>x</bpmn:to></bpmn:assignment></bpmn:dataI"
)
LISTS = '<bpmn:ioSpecification><bpmn:dataInput id="x"/><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>'
NO_LISTS = "<bpmn:ioSpecification><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>"
SECOND = b'<bpmn:process id="p"><bpmn:startEvent id="s"/><bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e"/></bpmn:process></bpmn:definitions>'
INSIDE = d.start("s") + d.end("e") + d.flow("s", "e")
SEVERAL = "".join(person(f"p{number}", "nobody:here") for number in range(250))

EXAMPLES: dict[str, Example] = {
    "not-xml": example(GOOD[:-20], GOOD),
    "doctype": example(b'<!DOCTYPE d [<!ENTITY x "y">]>' + GOOD, b"<!-- no DTD -->" + GOOD),
    "file-too-large": example(GOOD + b" " * MAX_BYTES, GOOD + b" " * 1000),
    "not-bpmn": example(b'<definitions id="d"/>', GOOD),
    "too-many-findings": example(
        row(SEVERAL, names=tuple(f"p{number}" for number in range(250))), GOOD, "unknown-group"
    ),
    "no-executable-process": example(
        GOOD.replace(b'isExecutable="true"', b"").replace(b"</bpmn:definitions>", SECOND),
        GOOD,
        "process-not-executable",
        "process-proposed",
    ),
    "process-not-executable": example(
        GOOD.replace(b"</bpmn:definitions>", b'<bpmn:process id="pool"/></bpmn:definitions>'), GOOD
    ),
    "several-processes": example(two(person("a")), two('<bpmn:callActivity id="a" calledElement="second"/>')),
    "process-without-id": example(GOOD.replace(b'id="demo"', b""), GOOD),
    "duplicate-id": example(in_task('<bpmn:documentation id="end"/>'), in_task('<bpmn:documentation id="words"/>')),
    "malformed-id": example(with_id("1 a"), with_id("Bước-1.a"), "malformed-id"),
    "reserved-id": example(with_id("End"), with_id("Ende")),
    "boolean-value": example(in_task("", isForCompensation="no"), in_task("", isForCompensation="false")),
    "unknown-element": example(in_task("<bpmn:colour/>"), in_task("<bpmn:documentation>Red</bpmn:documentation>")),
    "complex-gateway": example(instead('<bpmn:complexGateway id="a"/>'), instead(d.exclusive("a"))),
    "ad-hoc-subprocess": example(
        instead(f'<bpmn:adHocSubProcess id="a">{person("b")}</bpmn:adHocSubProcess>'),
        instead(d.subprocess("a", INSIDE)),
    ),
    "transaction": example(
        instead(f'<bpmn:transaction id="a">{INSIDE}</bpmn:transaction>'), instead(d.subprocess("a", INSIDE))
    ),
    "event-subprocess": example(
        row(person("a"), f'<bpmn:subProcess id="b" triggeredByEvent="true">{INSIDE}</bpmn:subProcess>'),
        row(person("a"), d.subprocess("b", INSIDE), names=("a", "b")),
    ),
    "compensation": example(
        row(
            person("a"),
            '<bpmn:scriptTask id="b" isForCompensation="true"><bpmn:script>x = 1</bpmn:script></bpmn:scriptTask>',
        ),
        row(person("a"), d.script("b", "x = 1"), names=("a", "b")),
    ),
    "data-store": example(row(person("a"), '<bpmn:dataStoreReference id="s" name="Archive"/>'), row(person("a"), DATA)),
    "data-association": example(
        row(
            DATA,
            task(ARROW),
        ),
        row(DATA, person("a")),
    ),
    "data-mapping": example(row(DATA, task(COMPUTED)), row(DATA, task("")), "data-association"),
    "data-input-output": example(in_task(LISTS), in_task(NO_LISTS)),
    "correlation": example(row(person("a"), outside='<bpmn:correlationProperty id="k" name="Key"/>'), GOOD),
    "too-many-nodes": example(row(*map(greet, MANY), names=MANY), row(*map(greet, MANY[:-2]), names=MANY[:-2])),
    "too-many-flows": example(crowded(MAX_FLOWS), crowded(20)),
    "nested-too-deep": example(nested(MAX_DEPTH + 1), nested(MAX_DEPTH)),
}
