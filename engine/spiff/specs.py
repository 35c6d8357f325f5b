"""Our own kinds of tasks in SpiffWorkflow's terms: handlers behind service tasks, decisions behind business rule tasks."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.bpmn.util.event import BpmnEvent

from engine.errors import BusinessError


class HandlerTask(BpmnSpecMixin):
    """A service task: runs its handler inside the step if that is transactional, else waits STARTED for its job."""

    def _run_hook(self, my_task: Any) -> bool | None:
        super()._run_hook(my_task)
        try:
            result = my_task.workflow.script_engine.run.serve(self.bpmn_id, my_task.data)
        except BusinessError as error:
            throw_error(my_task, error.code, error.message)
            return None
        if result is None:
            return None
        my_task.data.update(result)
        return True


class DecisionTask(BpmnSpecMixin):
    """A business rule task: the outputs of its decision become process variables."""

    def _run_hook(self, my_task: Any) -> bool:
        super()._run_hook(my_task)
        my_task.data.update(my_task.workflow.script_engine.run.decide(self.bpmn_id, my_task.data))
        return True


class UncaughtError(Exception):
    """A handler raised a BPMN error no boundary event waits for."""


def throw_error(my_task: Any, code: str, message: str) -> None:
    """Let the nearest error boundary event catch `code`.

    Raises: UncaughtError when nothing in the diagram catches it.
    """
    event = BpmnEvent(
        ErrorEventDefinition(code, code),
        payload={"error_code": code, "error_message": message},
        target=my_task.workflow,
    )
    top = my_task.workflow.top_workflow
    top.catch(event)
    if event in top.bpmn_events:
        top.bpmn_events.remove(event)
        raise UncaughtError(f"{code}: {message}" if message else code)
