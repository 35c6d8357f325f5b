"""Which tasks of a live instance still matter to its future; everything else is history and is cut off.

Live are the waiting, ready and started tasks, tokens that wait at a join among them. Above their lowest common ancestor
nothing can influence what comes, but for what events look back at: the event split an open activity hangs from, the loop a
task repeats in, the task before a waiting event, whose data it takes over once more. What a finished branch wrote is in the
pool of its scope.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, EventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.specs.Join import Join

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.ERROR
PREDICTED = TaskState.PREDICTED_MASK | TaskState.FUTURE

Task = Any
Parents = dict[str, str | None]


def kept(workflow: Any) -> tuple[list[Task], Parents]:
    """The tasks to store, parents before children, and each one's nearest kept ancestor."""
    chosen = _Kept(workflow)
    chosen.choose()
    parents = {task.id: _nearest(task, chosen.tasks, workflow.tasks) for task in chosen.tasks.values()}
    return _parents_first(chosen.tasks, parents), parents


class _Kept:
    """The choice for one workflow or subworkflow."""

    def __init__(self, workflow: Any) -> None:
        self.all: dict[str, Task] = workflow.tasks
        self.tasks: dict[str, Task] = {workflow.task_tree.id: workflow.task_tree}
        self.live: list[Task] = []
        self.surplus: set[str] = set()

    def choose(self) -> None:
        self._sort()
        if self.live:
            ancestor = self._common_ancestor()
            self._keep_above(ancestor)
            self._keep_below(ancestor)

    def _keep(self, task: Task) -> None:
        self.tasks[task.id] = task

    def _sort(self) -> None:
        """Live tasks, of the joins of boundary events one for each activity."""
        waiting_joins: set[tuple[str, str]] = set()
        for task in self.all.values():
            if task._state & LIVE:
                if task._state == TaskState.WAITING and type(task.task_spec) is BoundaryEventJoin:
                    key = (self.all[task._parent]._parent, task.task_spec.name)
                    if key in waiting_joins:
                        self.surplus.add(task.id)
                        continue
                    waiting_joins.add(key)
                self.live.append(task)

    def _common_ancestor(self) -> Task:
        path = self._path(self.live[0])
        position = {task.id: index for index, task in enumerate(path)}
        lowest = len(path) - 1
        for task in self.live[1:]:
            at = task
            while at.id not in position:
                at = self.all[at._parent]
            lowest = min(lowest, position[at.id])
        return path[lowest]

    def _path(self, task: Task | None) -> list[Task]:
        path = []
        while task is not None:
            path.append(task)
            task = self.all.get(task._parent)
        return path[::-1]

    def _keep_above(self, ancestor: Task) -> None:
        parent = self.all.get(ancestor._parent)
        if parent is None or not ancestor._state & LIVE:
            return
        if isinstance(parent.task_spec, EventSplit):
            self._keep(parent)
            for child in parent.children:
                if _matters(child):
                    self._keep(child)
        elif isinstance(parent.task_spec, LoopTask) or isinstance(ancestor.task_spec, Join | CatchingEvent):
            self._keep(parent)

    def _keep_below(self, ancestor: Task) -> None:
        hot = self._hot(ancestor)
        stack = [ancestor]
        while stack:
            task = stack.pop()
            if task._state & PREDICTED or task.id in self.surplus:
                continue
            self._keep(task)
            for child in reversed(task.children):
                if child.id in hot:
                    stack.append(child)
                elif isinstance(task.task_spec, EventSplit) and _matters(child):
                    self._keep(child)

    def _hot(self, ancestor: Task) -> set[str]:
        """The live tasks and everything between them and their common ancestor."""
        hot: set[str] = set()
        for task in self.live:
            at = task
            while at.id not in hot:
                hot.add(at.id)
                if at is ancestor:
                    break
                at = self.all[at._parent]
        return hot


def _matters(child: Task) -> bool:
    """Whether an activity or an event on it says something yet: an event beside it that has happened does not."""
    is_over = child._state & TaskState.FINISHED_MASK
    is_beside = isinstance(child.task_spec, BoundaryEvent) and not child.task_spec.cancel_activity
    return not (child._state & PREDICTED or (is_beside and is_over))


def _nearest(task: Task, chosen: dict[str, Task], tasks: dict[str, Task]) -> str | None:
    parent: str | None = task._parent
    while parent is not None and parent not in chosen:
        parent = tasks[parent]._parent
    return parent


def _parents_first(chosen: dict[str, Task], parents: Parents) -> list[Task]:
    order: dict[str, Task] = {}
    for task in chosen.values():
        chain = []
        at: str | None = task.id
        while at is not None and at not in order:
            chain.append(at)
            at = parents[at]
        for uid in reversed(chain):
            order[uid] = chosen[uid]
    return list(order.values())
