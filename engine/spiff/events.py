"""Events as BPMN means them: what is interrupted stops at once, an error goes up from where it was thrown and nowhere else.

The library lets an interrupted activity go on until the boundary event has run, offers an error to every activity of a
scope instead of the one it happened in, and takes every path behind an event gateway whose event has come meanwhile.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from copy import deepcopy
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    IntermediateThrowEvent,
)
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    CodeEventDefinition,
    ErrorEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import TerminateEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.specs.base import TaskSpec

from engine.spiff.clock import VALUE, following
from engine.spiff.correlation import element_of, key_of
from engine.spiff.joins import pooled
from engine.spiff.writes import meet

PAYLOAD = " payload"
KEY = "key"
THROWN = " thrown"


class UncaughtError(Exception):
    """A BPMN error no boundary event waits for."""


class Message(MessageEventDefinition):
    """A message; its content becomes process variables whatever its name is and whatever they are called."""

    def update_internal_data(self, my_task: Any, event: Any) -> None:
        """Keep the content until the event runs."""
        my_task.internal_data[PAYLOAD] = event.payload

    def update_task_data(self, my_task: Any) -> None:
        """Make the content process variables."""
        my_task.data.update(my_task.internal_data.pop(PAYLOAD, None) or {})

    def get_correlations(self, my_task: Any, payload: Any) -> dict[str, Any]:
        """None: the library's way to tell messages apart is not ours."""
        return {}

    def catches(self, my_task: Any, event: Any) -> bool:
        """Whether a message is for this task: one from outside is handed to those it was found for."""
        if self != event.event_definition:
            return False
        if isinstance(event, Handed):
            return event.uids is None or my_task.id in event.uids
        element = element_of(my_task, self)
        return KEY not in event.correlations and (element is None or element.correlation_key is None)

    def throw(self, my_task: Any) -> None:
        """Send it, under the key its element names; who waits for that key is looked for outside."""
        element = element_of(my_task, self)
        key = key_of(element, my_task.data) if element else None
        event = BpmnEvent(self, deepcopy(my_task.data), {} if key is None else {KEY: key})
        my_task.workflow.top_workflow.catch(event)


class Handed(BpmnEvent):
    """A message from outside for some of the tasks that wait for its name."""

    def __init__(self, name: str, payload: dict[str, Any], uids: Container[str] | None) -> None:
        super().__init__(Message(name), payload=payload)
        self.uids = uids


class Boundary(BoundaryEvent):
    """A boundary event: when it interrupts, its activity and the other events on it stop before anything else runs.

    One beside its activity may happen again: as soon as it does, another one like it begins to wait.
    """

    def _predict_hook(self, my_task: Any) -> None:
        TaskSpec._predict_hook(self, my_task)  # the library predicts nothing behind a repeating timer

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        if not self.cancel_activity:
            self._wait_again(my_task)
            return
        for sibling in my_task.parent.children:
            if sibling is not my_task and not sibling._state & TaskState.FINISHED_MASK:
                sibling.cancel()

    def _wait_again(self, my_task: Any) -> None:
        every_one = my_task.workflow.script_engine.run.catches_up(my_task)
        value = following(my_task, every_one=every_one)
        my_task.internal_data.pop(VALUE, None)
        if value is None and isinstance(self.event_definition, TimerEventDefinition):
            return
        self.wait_beside(my_task.parent, value)

    def wait_beside(self, split: Any, value: Any) -> None:
        """Let another event like this begin to wait beside the activity, for the moments kept as `value` if it is a timer."""
        again = split._add_child(self, TaskState.MAYBE)
        self._predict(again, mask=TaskState.NOT_FINISHED_MASK)
        again._set_state(TaskState.WAITING)
        if value is not None:
            again._set_internal_data(**{VALUE: value})
        self._update(again)


class Gateway(EventBasedGateway):
    """An event gateway: the first event that came decides."""

    def _run_hook(self, my_task: Any) -> bool:
        seen = my_task.internal_data.get("seen_events", [])
        my_task.internal_data["seen_events"] = seen[:1]
        return bool(super()._run_hook(my_task))


class _Throwing:
    """What throws an event that may interrupt the scope it stands in."""

    def _on_complete(self, my_task: Any) -> None:
        if not my_task.internal_data.pop(THROWN, False):
            super()._on_complete(my_task)  # type: ignore[misc]  # mixed into kinds of tasks

    def _run_hook(self, my_task: Any) -> bool:
        definition = my_task.task_spec.event_definition
        if not isinstance(definition, CodeEventDefinition):
            return bool(super()._run_hook(my_task))  # type: ignore[misc]
        is_caught = throw(my_task, definition, deepcopy(my_task.data))
        if not is_caught and isinstance(definition, ErrorEventDefinition):
            raise UncaughtError(definition.code or definition.name)
        return True


class Throw(_Throwing, IntermediateThrowEvent):
    """An intermediate throw event."""


class End(_Throwing, EndEvent):
    """An end event. Where it ends everything, what ended branches wrote is not lost."""

    def _on_complete_hook(self, my_task: Any) -> None:
        if isinstance(self.event_definition, TerminateEventDefinition) and my_task.workflow.pool:
            meet(my_task, pooled(my_task.workflow))
        super()._on_complete_hook(my_task)


def throw(my_task: Any, definition: CodeEventDefinition, payload: dict[str, Any]) -> bool:
    """Let the nearest boundary event around a task catch an error or escalation; whether one did.

    Nearest is the one on the task itself, then on what it repeats, then on the scopes and calls it stands in. Where
    several on one activity match, the one for the very code goes before one for all.
    """
    for events in _around(my_task):
        matching = [task for task in events if task.task_spec.event_definition == definition]
        matching.sort(key=lambda task: task.task_spec.event_definition.code is None)
        if matching:
            if matching[0].task_spec.cancel_activity:
                my_task.internal_data[THROWN] = True
            event = BpmnEvent(definition, payload=payload)
            matching[0].task_spec.catch(matching[0], event)
            matching[0].task_spec._update(matching[0])
            return True
    return False


def throw_error(my_task: Any, code: str, message: str) -> None:
    """Let the nearest error boundary event catch what a handler answered.

    Raises: UncaughtError when nothing in the diagram catches it.
    """
    error = ErrorEventDefinition(code, code)
    if not throw(my_task, error, {"error_code": code, "error_message": message}):
        raise UncaughtError(f"{code}: {message}" if message else code)


def _around(task: Any) -> Iterator[list[Any]]:
    """The waiting boundary events of every activity a task stands in, the innermost first."""
    at = task
    while at is not None:
        parent = at.parent
        if (
            parent is not None
            and isinstance(parent.task_spec, LoopTask)
            and at.task_spec.name == parent.task_spec.task_spec
        ):
            at, parent = parent, parent.parent
        if parent is not None and isinstance(parent.task_spec, BoundaryEventSplit):
            yield [
                sibling
                for sibling in parent.children
                if isinstance(sibling.task_spec, BoundaryEvent)
                and sibling._state == TaskState.WAITING
                and sibling is not at
            ]
        scope = at.workflow
        at = None if scope.parent_task_id is None else scope.top_workflow.get_task_from_id(scope.parent_task_id)
