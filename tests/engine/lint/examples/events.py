"""Events and timers."""

from __future__ import annotations

from tests.engine import drawing as d
from tests.engine.lint.asking import Example, edge, example, person, row, waiting

MESSAGE, ANSWERED = d.message("answered")
ERROR = '<bpmn:error id="lost" name="Lost" errorCode="lost"/>'
ESCALATION = '<bpmn:escalation id="late" name="Late" escalationCode="late"/>'
LOST = '<bpmn:errorEventDefinition errorRef="lost"/>'
LATE = '<bpmn:escalationEventDefinition escalationRef="late"/>'
HOUR = d.timer("timeDuration", '"PT1H"')
HOURLY = d.timer("timeCycle", '"R/PT1H"')


def caught_up(time: str) -> bytes:
    """A timer beside a task that is to fire for every moment it missed."""
    kind = "timeCycle" if time.startswith("R") else "timeDuration"
    return edge(d.boundary("b", "a", d.timer(kind, f'"{time}"'), interrupting=False)).replace(
        b'cancelActivity="false"', b'cancelActivity="false" caseway:catchUp="all"'
    )


def redated(name: str) -> bytes:
    """A task whose answer a timer beside it waits for."""
    return edge(d.boundary("b", "a", d.timer("timeDate", "due_at"), interrupting=False)).replace(
        b'id="a"', f'id="a" caseway:redates="{name}"'.encode()
    )


def definition(kind: str) -> str:
    return f"<bpmn:{kind}EventDefinition/>"


def thrown(inner: str, outside: str = "") -> bytes:
    return row(f'<bpmn:intermediateThrowEvent id="a">{inner}</bpmn:intermediateThrowEvent>', outside=outside)


def started(inner: str, outside: str = "") -> bytes:
    start = f'<bpmn:startEvent id="start">{inner}</bpmn:startEvent>'
    return d.process(start, person("a"), d.end(), d.path("start", "a", "end"), outside=outside)


def inner(trigger: str) -> bytes:
    """A subprocess whose start waits for something."""
    start = f'<bpmn:startEvent id="s">{trigger}</bpmn:startEvent>'
    return row(d.subprocess("a", start, person("b"), d.end("e"), d.path("s", "b", "e")), outside=MESSAGE)


def ended(inner: str, outside: str = "") -> bytes:
    return d.process(d.start(), person("a"), d.end("end", inner), d.path("start", "a", "end"), outside=outside)


def failing(catch: str) -> bytes:
    """A subprocess that ends in an error."""
    inside = d.subprocess("a", d.start("s"), d.end("e", LOST), d.flow("s", "e"))
    return edge(d.boundary("b", "a", catch), host=inside, outside=ERROR + MESSAGE)


PLAIN = thrown("")
WAIT = row(d.catch("a", HOUR))

EXAMPLES: dict[str, Example] = {
    "start-trigger": example(inner(ANSWERED), inner("")),
    "start-by-hand": example(started(d.timer("timeCycle", '"0 8 * * *"')), started(d.timer("timeCycle", '"R/P1D"'))),
    "signal-event": example(ended(definition("signal")), ended(definition("terminate"))),
    "link-event": example(thrown(definition("link")), PLAIN),
    "conditional-event": example(row(d.catch("a", definition("conditional"))), WAIT),
    "cancel-event": example(ended(definition("cancel")), ended("")),
    "unsupported-trigger": example(row(d.catch("a", LATE), outside=ESCALATION), thrown(LATE, ESCALATION)),
    "missing-trigger": example(row(d.catch("a", "")), WAIT),
    "several-triggers": example(row(d.catch("a", HOUR + ANSWERED), outside=MESSAGE), WAIT),
    "trigger-by-reference": example(row(d.catch("a", "<bpmn:eventDefinitionRef>t</bpmn:eventDefinitionRef>")), WAIT),
    "boundary-on-nothing": example(edge(d.boundary("b", "end", HOUR)), edge(d.boundary("b", "a", HOUR)), "unreachable"),
    "error-boundary-not-interrupting": example(
        edge(d.boundary("b", "a", LOST, interrupting=False), outside=ERROR),
        edge(d.boundary("b", "a", LOST), outside=ERROR),
    ),
    "message-reference": example(
        row('<bpmn:receiveTask id="a" messageRef="m_asked"/>', outside=MESSAGE),
        row('<bpmn:receiveTask id="a" messageRef="m_answered"/>', outside=MESSAGE),
    ),
    "error-reference": example(
        edge(d.boundary("b", "a", LOST)),
        edge(d.boundary("b", "a", definition("error"))),
    ),
    "escalation-reference": example(thrown(LATE), thrown(LATE, ESCALATION)),
    "uncaught-error": example(failing(ANSWERED), failing(LOST)),
    "instantiating-receive": example(
        row('<bpmn:receiveTask id="a" messageRef="m_answered" instantiate="true"/>', outside=MESSAGE),
        row('<bpmn:receiveTask id="a" messageRef="m_answered"/>', outside=MESSAGE),
    ),
    "timer-without-time": example(row(d.catch("a", definition("timer"))), WAIT),
    "timer-cron": example(
        edge(d.boundary("b", "a", d.timer("timeCycle", "0 0 9 * * ?"), interrupting=False)),
        edge(d.boundary("b", "a", d.timer("timeCycle", '"R/P1D"'), interrupting=False)),
    ),
    "catch-up": example(caught_up("PT1H"), caught_up("R/PT1H")),
    "redates-nothing": example(redated("du_at"), redated("due_at")),
    "timer-value": example(waiting("timeDuration", '"2 days"'), waiting("timeDuration", "due_in")),
    "timer-cycle-position": example(
        edge(d.boundary("b", "a", HOURLY)), edge(d.boundary("b", "a", HOURLY, interrupting=False))
    ),
}
