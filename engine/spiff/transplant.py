"""A stored instance of one version as a stored instance of another: same tokens, same data, same moments, other drawing.

Never the library's own migration, which starts deadlines again. What is alive must be there in the other version, as
the same kind, in the same scope; history that nothing looks back at may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, EventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.event_definitions.timer import CycleTimerEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task

from engine import clock
from engine.errors import CannotMigrate, Problem
from engine.spiff import state
from engine.spiff.expressions import FeelScriptEngine
from engine.spiff.joins import CAME, Gateway
from engine.spiff.keep import LIVE, PREDICTED
from engine.spiff.workflow import Workflow

if TYPE_CHECKING:
    from engine.spiff.process import Process

#: What the library appends to the id of an element for the tasks it adds around it.
SUFFIXES = (".BoundaryEventSplit", ".BoundaryEventJoin", " [child]")
LOOKED_BACK_AT = (EventSplit, LoopTask, Join, EndEvent)


def transplant(old: Process, new: Process, blob: bytes, mapping: Mapping[str, str]) -> tuple[bytes, bool]:
    """The state for the other version, and whether something there can go on at once.

    Elements keep their ids but for those in `mapping`. New boundary events of what is alive begin to wait.
    Raises: CannotMigrate with everything that is in the way; engine.spiff.FAILURES for a state that cannot be read.
    """
    workflow = state.load(blob, old.specs, FeelScriptEngine(old.functions))
    plain = state.dump(workflow)
    attached = _Transplant(old, new, mapping).into(workflow)
    moved = state.dump(workflow)
    workflow = state.load(moved, new.specs, FeelScriptEngine(new.functions))
    grown = _attach(workflow, attached)
    if grown or moved != plain:
        blob = state.dump(workflow) if grown else moved
    is_due = any(moment <= clock.now() for _, moment in workflow.moments())
    return blob, is_due or any(scope.ready_automatic() for scope in workflow.living())


class _Transplant:
    """One instance on its way; gathers what is in the way."""

    def __init__(self, old: Process, new: Process, mapping: Mapping[str, str]) -> None:
        self.old, self.new, self.mapping = old, new, mapping
        self.problems: list[Problem] = []
        self.attached: dict[str, set[str]] = {}

    def into(self, workflow: Workflow) -> dict[str, set[str]]:
        """Let every task stand for its node of the new version; by activity, the boundary events it had already."""
        scopes = workflow.living()
        self._scope(workflow, self.new.specs[0])
        for scope in scopes[1:]:
            self._inner(workflow, scope)
        if self.problems:
            raise CannotMigrate(self.problems)
        workflow.subprocess_specs = self.new.specs[1]
        return self.attached

    def _inner(self, workflow: Workflow, scope: Any) -> None:
        owner = workflow.get_task_from_id(scope.parent_task_id)
        called = getattr(owner.task_spec, "spec", None)
        if owner.workflow.spec in self._old_specs() or called not in self.new.specs[1]:
            return  # told already of the activity itself
        if called != self.mapping.get(scope.spec.name, scope.spec.name):
            self._tell(owner.task_spec.name, "called_process_changed")
            return
        self._scope(scope, self.new.specs[1][called])

    def _old_specs(self) -> list[Any]:
        return [self.old.specs[0], *self.old.specs[1].values()] if self.problems else []

    def _scope(self, scope: Any, spec: Any) -> None:
        fates = [(task, self._fate(scope, spec, task)) for task in scope.tasks.values() if not task._state & PREDICTED]
        if self.problems:
            return
        for task, fate in fates:
            if task.id in scope.tasks:
                fate()
        scope.spec = spec

    def _fate(self, scope: Any, spec: Any, task: Any) -> Callable[[], None]:
        """What becomes of a task; a problem when nothing can."""
        here, name = task.task_spec, self._renamed(task.task_spec, scope.spec, spec)
        there = spec.task_specs.get(name)
        is_live = bool(task._state & LIVE)
        if (
            isinstance(here, BoundaryEvent)
            and is_live
            and (there is None or not self._hangs_on(there, task, scope, spec))
        ):
            return lambda: _drop(scope, task)
        if there is None:
            return self._without(scope, spec, task)
        if (is_live or isinstance(here, LOOKED_BACK_AT)) and not self._is_alike(here, there):
            self._tell(here.name, "kind_changed", **{"as": name})
        if isinstance(there, Gateway) and task._state == TaskState.WAITING:
            self._lead(task, there, scope.spec, spec)
        return lambda: self._become(task, there, scope.spec)

    def _lead(self, token: Any, there: Gateway, old_spec: Any, new_spec: Any) -> None:
        """Let a token that waits at a join have come by the flow that leads there now from where it came."""
        came = old_spec.task_specs[token.internal_data[CAME][0]]
        before = new_spec.task_specs.get(self._renamed(came, old_spec, new_spec))
        entries = [one for one in there.inputs if before in there.leading_to(one)]
        if before in entries:
            entries = [before]
        if len(entries) == 1:
            token.internal_data[CAME] = [entries[0].name, token.internal_data[CAME][1]]
        else:
            self._tell(came.bpmn_id or came.name, "node_gone")

    def _without(self, scope: Any, spec: Any, task: Any) -> Callable[[], None]:
        here = task.task_spec
        if isinstance(here, BoundaryEventJoin | BoundaryEventSplit):  # whether the activity is there is told of itself
            return lambda: _splice(scope, task)
        if not task._state & LIVE and not isinstance(here, LOOKED_BACK_AT):
            return lambda: _splice(scope, task)
        name = self.mapping.get(here.bpmn_id or here.name, here.bpmn_id or here.name)
        is_elsewhere = any(name in inner.task_specs for inner in (self.new.specs[0], *self.new.specs[1].values()))
        self._tell(here.bpmn_id or here.name, "scope_changed" if is_elsewhere else "node_gone")
        return lambda: None

    def _become(self, task: Any, there: Any, old_spec: Any) -> None:
        split = old_spec.task_specs.get(f"{task.task_spec.name}.BoundaryEventSplit")
        events = [one for one in split.outputs if isinstance(one, BoundaryEvent)] if split else []
        self.attached[task.id] = {self.mapping.get(one.name, one.name) for one in events}
        task.task_spec = there

    def _hangs_on(self, there: Any, task: Any, scope: Any, spec: Any) -> bool:
        """Whether a boundary event still belongs to the same activity."""
        split = self._renamed(task.parent.task_spec, scope.spec, spec)
        return isinstance(there, BoundaryEvent) and any(one.name == split for one in there.inputs)

    def _is_alike(self, here: Any, there: Any) -> bool:
        if type(here) is not type(there):
            return False
        if isinstance(here, CatchingEvent) and _waits_for(here) != _waits_for(there):
            return False
        elements = self.old.elements.get(here.bpmn_id or ""), self.new.elements.get(there.bpmn_id or "")
        return elements[0] is None or elements[1] is None or elements[0].topic == elements[1].topic

    def _renamed(self, here: Any, old_spec: Any, new_spec: Any) -> str:
        name: str = here.name
        if isinstance(here, _EndJoin):
            return name.replace(f"{old_spec.name}.EndJoin", f"{new_spec.name}.EndJoin")
        if name in self.mapping:
            return self.mapping[name]
        for suffix in SUFFIXES:
            base = name.removesuffix(suffix)
            if base != name and base in self.mapping:
                return self.mapping[base] + suffix
        return name

    def _tell(self, element_id: str, code: str, **params: str) -> None:
        self.problems.append(Problem(element_id, code, params))


def _waits_for(spec: Any) -> type:
    """A date and a duration wait alike once they have begun: both for a moment."""
    kind = type(spec.event_definition)
    is_moment = issubclass(kind, TimerEventDefinition) and not issubclass(kind, CycleTimerEventDefinition)
    return TimerEventDefinition if is_moment else kind


def _drop(scope: Any, task: Any) -> None:
    """Take a waiting boundary event away with what it might have led to."""
    task.parent._children.remove(task.id)
    for one in list(task):
        scope.tasks.pop(one.id, None)


def _splice(scope: Any, task: Any) -> None:
    """Take a task out of the tree; what stood below it stands below its parent."""
    parent = task.parent
    at = parent._children.index(task.id)
    parent._children[at : at + 1] = task._children
    for child in task.children:
        child._parent = parent.id
    del scope.tasks[task.id]


def _attach(workflow: Workflow, attached: Mapping[str, set[str]]) -> bool:
    """Let events that are new on living activities and behind event gateways begin to wait; whether there were any."""
    grown = False
    for scope in workflow.living():
        for task in [one for one in scope.tasks.values() if one._state & LIVE]:
            split = scope.spec.task_specs.get(f"{task.task_spec.name}.BoundaryEventSplit")
            events = [one for one in split.outputs if isinstance(one, BoundaryEvent)] if split else []
            new = [one for one in events if one.name not in attached.get(task.id, set())]
            for event in new:
                waiting = _split_above(scope, task, split)._add_child(event, TaskState.WAITING)
                event._update(waiting)
                grown = True
    return _begin_timers(workflow) or grown


def _begin_timers(workflow: Workflow) -> bool:
    begun = False
    for task in list(workflow.event_manager.tasks.values()):
        several = getattr(task.task_spec.event_definition, "event_definitions", [task.task_spec.event_definition])
        is_timer = any(isinstance(one, TimerEventDefinition) for one in several)
        if is_timer and not {"event_value", "event_fired"} & task.internal_data.keys():
            task.task_spec._update(task)
            begun = True
    return begun


def _split_above(scope: Any, task: Any, spec: Any) -> Any:
    """The task from which an activity and its boundary events hang; put there if the activity had none so far."""
    parent = task.parent
    if parent.task_spec is spec:
        return parent
    split = Task(scope, spec, parent, TaskState.COMPLETED)
    parent._children.remove(split.id)
    parent._children[parent._children.index(task.id)] = split.id
    split.data, split._children, task._parent = deepcopy(task.data), [task.id], split.id
    return split
