"""Rules about the words of other engines: what ours ignores is said, so that nobody relies on it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.bundle import Bundle, hint
from engine.lint.diagram import NODES, PEOPLE_TASKS, Diagram
from engine.lint.findings import Finding
from engine.lint.xml import BPMN, CAMUNDA, CASEWAY, Element, local, namespace, split
from engine.spiff.elements import is_about_a_message

#: Vocabularies of engines; anything in another namespace belongs to an editor and harms nobody.
ENGINES = {
    CAMUNDA: "camunda",
    CASEWAY: "caseway",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://operaton.org/schema/1.0/bpmn": "operaton",
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
    "http://www.jboss.org/drools": "drools",
}

_PEOPLE = {
    (CAMUNDA, name) for name in ["assignee", "candidateGroups", "dueDate", "followUpDate", "priority", "formKey"]
} | {(CASEWAY, "answers"), (CASEWAY, "redates")}
_KEY = (CASEWAY, "correlationKey")
_READ = {
    **dict.fromkeys(PEOPLE_TASKS, _PEOPLE),
    "serviceTask": {
        (CAMUNDA, "type"),
        (CAMUNDA, "topic"),
        (CAMUNDA, "failedJobRetryTimeCycle"),
        (CASEWAY, "retry"),
        (CASEWAY, "timeLimit"),
        (CASEWAY, "redates"),
    },
    "businessRuleTask": {(CAMUNDA, "decisionRef"), (CASEWAY, "redates")},
    "scriptTask": {(CASEWAY, "redates")},
    "boundaryEvent": {(CASEWAY, "catchUp"), _KEY},
    **{
        kind: {_KEY}
        for kind in ("intermediateCatchEvent", "intermediateThrowEvent", "endEvent", "sendTask", "receiveTask")
    },
}
#: Said for people or for other tools; nothing is lost when the engine does not read it.
_HARMLESS = {
    (CAMUNDA, name)
    for name in [
        "historyTimeToLive",
        "versionTag",
        "isStartableInTasklist",
        "diagramRelationId",
        "properties",
        "modelerTemplate",
        "modelerTemplateVersion",
        "modelerTemplateIcon",
    ]
} | {(CASEWAY, "legalBasis")}
_PREFIXES = {name: "caseway" if space == CASEWAY else "camunda" for names in _READ.values() for space, name in names}
_PREFIXES.pop("type")  # many elements have an attribute of this name that means something else
_PREFIXES |= {"publicStep": "caseway", "nameEn": "caseway"}


def examine(diagram: Diagram, _bundle: Bundle) -> Iterator[Finding]:
    """Attributes and extension elements for engines that ours does not read."""
    for element in diagram.parts:
        names = [*_attributes(element), *_elements(element)]
        if names:
            shown = ", ".join(dict.fromkeys(f"{prefix}:{name}" for prefix, name in names))
            close = hint(names[0][1], _PREFIXES) if names[0][0] in ("camunda", "caseway") else ""
            yield diagram.finding("ignored-extension", element, names=shown, hint=close)
        yield from _unprefixed(diagram, element)


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    """Only names are asked for: the library looks every value up from the first attribute on."""
    kind = local(element)
    for space, name in map(split, map(str, element.keys())):
        read = (space, name) in _READ.get(kind, ()) and not _is_passed_over(element, space, name)
        public = (space, name) in ((CASEWAY, "publicStep"), (CASEWAY, "nameEn")) and kind in NODES
        if space in ENGINES and not read and not public and (space, name) not in _HARMLESS:
            yield ENGINES[space], name


def _is_passed_over(element: Element, space: str, name: str) -> bool:
    """Whether an attribute means nothing on this one of its kind."""
    if (space, name) == _KEY:
        return not is_about_a_message(element)
    return name == "type" and element.get(f"{{{CAMUNDA}}}type") != "external"


def _elements(element: Element) -> Iterator[tuple[str, str]]:
    """The children of its extensionElements, and what else stands beside the input parameters of a service task."""
    for child in element.iterfind(f"{{{BPMN}}}extensionElements/*"):
        space, name = namespace(child), local(child)
        if (space, name) == (CAMUNDA, "inputOutput") and local(element) == "serviceTask":
            yield from ((ENGINES[CAMUNDA], local(inner)) for inner in child if local(inner) != "inputParameter")
        elif space in ENGINES and (space, name) not in _HARMLESS and (space, name) not in _READ.get(local(element), ()):
            yield ENGINES[space], name


def _unprefixed(diagram: Diagram, element: Element) -> Iterator[Finding]:
    if local(element) not in NODES:
        return
    for key in element.keys():  # noqa: SIM118  # an element iterates over its children, not its attributes
        if key in _PREFIXES:
            yield diagram.finding("unprefixed-attribute", element, name=str(key), suggestion=f"{_PREFIXES[key]}:{key}")
