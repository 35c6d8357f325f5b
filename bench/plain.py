"""The base every engine figure is compared with: the library alone, storing with its own serialiser at every step.

Same diagram, same expressions, same handlers; only the workflow class and the way of storing differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter

from engine.spiff import Process, thrift
from engine.spiff.expressions import FeelScriptEngine
from engine.spiff.run import Host
from engine.spiff.specs import DecisionTask, HandlerTask

CONFIG = {**DEFAULT_CONFIG, HandlerTask: BpmnTaskSpecConverter, DecisionTask: BpmnTaskSpecConverter}


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
        self.workflow = BpmnWorkflow(*self.process.specs, script_engine=self._engine())
        self.workflow.task_tree.data.update(variables)
        return self._go_on()

    @as_published()
    def complete(self, stored: str, element_id: str, answers: Mapping[str, Any]) -> str:
        """Load, complete a user task, store."""
        self.workflow = self.serializer.deserialize_json(stored)
        self.workflow.script_engine = self._engine()
        task = self.workflow.get_next_task(state=TaskState.READY, spec_name=element_id)
        task.data.update(answers)
        task.run()
        return self._go_on()

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

    def _go_on(self) -> str:
        self.workflow.do_engine_steps()
        self.workflow.refresh_timers()
        self.workflow.do_engine_steps()
        stored: str = self.serializer.serialize_json(self.workflow)
        return stored
