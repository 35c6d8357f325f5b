"""How diagrams become specs of the library: with our kinds of tasks, flows in the order of the file, starts that never wait."""

from __future__ import annotations

from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import event_parsers as events
from SpiffWorkflow.bpmn.parser import task_parsers as tasks
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import (
    IntermediateCatchEvent,
    ManualTask,
    NoneTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    StartEvent,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.spiff.events import Boundary, End, Gateway, Message, Throw
from engine.spiff.joins import Inclusive, Parallel, ScopeSpec
from engine.spiff.repeats import AllAtOnce, Loop, Sequential
from engine.spiff.specs import Call, DecisionTask, HandlerTask, Subprocess

DRAWN_DATA = (
    "dataInputAssociation",
    "dataOutputAssociation",
    "ioSpecification",
    "dataStore",
    "dataStoreReference",
    "dataObject",
    "dataObjectReference",
)


class _Ours:
    """Our kinds of repeated activities and messages, in any of the library's parsers."""

    STANDARD_LOOP_CLASS = Loop
    PARALLEL_MI_CLASS = AllAtOnce
    SEQUENTIAL_MI_CLASS = Sequential

    def parse_message_event(self, message_event: Any) -> Any:
        parsed = super().parse_message_event(message_event)  # type: ignore[misc]  # mixed into parsers
        return Message(parsed.name, description=parsed.description)


class _Activity(_Ours, TaskParser): ...


class _Script(_Ours, tasks.ScriptTaskParser): ...


class _Subprocess(_Ours, tasks.SubWorkflowParser): ...


class _Call(_Ours, tasks.CallActivityParser): ...


class _Send(_Ours, events.SendTaskParser): ...


class _Receive(_Ours, events.ReceiveTaskParser): ...


class _End(_Ours, events.EndEventParser): ...


class _Catch(_Ours, events.IntermediateCatchEventParser): ...


class _Throw(_Ours, events.IntermediateThrowEventParser): ...


class _Boundary(_Ours, events.BoundaryEventParser): ...


class Start(events.StartEventParser):
    """A start event never waits: an instance begins because its event has happened."""

    def create_task(self) -> Any:
        task = self._create_task(NoneEventDefinition())
        self.spec.start.connect(task)
        return task


class _Process(ProcessParser):
    """A process may have several start events; an instance begins at one of them."""

    def create_spec(self) -> ScopeSpec:
        if not self.process_executable:
            raise ValidationException(f"process {self.bpmn_id} is not executable", self.node, self.filename)
        return ScopeSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)

    def add_tasks(self) -> None:
        starts = self.xpath("./bpmn:startEvent")
        if not starts:
            raise ValidationException("no start event", self.node, self.filename)
        for node in starts:
            self.parse_node(node)


class Parser(BpmnParser):
    """Reads diagrams with our kinds of tasks, outgoing flows in the order of the file (never of the picture)."""

    PROCESS_PARSER_CLASS = _Process
    OVERRIDE_PARSER_CLASSES: ClassVar = {
        full_tag("startEvent"): (Start, StartEvent),
        full_tag("endEvent"): (_End, End),
        full_tag("intermediateCatchEvent"): (_Catch, IntermediateCatchEvent),
        full_tag("intermediateThrowEvent"): (_Throw, Throw),
        full_tag("boundaryEvent"): (_Boundary, Boundary),
        full_tag("eventBasedGateway"): (events.EventBasedGatewayParser, Gateway),
        full_tag("parallelGateway"): (tasks.GatewayParser, Parallel),
        full_tag("inclusiveGateway"): (tasks.ConditionalGatewayParser, Inclusive),
        full_tag("task"): (_Activity, NoneTask),
        full_tag("userTask"): (_Activity, UserTask),
        full_tag("manualTask"): (_Activity, ManualTask),
        full_tag("scriptTask"): (_Script, ScriptTask),
        full_tag("serviceTask"): (_Activity, HandlerTask),
        full_tag("businessRuleTask"): (_Activity, DecisionTask),
        full_tag("sendTask"): (_Send, SendTask),
        full_tag("receiveTask"): (_Receive, ReceiveTask),
        full_tag("subProcess"): (_Subprocess, Subprocess),
        full_tag("callActivity"): (_Call, Call),
    }

    def _add_diagram_indexes(self, bpmn: Any) -> None:
        super()._add_diagram_indexes(bpmn)
        self.document_positions[self._document_key(bpmn)] = {}


def parse(trees: list[etree._Element], key: str) -> tuple[Any, dict[str, Any]]:
    """The spec of the main process, and those of its subprocesses and calls by name.

    Raises: ValidationException.
    """
    parser = Parser()
    for tree in trees:
        drop_drawn_data(tree)
        parser.add_bpmn_xml(tree)
    specs = parser.get_spec(key), parser.get_subprocess_specs(key)
    for spec in [specs[0], *specs[1].values()]:
        _listen_to_rounds(spec)
    return specs


def _listen_to_rounds(spec: Any) -> None:
    """A repetition hears of the end of its rounds, also of those another process of the machine began."""
    for repeat in [one for one in spec.task_specs.values() if isinstance(one, LoopTask)]:
        spec.task_specs[repeat.task_spec].completed_event.connect(repeat.merge_child)


def drop_drawn_data(tree: etree._Element) -> None:
    """Data flow is drawn for readers: every variable is seen everywhere in its scope, no list of them is kept."""
    for element in list(tree.iter(*(full_tag(name) for name in DRAWN_DATA))):
        if (parent := element.getparent()) is not None:
            parent.remove(element)
