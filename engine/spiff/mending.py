"""What an operator may do to a loaded instance: look at and set its variables, take a token from here and put it there.

A token is only moved where nothing else can be upset by it: within its own scope and its own branch, never into or out of
a repetition.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway

from engine.errors import MoveRefused
from engine.spiff.keep import LIVE
from engine.spiff.limits import check_size

if TYPE_CHECKING:
    from engine.spiff.process import Process

#: Kinds of elements a token may be put before.
TARGETS = frozenset(
    {
        "userTask",
        "manualTask",
        "task",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "intermediateCatchEvent",
        "eventBasedGateway",
        "subProcess",
        "callActivity",
    }
)
FINISHED_OR_LIVE = TaskState.FINISHED_MASK | LIVE

#: Where a node stands: the splits around it, each with the branch taken; None where that cannot be told.
Branch = tuple[tuple[str, int], ...] | None


def variables(workflow: Any) -> dict[str, Any]:
    """The data of all that is alive, the outermost first."""
    merged: dict[str, Any] = dict(workflow.data)
    for scope in workflow.living():
        for task in scope.tasks.values():
            if task._state & LIVE:
                merged.update(task.data)
    return merged


def assign(workflow: Any, values: Mapping[str, Any]) -> None:
    """Set variables everywhere they could be read from later, each place with a copy of its own.

    Raises: VariablesTooLarge.
    """
    for scope in workflow.living():
        for task in scope.tasks.values():
            if task._state & FINISHED_OR_LIVE:
                task.data.update(deepcopy(dict(values)))
                check_size(task.data)
        scope.data.update({name: deepcopy(values[name]) for name in values.keys() & scope.data.keys()})
        scope.pool = {name: (number, values.get(name, value)) for name, (number, value) in scope.pool.items()}


def move(process: Process, task: Any, element_id: str) -> None:
    """Cancel what waits and start the element instead.

    Raises: MoveRefused.
    """
    scope = task.workflow.spec
    _check(process, task, element_id, _branches(scope))
    _start(task, scope.task_specs.get(f"{element_id}.BoundaryEventSplit") or scope.task_specs[element_id])


def targets(process: Process, task: Any) -> list[str]:
    """The elements before which the token may be put, in the order of the diagram."""
    found, branches = [], _branches(task.workflow.spec)
    for element_id in process.elements:
        with suppress(MoveRefused):
            _check(process, task, element_id, branches)
            found.append(element_id)
    return found


def _check(process: Process, task: Any, element_id: str, branches: Mapping[str, Branch]) -> None:
    """Raises: MoveRefused."""
    target = task.workflow.spec.task_specs.get(element_id)
    _refuse_source(task)
    if element_id not in process.elements:
        raise MoveRefused("move_to_nowhere")
    if target is None or target.bpmn_id != element_id:
        raise MoveRefused("move_out_of_scope")
    _refuse_target(process.elements[element_id].kind, target)
    here, there = branches.get(task.task_spec.name), branches.get(element_id)
    if here is None or here != there:
        raise MoveRefused("move_across_branches")


def _refuse_source(task: Any) -> None:
    if isinstance(task.task_spec, BoundaryEvent):
        raise MoveRefused("move_of_boundary_event")
    if isinstance(task.task_spec, LoopTask) or task.task_spec.name.endswith(" [child]"):
        raise MoveRefused("move_of_repetition")


def _refuse_target(kind: str, target: Any) -> None:
    if kind not in TARGETS:
        raise MoveRefused("move_to_this_kind")
    if isinstance(target, LoopTask):
        raise MoveRefused("move_of_repetition")
    if any(isinstance(before, EventBasedGateway) for before in target.inputs):
        raise MoveRefused("move_behind_event_gateway")


def _start(task: Any, entry: Any) -> None:
    """The token's place is taken from the task; side paths of its boundary events that are under way go on."""
    siblings = task.parent.children if task.parent and isinstance(task.parent.task_spec, BoundaryEventSplit) else []
    task.cancel()
    for sibling in siblings:
        if isinstance(sibling.task_spec, BoundaryEvent) and sibling._state == TaskState.WAITING:
            sibling.cancel()
    child = task._add_child(entry, TaskState.FUTURE)
    child.data = deepcopy(task.data)
    child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
    child.task_spec._update(child)


def _branches(scope: Any) -> dict[str, Branch]:
    """For every node of a scope the branch it stands in; None where paths from different branches meet."""
    found: dict[str, Branch] = {}
    waiting: list[tuple[Any, Branch]] = [(scope.start, ())]
    while waiting:
        node, branch = waiting.pop()
        if isinstance(node, BoundaryEventJoin | _EndJoin):
            continue
        if isinstance(node, ParallelGateway | InclusiveGateway) and len(node.inputs) > 1:
            branch = branch[:-1] if branch else None
        if node.name in found and found[node.name] in (branch, None):
            continue
        found[node.name] = branch if node.name not in found else None
        waiting += [(after, _into(node, number, after, found[node.name])) for number, after in enumerate(node.outputs)]
    return found


def _into(node: Any, number: int, after: Any, branch: Branch) -> Branch:
    """The branch on the other side of a flow."""
    is_side_path = isinstance(after, BoundaryEvent) and not after.cancel_activity
    is_split = isinstance(node, ParallelGateway | InclusiveGateway) and len(node.outputs) > 1
    return branch if branch is None or not (is_split or is_side_path) else (*branch, (node.name, number))
