"""Our own kinds of tasks in SpiffWorkflow's terms: handlers, decisions, and scopes within an instance."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.defaults import CallActivity, SubWorkflowTask
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from engine.errors import BusinessError, CallDepthExceeded
from engine.spiff.events import THROWN, throw_error
from engine.spiff.writes import changed, mark

#: Subprocesses and called processes inside one another. A process that calls itself would never end.
MAX_DEPTH = 20


class HandlerTask(BpmnSpecMixin):
    """A service task: runs its handler inside the step if that is transactional, else waits STARTED for its job."""

    def _run_hook(self, my_task: Any) -> bool | None:
        super()._run_hook(my_task)
        try:
            result = my_task.workflow.script_engine.run.serve(self.bpmn_id, my_task.data)
        except BusinessError as error:
            throw_error(my_task, error.code, error.message)
            return True
        if result is None:
            return None
        my_task.data.update(result)
        return True

    def _on_complete(self, my_task: Any) -> None:
        if my_task.internal_data.pop(THROWN, False):
            my_task._set_state(TaskState.CANCELLED)  # it did not do what it was for
        else:
            super()._on_complete(my_task)


class DecisionTask(BpmnSpecMixin):
    """A business rule task: the outputs of its decision become process variables."""

    def _run_hook(self, my_task: Any) -> bool:
        super()._run_hook(my_task)
        my_task.data.update(my_task.workflow.script_engine.run.decide(self.bpmn_id, my_task.data))
        return True


class _Scope:
    """An activity with a scope of its own inside."""

    def start_workflow(self, my_task: Any) -> None:
        if my_task.workflow.depth >= MAX_DEPTH:
            raise CallDepthExceeded(f"more than {MAX_DEPTH} calls inside one another")
        super().start_workflow(my_task)  # type: ignore[misc]  # mixed into kinds of tasks

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        subworkflow.task_tree.data.update(deepcopy(my_task.data))

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        if my_task._state & TaskState.FINISHED_MASK:  # it has been interrupted meanwhile
            return
        before = my_task.data
        super()._on_subworkflow_completed(subworkflow, my_task)  # type: ignore[misc]
        mark(my_task, changed(before, my_task.data))


class Subprocess(_Scope, SubWorkflowTask):
    """An embedded subprocess."""


class Call(_Scope, CallActivity):
    """A call of another process of the same definition."""
