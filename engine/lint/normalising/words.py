"""What is written on elements for other engines, in our words: expressions, times, names of work, collections."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.lint import python, xpath
from engine.lint.diagram import ACTIVITIES, PEOPLE_TASKS, Diagram, Node
from engine.lint.juel import feel
from engine.lint.normalising.canvas import Canvas
from engine.lint.structure import CONDITIONAL
from engine.lint.texts import words
from engine.lint.timers import KINDS, LOOKS_ISO, is_value
from engine.lint.xml import BPMN, CAMUNDA, Element, local, make

_WRITTEN = ("candidateGroups", "assignee", "dueDate", "followUpDate", "priority")
_INPUT = f"{{{BPMN}}}extensionElements/{{{CAMUNDA}}}inputOutput/{{{CAMUNDA}}}inputParameter"
_REPEATS = f"{{{BPMN}}}multiInstanceLoopCharacteristics"
_COUNTED = ("loopCardinality", "completionCondition", "loopCondition")
_ZEEBE = "http://camunda.org/schema/zeebe/1.0"
_SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_FLOWABLE = ("http://flowable.org/bpmn", "http://activiti.org/bpmn", "http://operaton.org/schema/1.0/bpmn")
_NAME = re.compile(r"[^\W\d]\w*")
_BEAN = re.compile(r"[$#]\{\s*([^\W\d]\w*)\s*\}")
_COLLECTION = re.compile(r"[$#]\{\s*([^\W\d]\w*)\s*\}|([^\W\d]\w*)")
_METHOD = re.compile(r"[$#]\{\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*(?:\(.*\)\s*)?\}", re.DOTALL)
_CLASS = re.compile(r"(?:[^\W\d]\w*\.)*([^\W\d]\w*)")
_TOPIC = re.compile(r"[\w.:-]+")


def translate(canvas: Canvas, diagram: Diagram) -> None:
    """Simple `${…}` in FEEL."""
    for scope in diagram.scopes:
        for flow in scope.flows:
            if flow.condition is not None and flow.source.kind in CONDITIONAL and _is_ours(flow.condition):
                _translate_text(canvas, flow.element, "condition", flow.condition)
    for node in diagram.nodes:
        for place, element in _texts(node):
            _translate_text(canvas, node.element, place, element)
        if node.kind in PEOPLE_TASKS:
            _translate_attributes(canvas, node.element)


def translate_python(canvas: Canvas, diagram: Diagram) -> None:
    """Simple conditions of XPath and Python, assignments and durations of Python, in FEEL."""
    for scope in diagram.scopes:
        for flow in scope.flows:
            if flow.condition is not None and flow.source.kind in CONDITIONAL and not flow.condition.get("language"):
                _put(canvas, flow.element, "condition", flow.condition, xpath.condition)
                _put(canvas, flow.element, "condition", flow.condition, python.condition)
    for node in diagram.nodes:
        for time in _times(node):
            _put(canvas, node.element, "timer", time, python.duration)
        language = (node.element.get("scriptFormat") or "").lower().removeprefix("text/")
        for script in node.element.findall(f"{{{BPMN}}}script") if node.kind == "scriptTask" else ():
            if language == "python" and _put(canvas, node.element, "script", script, python.script):
                node.element.attrib.pop("scriptFormat")
            elif not language:
                _put(canvas, node.element, "script", script, python.script_without_language)


def quote_timers(canvas: Canvas, diagram: Diagram) -> None:
    """Quotation marks around moments, durations and cycles; without, they would be names of variables."""
    for node in diagram.nodes:
        for time in _times(node):
            text = (time.text or "").strip().removeprefix("=").strip()
            if len(time) == 0 and LOOKS_ISO.fullmatch(text) and is_value(local(time), text):
                time.text = f'"{text}"'
                canvas.note("timer-not-quoted", node.element, text=text)


def take_topics(canvas: Canvas, diagram: Diagram) -> None:
    """The name of the work from where other engines have it."""
    for node in diagram.nodes:
        if node.kind == "serviceTask" and not node.element.get(f"{{{CAMUNDA}}}topic"):
            for source, topic in list(_sources(node.element))[:1]:
                _drop_sources(node.element)
                node.element.set(f"{{{CAMUNDA}}}type", "external")
                node.element.set(f"{{{CAMUNDA}}}topic", topic)
                canvas.note("topic-taken", node.element, source=source, topic=topic)


def take_collections(canvas: Canvas, diagram: Diagram) -> None:
    """`camunda:collection` and `elementVariable` as the standard has them."""
    for node in diagram.nodes:
        for several in node.element.findall(_REPEATS) if node.kind in ACTIVITIES else ():
            match = _COLLECTION.fullmatch((several.get(f"{{{CAMUNDA}}}collection") or "").strip())
            others = ("loopCardinality", "loopDataInputRef")
            if match and all(several.find(f"{{{BPMN}}}{other}") is None for other in others):
                _take_collection(canvas, node, several, match[1] or match[2])


def _take_collection(canvas: Canvas, node: Node, several: Element, name: str) -> None:
    item = several.get(f"{{{CAMUNDA}}}elementVariable") or ""
    reference = make(f"{{{BPMN}}}loopDataInputRef", several)
    reference.text = name
    several.insert(0, reference)
    if _NAME.fullmatch(item) and several.find(f"{{{BPMN}}}inputDataItem") is None:
        several.insert(1, make(f"{{{BPMN}}}inputDataItem", several, {"id": item, "name": item}))
    for attribute in ("collection", "elementVariable"):
        several.attrib.pop(f"{{{CAMUNDA}}}{attribute}", "")
    canvas.note("collection-taken", node.element, source=f"camunda:collection {name}", name=name)


def _translate_text(canvas: Canvas, owner: Element, place: str, element: Element) -> None:
    _put(canvas, owner, place, element, feel)


def _put(canvas: Canvas, owner: Element, place: str, element: Element, say: Callable[[str], str | None]) -> bool:
    """Let an element say in FEEL what it says; whether that could be done."""
    text = (element.text or "").strip()
    said = say(text) if text and len(element) == 0 else None
    if said is None:
        return False
    element.text = said
    canvas.note("expression-translated", owner, what=words.place(place), text=text, feel=said)
    return True


def _translate_attributes(canvas: Canvas, element: Element) -> None:
    for name in _WRITTEN:
        key = f"{{{CAMUNDA}}}{name}"
        text = (element.get(key) or "").strip()
        said = feel(text) if text else None
        if said is not None:
            element.set(key, said)
            canvas.note("expression-translated", element, what=words.place(f"camunda:{name}"), text=text, feel=said)


def _texts(node: Node) -> Iterator[tuple[str, Element]]:
    """Elements of a node whose text may be an expression, and what it says."""
    if node.kind == "serviceTask":
        yield from (("input", parameter) for parameter in node.element.findall(_INPUT))
    if node.kind in ACTIVITIES:
        for repeats in node.element:
            if local(repeats).endswith("LoopCharacteristics"):
                yield from ((local(child), child) for child in repeats if local(child) in _COUNTED)
    yield from (("timer", time) for time in _times(node))


def _times(node: Node) -> list[Element]:
    if node.trigger != "timer":
        return []
    return [child for child in node.triggers[0] if local(child) in KINDS]


def _is_ours(condition: Element) -> bool:
    """Whether nothing says that the condition is a program or in another file."""
    language = (condition.get("language") or "").lower()
    return not condition.get(f"{{{CAMUNDA}}}resource") and ("script" not in language and "groovy" not in language)


def _drop_sources(element: Element) -> None:
    for space in (CAMUNDA, *_FLOWABLE):
        for name in ("delegateExpression", "expression", "class"):
            element.attrib.pop(f"{{{space}}}{name}", "")
    for extensions in element.findall(f"{{{BPMN}}}extensionElements"):
        for name in (f"{{{_ZEEBE}}}taskDefinition", f"{{{_SPIFF}}}serviceTaskOperator"):
            for definition in extensions.findall(name):
                extensions.remove(definition)


def _sources(element: Element) -> Iterator[tuple[str, str]]:
    """Where a task names its work, best first, and the topic that makes."""
    readers: tuple[tuple[str, Callable[[str], re.Match[str] | None]], ...] = (
        ("delegateExpression", _BEAN.fullmatch),
        ("expression", _METHOD.fullmatch),
        ("class", _CLASS.fullmatch),
    )
    for space in (CAMUNDA, *_FLOWABLE):
        for name, read in readers:
            written = (element.get(f"{{{space}}}{name}") or "").strip()
            match = read(written)
            if match is not None:
                yield f"{name}={written}", match[1]
    for definition in element.iterfind(f"{{{BPMN}}}extensionElements/{{{_ZEEBE}}}taskDefinition"):
        topic = (definition.get("type") or "").strip()
        if _TOPIC.fullmatch(topic):
            yield f"zeebe:taskDefinition {topic}", topic
    for operator in element.iterfind(f"{{{BPMN}}}extensionElements/{{{_SPIFF}}}serviceTaskOperator"):
        topic = (operator.get("id") or "").strip().replace("/", ".")
        if _TOPIC.fullmatch(topic):
            yield f"spiffworkflow:serviceTaskOperator {topic}", topic
    implementation = _METHOD.fullmatch((element.get("implementation") or "").strip())
    if implementation is not None:
        yield f"implementation={implementation[0]}", implementation[1]
