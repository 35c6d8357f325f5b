"""Which branch wrote a variable last, so that branches that come together never undo one another.

The library gives every branch a copy of all variables and lets one copy overwrite the other where branches meet: what one
of them wrote is lost to the stale copy of the other. Here every write in a scope with parallel branches gets the next
number of the instance; where branches meet, the highest number wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import ParallelMultiInstanceTask
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway

#: Where a task keeps the numbers of its variables; no event can be called so.
KEY = " written"

Numbers = Mapping[str, int]
_ABSENT = object()


def is_concurrent(spec: Any) -> bool:
    """Whether several branches of a scope may be under way at once."""
    known = getattr(spec, "is_concurrent", None)
    if known is None:
        known = spec.is_concurrent = any(_branches(task_spec) for task_spec in spec.task_specs.values())
    return bool(known)


def _branches(spec: Any) -> bool:
    if isinstance(spec, ParallelGateway | InclusiveGateway):
        return len(spec._outputs) > 1
    return isinstance(spec, ParallelMultiInstanceTask) or (isinstance(spec, BoundaryEvent) and not spec.cancel_activity)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names whose values differ."""
    found = []
    for name, value in after.items():
        old = before.get(name, _ABSENT)
        if old is not value and old != value:
            found.append(name)
    return found


def mark(task: Any, names: Iterable[str]) -> None:
    """A task has written these variables."""
    names = list(names)
    if names and is_concurrent(task.workflow.spec):
        top = task.workflow.top_workflow
        top.writes += 1
        task.internal_data[KEY] = {**numbers(task), **dict.fromkeys(names, top.writes)}


def numbers(task: Any) -> Numbers:
    """When each variable a task sees was written last."""
    tasks, at = task.workflow.tasks, task
    while at is not None:
        known: Numbers | None = at.internal_data.get(KEY)
        if known is not None:
            return known
        at = tasks.get(at._parent)
    return {}


def meet(task: Any, others: Iterable[tuple[Mapping[str, Any], Numbers]]) -> None:
    """Give a task the variables of its own branch and of the others, of each the one written last."""
    data, latest = dict(task.data), dict(numbers(task))
    for values, written in others:
        for name, value in values.items():
            if name not in data or written.get(name, 0) > latest.get(name, 0):
                data[name], latest[name] = value, written.get(name, 0)
    task.data = data
    if latest:
        task.internal_data[KEY] = latest
