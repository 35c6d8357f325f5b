"""Files that mean harm, each with the finding it must get."""

from __future__ import annotations

import io
import zipfile

from tests.engine import drawing as d
from tests.engine.lint.asking import Files, choice, greet, person, row
from tests.engine.lint.examples.tasks import DECISION

#: A data association within a subprocess that names an unknown object: the library would look for it for ever.
HANGS = (
    b'<d:definitions xmlns:d="http://www.omg.org/spec/BPMN/20100524/MODEL"><d:process id="p" isExecutable="true">'
    b'<d:startEvent id="s"/><d:subProcess id="u"><d:startEvent id="t"/><d:task id="a"><d:dataInputAssociation>'
    b"<d:sourceRef>x</d:sourceRef></d:dataInputAssociation></d:task><d:endEvent id='e'/>"
    b'<d:sequenceFlow id="f" sourceRef="t" targetRef="a"/><d:sequenceFlow id="g" sourceRef="a" targetRef="e"/>'
    b'<d:dataObjectReference id="x" dataObjectRef="y"/></d:subProcess><d:sequenceFlow id="h" sourceRef="s" targetRef="u"/></d:process></d:definitions>'
)


def calling(name: str, *called: str) -> bytes:
    """A process that calls others, one after the other."""
    calls = [f'<bpmn:callActivity id="{name}_{number}" calledElement="{one}"/>' for number, one in enumerate(called)]
    names = [f"{name}_{number}" for number in range(len(called))]
    ends = d.start(f"{name}_s"), d.end(f"{name}_e")
    return d.process(*calls, *ends, d.path(f"{name}_s", *names, f"{name}_e"), key=name)


def repeated(several: str) -> bytes:
    return row(person("a").replace("/>", f">{several}</bpmn:userTask>"))


def several(count: str, how: str = "") -> bytes:
    cardinality = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
    return repeated(
        f"<bpmn:multiInstanceLoopCharacteristics{how}>{cardinality}</bpmn:multiInstanceLoopCharacteristics>"
    )


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><definitions>&l9;</definitions>'.encode()
CHAIN = tuple(f"n{number}" for number in range(3_000))
SHORT = "".join(f'<bpmn:task id="t{number}"/>' for number in range(30_000))

#: Reads a file of the machine, or another one, where entities or inclusions are followed.
READS = (
    b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><bpmn:definitions '
    b'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">&x;</bpmn:definitions>'
)
PARAMETER = b'<!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><d/>'
INCLUDES = row(person("a"), '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>')
SCHEMA = row(person("a")).replace(b' id="d"', b' xsi:schemaLocation="x http://127.0.0.1:9/x.xsd" id="d"')


def condition(text: str) -> bytes:
    """A choice that hangs on one condition."""
    return choice(f"= {text}")


def table(cell: str) -> dict[str, bytes]:
    """A decision table with this in a cell, asked by a process."""
    asked = DECISION.replace(b"<text>", f"<text>{cell} ".encode(), 1)
    assert asked != DECISION
    return {"a.bpmn": row(d.rule("a", "route")), "r.dmn": asked}


def decision(text: str) -> dict[str, bytes]:
    """A decision that is one expression."""
    logic = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="n" namespace="n"><decision id="route" '
        f'name="route"><variable name="route"/><literalExpression><text>{text}</text></literalExpression></decision></definitions>'
    )
    return {"a.bpmn": row(d.rule("a", "route")), "r.dmn": logic.encode()}


