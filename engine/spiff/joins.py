"""Where branches meet: parallel and inclusive gateways, and the end of a scope."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.specs.Join import Join

from engine.spiff.writes import KEY, is_concurrent, meet, numbers

UNDECIDED = TaskState.FUTURE | TaskState.PREDICTED_MASK


class Parallel(ParallelGateway):
    """A parallel gateway: every branch keeps what it wrote."""

    def _run_hook(self, my_task: Any) -> bool:
        _meet_arrivals(my_task)
        return True


class Inclusive(InclusiveGateway):
    """An inclusive gateway: every branch keeps what it wrote; then every flow whose condition holds is taken."""

    def _run_hook(self, my_task: Any) -> bool:
        _meet_arrivals(my_task)
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise WorkflowTaskException("No conditions satisfied on gateway", task=my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=UNDECIDED)
        return True


class ScopeEnd(_EndJoin):
    """The end of a scope, behind all its end events. What an ended branch wrote is kept in the scope's pool."""

    def _update_hook(self, my_task: Any) -> bool:
        arrives = my_task._state != TaskState.WAITING
        may_fire = bool(super()._update_hook(my_task))
        if arrives and not may_fire and is_concurrent(self._wf_spec):
            pour(my_task.parent)
        return may_fire

    def _run_hook(self, my_task: Any) -> bool:
        meet(my_task, pooled(my_task.workflow))
        my_task.workflow.data.update(my_task.data)
        return True


class ScopeSpec(BpmnProcessSpec):
    """A process or embedded subprocess with our end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in (f"{self.name}.EndJoin", "End"):
            del self.task_specs[name]
        self.end: Any = ScopeEnd(self, f"{self.name}.EndJoin")
        self.end.connect(SimpleBpmnTask(self, "End"))


def pour(end: Any) -> None:
    """Put what a branch wrote into the pool of its scope, as its end event leaves it."""
    scope = end.workflow
    pool = dict(scope.pool)
    for name, number in numbers(end).items():
        if name in end.data and number > pool.get(name, (0, None))[0]:
            pool[name] = (number, end.data[name])
    scope.pool = pool


def see(task: Any) -> None:
    """Let a task that is about to run see what branches wrote that have ended since its own last write."""
    if task.workflow.pool and not isinstance(task.task_spec, Join):
        known = numbers(task)
        newer = {name: one for name, one in task.workflow.pool.items() if one[0] > known.get(name, 0)}
        task.data.update({name: value for name, (_, value) in newer.items()})
        if newer:
            task.internal_data[KEY] = {**known, **{name: number for name, (number, _) in newer.items()}}


def pooled(scope: Any) -> list[tuple[dict[str, Any], dict[str, int]]]:
    """The pool of a scope, as one more branch."""
    values = {name: value for name, (_, value) in scope.pool.items()}
    return [(values, {name: number for name, (number, _) in scope.pool.items()})]


def _meet_arrivals(my_task: Any) -> None:
    arrived = [
        task
        for task in my_task.workflow.tasks.values()
        if task.task_spec is my_task.task_spec
        and task._state & TaskState.FINISHED_MASK
        and not my_task.is_descendant_of(task)
    ]
    arrived.sort(key=lambda task: task.last_state_change)
    meet(my_task, [(task.parent.data, numbers(task.parent)) for task in arrived])
