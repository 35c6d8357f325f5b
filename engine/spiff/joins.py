"""Where branches meet: parallel and inclusive gateways, and the end of a scope.

A gateway keeps every token that has come to it, as a task that waits, until it can go on; then it takes one from each flow
and leaves the others waiting. The library asks instead which tasks before it have ever been done, and so takes a token
twice where several come by one flow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.Join import Join

from engine.spiff.writes import KEY, is_concurrent, meet, numbers

UNDECIDED = TaskState.FUTURE | TaskState.PREDICTED_MASK
UNDER_WAY = TaskState.WAITING | TaskState.READY | TaskState.STARTED
#: Where a token keeps what it came from, and its place in the line.
CAME = " came"


class Gateway(TaskSpec):
    """What both kinds share: every branch keeps what it wrote."""

    def _update_hook(self, my_task: Any) -> bool:
        tokens = sorted((task for task in _waiting(self, my_task.workflow)), key=_place)
        if my_task._state != TaskState.WAITING:
            my_task._inherit_data()
            come_in(my_task, _place(tokens[-1]) + 1 if tokens else 0)
            tokens.append(my_task)
        by_flow: dict[str, list[Any]] = {}
        for task in tokens:
            by_flow.setdefault(task.internal_data[CAME][0], []).append(task)
        met = sorted(self._met(my_task.workflow, by_flow), key=_place)
        if not met or met[-1] is not my_task:
            my_task._set_state(TaskState.WAITING)
            return False
        meet(my_task, [(token.data, numbers(token)) for token in met[:-1]])
        for token in met[:-1]:
            token.cancel()
        return True

    def _met(self, workflow: Any, by_flow: dict[str, list[Any]]) -> list[Any]:
        """The tokens it goes on with: none while it has to wait. `by_flow` are those that wait, by what they came from."""
        raise NotImplementedError  # each kind of join says which

    def leading_to(self, entry: Any) -> frozenset[Any]:
        """Everything from where a token can come to `entry`, the last thing before the gateway, without passing the gateway."""
        known: dict[Any, frozenset[Any]] = self.__dict__.setdefault("_leading", {})
        if entry not in known:
            found, waiting = {entry}, [entry]
            while waiting:
                new = {spec for spec in waiting.pop().inputs if spec is not self} - found
                found |= new
                waiting += new
            known[entry] = frozenset(found)
        return known[entry]

    def _run_hook(self, _my_task: Any) -> bool:
        return True


class Parallel(Gateway, ParallelGateway):
    """A parallel gateway: one token by every flow."""

    def _met(self, workflow: Any, by_flow: dict[str, list[Any]]) -> list[Any]:
        needed: Counter[str] = Counter(self._inputs)
        if any(len(by_flow.get(name, ())) < number for name, number in needed.items()):
            return []
        return [task for name, number in needed.items() for task in by_flow[name][:number]]


class Inclusive(Gateway, InclusiveGateway):
    """An inclusive gateway: waits for all that can still come; then every flow whose condition holds is taken.

    What is under way and can come only by flows nothing has come by yet is waited for (BPMN 2.0, 13.4.3). The library
    overlooks what is not just before the gateway.
    """

    def _met(self, workflow: Any, by_flow: dict[str, list[Any]]) -> list[Any]:
        coming = {task.task_spec for task in workflow.tasks.values() if task._state & UNDER_WAY} - {self}
        leading = {spec.name: self.leading_to(spec) for spec in self.inputs}
        by_arrived = {spec for name in by_flow for spec in leading[name]}
        if any(leading[name] & coming - by_arrived for name in leading.keys() - by_flow.keys()):
            return []
        return [tokens[0] for tokens in by_flow.values()]

    def _run_hook(self, my_task: Any) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise WorkflowTaskException("No conditions satisfied on gateway", task=my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=UNDECIDED)
        return True


def come_in(token: Any, place: int) -> None:
    """A token has come to a gateway."""
    token.internal_data[CAME] = [token.parent.task_spec.name, place]


def take_over(tasks: Iterable[Any]) -> None:
    """Tokens as states before version 3 had them: only the newest waited, the others were cancelled and looked back at."""
    tasks = list(tasks)
    waited_at = {task.task_spec for task in tasks if task._state == TaskState.WAITING}
    for place, task in enumerate(tasks):
        is_token = task._state in (TaskState.WAITING, TaskState.CANCELLED) and isinstance(task.task_spec, Gateway)
        if is_token and task.task_spec in waited_at:
            task._state, task.data = TaskState.WAITING, dict(task.parent.data)
            come_in(task, place)


def _place(token: Any) -> int:
    place: int = token.internal_data[CAME][1]
    return place


def _waiting(spec: Any, workflow: Any) -> list[Any]:
    return [one for one in workflow.tasks.values() if one.task_spec is spec and one._state == TaskState.WAITING]


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
