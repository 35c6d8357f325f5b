"""A BPMN file as the rules see it: scopes with their nodes and flows. Draws no conclusions.

A scope is what tokens cannot leave: a process or an embedded subprocess. Everything is walked in loops, never by
recursion, so a deeply nested file costs a finding and not the stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from engine.lint.findings import Finding, Param, finding
from engine.lint.xml import BPMN, Element, Unreadable, line_of, local, namespace, read

if TYPE_CHECKING:
    from collections.abc import Iterable

TASKS = frozenset(
    ["task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"]
)
PEOPLE_TASKS = frozenset({"task", "userTask", "manualTask"})
ACTIVITIES = TASKS | {"subProcess", "callActivity", "transaction", "adHocSubProcess"}
CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})
GATEWAYS = CHOICES | {"parallelGateway", "complexGateway"}
#: Triggers a process may begin by.
STARTING = ("message", "timer")
EVENTS = frozenset(["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"])
NODES = ACTIVITIES | GATEWAYS | EVENTS
#: Subprocesses whose inside takes part in the run; the others are refused as a whole.
SCOPES = frozenset({"subProcess", "transaction"})

_TRIGGER = "EventDefinition"


@dataclass(eq=False)
class Node:
    """A step, gateway or event."""

    element: Element
    scope: Scope
    kind: str
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)
    host: Node | None = None

    @property
    def id(self) -> str:
        return self.element.get("id") or ""

    @property
    def label(self) -> str:
        """What people call it."""
        return label(self.element)

    @property
    def process(self) -> Scope:
        """The process it is part of, however deep."""
        scope = self.scope
        while scope.node is not None:
            scope = scope.node.scope
        return scope

    @cached_property
    def triggers(self) -> list[Element]:
        """Its event definitions."""
        return [e for e in self.element if namespace(e) == BPMN and local(e).endswith(_TRIGGER)]

    @cached_property
    def trigger(self) -> str:
        """The kind of its only event definition (`timer`, `message` …), or nothing."""
        names = [local(e).removesuffix(_TRIGGER) for e in self.triggers]
        return names[0] if len(names) == 1 else ""

    @property
    def is_event_subprocess(self) -> bool:
        return self.kind == "subProcess" and self.element.get("triggeredByEvent") == "true"

    @property
    def interrupts(self) -> bool:
        """Whether a boundary event ends its activity."""
        return self.element.get("cancelActivity", "true") == "true"


@dataclass(eq=False)
class Flow:
    """A sequence flow between two nodes of one scope."""

    element: Element
    source: Node
    target: Node

    @property
    def label(self) -> str:
        """What people call it."""
        return label(self.element) or f"{self.source.label} → {self.target.label}"

    @property
    def condition(self) -> Element | None:
        return self.element.find(f"{{{BPMN}}}conditionExpression")


@dataclass(eq=False)
class Scope:
    """A process or an embedded subprocess."""

    element: Element
    depth: int
    node: Node | None = None
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    loose_flows: list[Element] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[Node]:
        """Its nodes of some kinds."""
        return [node for node in self.nodes if node.kind in kinds]


@dataclass(eq=False)
class Diagram:
    """One BPMN file. Processes that are set aside as pictures take no part in the rules."""

    file: str
    root: Element
    scopes: list[Scope] = field(default_factory=list)
    pictures: list[Scope] = field(default_factory=list)
    ids: dict[str, Element] = field(default_factory=dict)

    @property
    def processes(self) -> list[Scope]:
        return [scope for scope in self.scopes if scope.node is None]

    @property
    def nodes(self) -> Iterator[Node]:
        return (node for scope in self.scopes for node in scope.nodes)

    @property
    def parts(self) -> Iterator[Element]:
        """Every BPMN element but the insides of pictures."""
        yield self.root
        pictures = {scope.element for scope in self.pictures}
        for child in self.root:
            yield from () if child in pictures else child.iter(f"{{{BPMN}}}*")

    def set_pictures_aside(self) -> None:
        """Leave the processes out that are not executable: pools drawn for the reader."""
        kept: list[Scope] = []
        running = False
        for scope in self.scopes:
            running = is_executable(scope) if scope.node is None else running
            (kept if running else self.pictures).append(scope)
        self.scopes = kept
        self.pictures = [scope for scope in self.pictures if scope.node is None]

    def referred(self, reference: str | None, kind: str) -> Element | None:
        """The root element (message, error, escalation) a reference means."""
        element = self.ids.get(reference or "")
        return element if element is not None and local(element) == kind else None

    def finding(self, rule: str, element: Element, /, **params: Param) -> Finding:
        """A finding about an element of this file."""
        return finding(self.file, rule, element, **params)


def load(file: str, content: bytes, lines: Sequence[int | None] = ()) -> Diagram:
    """Read a BPMN file; `lines` tells where its elements stood before it was put right.

    Raises: Unreadable.
    """
    root = read(content)
    if lines:
        for element, line in zip(root.iter("{*}*"), lines, strict=True):
            element.sourceline = line  # type: ignore[assignment]  # the stubs say it is an ellipsis
    return of(file, root)


def of(file: str, root: Element) -> Diagram:
    """A tree as a diagram.

    Raises: Unreadable.
    """
    if namespace(root) != BPMN or local(root) != "definitions":
        raise Unreadable("not-bpmn", line_of(root), 1, root=root.tag)
    diagram = Diagram(file, root)
    for element in root.iter(f"{{{BPMN}}}*"):
        diagram.ids.setdefault(element.get("id") or "", element)
    diagram.ids.pop("", None)
    for process in _children(root, "process"):
        diagram.scopes.extend(_scopes(process))
    return diagram


def is_executable(process: Scope) -> bool:
    """Whether a process is marked to be run; the engine takes nothing else for yes."""
    return process.element.get("isExecutable") == "true"


def label(element: Element) -> str:
    """What people call an element: its name, else its id."""
    return element.get("name") or element.get("id") or ""


def _scopes(process: Element) -> Iterator[Scope]:
    """A process and the subprocesses in it, outer ones first."""
    waiting = [Scope(process, depth=0)]
    while waiting:
        scope = waiting.pop()
        _fill(scope)
        yield scope
        waiting.extend(
            Scope(node.element, scope.depth + 1, node)
            for node in reversed(scope.nodes)
            if node.kind in SCOPES and not node.is_event_subprocess
        )


def _fill(scope: Scope) -> None:
    for element in _children(scope.element, *NODES):
        node = Node(element, scope, local(element))
        scope.nodes.append(node)
        scope.by_id.setdefault(node.id, node)
    scope.by_id.pop("", None)
    for element in _children(scope.element, "sequenceFlow"):
        _connect(scope, element)
    for node in scope.of("boundaryEvent"):
        host = scope.by_id.get(node.element.get("attachedToRef") or "")
        if host is not None and host.kind in ACTIVITIES:
            node.host = host
            host.boundaries.append(node)


def _connect(scope: Scope, element: Element) -> None:
    source = scope.by_id.get(element.get("sourceRef") or "")
    target = scope.by_id.get(element.get("targetRef") or "")
    if source is None or target is None:
        scope.loose_flows.append(element)
        return
    flow = Flow(element, source, target)
    scope.flows.append(flow)
    source.outgoing.append(flow)
    target.incoming.append(flow)


def _children(parent: Element, *names: str) -> Iterable[Element]:
    wanted = {f"{{{BPMN}}}{name}" for name in names}
    return (child for child in parent if child.tag in wanted)
