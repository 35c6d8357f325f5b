"""The base every engine figure is compared with: the library alone, storing with its own serialiser at every step.

Same diagram, same expressions, same handlers; only the workflow class and the way of storing differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from typing import Any, ClassVar

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter
from SpiffWorkflow.bpmn.specs.defaults import StartEvent

from engine import clock
from engine.spiff import Process, thrift
from engine.spiff.expressions import FeelScriptEngine
from engine.spiff.parsing import Start, drop_drawn_data
from engine.spiff.process import parse_xml
from engine.spiff.run import Host
from engine.spiff.specs import DecisionTask, HandlerTask


class Parser(BpmnParser):  # type: ignore[misc]  # no types
    """The library's own kinds of everything, but for service tasks and decisions; flows in the order of the file."""

    OVERRIDE_PARSER_CLASSES: ClassVar = {
        full_tag("startEvent"): (Start, StartEvent),
        full_tag("serviceTask"): (TaskParser, HandlerTask),
        full_tag("businessRuleTask"): (TaskParser, DecisionTask),
    }

    def _add_diagram_indexes(self, bpmn: Any) -> None:
        super()._add_diagram_indexes(bpmn)
        self.document_positions[self._document_key(bpmn)] = {}


class Published(BpmnWorkflow):  # type: ignore[misc]  # no types
    """The library's workflow; its timers ask our clock, and all that are due fire when they are looked at."""

    @property
    def horizon(self) -> datetime:
        """Now."""
        return clock.now()


CONFIG = {
    **DEFAULT_CONFIG,
    Published: BpmnWorkflowConverter,
    HandlerTask: BpmnTaskSpecConverter,
    DecisionTask: BpmnTaskSpecConverter,
}


def plainly(process: Process, files: Mapping[str, bytes]) -> Process:
    """The same process, executed by the library as it is."""
    parser = Parser()
    for name in sorted(files):
        if name.endswith(".bpmn"):
            tree = parse_xml(files[name])
            drop_drawn_data(tree)
            parser.add_bpmn_xml(tree)
    plain = copy(process)
    plain.specs = parser.get_spec(process.key), parser.get_subprocess_specs(process.key)
    return plain


@contextmanager
def as_published() -> Iterator[None]:
    """Within the block the library works as it was published."""
    thrift.undo()
    try:
        yield
    finally:
        thrift.apply()


class PlainRun:
    """An instance as the library's own examples keep it."""

    def __init__(self, process: Process, host: Host) -> None:
        self.process, self.host = process, host
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(CONFIG))
        self.workflow: Any = None

    @as_published()
    def start(self, variables: Mapping[str, Any]) -> str:
        """Start and store."""
        self._begin(variables)
        return self._stored()

    @as_published()
    def complete(self, stored: str, element_id: str, answers: Mapping[str, Any]) -> str:
        """Load, complete a user task, store."""
        self.workflow = self.serializer.deserialize_json(stored)
        self.workflow.script_engine = self._engine()
        self._do(element_id, answers)
        return self._stored()

    @as_published()
    def walk(self, variables: Mapping[str, Any], steps: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Start and complete user tasks, storing nothing."""
        self._begin(variables)
        for element_id, answers in steps:
            self._do(element_id, answers)

    def serve(self, element_id: str, variables: dict[str, Any]) -> dict[str, Any] | None:
        """A service task of this run."""
        return self.host.serve(self.process.elements[element_id], variables)

    def decide(self, element_id: str, variables: dict[str, Any]) -> dict[str, Any]:
        """A decision of this run."""
        decision = self.process.decisions[self.process.elements[element_id].decision or ""]
        answer = decision.evaluate(variables)
        return answer if isinstance(answer, dict) else {decision.outputs[0]: answer}

    def _engine(self) -> FeelScriptEngine:
        engine = FeelScriptEngine(self.process.functions)
        engine.run = self  # type: ignore[assignment]  # asked for serve and decide only
        return engine

    def _begin(self, variables: Mapping[str, Any]) -> None:
        self.workflow = Published(*self.process.specs, script_engine=self._engine())
        self.workflow.task_tree.data.update(variables)
        self._go_on()

    def _do(self, element_id: str, answers: Mapping[str, Any]) -> None:
        task = self.workflow.get_next_task(state=TaskState.READY, spec_name=element_id)
        task.data.update(answers)
        task.run()
        self._go_on()

    def _go_on(self) -> None:
        self.workflow.do_engine_steps()
        self.workflow.refresh_timers()
        self.workflow.do_engine_steps()

    def _stored(self) -> str:
        stored: str = self.serializer.serialize_json(self.workflow)
        return stored
