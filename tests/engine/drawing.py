"""Small diagrams as text: `process("start", user("a"), ...)` instead of pages of XML."""

from __future__ import annotations

from itertools import pairwise

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:caseway="https://caseway.dev/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">'
)


def process(*parts: str, key: str = "demo", outside: str = "") -> bytes:
    """A whole file with one executable process."""
    body = "".join(parts)
    return f'{HEAD}{outside}<bpmn:process id="{key}" name="Demo" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'.encode()


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow named `source_target`."""
    text = condition.replace("&", "&amp;").replace("<", "&lt;")
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{text}</bpmn:conditionExpression>' if text else ""
    )
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def path(*nodes: str) -> str:
    """Flows along several nodes."""
    return "".join(flow(a, b) for a, b in pairwise(nodes))


def start(name: str = "start") -> str:
    return f'<bpmn:startEvent id="{name}"/>'


def end(name: str = "end", inner: str = "") -> str:
    return f'<bpmn:endEvent id="{name}">{inner}</bpmn:endEvent>'


def terminate(name: str) -> str:
    return end(name, "<bpmn:terminateEventDefinition/>")


def user(name: str, groups: str = "official:roads", **attributes: str) -> str:
    """A user task; attributes like `answers="verdict"` or `dueDate="= due_at"`."""
    ours = dict.fromkeys(("answers", "publicStep", "nameEn", "redates"), "caseway")
    extra = "".join(f' {ours.get(key, "camunda")}:{key}="{_quoted(value)}"' for key, value in attributes.items())
    return f'<bpmn:userTask id="{name}" name="{name.title()}" camunda:candidateGroups="{_quoted(groups)}"{extra}/>'


def service(name: str, topic: str, inputs: dict[str, str] | None = None, step: str = "") -> str:
    parameters = "".join(
        f'<camunda:inputParameter name="{key}">{value}</camunda:inputParameter>'
        for key, value in (inputs or {}).items()
    )
    inner = (
        f"<bpmn:extensionElements><camunda:inputOutput>{parameters}</camunda:inputOutput></bpmn:extensionElements>"
        if inputs
        else ""
    )
    public = f' caseway:publicStep="{step}"' if step else ""
    return f'<bpmn:serviceTask id="{name}" name="{name.title()}" camunda:type="external" camunda:topic="{topic}"{public}>{inner}</bpmn:serviceTask>'


def script(name: str, text: str) -> str:
    return f'<bpmn:scriptTask id="{name}"><bpmn:script>{_quoted(text)}</bpmn:script></bpmn:scriptTask>'


def rule(name: str, decision: str) -> str:
    return f'<bpmn:businessRuleTask id="{name}" camunda:decisionRef="{decision}"/>'


def exclusive(name: str, default: str = "") -> str:
    return f'<bpmn:exclusiveGateway id="{name}"' + (f' default="{default}"/>' if default else "/>")


def parallel(name: str) -> str:
    return f'<bpmn:parallelGateway id="{name}"/>'


def inclusive(name: str, default: str = "") -> str:
    return f'<bpmn:inclusiveGateway id="{name}"' + (f' default="{default}"/>' if default else "/>")


def event_gateway(name: str) -> str:
    return f'<bpmn:eventBasedGateway id="{name}"/>'


def timer(kind: str, text: str) -> str:
    """The definition inside a timer event: kind is timeDate, timeDuration or timeCycle."""
    return (
        f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{_quoted(text)}</bpmn:{kind}>'
        "</bpmn:timerEventDefinition>"
    )


def message(name: str) -> tuple[str, str]:
    """(the message outside the process, the definition inside an event)."""
    return f'<bpmn:message id="m_{name}" name="{name}"/>', f'<bpmn:messageEventDefinition messageRef="m_{name}"/>'


def catch(name: str, definition: str, key: str = "") -> str:
    extra = f' caseway:correlationKey="{_quoted(key)}"' if key else ""
    return f'<bpmn:intermediateCatchEvent id="{name}"{extra}>{definition}</bpmn:intermediateCatchEvent>'


def throw(name: str, definition: str, key: str = "") -> str:
    extra = f' caseway:correlationKey="{_quoted(key)}"' if key else ""
    return f'<bpmn:intermediateThrowEvent id="{name}"{extra}>{definition}</bpmn:intermediateThrowEvent>'


def boundary(name: str, activity: str, definition: str, *, interrupting: bool = True) -> str:
    cancel = str(interrupting).lower()
    return f'<bpmn:boundaryEvent id="{name}" attachedToRef="{activity}" cancelActivity="{cancel}">{definition}</bpmn:boundaryEvent>'


def subprocess(name: str, *parts: str) -> str:
    return f'<bpmn:subProcess id="{name}">{"".join(parts)}</bpmn:subProcess>'


def simple(*between: str, names: tuple[str, ...]) -> bytes:
    """Start → the named nodes in a row → end."""
    return process(start(), *between, end(), path("start", *names, "end"))


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
