"""Rules about what is written on tasks: who does them, what the machine does, which decision is asked."""

from __future__ import annotations

from collections.abc import Iterator

from engine import retries
from engine.lint.bundle import Bundle, hint
from engine.lint.diagram import PEOPLE_TASKS, Diagram, Node
from engine.lint.expressions import written_value
from engine.lint.findings import Finding
from engine.lint.graph import reachable
from engine.lint.structure import numbered
from engine.lint.texts.words import Words
from engine.lint.timers import is_moment
from engine.lint.xml import BPMN, CAMUNDA, CASEWAY, Element, local

#: Attributes of people's tasks that may hold an expression.
WRITTEN = ("candidateGroups", "assignee", "dueDate", "followUpDate", "priority")
_MOMENT: Words = ("a date and time", "ngày giờ")
_NUMBER: Words = ("a whole number", "số nguyên")
_INPUT = f"{{{BPMN}}}extensionElements/{{{CAMUNDA}}}inputOutput/{{{CAMUNDA}}}inputParameter"


def examine(diagram: Diagram, bundle: Bundle) -> Iterator[Finding]:
    """Tasks nobody sees, no handler or decision stands behind, or whose attributes say nothing usable."""
    beside = _beside_the_main_path(diagram)
    yield from _english_names(diagram)
    for node in diagram.nodes:
        yield from _public_step(diagram, node, bundle, is_beside=node in beside)
        if node.kind in PEOPLE_TASKS:
            yield from _people(diagram, node, bundle)
            yield from _values(diagram, node, bundle)
            yield from _form(diagram, node, bundle)
        elif node.kind == "serviceTask":
            yield from _service(diagram, node, bundle)
            yield from _inputs(diagram, node, bundle)
            yield from _attempts(diagram, node)
        elif node.kind == "businessRuleTask":
            yield from _decision(diagram, node, bundle)


def _english_names(diagram: Diagram) -> Iterator[Finding]:
    """Where some tasks of people say what they are called in English, all should."""
    tasks = [node.element for node in diagram.nodes if node.kind in PEOPLE_TASKS]
    nameless = [task for task in tasks if not task.get(f"{{{CASEWAY}}}nameEn")]
    if len(nameless) < len(tasks):
        for task in nameless:
            shown = task.get("name") or task.get("id") or ""
            yield diagram.finding("task-without-english-name", task, shown=shown)


def camunda(element: Element, name: str) -> str:
    """An attribute of the Camunda vocabulary, or nothing."""
    return (element.get(f"{{{CAMUNDA}}}{name}") or "").strip()


def _beside_the_main_path(diagram: Diagram) -> set[Node]:
    """What only a non-interrupting boundary event leads to: reminders and escalations change nothing citizens see."""
    found: set[Node] = set()
    for scope in diagram.scopes:
        numbers, edges = numbered(scope, boundaries=False)
        side = [numbers[event] for event in scope.of("boundaryEvent") if not event.interrupts]
        for event in scope.of("boundaryEvent"):
            if event.interrupts and event.host is not None:
                edges[numbers[event.host]].append(numbers[event])
        only = reachable(edges, side) - reachable(edges, [numbers[start] for start in scope.of("startEvent")])
        found.update(node for node, number in numbers.items() if number in only)
    return found


def _public_step(diagram: Diagram, node: Node, bundle: Bundle, *, is_beside: bool) -> Iterator[Finding]:
    step, known = (node.element.get(f"{{{CASEWAY}}}publicStep"), bundle.vocabulary.public_steps)
    if step is None:
        if node.kind in PEOPLE_TASKS and not is_beside:
            yield diagram.finding("task-without-public-step", node.element)
    elif known is not None and step not in known:
        yield diagram.finding("unknown-public-step", node.element, step=step, known=", ".join(sorted(known)))


