"""What a diagram says about its elements beyond what SpiffWorkflow reads: the Camunda 7 words and ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from lxml import etree

from engine import retries
from engine.feel import compile_expression

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
CASEWAY = "{https://caseway.dev/schema/1.0/bpmn}"

Functions = Mapping[str, Callable[..., Any]]
Written = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Element:
    """One flow node, ready to be asked: every attribute that may be an expression is already compiled."""

    id: str
    kind: str
    name: str
    name_en: str | None = None
    trigger: str | None = None
    documentation: str = ""
    public_step: str | None = None
    topic: str | None = None
    retry: str | None = None
    time_limit_s: int | None = None
    decision: str | None = None
    form_key: str | None = None
    answers: tuple[str, ...] = ()
    redates: tuple[str, ...] = ()
    catches_up: bool = False
    correlation_key: Written | None = None
    assignee: Written | None = None
    candidate_groups: Written | None = None
    due_date: Written | None = None
    follow_up: Written | None = None
    priority: Written | None = None
    inputs: dict[str, Written] = field(default_factory=dict)


def read(node: etree._Element, functions: Functions) -> Element:
    """Read one flow node.

    Raises: FeelSyntaxError when an attribute that starts with "=" is no expression.
    """
    camunda, written = partial(_camunda, node), partial(_written, node, functions)
    return Element(
        id=node.get("id") or "",
        kind=etree.QName(node).localname,
        name=node.get("name") or node.get("id") or "",
        name_en=node.get(CASEWAY + "nameEn"),
        trigger=_trigger(node),
        documentation=(node.findtext(f"{BPMN}documentation") or "").strip(),
        public_step=node.get(CASEWAY + "publicStep"),
        topic=camunda("topic"),
        retry=_retry(node),
        time_limit_s=_time_limit(node),
        decision=camunda("decisionRef"),
        form_key=camunda("formKey"),
        answers=tuple((node.get(CASEWAY + "answers") or "").split()),
        redates=tuple((node.get(CASEWAY + "redates") or "").split()),
        catches_up=node.get(CASEWAY + "catchUp") == "all",
        correlation_key=_correlation_key(node, functions),
        assignee=written("assignee"),
        candidate_groups=written("candidateGroups"),
        due_date=written("dueDate"),
        follow_up=written("followUpDate"),
        priority=written("priority"),
        inputs=_inputs(node, functions),
    )


def _camunda(node: etree._Element, name: str) -> str | None:
    return node.get(CAMUNDA + name)


def _written(node: etree._Element, functions: Functions, name: str) -> Written | None:
    text = _camunda(node, name)
    return None if text is None else compile_written(text, functions)


def compile_written(text: str, functions: Functions) -> Written:
    """A text that starts with "=" is an expression; any other stands for itself."""
    if text.lstrip().startswith("="):
        return compile_expression(text, functions)
    return lambda _variables: text


def _trigger(node: etree._Element) -> str | None:
    """`timer`, `message`, `error` …: what an event waits for or throws."""
    names = (etree.QName(child).localname for child in node)
    return next((name.removesuffix("EventDefinition") for name in names if name.endswith("EventDefinition")), None)


def _retry(node: etree._Element) -> str | None:
    """How often its job is tried: our attribute, or Camunda's, where a single pause does not grow."""
    ours, theirs = node.get(CASEWAY + "retry"), retry_cycle(node)
    with suppress(retries.BadRetry):  # refused at upload; versions from before that rule go on without it
        if ours is not None:
            return str(retries.read(ours))
        if theirs is not None:
            return str(retries.read(theirs, is_growing=False))
    return None


def retry_cycle(node: etree._Element) -> str | None:
    """What Camunda's word for it says, written as an attribute or as an extension element."""
    inner = node.findtext(f"{BPMN}extensionElements/{CAMUNDA}failedJobRetryTimeCycle")
    return node.get(CAMUNDA + "failedJobRetryTimeCycle") or (inner.strip() if inner else None)


def _time_limit(node: etree._Element) -> int | None:
    with suppress(retries.BadRetry):
        text = node.get(CASEWAY + "timeLimit")
        return None if text is None else int(retries.time_limit(text).total_seconds())
    return None


def _correlation_key(node: etree._Element, functions: Functions) -> Written | None:
    text = node.get(CASEWAY + "correlationKey")
    return compile_written(text, functions) if text and is_about_a_message(node) else None


def is_about_a_message(node: etree._Element) -> bool:
    """Whether it sends or awaits a message."""
    return etree.QName(node).localname in ("sendTask", "receiveTask") or _trigger(node) == "message"


def _inputs(node: etree._Element, functions: Functions) -> dict[str, Written]:
    path = f"{BPMN}extensionElements/{CAMUNDA}inputOutput/{CAMUNDA}inputParameter"
    return {p.get("name") or "": compile_written(p.text or "", functions) for p in node.iterfind(path)}
