"""What deploying a large diagram costs: checked in a process of its own, put right, read by the engine, stored as a version.

Beside it the library's own reading of the same file, which checks next to nothing and stores nothing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

from bench import processor
from bench.report import line
from bench.world import world
from engine import definitions
from engine.base import session, transaction
from engine.lint.answers import NONE
from engine.lint.inspection import answer_inspect

#: Blocks of eleven nodes each, and a start and an end: 299.
BLOCKS, ROUNDS = 27, 12
KEY = "large"
_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:caseway="https://caseway.dev/schema/1.0/bpmn">'
)
_BLOCK = """
<bpmn:userTask id="ask{n}" name="Ask {n}" camunda:candidateGroups="official:dien-hong" caseway:publicStep="received"/>
<bpmn:boundaryEvent id="late{n}" attachedToRef="ask{n}" cancelActivity="false"><bpmn:timerEventDefinition>
<bpmn:timeDuration>"P2D"</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:serviceTask id="remind{n}" camunda:type="external" camunda:topic="close_case"/><bpmn:endEvent id="told{n}"/>
<bpmn:exclusiveGateway id="choose{n}" default="no{n}"/><bpmn:parallelGateway id="split{n}"/>
<bpmn:scriptTask id="count{n}"><bpmn:script>total{n} = amount + {n}</bpmn:script></bpmn:scriptTask>
<bpmn:serviceTask id="do{n}" camunda:type="external" camunda:topic="close_case"/><bpmn:parallelGateway id="join{n}"/>
<bpmn:exclusiveGateway id="meet{n}"/>
<bpmn:intermediateCatchEvent id="wait{n}"><bpmn:timerEventDefinition><bpmn:timeDuration>"PT1H"</bpmn:timeDuration>
</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:sequenceFlow id="yes{n}" sourceRef="choose{n}" targetRef="split{n}">
<bpmn:conditionExpression>= amount &gt; {n} and kind in ("road", "water")</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="no{n}" sourceRef="choose{n}" targetRef="meet{n}"/>"""
_FLOWS = (
    ("ask", "choose"), ("late", "remind"), ("remind", "told"), ("split", "count"), ("split", "do"), ("count", "join"),
    ("do", "join"), ("join", "meet"), ("meet", "wait"),
)  # fmt: skip


def drawing(name: str, blocks: int = BLOCKS) -> bytes:
    """A diagram of 299 nodes; `name` makes each another version."""
    numbers = range(blocks)
    parts = [_BLOCK.format(n=n) for n in numbers]
    flows = [(f"{source}{n}", f"{target}{n}") for n in numbers for source, target in _FLOWS]
    flows += [("start", "ask0"), *((f"wait{n}", f"ask{n + 1}") for n in numbers[:-1]), (f"wait{blocks - 1}", "end")]
    drawn = "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)
    ends = '<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>'
    process = f'<bpmn:process id="{KEY}" name="{name}" isExecutable="true">{ends}{"".join(parts)}{drawn}</bpmn:process>'
    return f"{_HEAD}{process}</bpmn:definitions>".encode()


def deploy() -> None:
    """Ms per deployment by the clock and of the processor, ready to run; medians of one interleaved run."""
    wall: dict[str, list[float]] = {"ours": [], "base": []}
    cpu: dict[str, list[float]] = {"ours": [], "base": []}
    with world() as made, made.app.app_context():
        for number, content in enumerate(_drawings()):
            for name, act in (("ours", _deployed), ("base", _read)):
                took, used = _measured(act, content, lambda: processor.of_postgres(made.database))
                if number:  # the first round warms the caches and starts the process that checks
                    wall[name].append(took)
                    cpu[name].append(used + (_checked(content) if name == "ours" else 0.0))
    base = "SpiffWorkflow's own reading of the same file, unchecked and not stored"
    line(
        "deploy_299_nodes",
        _median(wall["ours"]),
        _median(wall["base"]),
        unit="ms per deployment",
        base_is=base,
        n=ROUNDS,
    )
    unit = "ms CPU per deployment: the check, application and PostgreSQL"
    line("deploy_299_nodes_cpu", _median(cpu["ours"]), _median(cpu["base"]), unit=unit, base_is=base, n=ROUNDS)


def _drawings() -> Iterator[bytes]:
    return (drawing(f"Large {number}") for number in range(ROUNDS + 1))


def _deployed(content: bytes) -> None:
    with transaction():
        made = definitions.deploy({"large.bpmn": content}, by="bench")
        definitions.process(made)
    session().expunge_all()


def _read(content: bytes) -> None:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(content))
    parser.get_spec(KEY)


def _measured(act: Callable[[bytes], None], content: bytes, elsewhere: Callable[[], float]) -> tuple[float, float]:
    """Ms by the clock, and of the processor here and in the database server."""
    there, began, here = elsewhere(), time.perf_counter(), time.process_time()
    act(content)
    took, used = time.perf_counter() - began, time.process_time() - here
    return took * 1000, (used + elsewhere() - there) * 1000


def _checked(content: bytes) -> float:
    """Ms of the processor the check takes; measured here, for nobody counts what its own process has used."""
    files, began = {"large.bpmn": content}, time.process_time()
    answer_inspect(files, definitions.vocabulary(), whole=True, answers=asdict(NONE))
    return (time.process_time() - began) * 1000


def _median(figures: list[float]) -> float:
    return statistics.median(figures)