def _people(diagram: Diagram, node: Node, bundle: Bundle) -> Iterator[Finding]:
    groups, known = camunda(node.element, "candidateGroups"), bundle.vocabulary.groups
    if not groups and not camunda(node.element, "assignee"):
        yield diagram.finding("task-without-people", node.element)
    if known is None or groups.startswith("=") or "{" in groups:
        return
    for group in (name.strip() for name in groups.split(",")):
        if group and group not in known:
            yield diagram.finding("unknown-group", node.element, group=group)


def _values(diagram: Diagram, node: Node, bundle: Bundle) -> Iterator[Finding]:
    for name in WRITTEN:
        text = camunda(node.element, name)
        yield from written_value(diagram, node.element, f"camunda:{name}", text, bundle)
        if not text or text.startswith("=") or "{" in text:
            continue
        if name in ("dueDate", "followUpDate") and not is_moment(text):
            yield _literal(diagram, node, name, text, _MOMENT, "2027-03-01T16:30:00+07:00")
        if name == "priority" and not _is_number(text):
            yield _literal(diagram, node, name, text, _NUMBER, "50")


def _literal(diagram: Diagram, node: Node, name: str, text: str, wanted: Words, example: str) -> Finding:
    attribute = f"camunda:{name}"
    return diagram.finding(
        "literal-value", node.element, attribute=attribute, value=text, wanted=wanted, example=example
    )


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 10


def _form(diagram: Diagram, node: Node, bundle: Bundle) -> Iterator[Finding]:
    key = camunda(node.element, "formKey")
    form = bundle.forms.get(key)
    if key and form is None and not bundle.misses(".form"):
        yield diagram.finding("unknown-form", node.element, form=key, hint=hint(key, bundle.forms))
    if form is None:
        return
    for answer in (node.element.get(f"{{{CASEWAY}}}answers") or "").split():
        if answer not in form.keys:
            yield diagram.finding("unknown-answer", node.element, key=answer, form=key)


def _service(diagram: Diagram, node: Node, bundle: Bundle) -> Iterator[Finding]:
    topic, known = camunda(node.element, "topic"), bundle.vocabulary.handlers
    if not topic:
        yield diagram.finding("service-without-topic", node.element)
    elif topic not in known:
        yield diagram.finding("unknown-handler", node.element, topic=topic, hint=hint(topic, known))


def _inputs(diagram: Diagram, node: Node, bundle: Bundle) -> Iterator[Finding]:
    for parameter in node.element.iterfind(_INPUT):
        name, text = parameter.get("name") or "", parameter.text or ""
        if not name.strip() or len(parameter):
            inner = local(parameter[0]) if len(parameter) else ""
            yield diagram.finding("input-parameter", node.element, name=name or inner)
        elif text.strip():
            yield from written_value(diagram, node.element, "input", text, bundle)


def _attempts(diagram: Diagram, node: Node) -> Iterator[Finding]:
    """How often its job is tried, and for how long."""
    cycle = node.element.findtext(f"{{{BPMN}}}extensionElements/{{{CAMUNDA}}}failedJobRetryTimeCycle")
    written = {
        "caseway:retry": node.element.get(f"{{{CASEWAY}}}retry"),
        "camunda:failedJobRetryTimeCycle": node.element.get(f"{{{CAMUNDA}}}failedJobRetryTimeCycle") or cycle,
        "caseway:timeLimit": node.element.get(f"{{{CASEWAY}}}timeLimit"),
    }
    for name, text in written.items():
        try:
            if text is not None:
                (retries.time_limit if name == "caseway:timeLimit" else retries.read)(text)
        except retries.BadRetry:
            rule = "time-limit" if name == "caseway:timeLimit" else "retry-schedule"
            yield diagram.finding(rule, node.element, attribute=name, value=text[:100] if text else "")


def _decision(diagram: Diagram, node: Node, bundle: Bundle) -> Iterator[Finding]:
    decision = camunda(node.element, "decisionRef")
    if not decision:
        yield diagram.finding("rule-without-decision", node.element)
    elif decision not in bundle.decisions and not bundle.misses(".dmn"):
        close = hint(decision, bundle.decisions)
        yield diagram.finding("unknown-decision", node.element, decision=decision, hint=close)
