"""The compact state of an instance: a version byte, then JSON of the tasks that still matter.

Specs are never stored (the definition has them), predicted tasks are predicted again on loading, history is cut off
(`keep`), data is stored as the difference to the nearest kept ancestor. Order carries meaning: parents stand before
children, so the blob must never pass through anything that sorts keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import Task

from engine.spiff.expressions import FeelScriptEngine
from engine.spiff.joins import take_over
from engine.spiff.keep import LIVE, kept
from engine.spiff.upgrades import VERSION, upgraded
from engine.spiff.workflow import SubWorkflow, Workflow
from engine.spiff.writes import KEY, is_concurrent, numbers

NOT_FINISHED = TaskState.NOT_FINISHED_MASK


class StateMismatch(Exception):
    """The stored state names a node its definition does not have."""


def dump(workflow: Workflow) -> bytes:
    """The compact state, usually one to two kilobytes."""
    since = round(workflow.task_tree.last_state_change, 3)
    state = _dump(workflow, None, since) | {"z": since}
    inner = []
    for uid, subprocess in workflow.subprocesses.items():
        if not subprocess.completed:
            part = _dump(subprocess, workflow.get_task_from_id(uid).data, since)
            inner.append({**part, "p": uid, "n": subprocess.spec.name})
    if inner:
        state["sp"] = inner
    if workflow.writes:
        state["w"] = workflow.writes
    return bytes([VERSION]) + orjson.dumps(state, default=_plain)


def load(blob: bytes, specs: tuple[Any, Mapping[str, Any]], script_engine: FeelScriptEngine) -> Workflow:
    """The instance as it was when dumped, its future predicted again.

    Raises: UnknownStateVersion, StateMismatch.
    """
    state = upgraded(blob)
    workflow = Workflow(specs[0], specs[1], script_engine=script_engine, deserializing=True)
    workflow.writes = state.get("w", 0)
    _load(workflow, state, None, state["z"])
    waiting = state.get("sp", [])
    while waiting:
        orphans = [part for part in waiting if not _load_inner(workflow, part, state["z"])]
        if len(orphans) == len(waiting):
            raise StateMismatch(f"subprocess without its activity: {[part['n'] for part in orphans]}")
        waiting = orphans
    return workflow


def _dump(workflow: Any, base: dict[str, Any] | None, since: float) -> dict[str, Any]:
    """The tasks as rows, their moments in ms after `since`; what a row ends with is left out where it says nothing."""
    order, parents = kept(workflow)
    index = {task.id: number for number, task in enumerate(order)}
    counts = is_concurrent(workflow.spec)
    rows = []
    for task in order:
        parent = parents[task.id]
        above = base if parent is None else workflow.tasks[parent].data
        changed, gone = _difference(task.data, above)
        row = [
            task.id,
            -1 if parent is None else index[parent],
            int(task._state),
            task.task_spec.name,
            round((task.last_state_change - since) * 1000),
            _internal(task, parent, counts=counts) or 0,
            changed or 0,
            gone or 0,
            int(task.triggered),
        ]
        while row[-1] == 0:
            row.pop()
        rows.append(row)
    state: dict[str, Any] = {"t": rows}
    optional = {"d": workflow.data, "c": workflow.correlations, "f": workflow.completed, "e": dict(workflow.pool)}
    return state | {key: value for key, value in optional.items() if value}


def _internal(task: Any, parent: str | None, *, counts: bool) -> dict[str, Any]:
    """What a task keeps for itself; an event gateway that has gone on no longer needs the events it saw."""
    data: dict[str, Any] = task.internal_data
    if "seen_events" in data:
        data = {key: value for key, value in data.items() if key != "seen_events"}
    if counts:
        own = numbers(task)
        above = {} if parent is None else numbers(task.workflow.tasks[parent])
        data = {key: value for key, value in data.items() if key != KEY}
        if own != above:
            data[KEY] = {name: number for name, number in own.items() if above.get(name) != number}
    return data


def _difference(data: dict[str, Any], above: dict[str, Any] | None) -> tuple[dict[str, Any], list[str]]:
    if above is None:
        return data, []
    changed = {k: v for k, v in data.items() if k not in above or (above[k] is not v and above[k] != v)}
    return changed, [key for key in above if key not in data]


def _plain(value: Any) -> Any:
    if isinstance(value, set):
        return list(value)
    raise TypeError(f"process data must be JSON, not {type(value).__name__}")


def _load_inner(workflow: Workflow, part: dict[str, Any], since: float) -> bool:
    """Load one subprocess; False while the activity it belongs to is not loaded yet."""
    uid = part["p"]
    owner = next((w.tasks[uid] for w in [workflow, *workflow.subprocesses.values()] if uid in w.tasks), None)
    if owner is None:
        return False
    if part["n"] not in workflow.subprocess_specs:
        raise StateMismatch(part["n"])
    subprocess = SubWorkflow(workflow.subprocess_specs[part["n"]], uid, workflow, deserializing=True)
    workflow.subprocesses[uid] = subprocess
    _load(subprocess, part, owner.data, since)
    subprocess.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)
    return True


def _load(workflow: Any, state: dict[str, Any], base: dict[str, Any] | None, since: float) -> None:
    workflow.data = state.get("d", {})
    workflow.correlations = state.get("c", {})
    workflow.completed = state.get("f", False)
    workflow.pool = state.get("e", {})
    tasks: list[Any] = []
    for row in state["t"]:
        tasks.append(_task(workflow, row, tasks, base, since))
    workflow.task_tree = tasks[0]
    if "old joins" in state:
        take_over(tasks)
    for task in tasks:
        if task._state & LIVE:
            _predict(task)


def _task(workflow: Any, row: list[Any], loaded: list[Any], base: dict[str, Any] | None, since: float) -> Any:
    uid, parent, state, name, after, internal, changed, gone, triggered = [*row, 0, 0, 0, 0, 0][:9]
    if name not in workflow.spec.task_specs:
        raise StateMismatch(name)
    task = Task.__new__(Task)
    task.id, task.workflow, task._children, task._state = uid, workflow, [], state
    task.triggered, task.task_spec, task.thread_id = bool(triggered), workflow.spec.task_specs[name], 0
    task.last_state_change, task.internal_data = since + after / 1000, internal or {}
    above = loaded[parent] if parent >= 0 else None
    task._parent = above.id if above else None
    if above and KEY in task.internal_data:
        task.internal_data[KEY] = {**numbers(above), **task.internal_data[KEY]}
    task.data = dict(above.data if above else base or {})
    task.data.update(changed or {})
    for key in gone or ():
        task.data.pop(key, None)
    if above:
        above._children.append(task.id)
    workflow.tasks[task.id] = task
    if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
        workflow.top_workflow.event_manager.add_task(task)
    return task


def _predict(task: Any) -> None:
    """Put the likely future below a live task back, as the library would have it."""
    spec, state = task.task_spec, task._state
    if isinstance(spec, LoopTask):  # only what follows the loop; its rounds are not predicted
        for output in spec.outputs:
            if not any(child.task_spec is output for child in task.children):
                child = task._add_child(output, TaskState.FUTURE)
                child.task_spec._predict(child, mask=NOT_FINISHED)
    elif isinstance(spec, BoundaryEvent) and state == TaskState.WAITING:  # may happen, is not bound to
        task._state = TaskState.MAYBE
        spec._predict(task, mask=NOT_FINISHED)
        task._state = state
    else:
        spec._predict(task, mask=NOT_FINISHED)
