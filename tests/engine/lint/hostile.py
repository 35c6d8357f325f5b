"""Files that mean harm, each with the finding it must get."""

from __future__ import annotations

from tests.engine import drawing as d
from tests.engine.lint.asking import Files, greet, person, row

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
