"""What is put right at upload."""

from __future__ import annotations

from engine.lint import Answers
from tests.engine import drawing as d
from tests.engine.lint.asking import Example, accepted, choice, edge, example, person, row, waiting
from tests.engine.lint.examples.tasks import DECISION

START, END, A = d.start(), d.end(), person("a")
GOOD = row(A)
LINK = '<bpmn:linkEventDefinition name="L"/>'
THROW = f'<bpmn:intermediateThrowEvent id="t">{LINK}</bpmn:intermediateThrowEvent>'


def repeated(several: str) -> bytes:
    return row(A.replace("/>", f">{several}</bpmn:userTask>"))


def two_ways(first: str, last: str) -> bytes:
    """A choice between a and end, in this order."""
    gateway = d.exclusive("g", "" if last else "g_end")
    return d.process(
        START,
        gateway,
        A,
        END,
        d.flow("start", "g"),
        d.flow("g", "a", first),
        d.flow("g", "end", last),
        d.flow("a", "end"),
    )


def in_lane(people: str) -> bytes:
    """A task in a lane that is called as a group is."""
    lane = '<bpmn:lane id="l" name="official:roads"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane>'
    return row(f'<bpmn:laneSet id="ls">{lane}</bpmn:laneSet>', task(people))


def in_pool(people: str) -> bytes:
    """A task in a pool that is called as a group is."""
    pool = '<bpmn:participant id="p" name="official:roads" processRef="demo"/>'
    return row(task(people), outside=f'<bpmn:collaboration id="c">{pool}</bpmn:collaboration>')


def task(people: str) -> str:
    return f'<bpmn:userTask id="a" name="A" caseway:publicStep="received"{people}/>'


def failing(error: str) -> bytes:
    """A task on whose border an error is caught."""
    return edge(d.boundary("b", "a", '<bpmn:errorEventDefinition errorRef="lost"/>'), outside=error)


def thrown(error: str) -> bytes:
    """An error that is thrown in a subprocess and caught, whatever it is, on its border."""
    end = d.end("e", '<bpmn:errorEventDefinition errorRef="lost"/>')
    host = d.subprocess("a", d.start("s"), end, d.path("s", "e"))
    return edge(d.boundary("b", "a", "<bpmn:errorEventDefinition/>"), host=host, outside=error)


def ruled(decision: str, inside: str = "") -> dict[str, bytes]:
    """A decision is asked."""
    asking = f'<bpmn:businessRuleTask id="a" name="route"{decision}>{inside}</bpmn:businessRuleTask>'
    return {"a.bpmn": row(asking), "r.dmn": DECISION}


NAMED = ' camunda:candidateGroups="official:roads"'
UNDECIDED, DECIDED = two_ways("= x > 1", "= x < 1"), two_ways("= x > 1", "")
TWO = GOOD.replace(b' isExecutable="true"', b"").replace(
    b"</bpmn:definitions>",
    f'<bpmn:process id="second">{d.start("s")}{d.end("e")}{d.path("s", "e")}</bpmn:process></bpmn:definitions>'.encode(),
)
UNTIMED = row(
    '<bpmn:intermediateCatchEvent id="a" name="7 Days"><bpmn:timerEventDefinition/></bpmn:intermediateCatchEvent>'
)
RECEIVE = '<bpmn:receiveTask id="a" name="answered" messageRef="m_answered"/>'
KEYED = RECEIVE.replace('id="a"', 'id="a" caseway:correlationKey="= lamp"')
SUBSCRIBED = (
    '<bpmn:message id="m_answered" name="answered"><bpmn:extensionElements><zeebe:subscription'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" correlationKey="= lamp"/></bpmn:extensionElements></bpmn:message>'
)
ADDRESSED = row(RECEIVE, outside=d.message("answered")[0])
UNADDRESSED = row('<bpmn:receiveTask id="a" name="answered"/>', outside=d.message("answered")[0])
GREETS = row(d.service("a", "greet"))
ASKS_ELSEWHERE = (
    '<bpmn:extensionElements><zeebe:calledDecision xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" decisionId="route"/>'
    "</bpmn:extensionElements>"
)

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
    "default-closed": example(two_ways("= x in (1, 2)", "= not(x in (1, 2))"), two_ways("= x in (1, 2)", "")),
    "group-taken": example(in_lane(""), in_lane(NAMED)),
    "group-proposed": example(in_pool(""), in_pool(NAMED), "task-without-people"),
    "group-accepted": accepted(in_pool(""), in_pool(NAMED)),
    "group-given": Example(row(task("")), row(task(NAMED)), answers=Answers(people="official:roads")),
    "default-proposed": example(UNDECIDED, DECIDED, "gateway-without-default"),
    "default-accepted": accepted(UNDECIDED, DECIDED),
    "process-proposed": example(TWO, GOOD, "no-executable-process", "process-not-executable"),
    "process-accepted": Example(TWO, GOOD, frozenset(["process-not-executable"]), Answers(accept=True)),
    "inside-proposed": example(row('<bpmn:subProcess id="a"/>'), GOOD, "missing-start"),
    "inside-accepted": accepted(row('<bpmn:subProcess id="a"/>'), GOOD),
    "time-proposed": example(UNTIMED, waiting("timeDuration", '"P7D"'), "timer-without-time"),
    "time-accepted": accepted(UNTIMED, waiting("timeDuration", '"P7D"')),
    "message-named": example(
        row(RECEIVE, outside='<bpmn:message id="m_answered"/>'),
        row(RECEIVE, outside=d.message("answered")[0]),
    ),
    "message-proposed": example(UNADDRESSED, ADDRESSED, "message-reference"),
    "message-accepted": accepted(UNADDRESSED, ADDRESSED),
    "code-named": example(thrown('<bpmn:error id="lost"/>'), thrown('<bpmn:error id="lost" errorCode="lost"/>')),
    "code-not-asked": example(
        failing('<bpmn:error id="lost" name="lost"/>'), failing('<bpmn:error id="lost" errorCode="lost"/>')
    ),
    "topic-proposed": example(row('<bpmn:serviceTask id="a" name="Greet"/>'), GREETS, "service-without-topic"),
    "topic-accepted": accepted(row('<bpmn:serviceTask id="a" name="Greet"/>'), GREETS),
    "key-taken": example(row(RECEIVE, outside=SUBSCRIBED), row(KEYED, outside=d.message("answered")[0])),
    "decision-taken": example(ruled("", ASKS_ELSEWHERE), ruled(' camunda:decisionRef="route"')),
    "decision-proposed": example(ruled(""), ruled(' camunda:decisionRef="route"'), "rule-without-decision"),
    "decision-accepted": accepted(ruled(""), ruled(' camunda:decisionRef="route"')),
    "missing-start-added": example(d.process(A, END, d.flow("a", "end")), row(A)),
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