def zipped() -> bytes:
    """A diagram in an archive, named as if it were one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("demo.bpmn", row(person("a")))
    return packed.getvalue()


GOOD = row(person("a"))
#: A gateway with more ways to meet at the next one than anybody could walk.
CHOICES = tuple(f"x{number}" for number in range(140))
MAZE = d.process(
    d.start(), d.parallel("split"), d.parallel("join"), d.end(), d.path("start", "split"), d.path("join", "end"),
    *(d.exclusive(one, f"{one}_join") + d.path("split", one, "join") + d.flow(one, "end", "= n > 1") for one in CHOICES),
)  # fmt: skip

#: What is harmless however strange it looks: nothing is fetched, included or computed.
HARMLESS: dict[str, Files] = {
    "a maze of gateways": MAZE,
    "a schema elsewhere": SCHEMA,
    "a diagram in UTF-16": b"\xff\xfe" + GOOD.decode().encode("utf-16-le"),
    "a name of a megabyte": row(person("a").replace('name="A"', f'name="{"x" * 900_000}"')),
    "loops in loops, computed when asked": decision("for a in 1..900, b in 1..900, c in 1..900 return a + b + c"),
    "a condition that grows": condition("count(for a in 1..1000, b in 1..1000 return string(a) + string(b)) > 1"),
}

FILES: dict[str, tuple[Files, str]] = {
    "hangs the library": (HANGS, "task-without-people"),
    "calls itself": (calling("p", "p"), "call-recursion"),
    "two that call each other": (
        {"a.bpmn": calling("p", "q"), "b.bpmn": calling("q", "p"), "c.bpmn": calling("r", "p")},
        "call-recursion",
    ),
    "a million at once": (several("1000000"), "multi-instance-limit"),
    "a million one after the other": (several("1000000", ' isSequential="true"'), "multi-instance-limit"),
    "a million, computed": (several("= 1000 * 1000"), "multi-instance-limit"),
    "without end": (several("9" * 5_000), "multi-instance-limit"),
    "billion laughs": (BOMB, "doctype"),
    "billion laughs in another encoding": (BOMB.decode().encode("utf-16"), "not-xml"),
    "an entity from the machine": (READS, "doctype"),
    "an entity from elsewhere": (PARAMETER, "doctype"),
    "an inclusion": (INCLUDES, "unknown-element"),
    "an archive": (zipped(), "not-xml"),
    "half a diagram": (GOOD[: len(GOOD) // 2], "not-xml"),
    "a diagram without its end": (GOOD[:-1], "not-xml"),
    "zeros within": (GOOD.replace(b'name="A"', b'name="A\0"'), "not-xml"),
    "a reference to zero": (GOOD.replace(b'name="A"', b'name="&#0;"'), "not-xml"),
    "a surrogate": (GOOD.replace(b'name="A"', b'name="\xed\xa0\x80"'), "not-xml"),
    "another encoding than said": (b'<?xml version="1.0" encoding="UTF-16"?>' + GOOD, "not-xml"),
    "an encoding nobody knows": (b'<?xml version="1.0" encoding="klingon"?>' + GOOD, "not-xml"),
    "billion laughs in seven bits": (
        b'<?xml version="1.0" encoding="UTF-7"?>' + BOMB.replace(b"<", b"+ADw-").replace(b"&", b"+ACY-"), "not-xml",
    ),
    "two diagrams in one": (GOOD + GOOD, "not-xml"),
    "10,000 namespaces": (b"<a" + b"".join(b' xmlns:n%d="u%d"' % (n, n) for n in range(10_000)) + b"/>", "not-bpmn"),
    "one attribute of a megabyte": (b'<a b="' + b"x" * 900_000 + b'"/>', "not-bpmn"),
    "a condition in 900 brackets": (condition("(" * 900 + "x" + ")" * 900), "expression-syntax"),
    "a pattern that backtracks": (condition('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "(a|aa)+$"'), "expression-syntax"),
    "a table with endless brackets": (table("(" * 50_000), "decision-unreadable"),
    "a decision that asks itself": (
        decision("route").copy() | {"r.dmn": decision("route")["r.dmn"].replace(
            b"<variable", b'<informationRequirement><requiredDecision href="#route"/></informationRequirement><variable')},
        "decision-unreadable",
    ),
    "deep elements": (b"<a>" * 200_000, "not-xml"),
    "deep subprocesses": (
        d.process("".join(f'<bpmn:subProcess id="s{n}">' for n in range(100)), "</bpmn:subProcess>" * 100),
        "nested-too-deep",
    ),
    "100,000 elements": (b"<bpmn:definitions xmlns:bpmn='http://www.omg.org/spec/BPMN/20100524/MODEL'>"
                         + b"<bpmn:error/>" * 70_000 + b"</bpmn:definitions>", "no-executable-process"),
    "30,000 steps": (d.process(SHORT), "too-many-nodes"),
    "a chain of 3,000": (row(*map(greet, CHAIN), names=CHAIN), "too-many-nodes"),
    "two megabytes": (row(person("a")) + b" " * 2_000_000, "file-too-large"),
    "a megabyte of condition": (row(d.script("a", "x = 1" + " + 1" * 200_000)), "expression-syntax"),
    "a megabyte of brackets": (row(d.script("a", "x = " + "(" * 900_000)), "expression-syntax"),
    "many attributes": (b"<a " + b" ".join(b'a%d="x"' % n for n in range(60_000)) + b"/>", "not-bpmn"),
    "nothing": (b"", "not-xml"),
    "zeros": (b"\0" * 100_000, "not-xml"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, "not-xml"),
    "a deep form": ({"a.bpmn": row(person("a")), "f.form": b'{"components":' + b"[" * 900_000}, "form-unreadable"),
    "a decision without end": (
        {"a.bpmn": row(person("a")), "d.dmn": b"<definitions>" + b"<a>" * 100_000}, "not-xml"
    ),
}  # fmt: skip
